"""Outcomes: each is calculated from the arrays as documented, and blockers add up."""

import datetime as dt

import numpy as np
import pytest

from sim.schema.milestones import MILESTONES, NEVER
from sim.schema.outcomes import OUTCOMES, blockers, november_index, summary
from sim.schema.series import CONDITIONS, SERIES
from tests.unit.synthetic import arrays, results, scenario

START = dt.date(2020, 3, 1)


def days_of_milestones(worlds: int, **given: int) -> dict[str, np.ndarray]:
    return {name: np.full(worlds, given.get(name, NEVER), np.int32) for name in MILESTONES}


def test_every_series_and_milestone_gives_an_outcome() -> None:
    expected = len(SERIES) + 1 + 3 * len(MILESTONES)
    assert len(OUTCOMES) == expected, sorted(OUTCOMES)
    found = summary(arrays(3, 306), days_of_milestones(3), START)
    assert list(found) == list(OUTCOMES)
    assert all(v.shape == (3,) and v.dtype == np.float64 for v in found.values())


def test_counts_are_summed_levels_are_last_flags_are_counted() -> None:
    daily = arrays(4, 306)
    found = summary(daily, days_of_milestones(4), START)
    for s in SERIES.values():
        values = daily[s.name].astype(np.float64)
        if s.kind == "count":
            np.testing.assert_array_equal(found[s.name], values.sum(axis=1))
        elif s.kind == "level":
            np.testing.assert_array_equal(found[s.name], values[:, -1])
        else:
            name = s.name.replace("blocked_by_", "blocked_days_")
            np.testing.assert_array_equal(found[name], (values > 0).sum(axis=1))


@pytest.mark.parametrize("order", ["C", "F"])
def test_a_world_has_the_same_outcomes_alone_and_among_many(order: str) -> None:
    daily = {name: np.asarray(v, order=order) for name, v in arrays(17, 306).items()}  # type: ignore[call-overload]
    many = summary(daily, days_of_milestones(17), START)
    alone = summary({name: v[5:6] for name, v in daily.items()}, days_of_milestones(1), START)
    for name, values in many.items():
        assert values[5].tobytes() == alone[name][0].tobytes(), name


def test_totals_are_exact_where_float32_would_round() -> None:
    daily = arrays(1, 306)
    daily["attacks"] = np.full((1, 306), 100_001, np.float32)
    total = summary(daily, days_of_milestones(1), START)["attacks"][0]
    assert total == 306 * 100_001, total


def test_milestones_give_reached_day_and_days_until() -> None:
    found = summary(arrays(2, 306), days_of_milestones(2, decree=9), START)
    assert found["reached_decree"].tolist() == [1, 1]
    assert found["day_decree"].tolist() == [9, 9]
    assert found["days_until_decree"].tolist() == [9, 9]
    assert found["days_until_talks_open"].tolist() == [306, 306]
    assert found["reached_talks_open"].tolist() == [0, 0]
    assert np.isnan(found["day_talks_open"]).all()


@pytest.mark.parametrize(
    ("start", "days", "index"),
    [(START, 306, 245), (START, 245, None), (START, 246, 245), (dt.date(2020, 11, 2), 400, None)],
)
def test_november_is_left_out_if_the_run_does_not_include_it(start: dt.date, days: int, index: int | None) -> None:
    assert november_index(start, days) == index
    found = summary(arrays(1, days), days_of_milestones(1), start)
    assert ("us_troops_november" in found) == (index is not None)


def test_november_is_the_level_at_the_end_of_that_day() -> None:
    daily = arrays(1, 306)
    found = summary(daily, days_of_milestones(1), START)
    assert found["us_troops_november"][0] == daily["us_troops"][0, 245]


def test_a_missing_series_is_an_error() -> None:
    daily = arrays(1, 10)
    del daily["attacks"]
    with pytest.raises(KeyError, match="attacks"):
        summary(daily, days_of_milestones(1), START)


def test_blockers_count_only_the_days_before_talks() -> None:
    made = results(2, run=scenario(dt.date(2020, 3, 11)), day={"talks_open": [4, NEVER]})
    daily = dict(made.arrays)
    flag = np.zeros((2, 10), np.float32)
    flag[0, :6] = 1  # 4 of the days before world 0's talks, and 2 after them, which do not count
    flag[1, 5:] = 1  # 5 of world 1's 10
    daily["blocked_by_prisoners"] = flag
    daily["talks_stage"] = np.zeros((2, 10), np.float32)
    found = {b.condition: b for b in blockers(daily, made.milestone_day["talks_open"])}
    assert tuple(found) == CONDITIONS
    assert found["prisoners"].days_before == pytest.approx((4 + 5) / 14)
    assert found["prisoners"].worlds_at_end == 0.5
    daily["talks_stage"][1, -1] = 1  # on the last day it keeps nobody from talks
    found = {b.condition: b for b in blockers(daily, made.milestone_day["talks_open"])}
    assert found["prisoners"].worlds_at_end == 0


def test_blockers_without_a_day_before_talks_are_zero() -> None:
    made = results(2, day={"talks_open": 0})
    assert [b.days_before for b in made.blockers()] == [0.0] * len(CONDITIONS)
