"""The text's window of 45 days: measures of a run within it, one number per world."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.analysis.fact_sets.fact_set import TEXT, FactSet
from sim.inputs.facts import facts
from sim.inputs.scenario import Scenario
from sim.results.results import Results
from sim.schema.calendar import Calendar
from sim.schema.milestones import NEVER

Array = npt.NDArray[Any]
DAY = dt.timedelta(days=1)


def fact_value(name: str) -> Any:
    """Return the value of a fact. Raises KeyError for an unknown name."""
    return facts()[name].value


@dataclass(frozen=True)
class Window:
    """A run, with the measures that the checks need. facts: the set of facts that it is checked against."""

    results: Results
    facts: FactSet = TEXT

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """The scenario's parameters, by dotted name."""
        return _resolved(self.results.scenario)

    @property
    def signed(self) -> bool:
        """Whether there is an agreement."""
        return bool(self.values["agreement.signed"])

    @cached_property
    def calendar(self) -> Calendar:
        """The days of the window; without an agreement the same days of the year that the run starts in."""
        start, end = fact_value("window_start"), fact_value("window_end")
        year = start.year if self.signed else self.results.scenario.start.year
        return Calendar(start.replace(year=year), end.replace(year=year))

    @property
    def last(self) -> dt.date:
        """The last day of the window."""
        return self.calendar.date(self.calendar.days - 1)

    @property
    def covered(self) -> bool:
        """Whether the run begins on the first day of the window and covers all of it."""
        run = self.results.calendar
        return run.start == self.calendar.start and run.end >= self.calendar.end

    def total(self, series: str) -> Array:
        """Return the sum of a series over the window, float64 (worlds,)."""
        days = self.results.calendar.window(self.calendar.start, self.calendar.end)
        return np.asarray(self.results.arrays[series][:, days].sum(axis=1, dtype=np.float64))

    def on(self, series: str, day: dt.date) -> Array:
        """Return a series on a day, (worlds,). Raises InputError for a day outside the run."""
        return self.results.arrays[series][:, self.results.index(day)]

    def by(self, milestone: str, day: dt.date) -> Array:
        """Whether a milestone is reached on or before a day, bool (worlds,)."""
        reached = self.results.milestone_day[milestone]
        return np.asarray((reached != NEVER) & (reached <= self.results.calendar.index(day)))

    def on_exactly(self, milestone: str, day: dt.date) -> Array:
        """Whether a milestone is reached on exactly that day, bool (worlds,)."""
        return np.asarray(self.results.milestone_day[milestone] == self.results.index(day))

    def imposed(self, lever: str, day: dt.date) -> Any:
        """Return the value that the scenario imposes on a lever on a day; None if it does not impose any."""
        return self.results.scenario.imposed(day).get(lever)


@lru_cache(maxsize=16)
def _resolved(scenario: Scenario) -> Mapping[str, Any]:
    """Return a scenario's parameters, by dotted name; many runs of one scenario are checked one after the other."""
    return scenario.resolved().values
