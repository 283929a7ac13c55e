"""Explore's sentence: it says what differs and how certain that is, and compares nothing on the baseline."""

from typing import Any

import numpy as np
import pytest

from dashboard.render.answer_text import headline, of_hundred
from dashboard.render.hundred_worlds import hundred_worlds
from dashboard.runs.cache import Pair
from sim.results.comparison import Comparison
from sim.schema.milestones import NEVER
from tests.unit.synthetic import arrays, results

DAYS = 306
COMPARING = ("instead of", "change", "significant", "rise", "fall", "baseline")


def sentence(before: Any, after: Any, *, attacks: float = 0.0, alone: bool = False) -> str:
    """The sentence of two runs of 100 worlds that differ in the days of talks, and in attacks per day."""
    daily = arrays(100, DAYS)
    calm = daily | {"talks_stage": np.zeros((100, DAYS), np.float32)}
    moved = calm | {"attacks": calm["attacks"] * np.float32(1 + attacks)}
    a = results(100, daily=calm, day={"talks_open": before})
    b = results(100, daily=moved, day={"talks_open": after})
    return headline(Pair(a, b, Comparison(a, b)), alone=alone)


@pytest.mark.slow
def test_the_baseline_is_compared_with_nothing() -> None:
    text = sentence([100] * 44 + [NEVER] * 56, [100] * 44 + [NEVER] * 56, alone=True)
    assert text.startswith("Talks open in 44 of 100 worlds by 31 Dec 2020; the average world has ")
    assert not [word for word in COMPARING if word in text], text
    half = [100] * 50 + [NEVER] * 50
    assert "; half of all worlds have them by 9 Jun; " in sentence(half, half, alone=True)


def test_a_change_is_told_with_its_certainty() -> None:
    text = sentence([100] * 44 + [NEVER] * 56, [90] * 94 + [NEVER] * 6, attacks=-1 / 6)
    assert text.startswith(
        "Talks open in 94 of 100 worlds instead of 44 (95 % interval of the change: +40 to +60 of 100)"
    )
    assert "; half of all worlds have them by 30 May, which they do not without the change; " in text
    assert "attacks fall by about a sixth" in text


def test_a_small_difference_is_called_not_significant() -> None:
    text = sentence([100] * 44 + [NEVER] * 56, [100] * 46 + [NEVER] * 54)
    assert text.startswith("Talks open in 46 of 100 worlds instead of 44, not a significant difference (95 % interval")
    assert text.endswith("; attacks are the same.")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (100, 90, "half of all worlds have them by 30 May instead of 9 Jun"),
        (100, [100] * 60 + [NEVER] * 40, "half of all worlds have them by 9 Jun, with the change and without it"),
        (100, NEVER, "half of all worlds no longer have them, which they did by 9 Jun 2020"),
    ],
)
def test_the_date_of_half_of_all_worlds(before: Any, after: Any, said: str) -> None:
    assert said in sentence(before, after)


def test_no_world_moves() -> None:
    assert sentence(NEVER, NEVER).startswith("Talks open in 0 of 100 worlds, with the change and without it; attacks")


@pytest.mark.parametrize(("share", "words", "dots"), [
    (0, "0", 0), (1, "100", 100), (0.001, "fewer than 1", 1), (0.999, "more than 99", 99), (0.444, "44", 44),
])  # fmt: skip
def test_a_share_in_words_and_dots(share: float, words: str, dots: int) -> None:
    assert of_hundred(share) == words
    picture = hundred_worlds([("Baseline", share)], "talks open")
    assert picture.count('<i class="on">') == dots
    assert picture.count("<i") == 100
    assert f'aria-label="Baseline: talks open in {words} of 100 worlds"' in picture
