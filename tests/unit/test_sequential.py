"""Sequential stopping: when the rule stops, the coverage of its intervals, and runs that use it."""

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from sim.engine.random_streams import BLOCK
from sim.errors import InputError
from sim.inputs.scenario_reader import load_scenario
from sim.results.intervals import mean_interval
from sim.results.running_moments import Moments
from sim.runs.compare import compare
from sim.runs.sequential import (
    SMALLEST,
    UNSEEN,
    InterimResult,
    StoppingRule,
    compare_until,
    interim_analysis,
    outcome_name,
    parse_condition,
)

Array = npt.NDArray[Any]
BASE = load_scenario("baseline").with_dates(end=dt.date(2020, 4, 20))
OTHER = BASE.change({"kabul.ghani.review": False}, title="No review")


def followed(until: StoppingRule, draw: Callable[[int], Array]) -> tuple[Array, list[InterimResult]]:
    """Return differences drawn until the rule stops, and each interim analysis."""
    values, looks = draw(SMALLEST), []
    while True:
        looks.append(interim_analysis(until, Moments.of(values)))
        if looks[-1].state != "more":
            return values, looks
        values = np.concatenate([values, draw(looks[-1].goal - len(values))])


def test_moments_of_parts_combine_to_those_of_the_whole() -> None:
    values = np.random.default_rng(1).normal(1e6, 1.0, (900, 3))
    values[5, 1] = np.nan
    parts = Moments.of(values[:64]) + Moments.of(values[64:65]) + Moments.of(values[65:])
    np.testing.assert_array_equal(parts.n, [900, 899, 900])
    np.testing.assert_allclose(parts.mean, np.nanmean(values, axis=0), rtol=1e-13)
    np.testing.assert_allclose(parts.variance, np.nanvar(values, axis=0, ddof=1), rtol=1e-9)
    low, high = mean_interval(parts[:1])
    expected = mean_interval(Moments.of(values[:, 0]))
    assert (float(low[0]), float(high[0])) == pytest.approx([float(end) for end in expected], rel=1e-12)


def test_moments_of_few_values_have_no_spread() -> None:
    none, one = Moments.of(np.empty((0, 1))), Moments.of(np.array([[7.0]]))
    assert (none.n[0], none.mean[0]) == (0, 0)
    assert (one.n[0], one.mean[0]) == (1, 7)
    assert math.isnan(mean_interval(one)[0][0])
    assert math.isnan(one.variance[0])
    assert (none + one).mean[0] == 7


@pytest.mark.parametrize("words", ["interval < 0.03", "interval<0.03", "  interval  <  3e-2 ", "interval < .03"])
def test_a_condition_gives_its_width(words: str) -> None:
    assert parse_condition(words) == 0.03


@pytest.mark.parametrize(
    "words", ["", "interval", "interval < ", "interval <= 0.1", "interval < nan", "interval < inf", "interval < -1",
              "interval < 0", "interval < 0.1 and more", "width < 0.1", "interval < 1_0", "interval > 0.1", "0.1"],
)  # fmt: skip
def test_any_other_condition_is_rejected_with_an_example(words: str) -> None:
    with pytest.raises(InputError, match=r"interval < 0\.03"):
        parse_condition(words)


def test_a_milestone_name_means_whether_it_is_reached() -> None:
    assert outcome_name("talks_open") == "reached_talks_open"
    assert outcome_name("attacks") == "attacks"
    assert StoppingRule.checked("talks_open", 0.1).on == "reached_talks_open"
    with pytest.raises(InputError, match="did you mean talks_open"):
        outcome_name("talks_opn")
    with pytest.raises(InputError, match="did you mean reached_talks_open"):
        StoppingRule.checked("day_talks_open", 0.1)
    for bad in (0, math.nan, math.inf, -1):
        with pytest.raises(InputError, match="above 0"):
            StoppingRule.checked("attacks", bad)
    for budget in (SMALLEST - 1, 10**7):
        with pytest.raises(InputError, match="expected 320 to 1000000 worlds"):
            StoppingRule.checked("attacks", 0.1, budget)


def test_the_rule_stops_where_the_known_spread_says() -> None:
    """Standard deviation 1 and width 0.1: (2 x 1.96 / 0.1) squared is 1,537 worlds."""
    dice = np.random.default_rng(2)
    values, looks = followed(StoppingRule("attacks", 0.1), lambda n: dice.normal(5, 1, n))
    low, high = mean_interval(Moments.of(values))
    assert looks[-1].state == "narrow"
    assert float(high - low) < 0.1
    assert 1300 < len(values) < 1800, len(values)
    assert [one.goal % BLOCK for one in looks] == [0] * len(looks)
    assert all(b.worlds <= 2 * a.worlds for a, b in pairwise(looks)), looks


