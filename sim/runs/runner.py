"""Running many experiments in one call: the points of a design, or several scenarios, over the same worlds.

A design of a thousand points with one world each takes as long as a thousand worlds of one scenario, because all are
columns of one model (see `sim.engine.experiments`). Each experiment gives the same bits as in a run of its own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.engine.experiments import Experiments
from sim.engine.model import PeaceProcess
from sim.engine.random_streams import BLOCK
from sim.inputs.parameters import ParameterSet, catalogue
from sim.inputs.scenario import Scenario, check_first, check_same_days, check_scenario, validate_run
from sim.results.results import Results
from sim.runs.design_points import PointSettings, read_varied
from sim.runs.parameter_sampling import check_readable, sampled_parameters, world_parameters
from sim.schema import arguments
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from sim.schema.milestones import MILESTONES
from sim.schema.outcomes import summary
from sim.schema.series import SERIES

Array = npt.NDArray[Any]
Progress = Callable[[int, int], None]

NONE: Final[Mapping[str, Any]] = MappingProxyType({})
CHUNK: Final = 16 * BLOCK  # columns stepped at once: enough for NumPy, few enough for the processor's cache


@dataclass(frozen=True)
class Batch:
    """Several experiments over the same worlds; the row of experiment e in world k is e * worlds + (k - first).

    daily: float32 (rows, days) by series; milestone_day: int32 (rows,), days since the start or NEVER, and
    milestone_reason: int8 (rows,), by milestone.
    """

    scenario: Scenario
    number: int  # of experiments
    worlds: int
    first: int
    daily: Mapping[str, Array]
    milestone_day: Mapping[str, Array]
    milestone_reason: Mapping[str, Array]

    @classmethod
    def empty(cls, scenario: Scenario, number: int, worlds: int, first: int) -> "Batch":
        """Return a batch with memory for so many experiments."""
        rows = number * worlds
        daily = {name: np.empty((rows, scenario.days), np.float32) for name in SERIES}
        day = {name: np.empty(rows, np.int32) for name in MILESTONES}
        reason = {name: np.empty(rows, np.int8) for name in MILESTONES}
        return cls(scenario, number, worlds, first, daily, day, reason)

    def outcomes(self) -> dict[str, Array]:
        """Return every outcome, float64 (rows,), as `sim.schema.outcomes.summary` returns them."""
        return summary(self.daily, self.milestone_day, self.scenario.start)

    def results(
        self,
        experiment: int,
        scenario: Scenario,
        seed: int,
        assumptions: Assumptions,
        drawn: Mapping[str, Array] = NONE,
    ) -> Results:
        """Return one experiment as the results of its scenario; nothing is copied. drawn: the worlds' parameters."""
        experiment = arguments.whole("experiment", experiment, 0, self.number - 1)
        here = slice(experiment * self.worlds, (experiment + 1) * self.worlds)
        parts = (self.daily, self.milestone_day, self.milestone_reason)
        daily, day, reason = ({name: values[here] for name, values in part.items()} for part in parts)
        return Results(scenario, seed, self.worlds, self.first, assumptions, daily, day, reason, drawn)

    def row_indices(self, experiments: Sequence[int], worlds: range) -> Array:
        """Return the rows of some experiments in some worlds (from 0), in the order of a model's columns."""
        return (np.asarray(experiments)[:, None] * self.worlds + np.asarray(worlds)).reshape(-1)

    def store(self, model: PeaceProcess, rows: Array) -> None:
        """Store what a model recorded. rows: where its columns belong."""
        book = model.record.milestones
        for name in SERIES:
            self.daily[name][rows] = model.record.daily[name].T
        for name in MILESTONES:
            self.milestone_day[name][rows] = book.day[name]
            self.milestone_reason[name][rows] = book.reason[name]


