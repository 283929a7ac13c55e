"""The page Explore, through Streamlit's own test driver."""

import datetime as dt
import re
from typing import Any, cast

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import assumptions, controls, levers, panel, runs, session, tiles
from dashboard.server import SCRIPT as START
from dashboard.state import State, read_query
from sim import values
from sim.ensemble import simulate
from sim.scenario_file import load_scenario
from tests.app.command import ROOT
from tests.app.hostile import DROPPED, IMAGE, LINKS, SCRIPT

WORLDS = "6"
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


def opened(**query: Any) -> AppTest:
    """The app at a link."""
    found = AppTest.from_file(str(START), default_timeout=120)
    for key, value in ({"worlds": WORLDS} | query).items():
        found.query_params[key] = value
    return checked(found.run())


def checked(found: AppTest) -> AppTest:
    """The app, which must not have failed."""
    assert not found.exception, found.exception
    return found


def pieces(found: AppTest) -> list[str]:
    """Every piece of HTML that the page puts there itself."""
    return [str(cast("Any", html).body) for html in found.get("html")]


def strip(found: AppTest) -> str:
    """The tiles as they stand on the page."""
    return next(body for body in pieces(found) if 'class="tiles"' in body)


def state_of(found: AppTest) -> State:
    """The state that the address says."""
    said = found.query_params.items()
    return read_query({key: value if isinstance(value, list) else [value] for key, value in said})


def agreed(found: AppTest) -> None:
    """The tiles are those of the state in the address, and the engine's own by an independent run."""
    state = state_of(found)
    assert strip(found) == tiles.grid(tiles.tiles(runs.pair(state, state.worlds)))
    results = simulate(state.scenario(), state.worlds, state.seed)
    attacks = results.outcomes["attacks"].values.mean()
    assert f">{attacks:,.0f}<" in strip(found)


def test_it_opens_on_a_working_result() -> None:
    """Six tiles, three charts, no error, not a forecast."""
    found = opened()
    assert strip(found).count('role="listitem"') == 6
    assert len(found.get("vega_lite_chart") or found.get("arrow_vega_lite_chart")) == 3
    assert not found.error
    assert any("Not a forecast" in body for body in pieces(found))
    agreed(found)


@pytest.mark.parametrize("group", levers.groups())
def test_each_lever_moved_once(group: str) -> None:
    """Nothing fails, the address says the move, and the tiles are the engine's."""
    found = opened()
    if group != "Prisoners":
        found.pills(key="group").select(group).run()
    for lever in levers.groups()[group]:
        key = f"lever:{lever.name}"
        if lever.flag:
            found.segmented_control(key=key).select("no").run()
            wanted: Any = False
        else:
            slider = found.slider(key=key)
            value = slider.min if slider.value != slider.min else slider.max
            slider.set_value(value).run()
            wanted = value
        checked(found)
        assert values.read(state_of(found).changed(lever.name) or "") == wanted
        agreed(found)
        found.button(key=f"leave:{lever.name}").click().run()
        assert not state_of(checked(found)).changes
    assert strip(found) == strip(opened())


def test_a_lever_is_given_dates_by_hand() -> None:
    """Both dates, one, none: the address says it as a command would, and the tiles are the engine's."""
    found = opened()
    offer = "kabul.ghani.offer"
    assert not found.date_input
    found.slider(key=f"lever:{offer}").set_value(5000).run()
    for key, day, told in (
        ("from", dt.date(2020, 5, 1), "5000@2020-05-01.."),
        ("until", dt.date(2020, 7, 1), "5000@2020-05-01..2020-07-01"),
        ("from", None, "5000@..2020-07-01"),
    ):
        found.date_input(key=f"{key}:{offer}").set_value(day).run()
        assert state_of(checked(found)).changed(offer) == told
        agreed(found)
    assert any("you impose 5,000 until 1 Jul" in body for body in pieces(found))
    found.slider(key=f"lever:{offer}").set_value(4000).run()
    assert state_of(checked(found)).changed(offer) == "4000@..2020-07-01", "a move keeps the dates"
    found.date_input(key=f"until:{offer}").set_value(None).run()
    assert state_of(checked(found)).changed(offer) == "4000"


