"""How long worlds wait: those that never reach a milestone count."""

import datetime as dt

import numpy as np
import pytest

from sim.errors import InputError
from sim.results.milestone_summary import half_by
from sim.results.waiting import days_blocked, share_by_day
from sim.schema.milestones import NEVER
from sim.schema.series import CONDITIONS
from tests.unit.synthetic import results


@pytest.mark.parametrize(
    ("days", "date"),
    [
        ([0, 9, 20, NEVER], dt.date(2020, 3, 10)),
        ([9, NEVER], dt.date(2020, 3, 10)),
        ([9, NEVER, NEVER], None),
        ([NEVER], None),
        ([0], dt.date(2020, 3, 1)),
    ],
)
def test_half_of_all_worlds(days: list[int], date: dt.date | None) -> None:
    run = results(len(days), day={"talks_open": days})
    assert half_by(run.milestone_day["talks_open"], run.calendar) == date
    share = share_by_day(run, "talks_open")
    assert share.shape == (run.days,)
    assert share[-1] == sum(day != NEVER for day in days) / len(days)
    if date is not None:
        assert share[run.index(date)] >= 0.5
        assert run.index(date) == 0 or share[run.index(date) - 1] < 0.5


def test_days_blocked_are_those_while_talks_are_closed() -> None:
    flags, stage = np.zeros((2, 306)), np.zeros((2, 306))
    flags[0, :10] = 1
    stage[0, 4:] = 1
    found = days_blocked(results(2, daily={"blocked_by_taliban": flags, "talks_stage": stage}))
    assert tuple(found) == CONDITIONS
    assert found["taliban"] == 2.0


def test_an_unknown_milestone_is_refused() -> None:
    with pytest.raises(InputError, match="talks_open"):
        share_by_day(results(1), "talks_opened")
