"""Comparison: effects are mean paired differences with intervals, and never is later than any day."""

import datetime as dt
import math

import numpy as np
import pytest
from scipy import stats

from sim.errors import InputError
from sim.inputs.scenario_reader import load_scenario
from sim.results.comparison import Comparison
from sim.results.intervals import share_interval
from sim.results.results import Results
from sim.runs.compare import compare
from sim.schema.milestones import MILESTONES, NEVER
from tests.unit.synthetic import results, scenario


def shifted(a: Results, by: dict[str, float]) -> Results:
    """Return the same worlds with a constant added to some series on every day."""
    daily = {name: np.asarray(values + by.get(name, 0)) for name, values in a.arrays.items()}
    return Results(a.scenario, a.seed, a.worlds, a.first, a.assumptions, daily, a.milestone_day, a.milestone_reason)


def test_a_run_against_itself_has_no_effect_and_only_shares_have_an_interval() -> None:
    """Thirty worlds without a change do not show that no world changes, but a mean of such worlds has no spread."""
    a = results(30, day={"talks_open": [50] * 15 + [NEVER] * 15})
    both = Comparison(a, a)
    assert both.table(), "no outcomes"
    assert "talks_open" in {one.milestone for one in both.milestones()}
    for row in both.table():
        assert (row.effect, row.up, row.same, row.down, row.alike, row.p) == (0, 0, 1, 0, True, 1), row
        most = 0.1278 if row.outcome.startswith("reached_") else 0.0
        assert (row.low, row.high) == pytest.approx((-most, most), abs=1e-4), row
        assert not row.significant, row
    for m in both.milestones():
        assert (m.effect, m.earlier, m.same, m.later, m.p, m.significant) == (0, 0, 1, 0, 1, False), m
        assert (m.low, m.high) == pytest.approx((-0.1278, 0.1278), abs=1e-4), m


def test_a_constant_shift_is_found_in_every_world() -> None:
    a = results(30)
    row = Comparison(a, shifted(a, {"attacks": 2})).table(["attacks"])[0]
    assert (row.effect, row.low, row.high, row.up, row.significant, row.alike) == (612, 612, 612, 1, True, True), row
    assert row.b_mean - row.a_mean == pytest.approx(612)
    assert row.unit == "attacks"


def test_the_interval_is_close_to_the_paired_t_and_contains_it() -> None:
    a, b = results(40, seed=1), results(40, seed=2)
    row = Comparison(a, b).table(["attacks"])[0]
    expected = stats.ttest_rel(b.outcomes["attacks"].values, a.outcomes["attacks"].values).confidence_interval(0.95)
    width = expected.high - expected.low
    assert row.low <= expected.low + 1e-9
    assert row.high >= expected.high - 1e-9
    assert (row.low, row.high) == pytest.approx((expected.low, expected.high), abs=0.1 * width)
    assert row.effect == pytest.approx(b.outcomes["attacks"].values.mean() - a.outcomes["attacks"].values.mean())
    assert row.up + row.same + row.down == pytest.approx(1)


def test_a_single_world_that_changes_is_not_significant() -> None:
    a = results(1)
    row = Comparison(a, shifted(a, {"attacks": 2})).table(["attacks"])[0]
    assert math.isnan(row.low)
    assert not row.significant


def test_never_counts_as_later_than_every_date() -> None:
    a = results(8, day={"talks_open": [10, 20, 30, NEVER, NEVER, 305, NEVER, NEVER]})
    b = results(8, day={"talks_open": [5, 20, NEVER, NEVER, 305, 300, 0, 1]})
    m = Comparison(a, b).milestones(["talks_open"])[0]
    assert (m.earlier, m.same, m.later) == pytest.approx((5 / 8, 2 / 8, 1 / 8)), m
    assert (m.a_share, m.b_share, m.effect) == pytest.approx((4 / 8, 6 / 8, 2 / 8)), m
    assert m.both == pytest.approx(3 / 8)
    assert m.median_shift == -5, m


def test_a_milestone_never_reached_in_both_has_no_shift() -> None:
    m = Comparison(results(6), results(6, day={"decree": 3})).milestones(["decree"])[0]
    assert (m.median_shift, m.earlier, m.effect, m.high, m.significant) == (None, 1, 1, 1, True)
    assert m.low == pytest.approx(2 * float(share_interval(6, 6)[0]) - 1)
    assert math.isnan(m.median_low)