def test_dates_in_the_wrong_order_are_told_and_change_nothing() -> None:
    """The date goes back to what it was."""
    found = opened(set="us.aid_cut=1@2020-05-01..")
    found.pills(key="group").select("US").run()
    found.date_input(key="until:us.aid_cut").set_value(dt.date(2020, 4, 1)).run()
    assert len(checked(found).error) == 1
    assert state_of(found).changed("us.aid_cut") == "1@2020-05-01.."
    assert found.date_input(key="until:us.aid_cut").value is None
    assert found.date_input(key="from:us.aid_cut").value == dt.date(2020, 5, 1)


def test_assumptions_stand_apart_and_move() -> None:
    """One of each group; then every world draws its own."""
    found = opened()
    found.pills(key="group").select(panel.ASSUMPTIONS).run()
    for group, parameters in assumptions.uncertain().items():
        found.selectbox(key="assumptions").set_value(group).run()
        slider = found.slider(key=f"lever:{parameters[0].name}")
        slider.set_value(slider.max if slider.value != slider.max else slider.min).run()
        assert state_of(checked(found)).changed(parameters[0].name) is not None
    found.radio(key="assume").set_value("ranges").run()
    assert state_of(checked(found)).assumptions == "ranges"


def test_undo_redo_replay_reset() -> None:
    """Each brings back what it says."""
    found = opened()
    first = strip(found)
    found.slider(key="lever:kabul.ghani.offer").set_value(5000).run()
    moved = strip(checked(found))
    assert moved != first
    found.button(key="undo").click().run()
    assert strip(checked(found)) == first
    found.button(key="redo").click().run()
    assert strip(checked(found)) == moved
    found.button(key="replay-button").click().run()
    assert strip(checked(found)) == moved
    found.button(key="reset").click().run()
    assert strip(checked(found)) == first
    assert state_of(found).changes == ()


def test_a_visitor_begins_with_the_link() -> None:
    """There is nothing before it to undo to."""
    found = opened(scenario="free-run")
    assert found.button(key="undo").disabled
    assert state_of(found).base == "free-run"


def test_picking_a_scenario_shows_what_it_imposes() -> None:
    """Its title, its question and its levers."""
    found = opened()
    found.selectbox(key="scenario").set_value("all-5000-at-once").run()
    assert state_of(checked(found)).base == "all-5000-at-once"
    assert "5,000 released at once" in re.sub(r"&#(\d+);", lambda m: chr(int(m[1])), found.markdown[0].value)
    assert found.slider(key="lever:kabul.ghani.offer").value == 5000
    agreed(found)


def test_more_worlds_refine_in_place() -> None:
    """First 64 worlds at once; then all of them."""
    runs.SHELF.clear()
    found = opened(worlds="130", seed="77")
    state = state_of(found)
    assert strip(found) == tiles.grid(tiles.tiles(runs.pair(state, 64)))
    for _ in range(100):
        if runs.ready(state) == 130:
            break
        runs.Refinement(state).wait(1)
    assert strip(checked(found.run())) == tiles.grid(tiles.tiles(runs.pair(state, 130)))


