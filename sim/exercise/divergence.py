"""Where two runs diverge: the first day of a difference that lasts."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.results.intervals import mean_interval
from sim.results.results import Results
from sim.results.running_moments import Moments
from sim.schema.calendar import WEEK
from sim.schema.series import SERIES

LASTING: Final = 14  # days for which a difference must keep its direction, or until the end
LEAST: Final = 0.05  # of the larger of the two values; smaller differences are ignored
NAMED: Final = (
    "attacks", "security_forces_killed", "prisoners_released", "returned_to_fighting", "us_troops", "kabul_cohesion",
    "talks_stage",
)  # fmt: skip

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Divergence:
    """The days on which a group diverges from another, or from the baseline, in one series; None for never.

    other: a group, or 0 for the baseline; world: in the world that was played, by at least LEAST; ensemble: where the
    paired 95 % interval of the mean difference excludes 0.
    """

    group: int
    other: int
    series: str
    label: str
    world: dt.date | None
    ensemble: dt.date | None


def find_divergences(
    group: int, other: int, own: tuple[Results, Results], many: tuple[Results, Results]
) -> list[Divergence]:
    """Return one record per series of NAMED. own: the played worlds; many: the paired ensembles; the other's second."""
    found = []
    for name in NAMED:
        a, b = (_smoothed(name, one) for one in own)
        apart = np.where(np.abs(a - b) > LEAST * np.maximum(np.abs(a), np.abs(b)), np.sign(a - b), 0)[0]
        x, y = (_smoothed(name, one) for one in many)
        low, high = mean_interval(Moments.of(x - y))
        beyond = np.where(low > 0, 1, np.where(high < 0, -1, 0))
        days = (_date(own[0], first_lasting(apart)), _date(own[0], first_lasting(beyond)))
        found.append(Divergence(group, other, name, SERIES[name].label, *days))
    return found


def first_lasting(sign: Array) -> int | None:
    """Return the first day from which a sign is not 0 and does not change for LASTING days or to the end, or None.

    sign: -1, 0 or 1, (days,).
    """
    for day in np.flatnonzero(sign):
        ahead = sign[day : day + LASTING]
        if bool((ahead == sign[day]).all()):
            return int(day)
    return None


def _smoothed(name: str, results: Results) -> Array:
    """Return a level as it is, or a count of events summed over the last week, float64 (worlds, days)."""
    values = results.series(name).astype(np.float64)
    if SERIES[name].kind != "count":
        return values
    return week_sums(values)


def week_sums(counts: Array) -> Array:
    """Return daily counts summed over each day and the six before it, fewer at the start, (..., days) as given."""
    total = np.cumsum(counts, axis=-1)
    sums = total.copy()
    sums[..., WEEK:] -= total[..., :-WEEK]
    return sums


def _date(results: Results, day: int | None) -> dt.date | None:
    return None if day is None else results.calendar.date(day)