@pytest.mark.parametrize(("worlds", "beyond"), [(1, False), (2, False), (5, False), (6, True), (64, True)])
def test_few_worlds_with_the_same_change_are_not_significant(worlds: int, *, beyond: bool) -> None:
    """Five equal signs have a p-value above 5 %, six do not."""
    both = Comparison(results(worlds), results(worlds, day={"decree": 3}))
    assert both.milestones(["decree"])[0].significant == beyond
    assert both.table(["reached_decree"])[0].significant == beyond
    a = results(worlds)
    assert Comparison(a, shifted(a, {"attacks": 2})).table(["attacks"])[0].significant == beyond


def test_a_share_that_changes_in_few_worlds_is_not_significant() -> None:
    """Five of 64 worlds gained and none lost: the exact test is not significant, so the interval reaches 0."""
    both = Comparison(results(64), results(64, day={"decree": [3] * 5 + [NEVER] * 59}))
    for row in (both.milestones(["decree"])[0], both.table(["reached_decree"])[0]):
        assert row.low == 0
        assert row.high > 0.1
        assert not row.significant, row


def test_the_shift_of_a_date_comes_with_the_numbers_of_its_test() -> None:
    """Pairs that do not change are part of the median and its spread, but not of the test."""
    a = results(64, day={"talks_open": 100})
    b = results(64, day={"talks_open": [90] * 20 + [110] * 3 + [100] * 40 + [NEVER]})
    m = Comparison(a, b).milestones(["talks_open"])[0]
    assert (m.median_shift, m.shift_low, m.shift_high) == (0, -10, 0), m
    assert (m.pairs, m.sooner, m.put_off, m.shift_significant) == (63, 20, 3, True), m
    assert (m.gained, m.lost) == (0, 1 / 64), m


@pytest.mark.parametrize(("sooner", "beyond"), [(8, False), (9, True)])
def test_the_shift_of_a_date_is_tested_exactly(sooner: int, *, beyond: bool) -> None:
    """Eight of ten equal signs have a p-value of 11 %, nine of ten of 2 %."""
    b = results(10, day={"talks_open": [90] * sooner + [110] * (10 - sooner)})
    m = Comparison(results(10, day={"talks_open": 100}), b).milestones(["talks_open"])[0]
    assert m.shift_significant == beyond


def test_the_median_shift_has_an_interval_and_a_mark_of_its_own() -> None:
    """All-5,000 in small: earlier by the same number of days in every world, which is no share and yet significant."""
    a, b = results(30, day={"talks_open": 100}), results(30, day={"talks_open": 71})
    m = Comparison(a, b).milestones(["talks_open"])[0]
    assert (m.median_shift, m.median_low, m.median_high, m.pairs) == (-29, -29, -29, 30), m
    assert (m.significant, m.shift_significant, m.shift_alike) == (False, True, True), m
    spread = results(30, day={"talks_open": list(range(85, 115))})
    m = Comparison(a, spread).milestones(["talks_open"])[0]
    assert (m.median_shift, m.median_low, m.median_high, m.shift_alike) == (-0.5, -6, 5, False), m


def test_marks_are_adjusted_for_their_number() -> None:
    """One outcome of many with p = 0.03 is marked alone, and not among the others."""
    a = results(64)
    b = results(64, day={"decree": [3] * 6 + [NEVER] * 58})
    both = Comparison(a, b)
    alone = both.table(["reached_decree"], adjust="holm")[0]
    assert alone.significant
    assert alone.p == pytest.approx(2 / 64)
    assert both.table()[both.names.index("reached_decree")].significant
    rows = both.table(adjust="holm")
    assert not any(row.significant for row in rows), [row for row in rows if row.significant]
    assert [row.outcome for row in rows] == list(both.names)
    m = next(m for m in both.milestones(adjust="holm") if m.milestone == "decree")
    assert (m.p, m.significant) == (rows[both.names.index("reached_decree")].p, False)
    assert both.milestones(["decree"], adjust="holm")[0].p == pytest.approx(4 / 64)
    with pytest.raises(InputError, match="holm"):
        both.table(adjust="Holmes")  # type: ignore[arg-type]  # what a user may write


def test_days_until_a_milestone_count_every_world() -> None:
    """Two worlds reach it on day 10, and in the second run two more on day 300; the others count with 306 days."""
    a = results(8, day={"talks_open": [10] * 2 + [NEVER] * 6})
    b = results(8, day={"talks_open": [10] * 2 + [300] * 2 + [NEVER] * 4})
    row = Comparison(a, b).table(["days_until_talks_open"])[0]
    assert row.a_mean == pytest.approx((2 * 10 + 6 * 306) / 8)
    assert row.effect == pytest.approx(-2 * 6 / 8)
    assert (row.unit, row.down) == ("days", 2 / 8)