def test_a_share_without_any_change_so_far_is_not_certain() -> None:
    """320 worlds without a change leave an uncertainty of about 1 % to each side: the rule of three."""
    still = Moments.of(np.zeros(SMALLEST))
    first = interim_analysis(StoppingRule("reached_talks_open", 0.005), still)
    assert first.state == "more"
    assert first.width == pytest.approx(2 * 4.33 / SMALLEST, rel=0.01)
    assert 1600 < first.needed < 1900
    assert interim_analysis(StoppingRule("reached_talks_open", 0.03), still).state == "narrow"


def test_a_mean_that_changes_in_no_world_or_in_few_needs_more_worlds() -> None:
    """An interval without a width is narrow, but 320 worlds are too few to say that no world changes."""
    until = StoppingRule("attacks", 0.5)
    first = interim_analysis(until, Moments.of(np.zeros(SMALLEST)))
    assert (first.state, first.width, first.goal) == ("more", 0, UNSEEN)
    assert interim_analysis(until, Moments.of(np.zeros(UNSEEN))).state == "narrow"
    rare = np.zeros(SMALLEST)
    rare[:2] = 1.0
    found = interim_analysis(until, Moments.of(rare))
    assert (found.state, found.needed) == ("more", math.ceil(4 * Moments.of(rare).skewness ** 2 / BLOCK) * BLOCK)
    assert found.width < 0.5


def test_nothing_stops_before_the_smallest_number_of_worlds() -> None:
    early = interim_analysis(StoppingRule("attacks", 100.0), Moments.of(np.zeros(SMALLEST - 1)))
    assert (early.state, early.goal) == ("more", SMALLEST)
    short = StoppingRule("attacks", 100.0, 128)
    assert interim_analysis(short, Moments.of(np.zeros(64))).goal == 128
    last = interim_analysis(short, Moments.of(np.zeros(128)))
    assert (last.state, last.goal, last.needed) == ("beyond", 128, UNSEEN)
    assert "needs about 640" in last.words(short)


def test_a_budget_that_is_far_too_small_stops_at_the_first_analysis() -> None:
    values = np.random.default_rng(4).normal(0, 1, SMALLEST)
    found = interim_analysis(StoppingRule("attacks", 0.01, 5000), Moments.of(values))
    assert found.state == "beyond"
    assert found.needed == pytest.approx((2 * 1.96 / 0.01) ** 2, rel=0.2)
    assert f"about {found.needed:,}" in found.words(StoppingRule("attacks", 0.01, 5000))


def test_a_budget_that_may_be_enough_is_used_up() -> None:
    dice = np.random.default_rng(5)
    values, looks = followed(StoppingRule("attacks", 0.1, 1280), lambda n: dice.normal(0, 1, n))
    assert (looks[-1].state, len(values)) == ("beyond", 1280)
    assert 1300 < looks[-1].needed < 1800


def test_the_widest_of_many_effects_counts() -> None:
    values = np.random.default_rng(6).normal(0, [0.01, 1.0], (640, 2))
    both, wide = (interim_analysis(StoppingRule("attacks", 0.1), Moments.of(v)) for v in (values, values[:, 1]))
    assert both.width == pytest.approx(wide.width)
    assert (both.needed, both.state) == (wide.needed, "more")


@pytest.mark.slow
def test_the_result_equals_one_comparison_of_so_many_worlds() -> None:
    text: list[tuple[int, int]] = []
    until = StoppingRule("attacks", 9.0, 3000)
    found = compare_until(BASE, OTHER, until, 3, progress=lambda done, total: text.append((done, total)))
    whole = compare(BASE, OTHER, found.last.worlds, 3)
    plain = whole.table(["attacks"])[0]
    assert replace(found.effect, low=plain.low, high=plain.high) == plain
    assert found.effect.low <= plain.low < plain.high <= found.effect.high
    assert found.effect.high - found.effect.low < 9.0
    assert len(found.looks) > 1
    assert text[-1][0] == found.last.worlds
    assert all(done <= total for done, total in text)


def test_scenarios_that_cannot_be_compared_are_rejected_before_anything_runs() -> None:
    with pytest.raises(InputError, match="same days"):
        compare_until(BASE, BASE.with_dates(end=dt.date(2020, 4, 21)), StoppingRule("attacks", 1.0, 10**6))
    with pytest.raises(InputError, match="does not include that day"):
        compare_until(BASE, OTHER, StoppingRule("us_troops_november", 1.0, 10**6))
