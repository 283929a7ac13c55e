"""How long worlds wait for a milestone, and what is missing meanwhile; worlds that never reach it count."""

import datetime as dt
import math
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.results.results import Results
from sim.schema import arguments
from sim.schema.milestones import MILESTONES, NEVER
from sim.schema.series import CONDITIONS

Array = npt.NDArray[Any]


def half_date(run: Results, milestone: str) -> dt.date | None:
    """Return the date by which half of all worlds have reached a milestone, None if fewer than half ever do.

    The median over all worlds, never counting as later than every date; a median over those that reach it is earlier.
    Raises InputError for an unknown milestone.
    """
    day = _days(run, milestone)
    ranked = np.sort(np.where(day == NEVER, run.days, day))
    middle = int(ranked[math.ceil(len(ranked) / 2) - 1])
    return run.calendar.date(middle) if middle < run.days else None


def share_by_day(run: Results, milestone: str) -> Array:
    """Return the share of all worlds that have reached a milestone by each day, float64 (days,), 0 to 1.

    Raises InputError for an unknown milestone.
    """
    day = _days(run, milestone)
    reached = np.bincount(day[day != NEVER], minlength=run.days)
    return np.asarray(reached.cumsum() / run.worlds)


def days_blocked(run: Results) -> dict[str, float]:
    """Return the mean number of days per world on which each condition is missing while talks are not open."""
    waiting = run.arrays["talks_stage"] == 0
    return {one: float(((run.arrays[f"blocked_by_{one}"] > 0) & waiting).sum(axis=1).mean()) for one in CONDITIONS}


def _days(run: Results, milestone: str) -> Array:
    """Return the day of a milestone, int16 (worlds,), NEVER for never."""
    arguments.instance("run", run, Results, "the Results of a run")
    return run.milestone_day[arguments.known("milestone", milestone, MILESTONES, "no such milestone")]
