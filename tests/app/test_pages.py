"""Compare, One world and Evidence: they open, follow their controls, and say what the engine says."""

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.pages import compare, one_world
from dashboard.render import effect_text
from dashboard.runs import cache, lineup
from dashboard.state.state import MOST_ALSO, State
from dashboard.widgets.map_player import MEASURES, weekly
from sim.analysis.narrative import narrate
from sim.analysis.world_history import history, surprising_world, typical_world
from sim.inputs.scenario import check_same_days
from sim.inputs.scenario_reader import load_scenario, scenario_names
from sim.results.comparison import Comparison
from sim.runs.runner import simulate
from sim.schema.disclaimer import NOT_A_FORECAST
from tests.app.command import document
from tests.app.explore_page import input_key
from tests.app.screen import links, opened, sound, tables, texts

pytestmark = pytest.mark.slow

WORLDS = 16
MARKUP = "![x](http://example.org/a.png) <b>bold</b> :red[red] $x$ `code`"
PAGES = ("compare", "one_world", "evidence")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_on_a_working_result_and_says_that_it_is_no_forecast(page: str) -> None:
    app = opened(page)
    assert NOT_A_FORECAST in texts(app)
    assert app.get("vega_lite_chart") or app.dataframe
    assert len(app.dataframe) == (page == "evidence"), "only parameters, which one searches, may be cut in a frame"
    assert links(app)["scenario"] == ["baseline"]
    assert [code.value for code in app.code if "jirga" in code.value]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["free-run", "same-window-2019", "all-5000-at-once"])
def test_every_kind_of_scenario_opens(page: str, name: str) -> None:
    opened(page, scenario=name)


@pytest.fixture(scope="module", params=PAGES)
def visited(request: pytest.FixtureRequest) -> AppTest:
    """A page of a visitor who opens one link after the other."""
    return opened(request.param)


@pytest.mark.parametrize(
    "query",
    [
        {"scenario": "nothing"}, {"set": ["taliban.leverage=nan"]}, {"set": ["x"]}, {"seed": "-1"}, {"worlds": "1e9"},
        {"form": "!!!"}, {"world": "99"}, {"also": ["../etc/passwd"]}, {"series": "<script>"}, {"odd": "1"},
    ],
)  # fmt: skip
def test_a_bad_link_is_said_and_the_page_still_works(visited: AppTest, query: dict[str, str | list[str]]) -> None:
    visited.query_params.clear()
    visited.query_params.update({"worlds": str(WORLDS), **query})
    app = sound(visited.run())
    assert len(app.error) == 1
    assert "nothing has changed" in app.error[0].value
    assert app.get("vega_lite_chart") or app.dataframe


def test_a_first_link_that_is_bad_is_said_and_the_page_still_works() -> None:
    """Nothing is good of such a link, so the page has the usual number of worlds: one page is enough."""
    app = opened("compare", scenario="nothing")
    assert len(app.error) == 1
    assert app.get("vega_lite_chart") or app.dataframe


@pytest.mark.parametrize("page", PAGES)
def test_markup_in_a_title_stays_text(page: str) -> None:
    from dataclasses import replace

    from dashboard.state.scenario_codec import write_form

    hostile = replace(load_scenario("all-5000-at-once"), title=MARKUP)
    app = opened(page, form=write_form(hostile))
    shown = [one.value for kind in (app.markdown, app.caption, app.subheader, app.info) for one in kind]
    assert any("bold" in value for value in shown), "the title stands nowhere"
    for value in shown:
        assert "![x]" not in value
        assert "<b>" not in value


# Compare


def test_the_effects_in_the_table_are_the_engines_own() -> None:
    app = opened("compare", also=["no-review"])
    pair = Comparison(*(simulate(load_scenario(name), WORLDS) for name in ("baseline", "no-review")))
    effects = {one.label: one for one in pair.table()}
    table = tables(app)[0]
    name = load_scenario("no-review").title
    assert len(table["outcome"]) == len(compare.SHOWN)
    for label, shown in zip(table["outcome"], table[name], strict=True):
        one = effects[label]
        assert shown == effect_text.effect(one)
        assert ("not significant" in shown) == (not one.significant and shown != "no change")


def test_the_milestones_in_the_table_are_the_engines_own() -> None:
    app = opened("compare", also=["all-5000-at-once"])
    pair = Comparison(*(simulate(load_scenario(name), WORLDS) for name in ("baseline", "all-5000-at-once")))
    table = tables(app)[1]
    column = table[load_scenario("all-5000-at-once").title]
    assert column == [effect_text.milestone(one) for one in pair.milestones()]


