"""How long worlds wait: those that never reach a milestone count."""

import numpy as np
import pytest

from sim.errors import InputError
from sim.results.waiting import days_blocked, share_by_day
from sim.schema.milestones import NEVER
from sim.schema.series import CONDITIONS
from tests.unit.synthetic import results


def test_the_share_of_worlds_counts_those_that_never_get_there() -> None:
    run = results(4, day={"talks_open": [0, 9, 20, NEVER]})
    share = share_by_day(run, "talks_open")
    assert share.shape == (run.days,)
    assert share[[0, 8, 9, 20, -1]].tolist() == [0.25, 0.25, 0.5, 0.75, 0.75]


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
