"""The page Explore, through Streamlit's own test driver."""

import datetime as dt
import html
import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.runs import session
from dashboard.state import questions
from dashboard.state.state import State
from dashboard.widgets import assumptions, levers, scenario_picker, sidebar
from sim.inputs.scenario_reader import load_scenario
from sim.schema import validation
from sim.schema.disclaimer import NOT_A_FORECAST
from tests.app.command import ROOT
from tests.app.explore_page import (
    WORLDS,
    agree,
    agreed,
    checked,
    input_key,
    move,
    opened,
    pieces,
    state_of,
    strip,
    two_months,
)
from tests.app.hostile import DROPPED, IMAGE, LINKS, SCRIPT

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")]


def test_it_opens_on_a_working_result() -> None:
    """Six tiles, three charts, no error, not a forecast."""
    found = opened()
    assert strip(found).count('role="listitem"') == 6
    assert len(found.get("vega_lite_chart") or found.get("arrow_vega_lite_chart")) == 3
    assert not found.error
    assert any(NOT_A_FORECAST in body for body in pieces(found))
    agreed(found)


def test_on_the_baseline_nothing_is_compared() -> None:
    """No change, no verdict and no interval, until something is moved."""
    found = opened()
    text = " ".join(body for body in pieces(found) if 'class="summary"' in body or 'class="tiles"' in body)
    for words in ("no change", "significant", "the same in every world", "instead of", "interval", 'class="badge"'):
        assert words not in text, words
    assert "nothing is changed" in text
    move(found, "kabul.ghani.offer", 5000)
    [text] = [body for body in pieces(checked(found)) if 'class="summary"' in body]
    assert "differs from the baseline in Prisoners offered: 5,000 for the whole run." in text
    assert "with the change" in text or "instead of" in text
    assert 'class="badge"' in strip(found)


def test_sampled_assumptions_are_named_above_the_tiles_and_reset() -> None:
    """On the baseline too, where no lever is moved."""
    found = opened(assumptions="ranges")
    assert any("Each world has its own assumptions, from their ranges" in body for body in pieces(found))
    assert any("Uncertain assumptions: <b>over their ranges" in body for body in pieces(found))
    checked(found.button(key="reset").click().run())
    assert state_of(found).assumptions == "facts"
    assert found.button(key="reset").disabled


def test_a_guided_scenario_says_what_to_try() -> None:
    question = questions.questions()["all-at-once"]
    text = [html.unescape(one.value) for one in opened(scenario=question.scenario).markdown]
    assert f"**To try:** {question.to_do}" in text
    assert not [one.value for one in opened().markdown if "To try" in one.value]


@pytest.mark.parametrize("group", levers.groups())
def test_each_lever_moved_once(group: str) -> None:
    """Nothing fails, the address says the move, and the tiles are the engine's."""
    found = opened(form=two_months())
    if group != "Prisoners":
        found.pills(key="group").select(group).run()
    seen = list[tuple[State, str]]()
    for lever in levers.groups()[group]:
        key = f"lever:{lever.name}"
        if lever.flag:
            found.segmented_control(key=input_key(found, key)).select("no").run()
            wanted: Any = False
        else:
            slider = found.slider(key=input_key(found, key))
            value = slider.min if slider.value != slider.min else slider.max
            slider.set_value(value).run()
            wanted = value
        checked(found)
        assert validation.parse_scalar(state_of(found).changed(lever.name) or "") == wanted
        seen.append((state_of(found), strip(found)))
        found.button(key=f"leave:{lever.name}").click().run()
        assert not state_of(checked(found)).changes
    assert strip(found) == strip(opened(form=two_months()))
    agree(seen)


