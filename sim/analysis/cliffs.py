"""find_cliffs(): search for settings of which a small step changes a headline result by much.

Each uncertain parameter is moved by a tenth of its range, each lever is stepped through its range in twentieths, one at
a time (Saltelli et al. 2008, "Global Sensitivity Analysis", chapter 2, on one-at-a-time designs, and their limit: two
settings that only matter together are not found). All runs have the same worlds with the same random numbers, so a
setting that does nothing changes every share by exactly 0.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.analysis.cliff_results import Cliffs, CurvePoint, Jump, curve_of, jumps_of
from sim.analysis.cliff_sweeps import WORLDS, Sweep, lever_sweeps, parameter_sweeps
from sim.errors import InputError
from sim.inputs.scenario import Scenario, check_scenario, validate_run
from sim.runs.runner import CHUNK, Progress, run_scenarios
from sim.schema import arguments
from sim.schema.milestones import MILESTONES, NEVER

Array = npt.NDArray[Any]
Runner = Callable[[Sequence[Scenario]], list[Array]]


def find_cliffs(
    scenario: Scenario,
    worlds: int = WORLDS,
    seed: int = 0,
    *,
    parameters: Iterable[str] | None = None,
    levers: Iterable[str] | None = None,
    on: Iterable[str] | None = None,
    progress: Progress | None = None,
) -> Cliffs:
    """Run a scenario with one setting after the other changed by a small step, and return every change of a share.

    parameters, levers: names of settings or of groups of them; None for all that have a range, an empty list for none.
    on: milestones, None for all. progress: called with the world-days done and in total. With every uncertain parameter
    at its typical value. Raises InputError for an unknown name, for nothing to change, and as `simulate` does for
    worlds and seed.
    """
    check_scenario(scenario)
    worlds, seed = validate_run(worlds, seed)
    arguments.callback("progress", progress)
    milestones = _milestones(on)
    sweeps = [*parameter_sweeps(scenario, parameters), *lever_sweeps(levers)]
    if not sweeps:
        raise InputError("nothing to change: give at least one parameter or lever")
    runnable, left_out = check_values(scenario, sweeps)
    runner = _WorldRunner(scenario, worlds, seed, milestones, 1 + sum(len(one.values) for one in runnable), progress)
    base, jumps, curve = measure(scenario, runnable, milestones, runner, max(1, CHUNK // worlds))
    shares = dict(zip(milestones, base.mean(axis=1).tolist(), strict=True))
    return Cliffs(scenario, worlds, seed, shares, tuple(jumps), tuple(curve), tuple(left_out))


def measure(
    scenario: Scenario, sweeps: Sequence[Sweep], milestones: Sequence[str], run: Runner, together: int = 1
) -> tuple[Array, list[Jump], list[CurvePoint]]:
    """Return what the scenario itself reaches, bool (milestones, worlds), and the jumps and curves of the sweeps.

    run: returns whether each world reaches each milestone, bool (milestones, worlds), for scenarios that it gets, at
    most `together` at once. Only the worlds of one sweep are in memory.
    """
    points = _batches(_points(scenario, sweeps), run, together)
    base = next(points)
    jumps: list[Jump] = []
    curve: list[CurvePoint] = []
    for sweep in sweeps:
        reached = np.stack([next(points) for _ in sweep.values])
        jumps += jumps_of(sweep, reached, base, milestones)
        if sweep.kind == "lever":
            curve += curve_of(sweep, reached, base, milestones)
    return base, jumps, curve


def check_values(scenario: Scenario, sweeps: Iterable[Sweep]) -> tuple[list[Sweep], list[str]]:
    """Return the sweeps without the values that the scenario cannot have, and one line per value left out.

    A parameter that is derived from a moved one may then be out of bounds. A sweep without any value is left out.
    """
    found, left_out = [], []
    for sweep in sweeps:
        good = []
        for value in sweep.values:
            try:
                scenario.change({sweep.name: value})
            except InputError as error:
                left_out.append(f"{sweep.name} = {value:g}: {error}")
            else:
                good.append(value)
        if good:
            found.append(Sweep(**{**vars(sweep), "values": tuple(good)}))
    return found, left_out


def _milestones(on: Iterable[str] | None) -> tuple[str, ...]:
    """Return the names of milestones, in their order. Raises InputError."""
    if on is None:
        return tuple(MILESTONES)
    given = [arguments.known("on", one, MILESTONES, "no such milestone") for one in arguments.items("on", on, "names")]
    if not given:
        raise InputError("at least one milestone is needed", path="on", expected="names of milestones")
    return tuple(name for name in MILESTONES if name in given)


def _points(scenario: Scenario, sweeps: Iterable[Sweep]) -> Iterator[Scenario]:
    """Yield the scenario itself, then with one setting changed after the other."""
    yield scenario
    for sweep in sweeps:
        for value in sweep.values:
            yield scenario.change({sweep.name: value})


def _batches(points: Iterator[Scenario], run: Runner, together: int) -> Iterator[Array]:
    """Yield the result of each point, in order."""
    while batch := list(islice(points, together)):
        yield from run(batch)


class _WorldRunner:
    """Runs some scenarios at once and reports the progress of all; a step of a model serves all of them."""

    def __init__(
        self,
        scenario: Scenario,
        worlds: int,
        seed: int,
        milestones: Sequence[str],
        points: int,
        progress: Progress | None,
    ) -> None:
        self.worlds, self.seed, self.milestones, self.progress = worlds, seed, milestones, progress
        self.done, self.total = 0, points * worlds * scenario.days

    def __call__(self, scenarios: Sequence[Scenario]) -> list[Array]:
        """Return whether each world reaches each milestone, bool (milestones, worlds), per scenario."""
        report = None if self.progress is None else self._report
        runs = run_scenarios(scenarios, self.worlds, self.seed, progress=report)
        self.done += len(scenarios) * self.worlds * scenarios[0].days
        return [np.stack([run.milestone_day[name] != NEVER for name in self.milestones]) for run in runs]

    def _report(self, done: int, _total: int) -> None:
        if self.progress is not None:
            self.progress(self.done + done, self.total)
