"""Outcomes: the summary of a world after its run, one number per world and outcome.

An outcome says what happened, never whether that is good: no direction is declared here (the plan for this
module foresaw a field for it; it would have been empty for every outcome, so it is left out).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from sim.schema.milestones import MILESTONES, NEVER
from sim.schema.series import CONDITIONS, SERIES, Series

Array = npt.NDArray[Any]
Kind = Literal["total", "level", "days", "share", "day", "until"]

REACHED = "reached_"
DAY = "day_"
DAYS_UNTIL = "days_until_"
BLOCKED_DAYS = "blocked_days_"
NOVEMBER = "us_troops_november"
_PER_DAY = "/day"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One number per world, float64.

    kind: total (sum over the run), level (state at the end of a day), days (a count of days), share (0 or 1 in
    a world, so that its mean is a share of worlds), day (days since the run's start, NaN for never), until (days until
    a milestone, the whole run for never, so that every world counts; its mean is the restricted mean time, the area
    under the Kaplan-Meier curve up to the end of the run: Royston & Parmar 2013, doi:10.1186/1471-2288-13-152).
    """

    name: str
    label: str  # plain words, for display and axes
    unit: str
    kind: Kind
    about: str  # how it is measured


def _of_series(series: Series) -> Outcome:
    """Return the outcome of a daily series: a total, a last level, or a number of days."""
    if series.kind == "count":
        unit = series.unit.removesuffix(_PER_DAY)
        return Outcome(series.name, f"{series.label}, total", unit, "total", "Sum over the days of the run.")
    if series.kind == "level":
        return Outcome(series.name, f"{series.label}, at the end", series.unit, "level", "State on the last day.")
    name = BLOCKED_DAYS + series.name.removeprefix("blocked_by_")
    return Outcome(name, f"{series.label}, days", "days", "days", "Days of the run on which it blocks talks.")


def _of_milestones() -> list[Outcome]:
    """Return the outcomes of milestones: whether, when, and after how many days each one is reached."""
    reached = [
        Outcome(REACHED + m.name, f"{m.label}: reached", "share of worlds", "share", "1 if it happens in the run.")
        for m in MILESTONES.values()
    ]
    days = [
        Outcome(DAY + m.name, f"{m.label}: day", "days from the start", "day", "0 on the first day; NaN for never.")
        for m in MILESTONES.values()
    ]
    about = "Days before it happens; the whole run in worlds that never get there, so that every world counts."
    until = [
        Outcome(DAYS_UNTIL + m.name, f"{m.label}: days until", "days", "until", about) for m in MILESTONES.values()
    ]
    return reached + days + until


def _all() -> list[Outcome]:
    about = "State at the end of 1 November of the year of the start; left out where the run does not include that day."
    november = Outcome(NOVEMBER, "US troops on 1 November", "troops", "level", about)
    return [*(_of_series(s) for s in SERIES.values()), november, *_of_milestones()]


OUTCOMES: dict[str, Outcome] = {o.name: o for o in _all()}


def november_index(start: date, days: int) -> int | None:
    """Return the index of 1 November of the start's year in a run of that many days; None if it is outside."""
    index = (date(start.year, 11, 1) - start).days
    return index if 0 <= index < days else None


def _reduced(series: Series, values: Array) -> Array:
    """Reduce (worlds, days) to (worlds,): the sum of a count or flag, the last value of a level."""
    if series.kind == "level":
        return values[:, -1].astype(np.float64)
    return np.asarray(values.sum(axis=1, dtype=np.float64))


def summary(daily: Mapping[str, Array], milestone_day: Mapping[str, Array], start: date) -> dict[str, Array]:
    """Return every outcome of every world.

    daily: (worlds, days) by series; milestone_day: (worlds,) by milestone, NEVER for never; start: the first day.
    Returns float64 (worlds,) by outcome, in the order of OUTCOMES. Counts are whole numbers, so their sums are
    exact and a world's total does not depend on how many worlds are run. Raises KeyError for a missing
    series or milestone.
    """
    found = {_of_series(s).name: _reduced(s, daily[s.name]) for s in SERIES.values()}
    days = daily["us_troops"].shape[1]
    index = november_index(start, days)
    if index is not None:
        found[NOVEMBER] = daily["us_troops"][:, index].astype(np.float64)
    for name in MILESTONES:
        day = milestone_day[name]
        reached = day != NEVER
        found[REACHED + name] = reached.astype(np.float64)
        found[DAY + name] = np.where(reached, day, np.nan).astype(np.float64)
        found[DAYS_UNTIL + name] = np.where(reached, day, days).astype(np.float64)
    return {name: found[name] for name in OUTCOMES if name in found}


@dataclass(frozen=True, slots=True)
class Blocker:
    """How much one condition blocked talks."""

    condition: str  # one of CONDITIONS
    label: str
    days_before: float  # share of all world-days before talks open (or before the run ends) on which it is missing
    worlds_at_end: float  # share of worlds in which it is missing on the last day and talks are not open


def blockers(daily: Mapping[str, Array], opened: Array) -> list[Blocker]:
    """Return what blocked talks, one record per condition.

    daily: (worlds, days) by series; opened: (worlds,) the day talks open, NEVER for never. Worlds whose talks
    open on the first day have no days before; if that is every world, days_before is 0.
    """
    days = daily["talks_stage"].shape[1]
    before = np.arange(days) < np.where(opened == NEVER, days, opened)[:, np.newaxis]
    total = max(int(before.sum()), 1)
    found = []
    for condition in CONDITIONS:
        series = SERIES[f"blocked_by_{condition}"]
        missing = daily[series.name] > 0
        held = int((missing & before).sum())
        last = missing[:, -1] & (daily["talks_stage"][:, -1] == 0)
        found.append(Blocker(condition, series.label, held / total, float(last.mean())))
    return found
