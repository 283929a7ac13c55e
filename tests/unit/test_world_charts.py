"""The charts of one world and of several scenarios: their text and numbers, and that they can be rendered."""

import json
from typing import Any

import numpy as np
import pytest

from sim.charts import png, svg
from sim.charts.dots import EffectDot, EffectGroup, WorldStrip, dots, strips
from sim.charts.flow import BACK, HELD, HOME, OUT, READY, custody, prisoner_flow
from sim.charts.leanings import leanings
from sim.charts.lines import DASHES, Line, lines
from sim.charts.theme import DARK, ROWS, in_dark
from sim.charts.tiles import SHADES, Panel, small_maps, tile_map, tile_rows
from sim.inputs.provinces import provinces
from sim.schema.disclaimer import NOT_A_FORECAST

DAYS = np.arange(np.datetime64("2020-03-01"), np.datetime64("2020-05-10"))
FLAT = np.ones(len(DAYS))
HOSTILE = '<img src=x onerror=alert(1)> "quoted" \\ ]; alert(2)'
Spec = dict[str, Any]


def estimates(*names: str) -> list[EffectDot]:
    """Return one effect per scenario."""
    return [EffectDot(name, 10.0 * i, 10.0 * i - 2, 10.0 * i + 2, "label") for i, name in enumerate(names, 1)]


def specs() -> dict[str, Spec]:
    """Return one chart of each kind."""
    values = np.arange(34.0)
    return {
        "map": tile_map(values, largest=33, unit="attacks", title="Map"),
        "small": small_maps([Panel(f"Month {i}", values) for i in range(7)], unit="attacks", title="Months"),
        "lines": lines([Line("a", FLAT, FLAT - 1, FLAT + 1, reference=True), Line("b", FLAT)], DAYS, unit="people",
                       title="Lines"),
        "flow": prisoner_flow(np.array([10, 20, 5]), np.array([10, 5, 0]), 3, title="Flow"),
        "custody": custody(DAYS, FLAT * 8, FLAT * 2, 20, title="Custody"),
        "leanings": leanings(DAYS, np.zeros((len(DAYS), 6)), np.linspace(-1, 1, 6)),
        "dots": dots([EffectGroup("Attacks", estimates("x", "y"))], unit="%", title="Dots"),
        "strips": strips([WorldStrip("x", np.arange(9), np.linspace(-4, 4, 9))], unit="days", title="Strips"),
    }  # fmt: skip


@pytest.mark.parametrize("name", list(specs()))
def test_every_chart_is_json_can_be_rendered_and_has_the_notice(name: str) -> None:
    spec = specs()[name]
    assert json.loads(json.dumps(spec, allow_nan=False)) == spec
    assert NOT_A_FORECAST in spec["description"]
    assert NOT_A_FORECAST in svg(spec)
    assert png(spec, scale=0.5).startswith(b"\x89PNG")
    json.dumps(in_dark(spec))


def test_a_map_has_every_province_once_on_its_own_tile() -> None:
    rows = tile_rows(np.arange(34.0), 33)
    assert [row["province"] for row in rows] == [p.name for p in provinces()]
    assert len({(row["column"], row["row"]) for row in rows}) == 34
    assert [row["tip"] for row in rows[:3]] == ["0", "1", "2"]
    drawn = svg(tile_map(np.arange(34.0), largest=33, unit="attacks", title="Map"))
    assert all(p.name[:5] in drawn for p in provinces())


@pytest.mark.parametrize("size", [0, 33, 35])
def test_a_map_with_a_wrong_number_of_values_is_rejected(size: int) -> None:
    with pytest.raises(ValueError, match="34 numbers"):
        tile_rows(np.zeros(size), 1)


def test_the_shades_of_a_map_stay_in_order_on_a_dark_background() -> None:
    assert not set(SHADES) & set(DARK)


def test_charts_without_content_are_rejected() -> None:
    with pytest.raises(ValueError, match="at least one map"):
        small_maps([], unit="attacks", title="None")
    with pytest.raises(ValueError, match="0 lines"):
        lines([], DAYS, unit="people", title="None")
    with pytest.raises(ValueError, match="6 lines"):
        lines([Line(str(i), FLAT) for i in range(6)], DAYS, unit="people", title="Many")
    with pytest.raises(ValueError, match="at least one outcome"):
        dots([], unit="%", title="None")
    with pytest.raises(ValueError, match="at least one scenario"):
        strips([], unit="days", title="None")