def test_a_lever_is_given_dates_by_hand() -> None:
    """Both dates, one, none: the address says it as a command would, and the tiles are the engine's."""
    found = opened()
    offer = "kabul.ghani.offer"
    assert not found.date_input
    move(found, offer, 5000)
    for key, day, text in (
        ("from", dt.date(2020, 5, 1), "5000@2020-05-01.."),
        ("until", dt.date(2020, 7, 1), "5000@2020-05-01..2020-07-01"),
        ("from", None, "5000@..2020-07-01"),
    ):
        found.date_input(key=f"{key}:{offer}").set_value(day).run()
        assert state_of(checked(found)).changed(offer) == text
        agreed(found)
    assert any("you impose 5,000 until 1 Jul" in body for body in pieces(found))
    move(found, offer, 4000)
    assert state_of(checked(found)).changed(offer) == "4000@..2020-07-01", "a move keeps the dates"
    found.date_input(key=input_key(found, f"until:{offer}")).set_value(None).run()
    assert state_of(checked(found)).changed(offer) == "4000"


def test_a_change_is_switched_off_and_on() -> None:
    """Off it has no effect, and the lever is free; on again it is what it was."""
    found, name = opened(form=two_months()), "us.aid_cut"
    free = strip(found)
    found.pills(key="group").select("US").run()
    assert not found.toggle
    move(found, name, 2.0)
    held, state = strip(found), state_of(checked(found))
    [switch] = found.toggle
    assert switch.label == "US aid withheld from Kabul: **2, the whole run**"
    checked(switch.set_value(False).run())
    assert (state_of(found).off, state_of(found).changes, strip(found)) == (state.changes, (), free)
    assert not any("you impose" in body for body in pieces(found))
    checked(found.toggle(key=input_key(found, f"on:{name}")).set_value(True).run())
    assert (state_of(found), strip(found)) == (state, held)
    checked(found.button(key="undo").click().run())
    assert not found.toggle(key=input_key(found, f"on:{name}")).value


def test_a_lever_is_held_on_the_days_on_which_the_scenario_changes_it() -> None:
    """The scenario offers 5,000 from 10 March: so does who offers 4,000 instead. Dates that were removed stay away."""
    found, offer = opened(scenario="all-5000-at-once"), "kabul.ghani.offer"
    move(found, offer, 4000)
    assert state_of(checked(found)).changed(offer) == "4000@2020-03-10.."
    assert any("you impose 4,000 from 10 Mar" in body for body in pieces(found))
    found.date_input(key=input_key(found, f"from:{offer}")).set_value(None).run()
    move(found, offer, 3000)
    assert state_of(checked(found)).changed(offer) == "3000"
    found.segmented_control(key=input_key(found, "lever:kabul.ghani.review")).select("yes").run()
    assert state_of(checked(found)).changed("kabul.ghani.review") == "true"


def test_dates_in_the_wrong_order_are_told_and_change_nothing() -> None:
    """The date goes back to what it was."""
    found = opened(set="us.aid_cut=1@2020-05-01..")
    found.pills(key="group").select("US").run()
    found.date_input(key=input_key(found, "until:us.aid_cut")).set_value(dt.date(2020, 4, 1)).run()
    assert len(checked(found).error) == 1
    assert state_of(found).changed("us.aid_cut") == "1@2020-05-01.."
    assert found.date_input(key=input_key(found, "until:us.aid_cut")).value is None
    assert found.date_input(key=input_key(found, "from:us.aid_cut")).value == dt.date(2020, 5, 1)


def test_assumptions_stand_apart_and_move() -> None:
    """One of each group; then every world draws its own."""
    found = opened(form=two_months())
    found.pills(key="group").select(sidebar.ASSUMPTIONS).run()
    for group, parameters in assumptions.uncertain().items():
        found.selectbox(key="assumptions").set_value(group).run()
        slider = found.slider(key=input_key(found, f"lever:{parameters[0].name}"))
        slider.set_value(slider.max if slider.value != slider.max else slider.min).run()
        assert state_of(checked(found)).changed(parameters[0].name) is not None
    found.radio(key=input_key(found, "assume")).set_value("ranges").run()
    assert state_of(checked(found)).assumptions == "ranges"


def test_undo_redo_replay_reset() -> None:
    """Each brings back what it says."""
    found = opened(form=two_months())
    first = strip(found)
    move(found, "kabul.ghani.offer", 5000)
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
    found.selectbox(key=input_key(found, "scenario")).set_value("all-5000-at-once").run()
    assert state_of(checked(found)).base == "all-5000-at-once"
    assert "5,000 released at once" in re.sub(r"&#(\d+);", lambda m: chr(int(m[1])), found.markdown[0].value)
    assert found.slider(key=input_key(found, "lever:kabul.ghani.offer")).value == 5000
    agreed(found)