def test_the_difference_by_world_and_the_difference_by_day() -> None:
    a, b = results(5, first=3, seed=1), results(5, first=3, seed=2)
    both = Comparison(a, b)
    difference = both.difference("attacks")
    assert difference["world"].values.tolist() == [3, 4, 5, 6, 7]
    np.testing.assert_array_equal(difference.values, b.outcomes["attacks"].values - a.outcomes["attacks"].values)
    daily = both.daily("attacks")
    assert set(daily.data_vars) == {"effect", "low", "high", "a", "b"}
    np.testing.assert_allclose(daily["effect"].values, (daily["b"] - daily["a"]).values, atol=1e-12)
    assert (daily["low"] <= daily["effect"]).all()
    assert daily.attrs["unit"] == "attacks/day"


def test_the_day_of_a_milestone_differs_by_nan_where_either_never_comes() -> None:
    both = Comparison(results(2, day={"decree": [9, 9]}), results(2, day={"decree": [4, NEVER]}))
    found = both.difference("day_decree").values
    assert found[0] == -5
    assert math.isnan(found[1])


def test_the_table_leaves_the_days_of_milestones_to_milestones() -> None:
    both = Comparison(results(2), results(2))
    names = [row.outcome for row in both.table()]
    assert not [n for n in names if n.startswith("day_")]
    assert {f"reached_{name}" for name in MILESTONES} <= set(names)
    assert [m.milestone for m in both.milestones()] == list(MILESTONES)


def test_unknown_names_are_rejected_with_the_nearest() -> None:
    both = Comparison(results(2), results(2))
    for ask in (both.table, both.milestones):
        with pytest.raises(InputError, match="no such outcome"):
            ask(["nonsense"])
    with pytest.raises(InputError, match="did you mean us_troops"):
        both.table(["us_trops"])
    with pytest.raises(InputError, match="did you mean attacks"):
        both.daily("atacks")
    with pytest.raises(InputError, match="did you mean attacks"):
        both.difference("atacks")


def test_different_days_are_rejected_before_anything_runs() -> None:
    short, long = scenario(dt.date(2020, 4, 15)), scenario()
    with pytest.raises(InputError, match="2020-04-15"):
        Comparison(results(2, run=short), results(2, run=long))
    with pytest.raises(InputError, match="same days"):
        compare(short, long, worlds=10**9)


@pytest.mark.parametrize("name", ["seed", "worlds", "first", "assumptions"])
def test_worlds_that_are_not_the_same_are_not_paired(name: str) -> None:
    a = results(2)
    b = results(3) if name == "worlds" else results(2)
    if name != "worlds":
        setattr(b, name, "ranges" if name == "assumptions" else 8)
    with pytest.raises(ValueError, match=f"not paired: {name}"):
        Comparison(a, b)


@pytest.mark.slow
def test_a_scenario_compared_with_itself_changes_no_world_of_the_engine() -> None:
    base = load_scenario("baseline")
    both = compare(base, base.change({}, title="the same under another title"), worlds=16, seed=5)
    assert [row.outcome for row in both.table()] == list(both.names)
    assert all(row.effect == 0 and row.same == 1 for row in both.table())


@pytest.mark.slow
def test_compare_runs_both_over_the_same_worlds_and_reports_progress() -> None:
    base = load_scenario("baseline").with_dates(end=dt.date(2020, 6, 1))
    stronger = base.change({"us.withdrawal": 0.0})
    text: list[tuple[int, int]] = []
    both = compare(base, stronger, worlds=20, seed=5, progress=lambda done, total: text.append((done, total)))
    assert text[-1] == (2 * 20 * 92, 2 * 20 * 92)
    assert [done for done, _ in text] == sorted({done for done, _ in text})
    row = both.table(["us_troops"])[0]
    assert row.up == 1, row
    assert row.significant, row
    assert (both.b.seed, both.b.worlds, both.b.scenario) == (5, 20, stronger)


@pytest.mark.slow
def test_worlds_of_a_comparison_do_not_depend_on_their_number() -> None:
    base = load_scenario("baseline")
    other = base.change({"kabul.ghani.pledge_required": False})
    few, many = compare(base, other, worlds=5, seed=1), compare(base, other, worlds=30, seed=1)
    assert "attacks" in few.names
    for name in few.names:
        np.testing.assert_array_equal(few.difference(name).values, many.difference(name).values[:5], name)
