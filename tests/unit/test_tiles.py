"""The tiles: the text about a change states what was tested, and no more."""

import datetime as dt
from typing import Any

import numpy as np
import pytest

from dashboard.render.tiles import BADGES, Tile, grid, tiles
from dashboard.runs.cache import Pair
from sim.results.comparison import Comparison
from sim.schema.formatting import MINUS
from sim.schema.milestones import NEVER
from tests.unit.synthetic import Array, arrays, results, scenario

DAYS = 306
TALKS, MEDIAN, TROOPS = 0, 1, 5


def shown(worlds: int, before: Any, after: Any, *, troops: float | Array = 0) -> list[Tile]:
    """The tiles of two runs that differ in the days on which talks open, and in US troops (worlds, 1) or all worlds."""
    daily = arrays(worlds, DAYS)
    moved = daily | {"us_troops": daily["us_troops"] + np.asarray(troops, dtype=np.float32)}
    a = results(worlds, daily=daily, day={"talks_open": before})
    b = results(worlds, daily=moved, day={"talks_open": after})
    return tiles(Pair(a, b, Comparison(a, b)))


@pytest.mark.parametrize(
    ("before", "after", "kind", "text"),
    [
        (100, NEVER, "apart", "they open in no world of your scenario"),
        (NEVER, 100, "apart", "they open in no world of the baseline"),
        ([100, NEVER] * 4, [NEVER, 100] * 4, "apart", "they open in both runs in no world"),
        (NEVER, NEVER, "none", "they open in no world of either run"),
        (100, 100, "none", "they open in both runs in 100 of 100 worlds"),
    ],
)
def test_dates_without_a_pair_cannot_be_compared(before: Any, after: Any, kind: str, text: str) -> None:
    tile = shown(8, before, after)[MEDIAN]
    assert (tile.kind, tile.worlds.split("; ")[-1], tile.change) == (kind, text, "")
    assert f'<div class="tile {kind}"' in grid([tile])


def test_a_median_that_stays_shows_the_pairs_that_the_badge_is_about() -> None:
    after = [90] * 20 + [110] * 3 + [100] * 41
    tile = shown(64, 100, after)[MEDIAN]
    assert (tile.change, BADGES[tile.kind]) == ("earlier in 20 of 64 pairs, later in 3", "significant")
    tile = shown(64, 100, [110] * 4 + [90] * 2 + [100] * 58)[MEDIAN]
    assert (tile.change, BADGES[tile.kind]) == ("later in 4 of 64 pairs, earlier in 2", "not significant")


@pytest.mark.parametrize(
    ("after", "change"),
    [
        ([107, 108] * 4, "+7.5 days (+7 to +8), median of 8 pairs"),
        (101, "+1 day in each of 8 pairs"),
        (80, f"{MINUS}20 days in each of 8 pairs"),
        ([90, 100, 100, NEVER, NEVER, NEVER, NEVER, 80], f"{MINUS}5 days, median of 4 pairs"),
    ],
)
def test_days_are_told_with_one_decimal_at_most(after: Any, change: str) -> None:
    assert shown(8, 100, after)[MEDIAN].change == change


def test_the_date_is_that_of_half_of_all_worlds() -> None:
    """Talks open in 6 of 10 worlds: in half of those by day 40, in half of all worlds only on day 80."""
    tile = shown(10, 100, [20, 30, 40, 50, 80, 90] + [NEVER] * 4)[MEDIAN]
    assert (tile.label, tile.value, tile.figure) == ("Half of all worlds have talks by", 80, "20 May 2020")
    assert tile.worlds.startswith("median among the 60 % where they open: 10 Apr; ")
    tile = shown(10, 100, [20] * 4 + [NEVER] * 6)[MEDIAN]
    assert tile.figure == "fewer than half"
    assert np.isnan(tile.value)


@pytest.mark.parametrize(("sooner", "kind"), [(8, "uncertain"), (9, "significant")])
def test_eight_of_ten_pairs_are_not_significant(sooner: int, kind: str) -> None:
    assert shown(10, 100, [90] * sooner + [110] * (10 - sooner))[MEDIAN].kind == kind


def test_a_share_that_no_world_moves_has_not_changed_though_dates_have() -> None:
    tile = shown(20, 100, [90] * 15 + [100] * 5)[TALKS]
    assert (tile.kind, tile.change) == ("none", "")
    assert tile.worlds == "in the same worlds, earlier in 75 of 100 worlds, later in 0"
    tile = shown(20, [100] * 10 + [NEVER] * 10, [NEVER] + [100] * 10 + [NEVER] * 9)[TALKS]
    assert tile.kind == "uncertain", "one gained and one lost"
    assert tile.change.startswith("0.0 points (")


@pytest.mark.parametrize(("worlds", "kind"), [(1, "uncertain"), (2, "uncertain"), (5, "uncertain"), (6, "significant")])
def test_a_share_is_not_certain_because_few_worlds_move_alike(worlds: int, kind: str) -> None:
    tile = shown(worlds, NEVER, 100)[TALKS]
    assert tile.kind == kind
    least = {1: "", 2: f" ({MINUS}55 to +100)", 5: " (0 to +100)", 6: " (+12 to +100)"}
    assert tile.change == f"+100 points{least[worlds]}"
    assert "nan" not in grid([tile])


@pytest.mark.parametrize(
    ("troops", "kind", "change"),
    [
        (-0.25, "slight", "less than 1"),
        (-2000, "significant", "\N{MINUS SIGN}2,000 in every world"),
        (-2, "small", "\N{MINUS SIGN}2 in every world"),
        (np.tile([[0.25], [-0.25]], (32, 1)), "slight", "less than 1"),
        (0, "none", ""),
    ],
)
def test_a_count_that_moves_by_less_than_one_says_so_quietly(troops: Any, kind: str, change: str) -> None:
    tile = shown(64, 100, 100, troops=troops)[TROOPS]
    assert (tile.kind, tile.change) == (kind, change)


def test_a_small_mean_with_a_wide_interval_is_not_significant() -> None:
    tile = shown(64, 100, 100, troops=np.tile([[400.0], [-400.0]], (32, 1)))[TROOPS]
    assert tile.kind == "uncertain"
    assert tile.change.startswith("0 (")


def test_the_troops_of_a_short_run_are_those_at_its_end() -> None:
    short = results(4, run=scenario(dt.date(2020, 4, 15)))
    assert tiles(Pair(short, short, Comparison(short, short)))[TROOPS].label == "US troops at the end"