class _BatchRunner:
    """Fills a batch: holds its worlds, its seed and its progress."""

    def __init__(self, batch: Batch, seed: int, assumptions: Assumptions, progress: Progress | None) -> None:
        self.batch, self.seed, self.assumptions, self.progress = batch, seed, assumptions, progress
        self.done, self.total = 0, batch.number * batch.worlds * batch.scenario.days

    def chunks(self, experiments: Sequence[int]) -> Iterator[tuple[Sequence[int], range]]:
        """Yield chunks of at most CHUNK columns: some experiments, and a range of worlds."""
        worlds = self.batch.worlds
        together = max(1, CHUNK // worlds)
        for begin in range(0, len(experiments), together):
            for low in range(0, worlds, CHUNK):
                yield experiments[begin : begin + together], range(low, min(low + CHUNK, worlds))

    def parameters(self, scenario: Scenario, worlds: range) -> ParameterSet:
        """Return the parameters of a scenario in some worlds, scalars or (worlds,)."""
        first = self.batch.first + worlds[0]
        return world_parameters(scenario, self.assumptions, self.seed, len(worlds), first)

    def drawn(self, worlds: range, fixed: Mapping[str, Any], copies: int = 1) -> dict[str, Any]:
        """Return each world's own parameters, (copies * worlds,), where they are sampled."""
        first = self.batch.first + worlds[0]
        return sampled_parameters(self.assumptions, fixed, self.seed, len(worlds), first, copies)

    def run_chunk(self, scenario: Scenario, experiments: Experiments, places: Sequence[int], worlds: range) -> None:
        """Run one chunk and store it."""
        first = self.batch.first + worlds[0]
        model = PeaceProcess(scenario, len(worlds), self.seed, first, experiments=experiments, collect=False)
        try:
            for _ in range(model.calendar.days):
                model.step()
                self.done += model.worlds
                if self.progress is not None:
                    self.progress(self.done, self.total)
            self.batch.store(model, self.batch.row_indices(places, worlds))
        finally:
            model.dispose()


def simulate(
    scenario: Scenario,
    worlds: int = 1000,
    seed: int = 0,
    *,
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
    first: int = 0,
    progress: Progress | None = None,
) -> Results:
    """Run worlds `first` to `first + worlds - 1` of a seed under a scenario.

    assumptions: with "facts" world k carries one of the sets of parameters with which the text's facts hold, with
    "ranges" it samples its own value of every uncertain parameter from its range; both are the same under every
    scenario. With "point" every world has the same, typical parameters. progress: called with the world-days done and
    in total. Raises InputError for worlds, seed or assumptions out of bounds.
    """
    (found,) = run_scenarios([scenario], worlds, seed, first=first, assumptions=assumptions, progress=progress)
    return found


def run_points(
    scenario: Scenario,
    settings: Mapping[str, Array],
    worlds: int,
    seed: int = 0,
    *,
    first: int = 0,
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
    progress: Progress | None = None,
) -> Batch:
    """Run a scenario at the points of a design, all over worlds `first` to `first + worlds - 1`.

    settings: the value at each point, (points,), a flag as 0 or 1, by the name of a parameter, of a lever, or of a
    lever with dates, "kabul.ghani.offer@2020-03-10..2020-04-15"; no settings give one point. The rows of a point have
    the bits of `simulate(scenario.with_settings(...))` with its values. progress: called with the world-days done
    and in total. Raises InputError for worlds, seed or assumptions out of bounds, and as `read_varied` does.
    """
    check_scenario(scenario)
    worlds, seed, first = _checked(worlds, seed, first, assumptions, progress)
    varied = read_varied(scenario, settings)
    batch = Batch.empty(scenario, varied.points, worlds, first)
    runner = _BatchRunner(batch, seed, assumptions, progress)
    for alike in _grouped(varied.kinds()):
        for places, here in runner.chunks(alike):
            runner.run_chunk(*_design(scenario, varied, runner, places, here), places, here)
    return batch


def run_draws(scenario: Scenario, drawn: Mapping[str, Array], worlds: int, seed: int = 0, first: int = 0) -> Batch:
    """Run several sets of parameters, each in so many worlds with luck of their own; one experiment per set.

    drawn: values by parameter, (draws,), which the scenario's own precede; first: the number of the first set. Set d
    has worlds d * worlds to (d + 1) * worlds - 1 of the seed: whether it meets a fact does not hang on luck that all
    sets share.
    """
    draws = len(next(iter(drawn.values())))
    whole = Batch.empty(scenario, 1, draws * worlds, first * worlds)
    runner = _BatchRunner(whole, seed, "point", None)
    for places, here in runner.chunks([0]):
        which = np.arange(here.start, here.stop) // worlds
        parameters = ParameterSet.resolve({**{n: values[which] for n, values in drawn.items()}, **scenario.parameters})
        runner.run_chunk(scenario, Experiments.of_scenario(scenario, parameters), places, here)
    return replace(whole, number=draws, worlds=worlds)


def _design(
    scenario: Scenario, varied: PointSettings, runner: _BatchRunner, places: Sequence[int], worlds: range
) -> tuple[Scenario, Experiments]:
    """Return some points of a design as experiments of one model, and the first of them as a scenario."""
    point = varied.scenario(scenario, places[0])
    given = {name: np.repeat(values[places], len(worlds)) for name, values in varied.numbers.items()}
    drawn = runner.drawn(worlds, point.parameters, len(places))
    parameters = ParameterSet.resolve({**drawn, **point.parameters, **given})
    return point, Experiments(len(places), parameters, varied.imposed(point, places, len(worlds)))


def run_scenarios(
    scenarios: Iterable[Scenario],
    worlds: int,
    seed: int = 0,
    *,
    first: int = 0,
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
    progress: Progress | None = None,
) -> list[Results]:
    """Run several scenarios, all over worlds `first` to `first + worlds - 1`, and return the results of each.

    Each has the bits that `simulate` gives for it. progress: called with the world-days done and in total. Raises
    InputError for no scenario, for different days, and for worlds, seed or assumptions out of bounds.
    """
    worlds, seed, first = _checked(worlds, seed, first, assumptions, progress)
    scenarios = check_same_days(scenarios)
    batch = Batch.empty(scenarios[0], len(scenarios), worlds, first)
    runner = _BatchRunner(batch, seed, assumptions, progress)
    drawn: list[dict[str, Array]] = [{} for _ in scenarios]
    for alike in _grouped([_shape(scenario.resolved()) for scenario in scenarios]):
        for places, here in runner.chunks(alike):
            some = [scenarios[place] for place in places]
            parameters = [runner.parameters(scenario, here) for scenario in some]
            for place, one in zip(places, parameters, strict=True):
                _keep(drawn[place], one, here, worlds)
            runner.run_chunk(some[0], Experiments.of_scenarios(some, len(here), parameters), places, here)
    pairs = zip(scenarios, drawn, strict=True)
    return [batch.results(number, one, seed, assumptions, kept) for number, (one, kept) in enumerate(pairs)]


def _keep(found: dict[str, Array], parameters: ParameterSet, here: range, worlds: int) -> None:
    """Keep the parameters that differ between worlds, and those derived from them. here: the worlds, from 0."""
    for name, value in parameters.values.items():
        if isinstance(value, np.ndarray) and value.shape:
            found.setdefault(name, np.empty(worlds, np.float32))[here.start : here.stop] = value


def _checked(worlds: Any, seed: Any, first: Any, assumptions: Any, progress: Any) -> tuple[int, int, int]:
    """Return worlds, seed and first world as ints. Raises InputError for an argument that cannot be run."""
    check_readable(assumptions)
    arguments.callback("progress", progress)
    return *validate_run(worlds, seed), check_first(first)


def _shape(parameters: ParameterSet) -> tuple[Any, ...]:
    """Return what must be the same in every experiment of a model: all values that are not plain numbers."""
    return tuple(parameters.values[name] for name, one in catalogue().items() if one.type != "float")


def _grouped(keys: Sequence[Any]) -> list[list[int]]:
    """Return the positions of equal keys as groups, ordered by their first position."""
    found: dict[Any, list[int]] = {}
    for place, key in enumerate(keys):
        found.setdefault(key, []).append(place)
    return list(found.values())
