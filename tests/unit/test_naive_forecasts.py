"""Naive forecasts: worked out by hand from the facts dated to 15 April 2020, and from nothing else."""

import datetime as dt
from typing import Any

import numpy as np
import pytest

from sim.analysis.scoring import naive
from sim.analysis.scoring.naive import LINDY, NO_CHANGE, PACE, SCHEDULE, UNIFORM, naive_dates, naive_numbers
from sim.analysis.scoring.observation import observable, origin, read_observation
from sim.inputs.facts import facts
from sim.schema.series import SERIES

DAYS = 260  # from 15 April up to 31 December


def numbers(outcome: str, **days: dt.date) -> dict[str, float]:
    given = {"outcome": outcome, "value": 0, "unit": observable()[outcome], "source": "invented", **days}
    return naive_numbers(read_observation(given))


def day_of(name: str, milestone: str) -> dt.date:
    """The date for which a forecast says that it happens for certain."""
    forecast = naive_dates(milestone, DAYS)[name]
    assert set(forecast) <= {0.0, 1.0}
    return origin() + dt.timedelta(days=int(np.argmax(forecast)))


def test_no_naive_forecast_uses_a_fact_from_after_15_april(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every forecast of every outcome is made, and each fact that is read on the way is dated by then."""
    read: set[str] = set()

    def recorded(name: str) -> Any:
        read.add(name)
        return facts()[name].value

    monkeypatch.setattr(naive, "fact_value", recorded)
    for cached in (naive._dates_at_pace, naive._dates_scheduled):
        cached.cache_clear()
    for name, unit in observable().items():
        if unit == "date":
            naive_dates(name, DAYS)
        elif SERIES[name].kind == "level":
            numbers(name, date=dt.date(2020, 9, 1))
        else:
            numbers(name, **{"from": dt.date(2020, 5, 1), "until": dt.date(2020, 9, 1)})
    assert len(read) > 12, read
    for name in read:
        fact = facts()[name]
        assert fact.sentence or fact.date <= "2020-04-15", f"{name} is dated {fact.date}"


def test_totals_go_on_at_the_pace_of_the_text() -> None:
    may = {"from": dt.date(2020, 5, 1), "until": dt.date(2020, 5, 11)}
    assert numbers("attacks", **may) == {PACE: pytest.approx(4500 / 45 * 10)}
    assert numbers("security_forces_killed", **may) == {PACE: pytest.approx(900 / 45 * 10)}
    assert numbers("attacks_on_coalition", **may) == {PACE: 0}
    assert numbers("taliban_killed", **may) == {}  # the text gives no figure


def test_levels() -> None:
    day = {"date": dt.date(2020, 5, 1)}
    assert numbers("captives_released", **day) == {NO_CHANGE: 20}
    assert numbers("returned_to_fighting", **day) == {}
    released = numbers("prisoners_released", **day)
    # 361 in the six days from 8 to 13 April; 100 per day from 15 April until 1,500, on 26 April
    assert released == {NO_CHANGE: 361, PACE: pytest.approx(361 + 361 / 6 * 18), SCHEDULE: 1500}
    assert numbers("prisoners_released", date=dt.date(2020, 5, 9))[SCHEDULE] == 1500
    assert numbers("prisoners_released", date=dt.date(2020, 5, 10))[SCHEDULE] == 2000
    assert numbers("prisoners_released", date=dt.date(2020, 12, 1))[SCHEDULE] == 5000
    assert numbers("prisoners_released", date=dt.date(2020, 12, 1))[PACE] == 5000


@pytest.mark.parametrize(
    ("date", "promised"),
    [
        (dt.date(2020, 7, 13), 8600),
        (dt.date(2020, 11, 1), 5000),
        (dt.date(2020, 9, 6), 8600 - 3600 * 55 / 111),
        (dt.date(2020, 12, 1), 5000 - 5000 * 30 / 181),  # all out by 1 May 2021
    ],
)
def test_troops_promised(date: dt.date, promised: float) -> None:
    assert numbers("us_troops", date=date) == {NO_CHANGE: 13000, SCHEDULE: pytest.approx(promised)}


def test_dates_on_the_schedule_and_at_the_pace() -> None:
    assert day_of(SCHEDULE, "us_at_8600") == dt.date(2020, 7, 13)
    assert day_of(SCHEDULE, "us_at_5000") == dt.date(2020, 11, 1)
    assert day_of(SCHEDULE, "talks_open") == origin()
    assert day_of(SCHEDULE, "released_1500") == dt.date(2020, 4, 26)
    assert day_of(PACE, "released_1000") == dt.date(2020, 4, 24)  # 639 more at 60.2 per day from 13 April
    assert "ceasefire" not in naive._dates_scheduled()
    assert not naive_dates("talks_open", DAYS)[NO_CHANGE].any()


def test_lindy_and_uniform() -> None:
    forecasts = naive_dates("ceasefire", DAYS)
    assert set(forecasts) == {NO_CHANGE, LINDY, UNIFORM}
    waited = 46  # days from 29 February to 15 April
    assert forecasts[LINDY][waited - 1] == pytest.approx(0.5)  # as likely as not to take as long again
    assert forecasts[UNIFORM][-1] == 1
    assert np.diff(forecasts[UNIFORM]) == pytest.approx(1 / DAYS)
    for forecast in forecasts.values():
        assert ((forecast >= 0) & (forecast <= 1)).all()
        assert (np.diff(forecast) >= 0).all()
