"""Courses of the model: the same worlds without one set of factors after the other, in as few models as possible."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.analysis.causes.factor import Factor, without_factors
from sim.analysis.causes.oracle import Days, Sets, members
from sim.engine.experiments import Day, Experiments, imposed_by_day
from sim.engine.model import PeaceProcess
from sim.inputs.parameters import ParameterSet, catalogue
from sim.inputs.scenario import Scenario
from sim.runs.parameter_sampling import sampled_parameters
from sim.runs.runner import CHUNK
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from sim.schema.decisions import Imposed

Array = npt.NDArray[Any]
Report = Callable[[float], None]

WORLDS: Final = 256  # stepped at once in one course


class Courses:
    """Runs worlds of a scenario without sets of factors, which may differ between the worlds of one run.

    It is an oracle for one milestone. The same worlds without the same factors have the bits that
    `simulate(without_factors(...))` gives them. report: called with the columns done, as they are stepped.
    """

    def __init__(
        self,
        scenario: Scenario,
        factors: Sequence[Factor],
        milestone: str,
        worlds: int,
        seed: int = 0,
        *,
        first: int = 0,
        assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
        report: Report | None = None,
    ) -> None:
        """Run nothing yet. milestone: a name in MILESTONES; the rest as in `simulate`."""
        self.scenario, self.factors, self.milestone = scenario, tuple(factors), milestone
        self.worlds, self.seed, self.first, self.assumptions = worlds, seed, first, assumptions
        self.report = report
        self._scenarios: dict[int, Scenario] = {}
        self._resolved: dict[frozenset[tuple[str, Any]], ParameterSet] = {}  # by the parameters that a course sets
        self._drawn: dict[int, dict[str, Array]] = {}  # by first world
        self._in_worlds: dict[tuple[int, frozenset[tuple[str, Any]]], ParameterSet] = {}  # by first world and settings

    def course(self, away: int) -> Scenario:
        """Return the scenario without a set of factors. Raises InputError if it cannot be run."""
        if away not in self._scenarios:
            some = [self.factors[place] for place in members(away)]
            self._scenarios[away] = without_factors(self.scenario, some)
        return self._scenarios[away]

    def __call__(self, away: Sets) -> Days:
        """Return the day of the milestone, int32 (runs, worlds), NEVER where it does not come. away: (runs, worlds)."""
        days = np.empty(away.shape, np.int32)
        for low in range(0, self.worlds, WORLDS):
            here = slice(low, min(low + WORLDS, self.worlds))
            together = max(1, CHUNK // (here.stop - low))
            for begin in range(0, len(away), together):
                rows = slice(begin, begin + together)
                days[rows, here] = self._run(away[rows, here], low)
        return days

    def _run(self, away: Sets, low: int) -> Days:
        """Return the days of a part of the runs and worlds, which starts at world `low`."""
        days = np.empty(away.shape, np.int32)
        for alike in self._alike([int(one) for one in np.unique(away)]):
            which = np.searchsorted(alike, away)
            which[which == len(alike)] = 0
            ours = np.asarray(alike)[which] == away
            rows = np.flatnonzero(ours.any(axis=1))  # columns of others in these rows run the first of ours instead
            which = np.where(ours, which, 0)[rows]
            found = self._step(alike, which, low)
            days[rows] = np.where(ours[rows], found, days[rows])
        return days

    def _alike(self, sets: Sequence[int]) -> Iterator[list[int]]:
        """Yield the sets whose scenarios can be columns of one model: they differ in numbers and levers alone."""
        whole = [name for name, one in catalogue().items() if one.type != "float"]
        found: dict[tuple[Any, ...], list[int]] = {}
        for one in sets:
            values = self._best_estimates(one).values
            found.setdefault(tuple(values[name] for name in whole), []).append(one)
        yield from found.values()

    def _best_estimates(self, away: int) -> ParameterSet:
        """Return the parameters without a set of factors, with a typical value of every uncertain one."""
        course = self.course(away)
        key = frozenset(course.parameters.items())
        if key not in self._resolved:
            self._resolved[key] = course.resolved()
        return self._resolved[key]

    def _parameters(self, away: int, low: int, worlds: int) -> ParameterSet:
        """Return the parameters of some worlds without a set of factors, drawn once for all sets."""
        if self.assumptions == "point":
            return self._best_estimates(away)
        if low not in self._drawn:
            self._drawn[low] = sampled_parameters(self.assumptions, (), self.seed, worlds, self.first + low)
        fixed = self.course(away).parameters
        key = (low, frozenset(fixed.items()))
        if key not in self._in_worlds:
            drawn = {name: values for name, values in self._drawn[low].items() if name not in fixed}
            self._in_worlds[key] = ParameterSet.resolve({**drawn, **fixed})
        return self._in_worlds[key]

    def _step(self, sets: Sequence[int], which: Array, low: int) -> Days:
        """Run some columns. sets: of the scenarios; which: the place of each column's scenario, (runs, worlds)."""
        scenarios, (runs, worlds) = [self.course(one) for one in sets], which.shape
        first = self.first + low
        parameters = [self._parameters(one, low, worlds) for one in sets]
        days = imposed_by_day(scenarios, lambda day: imposed_in_columns(scenarios, day, which))
        experiments = Experiments(runs, _columns(parameters, which), days)
        model = PeaceProcess(scenarios[0], worlds, self.seed, first, experiments=experiments, collect=False)
        try:
            for _ in range(model.calendar.days):
                model.step()
                if self.report is not None:
                    self.report(which.size / model.calendar.days)
            return np.array(model.record.milestones.day[self.milestone]).reshape(runs, worlds)
        finally:
            model.dispose()


def _columns(each: Sequence[ParameterSet], which: Array) -> ParameterSet:
    """Return the parameters of every column. each: of the scenarios, scalars or (worlds,); which: (runs, worlds)."""
    return ParameterSet({name: _column([p.values[name] for p in each], which) for name in each[0].values})


def _column(values: Sequence[Any], which: Array) -> Any:
    """Return one parameter: a scalar if it is the same in all scenarios and worlds, else float32 (columns,)."""
    first = values[0]
    if not any(isinstance(value, np.ndarray) for value in values) and all(value == first for value in values):
        return first
    worlds = which.shape[1]
    table = np.stack([np.broadcast_to(np.asarray(value, np.float32), worlds) for value in values])
    column = table[which, np.arange(worlds)].reshape(-1)
    column.flags.writeable = False
    return column


def imposed_in_columns(scenarios: Sequence[Scenario], day: dt.date, which: Array) -> Day:
    """Return what is imposed on a day in every column, by lever."""
    each: list[Mapping[str, float | bool]] = [one.imposed(day) for one in scenarios]
    column = which.reshape(-1)
    found = {}
    for name in dict.fromkeys(name for imposed in each for name in imposed):
        given = np.array([name in imposed for imposed in each])
        values = np.array([imposed.get(name, 0) for imposed in each])
        found[name] = Imposed(values[column], True if given.all() else given[column])
    return found
