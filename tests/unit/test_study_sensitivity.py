"""Sensitivity: known results, with the plan's own designs."""

import math

import numpy as np
import pytest

from sim.study import sensitivity
from sim.study.design import Design
from sim.study.factor import Factor
from sim.study.sensitivity import UnknowableError, main_effects, morris, sobol, tornado, variance_split
from sim.study.summary import Summary, summarise
from tests.unit import made_up
from tests.unit.made_up import ASK, BASE, LEVERAGE, OTHER, RESTRAINT, Array, MadeUp, noise, plan

NAMES = (LEVERAGE, RESTRAINT, ASK)
ENDS = {LEVERAGE: (0.2, 0.8), RESTRAINT: (0.1, 0.9), ASK: (0.3, 0.9)}
THREE = tuple(Factor(name, low=low, high=high) for name, (low, high) in ENDS.items())


def unit(design: Design, name: str, points: Array) -> Array:
    """A setting scaled to 0 to 1 over its range."""
    low, high = ENDS[name]
    return (design.values[name][points] - low) / (high - low)


def ishigami(_: int, design: Design, points: Array, worlds: Array) -> dict[str, Array]:
    """Ishigami and Homma's function of three angles, a = 7 and b = 0.1, the same in every world."""
    a, b, c = (math.pi * (2 * unit(design, name, points) - 1) for name in NAMES)
    return {"attacks": np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a) + 0 * worlds}


def linear(_: int, design: Design, points: Array, worlds: Array) -> dict[str, Array]:
    """3 a - 2 b, and the luck of each world."""
    value = 3 * unit(design, LEVERAGE, points) - 2 * unit(design, RESTRAINT, points)
    return {"attacks": value + made_up.luck(worlds)}


def test_sobol_indices_of_ishigami_are_the_known_ones() -> None:
    study = MadeUp(plan(*THREE, method="sobol", samples=2048, worlds=2), ishigami)
    found = sobol(summarise(study), 0, "attacks")
    assert [one.setting for one in found] == list(NAMES)
    for one, first, total in zip(found, (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437), strict=True):
        assert one.first == pytest.approx(first, abs=0.03), one
        assert one.total == pytest.approx(total, abs=0.03), one
        assert abs(one.first - first) < 2 * one.first_half, one
        assert 0 < one.total_half < 0.1, one
    assert variance_split(summarise(study), 0, "attacks").share == 0


def test_indices_are_the_same_every_time() -> None:
    summary = summarise(MadeUp(plan(*THREE, method="sobol", samples=64, worlds=1), ishigami))
    assert sobol(summary, 0, "attacks") == sobol(summary, 0, "attacks")


def test_morris_finds_the_slopes_of_a_linear_outcome() -> None:
    summary = summarise(MadeUp(plan(*THREE, method="morris", samples=20, worlds=3), linear))
    leverage, restraint, ask = morris(summary, 0, "attacks")
    assert (leverage.mean, leverage.size) == pytest.approx((3, 3))
    assert (restraint.mean, restraint.size) == pytest.approx((-2, 2))
    assert ask.size == pytest.approx(0, abs=1e-12)
    assert [one.spread for one in (leverage, restraint, ask)] == pytest.approx([0, 0, 0], abs=1e-9)
    assert leverage.size_half == pytest.approx(0, abs=1e-9)


def test_a_tornado_has_the_paired_effects_the_widest_first() -> None:
    def values(_: int, design: Design, points: Array, worlds: Array) -> dict[str, Array]:
        a, b, c = (np.nan_to_num(unit(design, name, points), nan=0.5) for name in NAMES)
        return {"attacks": 10 * a + 40 * b + made_up.luck(worlds) * (1 + c)}

    swings = tornado(summarise(MadeUp(plan(*THREE, method="one-at-a-time", worlds=400), values)), 0, "attacks")
    assert [one.setting for one in swings] == [RESTRAINT, LEVERAGE, ASK]
    assert swings[0].low == pytest.approx((-20, -20, -20))
    assert swings[1].high == pytest.approx((5, 5, 5))
    effect, low, high = swings[2].high
    assert low < 0 < high
    assert low < effect < high
    assert swings[0].width == pytest.approx(40)


def test_a_tornado_of_one_world_has_effects_without_intervals() -> None:
    def values(_: int, design: Design, points: Array, worlds: Array) -> dict[str, Array]:
        return {"attacks": 3 * np.nan_to_num(unit(design, LEVERAGE, points), nan=0.5) + 0 * worlds}

    swings = tornado(summarise(MadeUp(plan(*THREE, method="one-at-a-time", worlds=1), values)), 0, "attacks")
    assert swings[0].width > 0
    ends = [end for one in swings for end in (*one.low[1:], *one.high[1:])]
    assert len(ends) == 4 * len(swings), "two ends of an interval at each end of a setting"
    assert all(math.isnan(end) for end in ends), ends


