"""One milestone over all worlds of a run: how many reach it, when, and why.

Dates of worlds that never get there are the trouble: a median among those that do says nothing about the others. So
there is also the day by which half of all worlds are there, and the mean number of days in which every world counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.schema.calendar import Calendar
from sim.schema.milestones import NEVER, Milestone

Array = npt.NDArray[Any]

BAND = (0.05, 0.95)  # the 90 % band shown everywhere


@dataclass(frozen=True, slots=True)
class MilestoneSummary:
    """One milestone over the worlds.

    `half_by` and `mean_days` are of all worlds; the other dates are of those that reach it, None when no world does.
    """

    name: str
    label: str
    share: float  # share of worlds that reach it
    half_by: date | None  # the first day by which half of all worlds have reached it; None if fewer than half ever do
    mean_days: float  # mean of `days_until_*`: worlds that never reach it count with the days of the run
    median: date | None  # among the worlds that reach it
    q05: date | None
    q95: date | None
    reasons: Mapping[str, float]  # share of the worlds that reach it, most frequent first


def summary_of(milestone: Milestone, day: Array, reason: Array, calendar: Calendar) -> MilestoneSummary:
    """Return the summary of a milestone from its days and the indices of its reasons, both (worlds,)."""
    reached = day != NEVER
    dates: tuple[date | None, ...] = (None, None, None)
    if reached.any():
        found = np.quantile(day[reached], [0.5, *BAND], method="inverted_cdf")
        dates = tuple(calendar.date(int(index)) for index in found)
    median, q05, q95 = dates
    return MilestoneSummary(
        name=milestone.name,
        label=milestone.label,
        share=float(reached.mean()),
        half_by=half_by(day, calendar),
        mean_days=float(np.where(reached, day, calendar.days).mean()),
        median=median,
        q05=q05,
        q95=q95,
        reasons=_reason_shares(milestone, reason[reached]),
    )


def half_by(day: Array, calendar: Calendar) -> date | None:
    """Return the first date by which half of all worlds have reached a milestone; never is later than any.

    day: (worlds,). None if fewer than half of them ever do.
    """
    middle = int(np.sort(np.where(day == NEVER, calendar.days, day))[(len(day) - 1) // 2])
    return None if middle == calendar.days else calendar.date(middle)


def share_by_day(day: Array, calendar: Calendar) -> Array:
    """Return the share of all worlds that have reached a milestone by each day, float64 (days,), 0 to 1.

    day: (worlds,).
    """
    reached = np.bincount(day[day != NEVER], minlength=calendar.days)
    return np.asarray(reached.cumsum() / len(day))


def _reason_shares(milestone: Milestone, index: Array) -> dict[str, float]:
    """Return the share of the worlds that reach it by reason, most frequent first, without reasons of no world."""
    shares = {r: float((index == i).mean()) for i, r in enumerate(milestone.reasons) if (index == i).any()}
    return dict(sorted(shares.items(), key=lambda item: -item[1]))
