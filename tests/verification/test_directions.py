"""Directions: the effect of a scenario in 512 paired worlds has the sign that its mechanism predicts.

For the significance level of each test see `paired`.
"""

import datetime as dt
from itertools import pairwise

import numpy as np
import pytest

from sim.inputs.scenario_reader import load_scenario
from sim.runs.runner import simulate
from tests.verification.paired import BEYOND, SEED, Pairs, effect, shift, total

pytestmark = pytest.mark.slow

WINDOW_END = dt.date(2020, 4, 15)
FIRST_PHASE = dt.date(2020, 7, 13)
NOVEMBER = dt.date(2020, 11, 1)
LAST_DAY = dt.date(2020, 12, 31)


def test_at_least_256_worlds_are_paired(pairs: Pairs) -> None:
    """World k of both runs is the same world until the scenarios differ, and no other world is like it."""
    base, later = pairs.run("baseline"), pairs.run("all-5000-at-once")
    decree = base.index(dt.date(2020, 3, 10))
    before, same, after = base.arrays["attacks"], later.arrays["attacks"], slice(decree + 1, None)
    assert len(before) == len(same) >= 256, f"{len(before)} and {len(same)} worlds"
    np.testing.assert_array_equal(before[:, :decree], same[:, :decree], "worlds are not paired")
    assert len(np.unique(before, axis=0)) == len(before), "the same world is counted more than once"
    moved = (before[:, after] != same[:, after]).any(axis=1)
    assert moved.all(), f"{(~moved).sum()} worlds are not touched by the scenario"


@pytest.mark.parametrize("name", ["all-5000-at-once", "demand-1500", "one-president", "power-shared-in-march"])
def test_talks_come_forward_and_open_in_more_worlds(pairs: Pairs, name: str) -> None:
    moved = shift(pairs.run("baseline"), pairs.run(name), "talks_open")
    assert moved.z > BEYOND, f"{name}: {moved}"
    assert moved.median < 0, f"{name}: {moved}"
    assert moved.opened.z > BEYOND, f"{name}: {moved}"


def test_a_longer_review_delays_talks(pairs: Pairs) -> None:
    moved = shift(pairs.run("baseline"), pairs.run("long-review"), "talks_open")
    assert moved.z < -BEYOND, str(moved)
    first = shift(pairs.run("baseline"), pairs.run("long-review"), "first_release")
    assert first.z < -BEYOND, str(first)


def test_no_defensive_strikes_cost_more_afghan_lives(pairs: Pairs) -> None:
    base, without = pairs.run("baseline"), pairs.run("no-defensive-strikes")
    lives = effect(total(base, "security_forces_killed"), total(without, "security_forces_killed"))
    assert lives.z > BEYOND, str(lives)
    flown = effect(total(base, "airstrikes"), total(without, "airstrikes"))
    assert flown.z < -BEYOND, str(flown)


def test_withdrawal_tied_to_violence_leaves_more_troops_when_violence_is_high(pairs: Pairs) -> None:
    base, tied = pairs.run("baseline"), pairs.run("withdrawal-tied-to-violence")
    day = base.index(FIRST_PHASE)
    before, after = base.arrays["us_troops"][:, day], tied.arrays["us_troops"][:, day]
    left = effect(before, after)
    assert left.z > BEYOND, str(left)
    violence = total(base, "attacks", day)
    high = violence > np.median(violence)
    violent, calm = effect(before[high], after[high]), effect(before[~high], after[~high])
    assert violent.z > BEYOND, str(violent)
    more = (violent.mean - calm.mean) / np.hypot(violent.mean / violent.z, calm.mean / calm.z)
    assert more > BEYOND, f"violent half {violent}; calm half {calm}; z of the difference {more:.1f}"


def test_without_violence_to_tie_it_to_withdrawal_goes_on(pairs: Pairs) -> None:
    calm = pairs.run("lasting-reduction")
    tied = pairs.run("lasting-reduction", us__conditionality=1.0)
    np.testing.assert_array_equal(calm.arrays["us_troops"], tied.arrays["us_troops"])


def test_a_faster_exit_weakens_what_kabul_can_win(pairs: Pairs) -> None:
    base, home = pairs.run("baseline"), pairs.run("home-before-election")
    for date in (FIRST_PHASE, NOVEMBER, LAST_DAY):
        day = base.index(date)
        troops = effect(base.arrays["us_troops"][:, day], home.arrays["us_troops"][:, day])
        power = effect(base.arrays["kabul_bargaining_power"][:, day], home.arrays["kabul_bargaining_power"][:, day])
        assert troops.z < -BEYOND, f"{date}: {troops}"
        assert power.z < -BEYOND, f"{date}: {power}"


