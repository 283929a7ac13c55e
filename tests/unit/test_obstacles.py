"""What blocked talks, by removal: known answers, and the same as a run in which the condition is lifted."""

import datetime as dt

import numpy as np
import pytest

from sim.analysis.obstacles import find_obstacles
from sim.errors import InputError
from sim.inputs.scenario_reader import load_scenario
from sim.runs.runner import simulate
from sim.schema.milestones import NEVER
from sim.schema.series import CONDITIONS

SHORT = load_scenario("baseline").with_dates(end=dt.date(2020, 6, 1))


def test_there_is_one_row_per_condition_with_shares() -> None:
    found = find_obstacles(SHORT, 8, 3)
    assert [one.condition for one in found] == list(CONDITIONS)
    for one in found:
        assert 0 <= one.only <= one.sooner <= 1
        assert 0 <= one.missing <= 1
        assert one.label.startswith("Talks blocked")


@pytest.mark.slow
def test_where_one_condition_alone_is_missing_lifting_it_opens_talks() -> None:
    """Everything else is imposed: no prisoners are released, so the demand alone stands in the way."""
    alone = SHORT.change(
        {
            "kabul.ghani.offer": 0,
            "talks.cohesion_alone": 0.01,
            "taliban.attend": True,
            "taliban.truce": True,
            "talks.bearable_violence": 4.0,
            "talks.bearable_losses": 4.0,
            "talks.behind_tolerated": 1.0,
            "talks.opening_days": 1.0,
        }
    )
    prisoners, *others = find_obstacles(alone, 16, 3, assumptions="point")
    assert (prisoners.missing, prisoners.sooner, prisoners.only) == (1.0, 1.0, 1.0)
    assert np.isnan(prisoners.days), "talks never open with it"
    assert [one.sooner for one in others] == [0, 0, 0, 0]


@pytest.mark.slow
def test_it_is_the_day_of_a_run_in_which_the_condition_is_lifted() -> None:
    """A delegation that is always there changes nothing before talks open, so both must give the same worlds."""
    worlds = 64
    base = load_scenario("baseline")
    lifted = simulate(base.change({"talks.cohesion_alone": 0.01}), worlds, 3).milestone_day["talks_open"]
    day = simulate(base, worlds, 3).milestone_day["talks_open"]
    first = np.where(day == NEVER, np.inf, day)
    sooner = np.where(lifted == NEVER, np.inf, lifted) < first
    found = next(one for one in find_obstacles(base, worlds, 3) if one.condition == "delegation")
    assert found.sooner == pytest.approx(sooner.mean(), abs=2 / worlds)


def test_impossible_worlds_are_refused() -> None:
    with pytest.raises(InputError, match="worlds"):
        find_obstacles(SHORT, 0)