def test_what_only_running_shows_is_told_and_can_be_undone() -> None:
    """Each setting is within its bounds; what follows from them leaves its own in a world that draws assumptions."""
    settings = ["security_forces.airstrike_share=0.99", "security_forces.taliban_share_in_attacks=0.05"]
    found = opened(set=settings, worlds="64")
    found.pills(key="group").select(sidebar.ASSUMPTIONS).run()
    checked(found).radio(key=input_key(found, "assume")).set_value("ranges").run()
    assert html.unescape(checked(found).error[0].value).startswith("security_forces.taliban_killed_per_offensive = ")
    found.button(key="undo").click().run()
    assert not checked(found).error
    agreed(found)


def test_a_change_that_others_need_cannot_be_taken_back() -> None:
    found = opened(set=[
        "reading.operations=killed", "security_forces.killed_per_operation=10.0",
        "security_forces.lethality_offensive=4.0",
    ])  # fmt: skip
    found.pills(key="group").select(sidebar.ASSUMPTIONS).run()
    name = "security_forces.killed_per_operation"
    group = next(group for group, some in assumptions.uncertain().items() if name in [one.name for one in some])
    found.selectbox(key="assumptions").set_value(group).run()
    before = state_of(found)
    checked(found.button(key=f"leave:{name}").click().run())
    assert "security_forces.lethality" in html.unescape(found.error[0].value)
    assert state_of(found) == before


def test_blanks_around_a_date_are_nothing() -> None:
    found = opened(set="kabul.ghani.offer=5000@ 2020-03-10 .. ")
    assert found.date_input(key=input_key(found, "from:kabul.ghani.offer")).value == dt.date(2020, 3, 10)
    assert found.date_input(key=input_key(found, "until:kabul.ghani.offer")).value is None


def test_two_visitors_do_not_disturb_each_other() -> None:
    """One moves; the other sees nothing of it."""
    one, other = opened(form=two_months()), opened(form=two_months())
    before = strip(other)
    move(one, "kabul.ghani.offer", 0)
    assert strip(checked(other.run())) == before
    assert strip(one) != before


@pytest.fixture(scope="module")
def visited() -> AppTest:
    """The app of a visitor who opens one link after the other."""
    return opened(seed="3", set="us.aid_cut=1")


@pytest.mark.parametrize("case", LINKS)
def test_a_hostile_link_is_told_and_changes_nothing(case: str, visited: AppTest) -> None:
    """The page says what is wrong, shows the last good state, and interprets nothing."""
    query, _ = LINKS[case]
    good = State(seed=3, worlds=int(WORLDS)).change("us.aid_cut", 1)
    visited.query_params.clear()
    visited.query_params.update({"worlds": WORLDS, **query})
    found = checked(visited.run())
    if case == DROPPED:  # no query is left, so this is the first page
        assert found.markdown[0].value == "# Begin here"
        return
    assert state_of(found) == good
    assert len(found.error) == 1
    text = found.error[0].value
    assert "nothing has changed" in text
    assert "<script" not in text
    assert "![" not in text


def test_a_title_is_text_wherever_it_stands() -> None:
    """Markup in a title reaches no element of the page as markup."""
    content = f'title = "{SCRIPT} {IMAGE} :smile: $x$ :red[y]"\nbase = "baseline"\n'
    from sim.inputs.scenario_reader import parse_scenario

    state = State(worlds=6).adopt(parse_scenario(content))
    found = opened(form=state.form)
    bodies = [m.value for m in found.markdown] + [c.value for c in found.caption]
    bodies += pieces(found)
    assert any("smile" in body for body in bodies), "the title stands nowhere"
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
            scenario_picker._open(path.name, path.read_bytes())
        assert refused == [path.name for path in bad]
        assert kept == []
        good = load_scenario("free-run")
        scenario_picker._open("good.toml", good.to_toml().encode())
    assert [state.scenario().hash() for state in kept] == [good.hash()]