def test_more_who_return_raise_taliban_strength_at_equal_releases(pairs: Pairs) -> None:
    few = pairs.run("all-5000-at-once")
    many = pairs.run("all-5000-at-once", prisoners__pull_a_day=0.0018)
    np.testing.assert_array_equal(few.arrays["prisoners_released"], many.arrays["prisoners_released"])
    for days in (28, 60, 120, 290):
        day = few.index(dt.date(2020, 3, 10)) + days
        back = effect(few.arrays["returned_to_fighting"][:, day], many.arrays["returned_to_fighting"][:, day])
        strength = effect(few.arrays["taliban_strength"][:, day], many.arrays["taliban_strength"][:, day])
        assert back.z > BEYOND, f"{days} days after the release: {back}"
        assert strength.z > BEYOND, f"{days} days after the release: {strength}"


def test_more_who_return_slow_later_releases(pairs: Pairs) -> None:
    few, many = pairs.run("baseline"), pairs.run("baseline", prisoners__pull_a_day=0.0018)
    for milestone in ("released_1500", "released_5000"):
        moved = shift(few, many, milestone)
        assert moved.z < -BEYOND, f"{milestone}: {moved}"
    first = shift(few, many, "first_release")
    assert (first.earlier, first.later) == (0, 0), f"nobody can return before the first release: {first}"
    for date in (dt.date(2020, 7, 1), dt.date(2020, 9, 1), LAST_DAY):
        day = few.index(date)
        out = effect(few.arrays["prisoners_released"][:, day], many.arrays["prisoners_released"][:, day])
        assert out.z < -BEYOND, f"{date}: {out}"


def test_the_broken_truce_brings_strikes_up_and_withdrawal_down(pairs: Pairs) -> None:
    base, broken = pairs.run("baseline"), pairs.run("truce-broken")
    strikes = effect(total(base, "airstrikes"), total(broken, "airstrikes"))
    assert strikes.z > BEYOND, str(strikes)
    left = effect(base.arrays["us_troops"][:, -1], broken.arrays["us_troops"][:, -1])
    assert left.z > BEYOND, str(left)
    attacked = effect(total(base, "attacks_on_coalition"), total(broken, "attacks_on_coalition"))
    assert attacked.z > BEYOND, str(attacked)


def test_the_attack_count_follows_from_leverage_and_no_literal(pairs: Pairs) -> None:
    window = load_scenario("baseline").with_dates(end=WINDOW_END)
    counts = [total(pairs.run(window, taliban__leverage=value), "attacks") for value in (0.0, 0.75, 0.98, 1.1)]
    for weaker, stronger in pairwise(counts):
        more = effect(weaker, stronger)
        assert more.z > BEYOND, str(more)


@pytest.mark.parametrize(("lever", "low", "high", "series", "sign"), [
    ("us.restraint", 0.5, 0.8, "airstrikes", -1),
    ("us.defensive_strikes", 0.2, 1.0, "airstrikes", 1),
    ("taliban.intensity", 1.0, 1.5, "attacks", 1),
    ("taliban.intensity", 1.0, 1.5, "security_forces_killed", 1),
    ("kabul.ghani.posture", 0.4, 1.0, "offensives", 1),
    ("kabul.ghani.posture", 0.4, 1.0, "taliban_killed", 1),
    ("us.withdrawal", 10, 60, "us_troops", -1),
    ("kabul.ghani.monitoring", 0.0, 1.0, "returned_to_fighting", -1),
    ("us.pressure_on_abdullah", 0.1, 0.8, "kabul_cohesion", 1),
    ("us.aid_cut", 0.0, 2.0, "kabul_cohesion", 1),
    ("us.aid_cut", 0.0, 2.0, "trust_us_kabul", -1),
    ("us.pressure_on_taliban", 0.0, 1.0, "attacks", -1),
    ("kabul.ghani.pace", 20, 150, "captives_released", 1),
])  # fmt: skip
def test_a_lever_moves_what_it_acts_on(lever: str, low: float, high: float, series: str, sign: int) -> None:
    """Over the first 75 days in 256 worlds; levels by their sum over the days."""
    run = load_scenario("baseline").with_dates(end=dt.date(2020, 5, 15))
    if lever == "kabul.ghani.monitoring":
        run = run.change({"kabul.ghani.offer": 5000, "kabul.ghani.review": False, "kabul.ghani.pace": 100})
    weak, strong = (simulate(run.change({lever: value}), 256, SEED) for value in (low, high))
    moved = effect(total(weak, series), total(strong, series))
    assert moved.z * sign > BEYOND, f"{lever} from {low} to {high}: {series} {moved}"