def test_worlds_that_moved_are_counted_as_the_engine_counts_them() -> None:
    app = opened("compare", also=["all-5000-at-once"])
    pair = Comparison(*(simulate(load_scenario(name), WORLDS) for name in ("baseline", "all-5000-at-once")))
    [attacks] = pair.table(["attacks"])
    counted = f"more in {round(attacks.up * WORLDS)}, less in {round(attacks.down * WORLDS)}"
    assert counted in texts(app)
    for name in compare.MOVED:
        sound(app.selectbox(key="compare-moved").set_value(name).run())


def test_scenarios_are_chosen_and_stand_in_the_link() -> None:
    app = opened("compare")
    sound(app.multiselect(key=input_key(app, "also")).set_value(["free-run", "long-review"]).run())
    assert links(app)["also"] == ["free-run", "long-review"]
    assert {"Baseline", *(load_scenario(n).title for n in ("free-run", "long-review"))} - {"Baseline"} <= set(
        tables(app)[0]
    )


def test_the_series_is_the_one_of_the_link_and_changes_with_the_choice() -> None:
    app = opened("compare", series="us_troops")
    assert app.selectbox(key=input_key(app, "compare-series")).value == "us_troops"
    sound(app.selectbox(key=input_key(app, "compare-series")).set_value("kabul_cohesion").run())
    assert links(app)["series"] == ["kabul_cohesion"]


def test_the_lineup_has_the_reference_first_and_nobody_twice() -> None:
    state = State(changes=(("us.aid_cut", "1"),), also=("baseline", "free-run"), worlds=8)
    scenarios = lineup.lined_up(state)
    assert [one.name for one in scenarios] == ["baseline", "baseline-changed", "free-run"]
    assert lineup.short_names(state, scenarios) == ("Baseline", "Yours", load_scenario("free-run").title)


@pytest.mark.parametrize(("state", "said"), [
    (State("free-run", also=("free-run",)), "no curve of its own"),
    (State(also=("baseline",)), "no curve of its own"),
    (State(also=("same-window-2019",)), "shown over the days of the other scenarios, 1 Mar 2020 to 31 Dec 2020"),
    (State("same-window-2019", also=("no-review",)), "shown over the days of the other scenarios, 1 Mar 2019"),
])  # fmt: skip
def test_a_chosen_scenario_without_a_curve_says_why(state: State, said: str) -> None:
    [line] = lineup.without_curve(state)
    assert said in line
    assert lineup.without_curve(State(also=("no-review",))) == []


def test_four_scenarios_and_ones_own_fit_on_a_page() -> None:
    app = opened("compare", set=["us.aid_cut=1"], also=["free-run", "no-review", "one-president"])
    assert len(tables(app)[0]) == 2 + 4


@pytest.mark.parametrize("state", [State(worlds=3, also=("no-review", "free-run")), State("no-review", worlds=3)])
def test_the_command_of_a_comparison_gives_its_numbers(state: State) -> None:
    scenarios = lineup.lined_up(state)
    found = lineup.lineup(state, scenarios, 3)
    lines = lineup.command(state, scenarios).splitlines()
    assert len(lines) == len(found.pairs)
    for line, (_, pair) in zip(lines, found.pairs, strict=True):
        assert document(*shlex.split(line)[1:])["b"]["hash"] == pair.b.scenario.hash()


@pytest.mark.parametrize("state", [State("same-window-2019"), State(also=("same-window-2019",))])
def test_there_is_no_command_for_a_scenario_over_other_days(state: State) -> None:
    [line] = lineup.command(state, lineup.lined_up(state)).splitlines()
    assert line.startswith("# No command gives these numbers: ")
    assert ("14 Apr 2019" in line) == (state.base == "same-window-2019")


# One world


def test_the_typical_world_is_told_and_the_link_stays_short() -> None:
    app = opened("one_world")
    world = typical_world(simulate(load_scenario("baseline"), WORLDS)).world
    assert f"World {world} of" in texts(app)
    assert "world" not in links(app)


def test_the_story_on_the_page_is_the_engines() -> None:
    app = opened("one_world", world="5")
    story = narrate(history(load_scenario("baseline"), 5))
    said = texts(app)
    assert all(event.text in said for event in story if event.who != "Scenario")
    sound(app.toggle(key="story-imposed").set_value(True).run())
    assert all(event.text in texts(app) for event in story)


def test_the_surprising_world_and_one_by_number_stand_in_the_link() -> None:
    app = opened("one_world")
    odd = surprising_world(simulate(load_scenario("baseline"), WORLDS)).world
    sound(app.segmented_control(key=input_key(app, "way")).set_value(one_world.ODD).run())
    assert links(app)["world"] == [str(odd)]
    sound(app.number_input(key=input_key(app, "number")).set_value(3).run())
    assert links(app)["world"] == ["3"]
    assert "World 3 of" in texts(app)
    sound(app.segmented_control(key=input_key(app, "way")).set_value(one_world.TYPICAL).run())
    assert "world" not in links(app)


