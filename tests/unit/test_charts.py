"""Charts: their text, the numbers they draw, and that they depend on neither the time zone nor a network."""

import datetime as dt
import json
import os
import re
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import xarray as xr

from sim.charts import (
    Dot,
    comparison_charts,
    difference,
    effects,
    fan,
    milestone_dates,
    obstacles,
    png,
    run_charts,
    svg,
)
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario
from sim.results.results import Results
from sim.runs.compare import compare
from sim.runs.runner import simulate
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.schema.milestones import MILESTONES
from sim.schema.series import CONDITIONS

WORLDS = 16
DAYS = np.arange(np.datetime64("2020-03-01"), np.datetime64("2020-06-01")).astype("datetime64[s]")
Spec = dict[str, Any]


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    """Return the baseline until June."""
    return load_scenario("baseline").with_dates(end=dt.date(2020, 6, 1))


@pytest.fixture(scope="module")
def results(baseline: Scenario) -> Results:
    """Return a few worlds of the baseline."""
    return simulate(baseline, WORLDS, 7)


def series(values: Any, unit: str = "attacks/day", kind: str = "count") -> xr.DataArray:
    """Return a synthetic series over DAYS from (worlds,) or (worlds, days)."""
    wide = np.broadcast_to(np.asarray(values, np.float32).reshape(-1, 1) if np.ndim(values) == 1 else values, (
        len(values), len(DAYS)
    ))  # fmt: skip
    attrs = {"unit": unit, "label": "Taliban attacks", "kind": kind}
    return xr.DataArray(wide, dims=("world", "day"), coords={"day": DAYS}, name="attacks", attrs=attrs)


def words(picture: str) -> str:
    """Return the text of an SVG, in document order."""
    return " ".join(re.findall(r">([^<>]+)<", picture))


def rows(spec: Spec) -> list[Spec]:
    """Return the data of the first layer that has any."""
    return next(layer["data"]["values"] for layer in spec["layer"] if "data" in layer)


@pytest.mark.slow
def test_every_chart_of_a_run_is_complete(results: Results) -> None:
    """Each is valid Vega-Lite and JSON, has a title, dates and a note, and says that it is not a forecast."""
    charts = run_charts(results)
    assert {"milestones", "what_blocks_talks", "attacks", "us_troops", "prisoners_released"} <= set(charts)
    for name, spec in charts.items():
        json.dumps(spec, allow_nan=False)
        shown = words(svg(spec))
        for part in (NOT_A_FORECAST, "date, 2020", "5 Apr", f"{WORLDS} worlds, seed 7", spec["title"]["text"][0]):
            assert part in shown, f"{name} does not contain {part!r}: {shown}"
        assert "undefined" not in shown, f"{name}: {shown}"
        assert "NaN" not in shown, f"{name}: {shown}"


@pytest.mark.slow
def test_a_run_draws_the_series_that_its_scenario_watches(baseline: Scenario) -> None:
    """A watched series gets a fan chart; a watched milestone does not."""
    watching = Scenario("Watch", end=baseline.end, watch=("kabul_cohesion", "talks_open", "blocked_by_violence"))
    drawn = run_charts(simulate(watching, 4, 0))
    assert "kabul_cohesion" in drawn
    assert not {"talks_open", "blocked_by_violence"} & set(drawn)


@pytest.mark.slow
def test_every_chart_of_a_comparison_is_complete(baseline: Scenario) -> None:
    """Charts of effects and differences name both scenarios."""
    other = baseline.change({"kabul.ghani.review": False}, title="No review")
    charts = comparison_charts(compare(baseline, other, WORLDS, 7), ["attacks", "prisoners_released"])
    assert set(charts) == {
        "effect_on_milestones", "effect_on_outcomes", "difference_attacks", "difference_prisoners_released",
    }  # fmt: skip
    for name, spec in charts.items():
        json.dumps(spec, allow_nan=False)
        shown = words(svg(spec))
        for part in (NOT_A_FORECAST, "No review", baseline.title[:20]):
            assert part in shown, f"{name} does not contain {part!r}: {shown}"