def test_worlds_that_come_while_the_page_is_drawn_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first answer was read before the refinement was over, and its status after: the page is drawn again."""
    runs.SHELF.clear()
    refine = session.refine

    def over_at_once() -> runs.Refinement | None:
        found = refine()
        if found is not None:
            found.wait(60)
        return found

    monkeypatch.setattr(session, "refine", over_at_once)
    found = opened(worlds="130", seed="79")
    assert found.caption[0].value.startswith("130 worlds, each against the same world")
    assert strip(found) == tiles.grid(tiles.tiles(runs.pair(state_of(found), 130)))


def test_worlds_pushed_off_the_shelf_are_run_again() -> None:
    """A refinement that is over is no reason to stay at the first answer."""
    runs.SHELF.clear()
    found = opened(worlds="130", seed="80")
    first = found.session_state["refinement"]
    first.wait(60)
    runs.SHELF.clear()
    checked(found.run())
    assert found.session_state["refinement"] is not first
    found.session_state["refinement"].wait(60)
    assert found.run().caption[0].value.startswith("130 worlds, each")


def test_stopped_or_failed_stays_so_and_says_why() -> None:
    """Neither begins again by itself."""
    runs.SHELF.clear()
    found = opened(worlds="4000", seed="81")
    work = found.session_state["refinement"]
    work.drop()
    work.wait(60)
    assert found.run().caption[0].value.startswith("64 worlds of 4,000 (stopped)")
    work.error = "not enough memory for so many worlds"
    assert found.run().caption[0].value.startswith("64 worlds of 4,000 (not enough memory for so many worlds)")
    assert found.session_state["refinement"] is work


def test_two_visitors_do_not_disturb_each_other() -> None:
    """One moves; the other sees nothing of it."""
    one, other = opened(), opened()
    before = strip(other)
    one.slider(key="lever:kabul.ghani.offer").set_value(0).run()
    assert strip(checked(other.run())) == before
    assert strip(one) != before


@pytest.mark.parametrize("case", LINKS)
def test_a_hostile_link_is_told_and_changes_nothing(case: str) -> None:
    """The page says what is wrong, shows the last good state, and interprets nothing."""
    query, _ = LINKS[case]
    found = opened(**query)
    assert state_of(found) == State()
    if case == DROPPED:
        return
    assert len(found.error) == 1
    told = found.error[0].value
    assert "nothing has changed" in told
    assert "<script" not in told
    assert "![" not in told


def test_a_title_is_text_wherever_it_stands() -> None:
    """Markup in a title reaches no element of the page as markup."""
    content = f'title = "{SCRIPT} {IMAGE} :smile: $x$ :red[y]"\nbase = "baseline"\n'
    from sim.scenario_file import parse_scenario

    state = State(worlds=6).adopt(parse_scenario(content))
    found = opened(form=state.form)
    bodies = [m.value for m in found.markdown] + [c.value for c in found.caption]
    bodies += pieces(found)
    for body in bodies:
        for bad in (SCRIPT, "![x]", ":smile:", "$x$", ":red["):
            assert bad not in body, body


def test_a_file_is_read_like_any_other() -> None:
    """A good one becomes the scenario; each bad one is refused by its name, and the state stays."""
    folder = ROOT / "tests" / "bad_scenarios"
    bad = sorted(set(folder.glob("*.toml")) - {folder / "expected.toml"})
    assert len(bad) > 100
    kept: list[State] = []
    refused: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "current", State)
        patch.setattr(session, "go", kept.append)
        patch.setattr(session, "refuse", lambda error: refused.append(str(error).partition(":")[0]))
        for path in bad:
            controls._open(path.name, path.read_bytes())
        assert refused == [path.name for path in bad]
        assert kept == []
        good = load_scenario("free-run")
        controls._open("good.toml", good.to_toml().encode())
    assert [state.scenario().hash() for state in kept] == [good.hash()]


def test_another_move_drops_the_refinement_under_way() -> None:
    """It ends at once, and all worlds of the new state are on their way instead."""
    found = opened(worlds="4000", seed="78")
    first = found.session_state["refinement"]
    assert first.running
    found.slider(key="lever:kabul.ghani.offer").set_value(3000).run()
    assert first.dropped
    first.wait(30)
    assert not first.running
    assert first.share < 1
    second = found.session_state["refinement"]
    assert second.state == state_of(checked(found))
    assert strip(found) == tiles.grid(tiles.tiles(runs.pair(second.state, runs.FIRST)))
    second.drop()
    second.wait(30)