def test_every_measure_has_a_map_and_the_weeks_add_up() -> None:
    shown = history(load_scenario("baseline"), 5)
    app = opened("one_world", world="5")
    for measure in MEASURES:
        sound(app.selectbox(key="map-measure").set_value(measure.label).run())
        values = weekly(shown, measure)
        assert values.shape == (44, 34)
        if not measure.level:
            assert values.sum() == shown.daily[measure.series].sum()
    assert np.array_equal(weekly(shown, MEASURES[1])[-1], shown.fighters[-1])
    assert weekly(shown, MEASURES[-1])[-1].sum() == shown.daily["returned_to_fighting"][-1]


def test_the_map_plays_to_the_end_and_stops() -> None:
    app = opened("one_world", world="5", week="41")
    sound(app.button(key="map-play").click().run())
    assert app.session_state["map-playing"]
    assert app.session_state["history"].present.week == 42
    sound(app.run())
    assert app.session_state["history"].present.week == 43
    sound(app.run())
    assert not app.session_state["map-playing"]
    assert app.session_state["history"].present.week == 43
    assert links(app)["week"] == ["43"]
    sound(app.button(key="map-play").click().run())
    assert app.session_state["history"].present.week == 1, "played again, it begins anew"


def test_the_week_of_the_map_stands_in_the_link_and_is_no_step_to_undo() -> None:
    app = opened("one_world", world="5", week="9")
    assert app.select_slider(key=input_key(app, "map-week")).value == 9
    assert "Week of 3 May 2020: " in texts(app)
    sound(app.select_slider(key=input_key(app, "map-week")).set_value(12).run())
    assert links(app)["week"] == ["12"]
    assert "Week of 24 May 2020: " in texts(app)
    assert app.button(key="undo").disabled
    sound(app.selectbox(key=input_key(app, "scenario")).set_value("same-window-2019").run())
    assert "week" not in links(app)
    sound(app.button(key="undo").click().run())
    assert links(app)["week"] == ["12"]


def test_the_map_of_a_short_run_has_one_week() -> None:
    app = opened("one_world", scenario="same-window-2019")
    assert len(app.get("vega_lite_chart")) >= 4


def the_command(page: str) -> list[str]:
    """The words after `jirga` of the command by which a page says how to run a scenario with a change."""
    app = opened(page, scenario="no-review", set=["taliban.leverage=0.4"], seed="5", world="3")
    [shown] = [code.value for code in app.code if "jirga" in code.value]
    [line] = re.findall(r"^jirga ((?:run|compare) .*)$", shown, re.MULTILINE)
    return shlex.split(line)


def changed(worlds: int) -> State:
    """The state that `the_command` is asked of."""
    return State(base="no-review", changes=(("taliban.leverage", "0.4"),), seed=5, worlds=worlds)


@pytest.mark.parametrize("page", [page for page in PAGES if page != "compare"])
def test_what_the_page_runs_is_what_its_command_runs(page: str) -> None:
    """The command on the page gives the numbers that stand on it."""
    found = document(*the_command(page))
    own = cache.results(changed(found["worlds"]).scenario(), 5, found["worlds"])
    assert found["hash"] == own.scenario.hash()
    assert json.dumps(found["outcomes"]["attacks"]["mean"]) == json.dumps(float(own.outcomes["attacks"].mean()))


def test_what_compare_shows_is_what_its_command_compares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the scenario's file beside it, the command gives the effect that stands on the page."""
    monkeypatch.chdir(tmp_path)
    words = the_command("compare")
    assert words[:3] == ["compare", "baseline", "scenario.toml"]
    (tmp_path / "scenario.toml").write_text(changed(WORLDS).scenario().to_toml(), encoding="utf-8")
    found = document(*words)
    base, other = (cache.results(run, 5, WORLDS) for run in (load_scenario("baseline"), changed(WORLDS).scenario()))
    (own,) = Comparison(base, other).table(["attacks"])
    assert json.dumps(found["effects"]["attacks"]["effect"]) == json.dumps(own.effect)
    assert own.effect != 0


def test_every_scenario_can_be_lined_up() -> None:
    """Each with the baseline over the same days, as many at a time as the page takes; the first of them are run."""
    names = [name for name in scenario_names() if name not in ("baseline", "same-window-2019")]
    several = [tuple(names[first : first + MOST_ALSO]) for first in range(0, len(names), MOST_ALSO)]
    for some in several:
        scenarios = lineup.lined_up(State(also=some, worlds=2))
        assert [one.name for one in scenarios] == ["baseline", *some]
        check_same_days(scenarios)
    state = State(also=several[0], worlds=2)
    assert len(lineup.lineup(state, lineup.lined_up(state), 2).pairs) == len(several[0])