@pytest.mark.slow
def test_a_comparison_of_a_scenario_with_itself_draws_no_effect(baseline: Scenario) -> None:
    """Nothing changes, so every dot is at 0 and none is significant."""
    same = comparison_charts(compare(baseline, baseline, 4, 0), ["attacks"])
    for name in ("effect_on_milestones", "effect_on_outcomes"):
        dots = same[name]["layer"][1]["data"]["values"]
        assert dots
        assert all(row["effect"] == 0 and row["low"] == -row["high"] for row in dots), f"{name}: {dots}"
        assert not any(row["sure"] == "significant" for row in dots)
        svg(same[name])


def test_png_is_an_image_of_twice_the_size(results: Results) -> None:
    """It has the PNG signature and is at least twice as wide as the plotting area."""
    picture = png(run_charts(results)["attacks"])
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(picture[16:20], "big") > 2 * 720


def test_fan_contains_the_quantiles_of_the_worlds() -> None:
    """Worlds 0 to 100 constant: the 5 % quantile is 5, the median 50."""
    drawn = rows(fan(series(np.arange(101.0))))
    assert len(drawn) == len(DAYS)
    for row in drawn:
        assert [row[k] for k in ("p05", "p25", "p50", "p75", "p95")] == [5, 25, 50, 75, 95]
        assert [row[k] for k in ("w0", "w1", "w2")] == pytest.approx([0, 1, 2])
    assert drawn[0]["day"] == "2020-03-01"
    assert drawn[-1]["day"] == "2020-05-31"


def test_charts_have_a_text_description_for_screen_readers(results: Results) -> None:
    rising = np.outer([1.0, 2.0, 3.0], np.arange(len(DAYS)))
    shown = fan(series(rising, kind="level"), subtitle="What if?")["description"]
    assert shown == (
        "Taliban attacks. What if? The median (attacks/day) begins at 0 on 1 Mar 2020, is highest at 182 on 31 May "
        f"2020, and ends at 182 on 31 May 2020; 90 % of worlds are then from 100 to 264. {NOT_A_FORECAST}"
    )
    assert "; US troops at 8,600: in no world" in milestone_dates(results.milestones, results.dates)["description"]
    assert "The single world (attacks/day) begins at 3 on" in fan(series([3.0]))["description"]
    spec = obstacles(results.blocked())
    assert re.search(r"On the last day: Too few prisoners released: \d+ %; ", spec["description"])
    assert f'aria-label="{spec["description"]}"' in svg(spec)


@pytest.mark.parametrize(("kind", "said_so"), [("count", True), ("level", False)])
def test_fan_says_when_a_single_world_is_smoothed(kind: str, *, said_so: bool) -> None:
    """Counts are drawn as a mean over seven days, which the legend says; levels are drawn without smoothing."""
    dice = np.random.default_rng(0).poisson(50, (9, len(DAYS))).astype(np.float32)
    spec = fan(series(dice, kind=kind))
    first = np.array([row["w0"] for row in rows(spec)])
    assert ("three single worlds, 7-day mean" in words(svg(spec))) is said_so
    assert np.allclose(first, dice[0], atol=1e-4) is not said_so
    if said_so:
        assert first[10] == pytest.approx(dice[0, 7:14].mean())
        assert first[0] == pytest.approx(dice[0, :4].mean()), "fewer days at both ends, no invented ones"


def test_fan_of_one_world_is_that_world() -> None:
    """No bands are drawn around a single world, and its counts are not smoothed."""
    dice = np.random.default_rng(0).poisson(50, (1, len(DAYS))).astype(np.float32)
    spec = fan(series(dice))
    shown = words(svg(spec))
    assert "single world" in shown
    assert "90 % of worlds" not in shown
    assert [row["w0"] for row in rows(spec)] == dice[0].tolist()


@pytest.mark.parametrize("worlds", [1, 4])
def test_a_run_of_one_day_shows_it(worlds: int) -> None:
    """The day is drawn as a line to the next day, because a single point would not be visible."""
    spec = fan(series(np.arange(1.0, worlds + 1)).isel(day=slice(0, 1)))
    assert [row["day"] for row in rows(spec)] == ["2020-03-01", "2020-03-02"]
    assert rows(spec)[0]["p50"] == rows(spec)[1]["p50"] > 0
    assert "1 Mar" in words(svg(spec))


