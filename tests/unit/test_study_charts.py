"""Charts of studies: their marks and texts, and the error for an empty one."""

import json
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.charts import svg
from sim.charts.bars import Bar, BarGroup, bars
from sim.charts.distributions import Histogram, distributions
from sim.charts.estimates import Estimate, estimates
from sim.charts.heat import Axis, Map, heat
from sim.charts.theme import DARK, WIDTH, bare, in_dark
from sim.export.page import NARROW
from sim.schema.disclaimer import NOT_A_FORECAST

X, Y = Axis("offer", ["500", "5,000"]), Axis("leverage", ["low", "middle", "high"])
GIVEN: dict[str, Any] = {
    "estimates": estimates(
        [Estimate("baseline", 10, 9, 11, "10", reference=True),
         Estimate("other", 14, 13, 15, "14 (+4)", significant=True),
         Estimate("third", 10.5, math.nan, math.nan, "10.5", significant=False)],
        unit="attacks", title="Means",
    ),
    "heat": heat(
        Map(np.array([[1, 2], [3, np.nan], [5, 6.0]]), [["1", "2"], ["3", ""], ["5", "6"]], X, Y, "attacks", (0, 0)),
        title="A map",
    ),
    "bars": bars([BarGroup("one", [Bar("low", -2, -3, -1, "-2"), Bar("high", 4, 3, 5, "+4")]),
                  BarGroup("two", [Bar("low", 0, 0, 0, "0"), Bar("high", 1, math.nan, math.nan, "+1")])],
                 unit="difference, attacks", signed=True, title="A tornado"),
    "distributions": distributions([Histogram("baseline", np.arange(100.0), "median 49.5", reference=True),
                                    Histogram("other", np.full(10, 7.0))], unit="attacks", title="Spread"),
}  # fmt: skip


def data(spec: dict[str, Any], layer: int) -> list[dict[str, Any]]:
    return list(spec["layer"][layer]["data"]["values"])


@pytest.mark.parametrize("name", GIVEN)
def test_each_is_whole_and_can_be_drawn_wide_narrow_and_dark(name: str) -> None:
    spec = GIVEN[name]
    json.dumps(spec, allow_nan=False)
    text = " ".join(re.findall(r">([^<>]+)<", svg(spec)))
    assert NOT_A_FORECAST in text
    assert "attacks" in text
    assert not re.search(r"\b(undefined|NaN|null)\b", text), text
    widths = []
    for width in (WIDTH, NARROW):
        drawn = svg(bare(spec, width))
        assert NOT_A_FORECAST not in drawn, "the page says it"
        found = re.search(r'<svg[^>]* width="([\d.]+)"', drawn)
        assert found
        widths.append(float(found[1]))
    assert widths[1] < 375 < widths[0]
    assert not [colour for colour in DARK if f'"{colour}"' in json.dumps(in_dark(spec)["config"])]


def test_estimates_mark_the_reference_and_what_is_beyond_luck() -> None:
    spec = GIVEN["estimates"]
    assert [row["kind"] for row in data(spec, 1)] == ["reference", "significant difference", "not significant"]
    assert {row["mean"] for row in data(spec, 0)} == {10}, "the dashed line stands at the reference"
    assert data(spec, 1)[2]["low"] is None


def test_estimates_without_a_reference_draw_no_line() -> None:
    spec = estimates([Estimate("a", 5, 5, 5, "5")], unit="x", title="One")
    assert data(spec, 0) == []
    assert data(spec, 1)[0]["kind"] == "not compared"


def test_a_map_frames_its_cell_and_leaves_out_what_is_not_known() -> None:
    spec = GIVEN["heat"]
    assert len(data(spec, 0)) == 5
    assert data(spec, 1) == [{"x": "500", "y": "low"}]
    assert [row["strong"] for row in data(spec, 0)] == [False, False, False, True, True]


def test_maps_to_be_compared_share_their_shades() -> None:
    given = Map(np.array([[1.0, 2.0]]), [["1", "2"]], X, Axis("y", ["only"]), "attacks", ends=(0, 100))
    assert heat(given, title="One")["layer"][0]["encoding"]["color"]["scale"]["domain"] == [0, 100]


def test_bars_stand_from_zero_with_their_intervals() -> None:
    rows = data(GIVEN["bars"], 0)
    assert [(row["none"], row["value"], row["low"]) for row in rows] == [
        (0, -2, -3),
        (0, 4, 3),
        (0, 0, 0),
        (0, 1, None),
    ]
    assert "-2; +4" in svg(GIVEN["bars"])


def test_a_distribution_is_shares_of_worlds() -> None:
    spec = GIVEN["distributions"]
    columns = [row for row in data(spec, 0) if row["kind"] == "reference"]
    heights = [row["foot"] - row["top"] for row in columns]
    assert sum(heights) == pytest.approx(51, rel=1e-3), "the other's single column is full height and holds all"
    assert {row["at"] for row in data(spec, 1)} == {49.5}
    few = distributions([Histogram("days", np.array([3.0, 4.0, 4.0]))], unit="days", title="Whole numbers")
    assert [(row["low"], row["high"]) for row in data(few, 0)] == [(2.5, 3.5), (3.5, 4.5)]


@pytest.mark.parametrize(
    "refused",
    [
        lambda: estimates([], unit="x", title="t"),
        lambda: bars([], unit="x", title="t"),
        lambda: bars([BarGroup("a", [])], unit="x", title="t"),
        lambda: distributions([], unit="x", title="t"),
        lambda: distributions([Histogram("a", np.empty(0))], unit="x", title="t"),
        lambda: heat(Map(np.ones((1, 1)), [["1"]], X, Y, "x"), title="t"),
    ],
)
def test_nothing_to_draw_is_refused(refused: Callable[[], Any]) -> None:
    with pytest.raises(ValueError, match=r"needs? at least one|need values|does not fit"):
        refused()
