"""What sets of facts change: shares with intervals, differences over the same draws, and a set beside the text."""

import numpy as np
import pytest

import sim.analysis.calibration as search
import sim.analysis.fact_set_effects as module
from sim.analysis.fact_set_effects import compare_fact_sets, headline
from sim.analysis.fact_sets.fact_set import TEXT
from sim.analysis.fact_sets.reader import read_fact_set
from sim.errors import InputError
from sim.schema.outcomes import REACHED

NAME = "talks_open"


def part(kept: list[int], reached: np.ndarray, draws: int = 100) -> module.Part:
    flags = np.zeros(draws, bool)
    flags[kept] = True
    return flags, {REACHED + NAME: reached.astype(float)}


def test_the_text_beside_itself_has_no_difference() -> None:
    own = part(list(range(40)), np.arange(100) < 10)
    one = headline(NAME, own, own, same=True)
    assert (one.share, one.change, one.change_low, one.change_high) == (0.25, 0, 0, 0)
    assert one.low < 0.25 < one.high


def test_a_difference_over_the_same_draws_is_known_better_than_each_share() -> None:
    reached = np.arange(100) % 4 == 0
    text, own = part(list(range(40)), reached), part(list(range(42)), reached)
    one = headline(NAME, own, text, same=False)
    assert one.change == pytest.approx(11 / 42 - 10 / 40)
    assert one.change_low < one.change < one.change_high
    assert one.change_high - one.change_low < 0.7 * (one.high - one.low), one


def test_sets_with_no_draw_in_common_are_known_less_well() -> None:
    reached = np.arange(100) % 4 == 0
    shared = headline(NAME, part(list(range(42)), reached), part(list(range(40)), reached), same=False)
    apart = headline(NAME, part(list(range(40, 80)), reached), part(list(range(40)), reached), same=False)
    assert apart.change_high - apart.change_low > 2 * (shared.change_high - shared.change_low)


def test_no_draw_that_differs_still_leaves_a_width() -> None:
    own = part(list(range(40)), np.arange(100) < 10)
    one = headline(NAME, own, own, same=False)
    assert one.change == 0
    assert -0.1 < one.change_low < 0 < one.change_high < 0.1


def test_intervals_of_differences_cover() -> None:
    """The difference of two sets that keep 30 % and 40 % of 400 draws, of them 20 % both, in 400 tries.

    At 95 % fewer than 90.5 % contain the truth by chance in less than 1 in 1,000.
    """
    rng, hits = np.random.default_rng(1), 0
    chance = np.array([0.3, 0.5, 0.2, 0.4])  # of the milestone by: both sets, the first, the second, none
    truth = (0.2 * 0.3 + 0.2 * 0.5) / 0.4 - (0.2 * 0.3 + 0.1 * 0.2) / 0.3
    for _ in range(400):
        kind = rng.choice(4, size=400, p=[0.2, 0.2, 0.1, 0.5])
        reached = {REACHED + NAME: (rng.random(400) < chance[kind]).astype(float)}
        one = headline(NAME, (kind <= 1, reached), ((kind == 0) | (kind == 2), reached), same=False)
        hits += one.change_low <= truth <= one.change_high
    assert hits >= 362, hits


@pytest.mark.slow
def test_a_set_is_compared_over_the_same_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """A draw is kept by its own set's checks; the text first; a rival count has fewer attacks in the same worlds."""
    for one in (search, module):
        monkeypatch.setattr(one, "CHUNK", 64)
    made = compare_fact_sets([TEXT, read_fact_set("attacks-government")], 64, 2, 0)
    text, own = made.sets
    assert made.draws == 64
    assert text.shared == text.kept > 0
    assert own.kept_low < own.kept / 64 < own.kept_high
    assert own.attacks < 0.8 * text.attacks, (own.attacks, text.attacks)
    assert [one.milestone for one in own.headlines] == list(module.HEADLINES)


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(InputError, match="sets = 3: must be a list"):
        compare_fact_sets(3)  # type: ignore[arg-type]  # what a caller may give by mistake
    with pytest.raises(InputError, match="draws = 0"):
        compare_fact_sets([TEXT], 0)
    with pytest.raises(ValueError, match="the first set must be the text's"):
        compare_fact_sets([read_fact_set("s6-killed")])