def test_lines_differ_in_colour_and_dash_and_show_any_name_as_text() -> None:
    curves = [Line(HOSTILE, FLAT), *(Line(f"line {i}", FLAT * i) for i in range(4))]
    drawn = svg(lines(curves, DAYS, unit="people", title=HOSTILE))
    assert "<img" not in drawn
    assert "&lt;img src=x" in drawn
    assert all(colour in drawn for colour in ROWS)
    assert len({tuple(dash) for dash in DASHES}) == 5


def test_the_flow_adds_up() -> None:
    ready, freed, back = np.array([10.0, 20.0, 5.0]), np.array([10.0, 5.0, 0.0]), 3.0
    spec = prisoner_flow(ready, freed, back, title="Flow")
    text = {row["wide"] for layer in spec["layer"][2]["layer"] for row in layer["data"]["values"]}
    assert text == {f"{READY[0]} 10", f"{READY[1]} 20", f"{READY[2]} 5", f"{OUT} 15", f"{HELD} 20", f"{HOME} 12",
                    f"{BACK} 3"}  # fmt: skip


def test_an_empty_list_can_be_rendered() -> None:
    none = np.zeros(3)
    assert svg(prisoner_flow(none, none, 0.0, title="Nobody"))


def test_custody_adds_up_to_the_list_on_every_day() -> None:
    rows = custody(DAYS, FLAT * 8, FLAT * 2, 20, title="Custody")["layer"][0]["data"]["values"]
    for day in {row["day"] for row in rows}:
        assert sum(row["people"] for row in rows if row["day"] == day) == 20


def test_brokers_are_sorted_by_conviction() -> None:
    conviction = np.array([-0.5, 0.9, 0.1])
    lean = np.tile(conviction, (len(DAYS), 1))
    rows = leanings(DAYS, lean, conviction)["layer"][0]["data"]["values"]
    first = [row["lean"] for row in rows if row["day"] == "2020-03-01"]
    assert first == [0.9, 0.1, -0.5]
    assert len(rows) == 3 * 10


def test_strips_omit_worlds_without_a_change_and_label_the_rest() -> None:
    spec = strips([WorldStrip("x", np.array([3, 4, 5]), np.array([1.0, np.nan, -2.0]))], unit="days", title="Strips")
    text = [row["tip"] for row in spec["layer"][1]["data"]["values"]]
    assert text == ["world 3: +1 days", "world 5: \N{MINUS SIGN}2 days"]


def test_strips_with_only_missing_worlds_can_be_rendered() -> None:
    assert svg(strips([WorldStrip("x", np.arange(2), np.full(2, np.nan))], unit="days", title="Strips"))


def broken(spec: Spec) -> list[tuple[float, float, float]]:
    """Return for each label its place, and where the line at zero ends above and begins below it."""
    ends = [(row["top"], row["foot"]) for row in spec["layer"][0]["data"]["values"]]
    labels = [row["at"] for layer in spec["layer"] for row in layer["data"]["values"] if "label" in row]
    above = [-np.inf, *(foot for _, foot in ends)]
    return [(at, above[i], ends[i][0]) for i, at in enumerate(labels)]


def test_the_line_at_zero_crosses_no_label() -> None:
    letter = 6  # pixels from the middle of a label to its top
    groups = [EffectGroup(name, estimates("x", "y", "z")) for name in "abc"]
    moved = [WorldStrip(name, np.arange(9), np.linspace(-4, 4, 9)) for name in "ab"]
    for spec in (dots(groups, unit="%", title="Dots"), strips(moved, unit="days", title="Strips")):
        scale = next(layer["encoding"]["y"]["scale"]["domain"][1] for layer in spec["layer"])
        half = letter * scale / spec["height"]
        for at, above, below in broken(spec):
            assert above <= at - half
            assert below >= at + half


def test_a_chart_without_any_effect_has_an_axis() -> None:
    spec = dots([EffectGroup("Attacks", [EffectDot("x", 0, 0, 0, "no change")])], unit="%", title="Dots")
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"] == [-1, 1]
    assert svg(spec)
