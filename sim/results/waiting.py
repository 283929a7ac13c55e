"""How long worlds wait for a milestone, and what is missing meanwhile; worlds that never reach it count."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.results.results import Results
from sim.schema import arguments
from sim.schema.milestones import MILESTONES, NEVER
from sim.schema.series import CONDITIONS

Array = npt.NDArray[Any]


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