def test_a_tornado_is_the_references_own() -> None:
    made = plan(*THREE, method="one-at-a-time", worlds=4, scenarios=(BASE, OTHER))
    with pytest.raises(UnknowableError, match="reference"):
        tornado(summarise(MadeUp(made, lambda *_: {"attacks": np.zeros((1, 1))})), 1, "attacks")


def test_main_effects_of_a_grid_are_means_over_all_other_settings() -> None:
    grid = (Factor(LEVERAGE, values=(0.2, 0.8)), Factor(RESTRAINT, values=(0.1, 0.5, 0.9)))
    found = main_effects(summarise(MadeUp(plan(*grid, worlds=30), linear)), 0, "attacks")
    shift = made_up.luck(np.arange(30)).mean()
    expected = {(LEVERAGE, 0.2): -1, (LEVERAGE, 0.8): 2, (RESTRAINT, 0.1): 1.5, (RESTRAINT, 0.5): 0.5,
                (RESTRAINT, 0.9): -0.5}  # fmt: skip
    for one in found:
        assert one.mean - shift == pytest.approx(expected.pop((one.setting, one.value))), one
        half = 2.045 * made_up.luck(np.arange(30)).std(ddof=1) / math.sqrt(30)
        assert one.high - one.low == pytest.approx(2 * half, rel=0.05)
        assert one.low < one.mean - 0.99 * half
        assert one.high > one.mean + 0.99 * half
    assert not expected


def share_of(common: float, own: float, worlds: int) -> tuple[sensitivity.VarianceSplit, Summary]:
    """The variance split of an outcome with variance 1 from the settings, and two kinds of luck."""

    def values(_: int, design: Design, points: Array, worlds: Array) -> dict[str, Array]:
        settings = math.sqrt(12) * unit(design, LEVERAGE, points)  # variance 1
        chance = math.sqrt(common) * made_up.luck(worlds) + math.sqrt(own) * noise(points, worlds)
        return {"attacks": settings + chance}

    summary = summarise(MadeUp(plan(THREE[0], method="latin-hypercube", samples=1000, worlds=worlds), values))
    return variance_split(summary, 0, "attacks"), summary


@pytest.mark.parametrize(("own", "worlds"), [(1.0, 2), (3.0, 4), (0.25, 30)])
def test_the_share_of_luck_is_the_known_one(own: float, worlds: int) -> None:
    """Variance 1 from the settings, `own` from luck that differs between points; two worlds are enough."""
    found, _ = share_of(0.0, own, worlds)
    truth = own / (1 + own)
    assert found.low < truth < found.high, found
    assert found.between == pytest.approx(1, rel=0.12), "the spread of means holds luck too and must be cleared of it"
    assert found.high - found.low < 0.12


def test_luck_that_all_points_share_does_not_hide_what_settings_do() -> None:
    """Luck common to all points adds no variance between them, and must not be subtracted."""
    found, _ = share_of(4.0, 1.0, 40)
    assert found.between == pytest.approx(1, rel=0.1), found
    assert found.within == pytest.approx(1 + 4 * made_up.luck(np.arange(40)).var(ddof=1), rel=0.1), found


def test_one_world_a_point_cannot_tell_luck() -> None:
    with pytest.raises(UnknowableError, match="2 or more"):
        share_of(0.0, 1.0, 1)
    with pytest.raises(UnknowableError, match="one point"):
        variance_split(summarise(MadeUp(plan(worlds=9), lambda *_: {"attacks": np.ones((1, 1))})), 0, "attacks")


def test_what_does_not_follow_is_said() -> None:
    still = summarise(
        MadeUp(plan(*THREE, method="sobol", samples=8, worlds=2), lambda *_: {"attacks": np.ones((1, 1))})
    )
    with pytest.raises(UnknowableError, match="same at every point"):
        sobol(still, 0, "attacks")
    with pytest.raises(UnknowableError, match="same in every world"):
        variance_split(still, 0, "attacks")
    partly = summarise(MadeUp(plan(*THREE, method="sobol", samples=1024, worlds=1), ishigami, absent=[1]))
    for ask in (sobol, variance_split):
        with pytest.raises(UnknowableError, match="1,024 of 5,120 points"):
            ask(partly, 0, "attacks")


def test_few_points_give_no_interval_of_the_share_of_luck() -> None:
    few = (Factor(LEVERAGE, values=(0.2, 0.8)), Factor(RESTRAINT, values=(0.1, 0.9)))
    found = variance_split(summarise(MadeUp(plan(*few, worlds=30), linear)), 0, "attacks")
    assert 0 < found.share < 1
    assert math.isnan(found.low)
    assert math.isnan(found.high)
