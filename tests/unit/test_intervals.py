"""Intervals and tests: equal to SciPy's and to published values where there are any, and never without a width."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special, stats

from sim.results.intervals import (
    alike,
    cell_interval,
    changed,
    effect_interval,
    effect_test,
    holm,
    mean_interval,
    mean_test,
    median_interval,
    paired_share_interval,
    share_interval,
    sign_test,
    significant,
)
from sim.results.running_moments import Moments
from sim.schema.outcomes import OUTCOMES

Array = npt.NDArray[Any]
SHARE = OUTCOMES["reached_talks_open"]
MEAN = OUTCOMES["attacks"]


@pytest.mark.slow
@given(worlds=st.integers(2, 3000), part=st.floats(0, 1))
def test_the_interval_of_a_share_contains_wilsons_and_is_close_to_it(worlds: int, part: float) -> None:
    hits = round(part * worlds)
    low, high = (float(end) for end in share_interval(worlds, hits))
    wilson = stats.binomtest(hits, worlds).proportion_ci(method="wilson")
    assert 0 <= low <= wilson.low + 1e-12
    assert wilson.high - 1e-12 <= high <= 1
    assert low <= hits / worlds <= high
    assert high - low < 1.2 * (wilson.high - wilson.low)


@given(worlds=st.integers(2, 400), parts=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_the_interval_of_two_shares_has_a_width_within_its_bounds(worlds: int, parts: tuple[float, float]) -> None:
    gained = round(parts[0] * worlds)
    lost = round(parts[1] * (worlds - gained))
    low, high = (float(end) for end in paired_share_interval(worlds, gained, lost))
    assert -1 <= low <= (gained - lost) / worlds <= high <= 1
    assert high - low > 1 / (2 * worlds)
    other = paired_share_interval(worlds, lost, gained)
    assert (-float(other[1]), -float(other[0])) == pytest.approx((low, high), abs=1e-12)


@pytest.mark.parametrize(("worlds", "gained", "lost"), [(50, 12, 2), (16, 3, 5), (400, 1, 9), (64, 30, 20)])
def test_tangos_interval_solves_its_definition(worlds: int, gained: int, lost: int) -> None:
    """At each end the score of the difference, with the likeliest shares that have it, is the normal quantile."""

    def score(difference: float) -> float:
        def against(down: float) -> float:
            chances = np.array([down + difference, down, 1 - 2 * down - difference])
            return -float(special.xlogy(np.array([gained, lost, worlds - gained - lost]), chances).sum())

        ends = (max(0.0, -difference), (1 - difference) / 2)
        down = optimize.minimize_scalar(against, bounds=ends, method="bounded", options={"xatol": 1e-12}).x
        spread = math.sqrt((2 * down + difference * (1 - difference)) * worlds)
        return (gained - lost - worlds * difference) / spread

    low, high = (float(end) for end in paired_share_interval(worlds, gained, lost))
    assert score(low) == pytest.approx(stats.norm.ppf(0.975), rel=1e-4)
    assert score(high) == pytest.approx(stats.norm.ppf(0.025), rel=1e-4)


def test_changes_in_one_direction_are_a_single_share() -> None:
    """No world lost: the difference is the share gained. No world unchanged: it is twice the share gained minus 1."""
    assert float(paired_share_interval(64, 5, 0)[1]) == float(share_interval(64, 5)[1])
    assert float(paired_share_interval(64, 0, 5)[0]) == -float(share_interval(64, 5)[1])
    low, high = paired_share_interval(16, 1, 15)
    assert (float(low), float(high)) == pytest.approx([2 * float(end) - 1 for end in share_interval(16, 1)])


def test_nothing_is_known_of_a_single_world() -> None:
    one = Moments.of(np.array([3.0]))
    ends = (*share_interval(1, 1), *paired_share_interval(1, 1, 0), *mean_interval(one), mean_test(one))
    assert all(math.isnan(float(end)) for end in ends)
    assert not significant(float(mean_test(one)))


def test_the_interval_of_a_mean_contains_students_and_is_wider_on_the_side_of_the_skew() -> None:
    values = np.random.default_rng(1).lognormal(0, 1, 60)
    low, high = (float(end) for end in mean_interval(Moments.of(values)))
    plain = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert low == pytest.approx(plain.low)
    assert high > plain.high + 0.05 * (plain.high - plain.low)
    mirrored = mean_interval(Moments.of(-values))
    assert (-float(mirrored[1]), -float(mirrored[0])) == pytest.approx((low, high))


def test_skewness_and_the_third_moment_of_parts_are_those_of_the_whole() -> None:
    values = np.random.default_rng(2).lognormal(0, 1, (300, 3)) + 1e4
    parts = Moments.of(values[:7]) + Moments.of(values[7:8]) + Moments.of(values[8:])
    np.testing.assert_allclose(parts.skewness, stats.skew(values, bias=False), rtol=1e-6)
    np.testing.assert_allclose(parts.cubes, Moments.of(values).cubes, rtol=1e-6)


@pytest.mark.slow
@given(st.lists(st.integers(-3, 3), min_size=2, max_size=40))
def test_a_mean_is_significant_exactly_where_its_interval_excludes_0(given_values: list[int]) -> None:
    difference = Moments.of(np.array(given_values, np.float64))
    low, high = (float(end) for end in mean_interval(difference))
    p = float(mean_test(difference))
    if alike(difference):
        assert math.isnan(p)
        assert low == high == given_values[0]
    elif abs(p - 0.05) > 1e-9:
        assert (low > 0 or high < 0) == (p <= 0.05), (low, high, p)


@pytest.mark.slow
def test_a_significant_share_has_an_interval_that_excludes_0() -> None:
    """Over all gains and losses of up to 40 worlds, and some of 120: the sign test is the stricter one."""
    for worlds in (6, 7, 16, 40, 120):
        for gained in range(worlds + 1):
            for lost in range(min(gained, worlds - gained, 20) + 1):
                if sign_test(gained, lost) <= 0.05:
                    low, high = paired_share_interval(worlds, gained, lost)
                    assert low > 0 or high < 0, (worlds, gained, lost)


def test_gains_and_losses_follow_from_the_moments() -> None:
    difference = np.array([1.0] * 7 + [-1.0] * 3 + [0.0] * 90)
    gained, lost = changed(Moments.of(difference[:33]) + Moments.of(difference[33:]))
    assert (float(gained), float(lost)) == (7, 3)
    found = effect_interval(SHARE, Moments.of(difference))
    assert found == paired_share_interval(100, 7, 3)
    assert float(effect_test(SHARE, Moments.of(difference))) == pytest.approx(stats.binomtest(7, 10).pvalue)


def test_what_is_the_same_in_every_world_has_no_spread_and_is_tested_by_its_signs() -> None:
    same = Moments.of(np.full(9, 0.1)) + Moments.of(np.full(7, 0.1))
    assert alike(same)
    assert float(effect_test(MEAN, same)) == pytest.approx(2 * 0.5**16)
    assert float(effect_test(MEAN, Moments.of(np.zeros(16)))) == 1
    low, high = mean_interval(same)
    assert (float(low), float(high)) == pytest.approx((0.1, 0.1))
    assert not alike(Moments.of(np.array([0.1, 0.1, 0.1 + 1e-9])))


def test_intervals_stay_within_the_bounds_of_their_outcome() -> None:
    few, cohesion = np.array([0.0] * 15 + [9.0]), OUTCOMES["kabul_cohesion"]
    assert float(cell_interval(MEAN, Moments.of(few))[0]) == 0
    assert cohesion.unit == "0 to 1"
    high = cell_interval(cohesion, Moments.of(np.array([1.0] * 15 + [0.2])))[1]
    assert float(high) == 1
    low, high = effect_interval(cohesion, Moments.of(np.array([-1.0, -1.0, -0.2])))
    assert (float(low) >= -1, float(high) <= 1) == (True, True)
    low, high = cell_interval(SHARE, Moments.of(np.zeros(16)))
    assert [float(low), float(high)] == pytest.approx([0, 0.218], abs=0.001)


def test_the_interval_of_a_median_is_between_order_statistics() -> None:
    """For 10 values the second and the ninth, for 20 the sixth and the fifteenth (Conover 1999, table A3)."""
    assert median_interval(np.arange(10.0)) == (1, 8)
    assert median_interval(np.arange(20.0)) == (5, 14)
    assert median_interval(np.arange(6.0)) == (0, 5)
    assert all(math.isnan(end) for end in median_interval(np.arange(5.0)))


def test_holms_adjustment_equals_the_published_example() -> None:
    """Holm (1979): the smallest of four is multiplied by 4, the next by 3; adjusted values never decrease."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    found = holm([0.9, math.nan, 0.6])
    assert found[0] == pytest.approx(1)
    assert math.isnan(found[1])
    assert found[2] == pytest.approx(1)
    assert holm([]) == []


@pytest.mark.parametrize(("up", "down"), [(0, 0), (1, 0), (6, 0), (0, 5), (8, 2), (10, 10), (9, 30), (2100, 1900)])
def test_the_sign_test_is_the_exact_one(up: int, down: int) -> None:
    expected = stats.binomtest(up, up + down).pvalue if up + down else 1
    assert sign_test(up, down) == pytest.approx(expected, rel=1e-9)


@pytest.mark.slow
def test_the_sign_test_agrees_with_the_binomial_test_for_every_small_sample() -> None:
    """Over all samples of up to 60 pairs; the two sides of a sample have the same probability."""
    for pairs in range(1, 61):
        for up in range(pairs // 2 + 1):
            expected = stats.binomtest(up, pairs).pvalue
            assert sign_test(up, pairs - up) == pytest.approx(expected, rel=1e-12), (up, pairs)
            assert sign_test(pairs - up, up) == sign_test(up, pairs - up)
