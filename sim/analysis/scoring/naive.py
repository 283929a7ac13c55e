"""Naive forecasts: what anybody could have said on 15 April 2020 from the facts that stood there, without a model.

- no change: a level stays as it was last counted; a milestone that has not happened never does.
- the pace goes on: as many per day as in the text's window, or as between the first release and the last count.
- the schedule: what the agreement, the decree or the president's promise says. The decree's terms count from 15 April
  on, with those released by then; a date that has passed is due at once.
- Lindy: after having waited so long, it is as likely as not to take as long again: P(within s days) = s / (s + waited)
  (Gott 1993, "Implications of the Copernican principle for our future prospects", doi:10.1038/363315a0).
- uniform: equally likely on every day that is left of the run.

Every figure is a fact dated to 15 April 2020 or before (`sim/inputs/facts.toml`). Where there is none, the forecast is
left out: nothing is borrowed from the model.
"""

import datetime as dt
import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.analysis.fact_window import DAY, fact_value
from sim.analysis.scoring.observation import Observation, origin
from sim.schema.milestones import MILESTONES
from sim.schema.series import SERIES

Array = npt.NDArray[Any]

NO_CHANGE: Final = "no change"
PACE: Final = "the pace goes on"
SCHEDULE: Final = "the schedule"
LINDY: Final = "Lindy"
UNIFORM: Final = "uniform"
NAMES: Final = (NO_CHANGE, PACE, SCHEDULE, LINDY, UNIFORM)

_COUNTED: Final = {"attacks": "attacks_2020", "security_forces_killed": "security_forces_killed_2020"}
_SPARED: Final = "attacks_on_coalition"  # S7: there were none
_LEVELS: Final = {
    "us_troops": "troops_at_signing",
    "prisoners_released": "released_by_13_april",
    "captives_released": "first_captives",
}
_PRISONERS: Final = "prisoners_released"
_LAST_COUNT: Final = dt.date(2020, 4, 13)  # of prisoners released, the date of that fact
_NOVEMBER: Final = dt.date(2020, 11, 1)  # of the president's promise, S2


def naive_numbers(observed: Observation) -> dict[str, float]:
    """Return the naive forecasts of a total or level, in its unit, by name; without those that have no fact."""
    if SERIES[observed.outcome].kind == "count":
        rate = _rate(observed.outcome)
        return {} if rate is None else {PACE: rate * (observed.until - observed.start).days}
    found = {}
    if observed.outcome in _LEVELS:
        found[NO_CHANGE] = float(fact_value(_LEVELS[observed.outcome]))
    if observed.outcome == _PRISONERS:
        found |= {PACE: _released_at_pace(observed.start), SCHEDULE: _released_by_decree(observed.start)}
    if observed.outcome == "us_troops":
        found[SCHEDULE] = _troops_promised(observed.start)
    return found


def naive_dates(milestone: str, days: int) -> dict[str, Array]:
    """Return the probability that a milestone has happened by the end of each day, float64 (days,), by forecast.

    days: how many are left of the run from 15 April 2020, the first of them.
    """
    passed = np.arange(1, days + 1)
    waited = (origin() - fact_value("agreement_signed")).days
    found = {NO_CHANGE: np.zeros(days)}
    for name, dates in ((PACE, _dates_at_pace()), (SCHEDULE, _dates_scheduled())):
        if milestone in dates:
            due = (dates[milestone] - origin()).days
            found[name] = (np.arange(days) >= due).astype(np.float64)
    return found | {LINDY: passed / (passed + waited), UNIFORM: passed / days}


def _rate(series: str) -> float | None:
    """Return how many per day there were in the text's window; None if the text gives no figure."""
    if series == _SPARED:
        return 0.0
    return float(fact_value(_COUNTED[series]) / fact_value("window_days")) if series in _COUNTED else None


def _released_at_pace(date: dt.date) -> float:
    """Return prisoners released by a date if as many are released per day as from the first release to the last count.

    At most as many as the agreement speaks of.
    """
    known, first = fact_value("released_by_13_april"), fact_value("first_release")
    per_day = known / ((_LAST_COUNT - first).days + 1)
    return float(min(known + per_day * (date - _LAST_COUNT).days, fact_value("exchange_prisoners")))


def _released_by_decree(date: dt.date) -> float:
    """Return prisoners released by the end of a date under the decree's terms, carried out from 15 April on.

    So many per day up to the first 1,500, then a batch every two weeks up to all 5,000.
    """
    known, first, pace = (fact_value(name) for name in ("released_by_13_april", "decree_prisoners", "decree_pace"))
    days = (date - origin()).days + 1
    daily = math.ceil((first - known) / pace)  # days until the first 1,500 are released
    if days < daily:
        return float(known + pace * days)
    batches = (days - daily) // fact_value("decree_later_days")
    return float(min(first + batches * fact_value("decree_later_batch"), fact_value("exchange_prisoners")))


def _troops_promised(date: dt.date) -> float:
    """Return the US troops left on a date on the promised path: straight lines between the promised figures."""
    signed = fact_value("agreement_signed")
    months = np.timedelta64(int(fact_value("withdrawal_months")) + 1, "M")
    end = np.datetime64(signed, "M") + months  # the first of the month after, 1 May 2021
    path = [
        (signed, fact_value("troops_at_signing")),
        (_first_phase_ends(), fact_value("troops_first_phase")),
        (_NOVEMBER, fact_value("us_troops_november")),
        (end.astype("datetime64[D]").item(), 0),
    ]
    days, troops = [(day - signed).days for day, _ in path], [number for _, number in path]
    return float(np.interp((date - signed).days, days, troops))


def _first_phase_ends() -> dt.date:
    found: dt.date = fact_value("agreement_signed") + DAY * fact_value("first_phase_days")
    return found


@lru_cache(maxsize=1)
def _dates_at_pace() -> dict[str, dt.date]:
    """Return the dates of the milestones of releases, at the pace of the first ones."""
    return _dates_of_releases(_released_at_pace)


@lru_cache(maxsize=1)
def _dates_scheduled() -> dict[str, dt.date]:
    """Return the dates of milestones that somebody had promised by 15 April 2020."""
    return _dates_of_releases(_released_by_decree) | {
        "us_at_8600": _first_phase_ends(),
        "us_at_5000": _NOVEMBER,
        "talks_open": origin(),  # due on 10 March, and not yet there
    }


def _dates_of_releases(released: Callable[[dt.date], float]) -> dict[str, dt.date]:
    """Return the first date on which each number of prisoners is released. released: the number by a date."""
    levels = {name: one.level for name, one in MILESTONES.items() if name.startswith("released_")}
    found: dict[str, dt.date] = {}
    day = origin()
    while len(found) < len(levels):
        done = released(day)
        found |= {name: day for name, level in levels.items() if name not in found and done >= level}
        day += DAY
    return found