def test_fan_explains_why_no_bands_are_visible() -> None:
    """The subtitle says that the worlds differ too little."""
    shown = "differ too little to see the bands"
    assert shown in words(svg(fan(series(np.full(9, 40.0)))))
    assert shown not in words(svg(fan(series(np.arange(9.0)))))


@pytest.mark.parametrize("singles", [-1, 6])
def test_fan_rejects_a_wrong_number_of_single_worlds(singles: int) -> None:
    """None to five are allowed."""
    with pytest.raises(ValueError, match="must be 0 to 5"):
        fan(series(np.arange(9.0)), singles=singles)


def test_fan_rejects_an_empty_series() -> None:
    """There is nothing to draw."""
    with pytest.raises(ValueError, match="nothing to draw"):
        fan(series(np.arange(3.0))[:0])


def test_fan_draws_all_zeros_and_the_whole_range_of_an_index() -> None:
    """All zeros still have axes; the axis of an index always runs from 0 to 1."""
    assert "attacks/day" in words(svg(fan(series(np.zeros(5)))))
    spec = fan(series(np.full(5, 0.5), unit="0 to 1", kind="level"))
    assert spec["layer"][0]["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0, 1]


def test_the_axis_of_a_fan_is_the_same_before_and_after_a_change() -> None:
    """Unless more room is needed; it always begins at zero, and contains the baseline as it was drawn alone."""
    dice = np.random.default_rng(0).poisson(50, (9, len(DAYS))).astype(np.float32)
    usual, less, more = (series(dice * factor, kind="count") for factor in (1, 0.5, 3))

    def axis(spec: Spec) -> Any:
        return [layer["encoding"]["y"]["scale"]["domain"] for layer in spec["layer"][0]["layer"]]

    before = axis(fan(usual))
    assert before[0][0] == 0
    assert before[0][1] >= np.quantile(dice, 0.95, axis=0).max()
    assert all(one == before[0] for one in (*before, *axis(fan(less, reference=usual))))
    assert axis(fan(less))[0][1] < before[0][1] < axis(fan(more, reference=usual))[0][1]


def test_milestones_are_counted_by_week() -> None:
    """Three of four worlds: two in the first week, one in the third; the median is the second of them."""
    when = np.array(["2020-03-01", "2020-03-07", "2020-03-15", "NaT"], "datetime64[s]")
    never = np.full(4, np.datetime64("NaT", "s"))
    found = {"decree": ("world", when, {"label": "Decree"}), "settlement": ("world", never, {"label": "Settlement"})}
    spec = milestone_dates(xr.Dataset(found), DAYS)
    heights = [row["top"] - row["foot"] for row in rows(spec) if row["row"] == 0]
    full = 0.86  # of a row's height
    assert [h / full for h in (heights[0], heights[-1])] == pytest.approx([0.5, 0.75], abs=1e-4)
    assert sorted(heights) == heights, "who has reached it has reached it"
    none = [row for row in rows(spec) if row["row"] == 1]
    assert none, "a milestone that no world reaches has its row"
    assert all(row["top"] == row["foot"] for row in none)
    shown = words(svg(spec))
    for part in ("Decree", "75 %, 7 Mar 2020", "Settlement", "in no world", "worlds, half of all by"):
        assert part in shown, shown


def test_milestones_label_every_row(results: Results) -> None:
    """No label is left out for lack of space."""
    shown = words(svg(milestone_dates(results.milestones, results.dates)))
    assert set(results.milestones.data_vars) == set(MILESTONES)
    for milestone in results.milestones.data_vars.values():
        assert milestone.attrs["label"] in shown, shown


def test_obstacles_draw_shares_and_write_the_last() -> None:
    """A condition missing in every world fills its row; the text gives the share on the last day."""
    shares = np.stack([np.full(len(DAYS), s) for s in (1.0, 0.5, 0.004, 0.999, 0.0)])
    coords = {"condition": list(CONDITIONS), "day": DAYS}
    spec = obstacles(xr.DataArray(shares, dims=("condition", "day"), coords=coords))
    heights = {row["row"]: row["top"] - row["foot"] for row in rows(spec)}
    assert heights[1] / heights[0] == pytest.approx(0.5, abs=1e-4)
    assert heights[4] == 0
    shown = words(svg(spec))
    for part in (
        "100 %",
        "50 %",
        "&lt;1 %",
        "&gt;99 %",
        "0 %",
        "Too few prisoners released",
        "US guarantee in doubt",
        "on the last day",
    ):
        assert part in shown, shown


def test_effects_show_what_is_significant() -> None:
    """An interval that contains 0 is drawn differently; without an interval no effect is significant."""
    spec = effects([Dot("a", 5, 1, 9), Dot("b", 5, -1, 11), Dot("c", 2, np.nan, np.nan)], unit="people")
    json.dumps(spec, allow_nan=False)
    shown = words(svg(spec))
    for part in ("significant", "not significant", "people", "+5", "+2"):
        assert part in shown, shown
    kinds = {row["label"]: row["sure"] for row in spec["layer"][1]["data"]["values"]}
    assert kinds["a"] == "significant" != kinds["b"] == kinds["c"]


def test_effects_reject_an_empty_list() -> None:
    """There is nothing to draw."""
    with pytest.raises(ValueError, match="at least one"):
        effects([], unit="people")


def test_difference_draws_a_line_at_zero() -> None:
    """Zero is on the axis even when every difference is far from it; a missing interval is allowed."""
    days = len(DAYS)
    found = {"effect": np.full(days, 90.0), "low": np.full(days, np.nan), "high": np.full(days, np.nan)}
    attrs = {"label": "Taliban attacks", "unit": "attacks/day"}
    made = xr.Dataset({k: ("day", v) for k, v in found.items()}, coords={"day": DAYS}, attrs=attrs)
    shown = words(svg(difference(made)))
    for part in ("difference, attacks/day", " 0 ", "+80", "95 % interval of the mean"):
        assert part in f" {shown} ", shown


def test_text_from_users_is_never_markup() -> None:
    """Markup in a title is text in the image, and a long title is broken into lines."""
    title = "<script>alert(1)</script> & " + "far too long a title to stand in one line of any picture " * 2
    spec = fan(series(np.arange(9.0)), title=title, subtitle="<image href='http://example.org/x.png'/>", note="<b>")
    picture = svg(spec)
    assert "<script" not in picture
    assert "<image" not in picture
    assert "&lt;script&gt;" in picture
    assert len(spec["title"]["text"]) == 2


@pytest.mark.slow
def test_dates_do_not_depend_on_the_time_zone_of_the_reader() -> None:
    """West of Greenwich the first of March stays the first of March."""
    code = (
        "import numpy as np, xarray as xr; from sim.charts import fan, svg;"
        "d = np.arange(np.datetime64('2020-03-01'), np.datetime64('2020-05-01')).astype('datetime64[s]');"
        "a = xr.DataArray(np.ones((3, 61)), dims=('world', 'day'), coords={'day': d},"
        " attrs={'unit': 'x', 'label': 'y'}); print(svg(fan(a)))"
    )
    drawn = {
        zone: subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "TZ": zone}, capture_output=True, text=True, check=True
        ).stdout
        for zone in ("UTC", "America/Los_Angeles")
    }
    assert "5 Apr" in words(drawn["UTC"])
    assert drawn["UTC"] == drawn["America/Los_Angeles"]


def test_runs_over_more_than_a_year_show_years() -> None:
    """Without years the dates would be ambiguous."""
    days = np.arange(np.datetime64("2019-11-01"), np.datetime64("2021-02-01")).astype("datetime64[s]")
    attrs = {"unit": "troops", "label": "US troops", "kind": "level"}
    array = xr.DataArray(np.ones((3, len(days))), dims=("world", "day"), coords={"day": days}, attrs=attrs)
    assert "Jan 2020" in words(svg(fan(array)))
