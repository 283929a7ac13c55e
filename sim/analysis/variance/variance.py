"""variance_shares(): how much of each outcome's variance rests on assumptions, on decisions, and on luck.

A world has a set of assumptions, a scenario, and the luck of its random numbers, each drawn independently of the
others: the assumptions from the sets that the facts allow or from the ranges, the scenario from a list, each equally
often. The shares are of the variance between such worlds, so they hold for this list of scenarios and no other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.analysis.causes.courses import imposed_in_columns
from sim.analysis.processes import Progress, counted, in_order
from sim.analysis.variance.shares import Split, split
from sim.engine.experiments import Experiments, imposed_by_day
from sim.engine.model import PeaceProcess
from sim.errors import InputError
from sim.inputs import posterior
from sim.inputs.parameters import ParameterSet
from sim.inputs.scenario import Scenario, check_same_days, validate_run
from sim.inputs.scenario_reader import load_scenario, scenario_names
from sim.runs.parameter_sampling import check_readable, sampled_parameters
from sim.runs.runner import CHUNK
from sim.schema import arguments
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from sim.schema.outcomes import OUTCOMES, REACHED, summary

WORLDS: Final = 1024
FEWEST: Final = 64  # worlds, for intervals that mean something
BASE: Final = "baseline"
ASSUMPTIONS: Final = "assumptions"
DECISIONS: Final = "decisions"
LUCK: Final = "luck"
HEADLINES: Final = (
    f"{REACHED}talks_open", f"{REACHED}power_shared", f"{REACHED}agreement_broken", "prisoners_released", "attacks",
    "security_forces_killed",
)  # fmt: skip
_DRAWN: Final = 12  # the stream that pairs assumptions and scenarios with worlds, beside the seed

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class VarianceShares:
    """Shares of variance by outcome; None for an outcome that is the same in every world. runs: worlds run in all."""

    scenarios: tuple[str, ...]
    groups: tuple[str, ...]
    worlds: int
    runs: int
    seed: int
    assumptions: Assumptions
    splits: Mapping[str, Split | None]


@dataclass(frozen=True, slots=True)
class _Task:
    """One run: its scenarios, which of them each world has, its assumptions, and the worlds that give it luck."""

    scenarios: tuple[Scenario, ...]
    which: Array  # (worlds,)
    drawn: dict[str, Array]  # (worlds,) by name
    seed: int
    first: int
    outcomes: tuple[str, ...]


def decision_scenarios() -> list[Scenario]:
    """Return the baseline and every what-if that comes with Jirga and differs from it in decisions alone."""
    base = load_scenario(BASE)
    others = [load_scenario(name) for name in scenario_names() if name != BASE]
    same = [s for s in others if (s.parameters, s.start, s.end) == (base.parameters, base.start, base.end)]
    return [base, *same]


def variance_shares(
    scenarios: Iterable[Scenario] | None = None,
    worlds: int = WORLDS,
    seed: int = 0,
    *,
    on: Sequence[str] | None = None,
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
    processes: int = 1,
    progress: Progress | None = None,
) -> VarianceShares:
    """Return how much of the variance of each outcome rests on each group.

    scenarios: the decisions that are drawn from, by default those of `decision_scenarios`; with a single one there are
    two groups, assumptions and luck. worlds: rows of the design; each is run 2 ** groups times. on: outcomes, by
    default the headlines. progress: called with the runs done and in all. Raises InputError for arguments out of
    bounds, for "point", which leaves no assumptions open, and for scenarios that differ in days or parameters.
    """
    chosen = tuple(check_same_days(decision_scenarios() if scenarios is None else scenarios))
    _check_alike(chosen)
    worlds, seed = validate_run(arguments.whole("worlds", worlds, FEWEST, 1_000_000), seed)
    names = _outcomes(on)
    check_readable(assumptions)
    if assumptions == "point":
        raise InputError("leaves no assumptions open: use facts or ranges", path="assumptions", value=assumptions)
    processes = arguments.whole("processes", processes, 1, 1000)
    arguments.callback("progress", progress)
    groups = (ASSUMPTIONS, DECISIONS, LUCK) if len(chosen) > 1 else (ASSUMPTIONS, LUCK)
    tasks = list(_tasks(chosen, groups, worlds, seed, assumptions, names))
    parts = counted(in_order(_run, tasks, processes), len(tasks), progress)
    each = len(parts) // 2 ** len(groups)
    runs = [np.concatenate(parts[i * each : (i + 1) * each], axis=1) for i in range(2 ** len(groups))]
    found = {name: split(np.stack([one[k] for one in runs]), groups, seed) for k, name in enumerate(names)}
    return VarianceShares(
        tuple(one.name or one.title for one in chosen), groups, worlds, worlds * len(runs), seed, assumptions, found
    )


def _check_alike(scenarios: Sequence[Scenario]) -> None:
    """Raise InputError for scenarios whose parameters differ: these are assumptions, not decisions."""
    first = scenarios[0]
    for one in scenarios[1:]:
        for name in dict.fromkeys((*first.parameters, *one.parameters)):
            if first.parameters.get(name) != one.parameters.get(name):
                problem = f"{one.name or one.title} sets a parameter otherwise than {first.name or first.title}: only "
                raise InputError(f"{problem}decisions may differ", path=name)


def _outcomes(on: Sequence[str] | None) -> tuple[str, ...]:
    """Return the names of outcomes, of milestones as the share of worlds that reach them. Raises InputError."""
    if on is None:
        return HEADLINES
    known = [name for name, one in OUTCOMES.items() if one.kind != "day"]  # a day is missing where it never comes
    found = [REACHED + one if REACHED + str(one) in known else one for one in arguments.items("on", on, "outcomes")]
    return tuple(dict.fromkeys(arguments.known("on", one, known, "no such outcome") for one in found))


def _tasks(
    scenarios: tuple[Scenario, ...],
    groups: tuple[str, ...],
    worlds: int,
    seed: int,
    assumptions: Assumptions,
    outcomes: tuple[str, ...],
) -> Iterator[_Task]:
    """Yield the runs of the design, in chunks of worlds. Sample A is the first half of each draw, B the second."""
    rng = np.random.default_rng([seed, _DRAWN])
    drawn = _assumptions(assumptions, worlds, seed, rng)
    which = np.concatenate([rng.permutation(np.resize(np.arange(len(scenarios)), worlds)) for _ in range(2)])
    for run in range(2 ** len(groups)):
        half = {group: worlds * (run >> place & 1) for place, group in enumerate(groups)}
        for low in range(0, worlds, CHUNK):
            size = min(CHUNK, worlds - low)
            begin = {group: half.get(group, 0) + low for group in (ASSUMPTIONS, DECISIONS, LUCK)}
            here = {group: slice(start, start + size) for group, start in begin.items()}
            columns = {name: values[here[ASSUMPTIONS]] for name, values in drawn.items()}
            yield _Task(scenarios, which[here[DECISIONS]], columns, seed, begin[LUCK], outcomes)


def _assumptions(assumptions: Assumptions, worlds: int, seed: int, rng: np.random.Generator) -> dict[str, Array]:
    """Return two independent samples of the assumptions, one after the other, (2 * worlds,) by name."""
    if assumptions == "ranges":
        return dict(sampled_parameters(assumptions, (), seed, 2 * worlds))
    sets = posterior.shipped()
    picked = rng.integers(0, sets.draws, 2 * worlds)
    return {name: sets.values[row, picked] for row, name in enumerate(sets.names)}


def _run(task: _Task) -> Array:
    """Return the outcomes of one run, float64 (outcomes, worlds)."""
    first, worlds, which = task.scenarios[0], len(task.which), task.which[None, :]
    parameters = ParameterSet.resolve({**task.drawn, **first.parameters})
    days = imposed_by_day(task.scenarios, lambda day: imposed_in_columns(task.scenarios, day, which))
    model = PeaceProcess(
        first, worlds, task.seed, task.first, experiments=Experiments(1, parameters, days), collect=False
    )
    try:
        for _ in range(model.calendar.days):
            model.step()
        daily = {name: values.T for name, values in model.record.daily.items()}
        found = summary(daily, dict(model.record.milestones.day), first.start)
    finally:
        model.dispose()
    return np.stack([found[name] for name in task.outcomes])
