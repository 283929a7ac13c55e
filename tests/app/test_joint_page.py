"""Compare: two things and both together, chosen on the page, kept in the link, answered as the engine does."""

import shlex
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.render import joint_panel
from dashboard.runs import joint_runs
from dashboard.state.state import State, read_query
from sim.analysis.joint_effects import compare_joint
from sim.analysis.joint_scenario import together
from sim.analysis.joint_words import VERDICTS, sentence
from sim.errors import InputError
from sim.inputs.scenario_reader import load_scenario
from tests.app.command import document
from tests.app.explore_page import input_key, two_months
from tests.app.screen import links, opened, sound, tables, texts

pytestmark = pytest.mark.slow

PAIR = ["all-5000-at-once", "power-shared-in-march"]
WORLDS = 16


def page(**query: Any) -> AppTest:
    """The page over two months, which takes less time."""
    return opened("compare", **({"form": two_months()} | query))


def test_one_click_answers_for_the_two_that_are_shown() -> None:
    app = page(also=PAIR)
    assert "both together" not in texts(app)
    sound(app.button(key="pair-run").click().run())
    assert links(app)["both"] == PAIR
    reference = State(form=two_months(), base="").reference()
    a, b = (load_scenario(name).with_dates(reference.start, reference.end) for name in PAIR)
    rows = {one.outcome: one for one in compare_joint(reference, a, b, WORLDS).table()}
    text = texts(app)
    for name in joint_panel.HEADLINES:
        assert sentence(rows[name]) in text, (name, text)
    table = tables(app)[0]
    assert table["both together do"] == [VERDICTS[rows[name].verdict] for name in joint_panel.TABLED if name in rows]
    sound(app.button(key="pair-close").click().run())
    assert "both" not in links(app)
    assert "both together" not in texts(app)


def test_a_choice_is_answered_at_once_and_stands_in_the_link() -> None:
    app = page(also=PAIR)
    sound(app.selectbox(key=input_key(app, "pair-1")).set_value("no-review").run())
    assert links(app)["both"] == [PAIR[0], "no-review"]
    assert "and both together" in texts(app)
    assert "Both change: Review of the list" in texts(app)
    sound(app.selectbox(key=input_key(app, "pair-0")).set_value("no-review").run())
    assert links(app)["both"] == ["no-review", PAIR[0]], "they change places"


def test_changes_of_the_reader_are_things_too() -> None:
    changes = ["kabul.ghani.offer=5000@2020-03-10..", "us.aid_cut=1"]
    app = page(set=changes)
    sound(app.button(key="pair-run").click().run())
    assert links(app)["both"] == ["kabul.ghani.offer", "us.aid_cut"]
    assert "Prisoners offered: 5,000 from 10 Mar, US aid withheld from Kabul: 1, and both together" in texts(app)
    state = State(changes=tuple((n, w) for n, w in (line.split("=") for line in changes)), both=("yours", "no-review"))
    found = joint_runs.joint(state)
    assert found is not None
    assert found.a == state.scenario()
    alone = joint_runs.joint(State(changes=state.changes, both=("kabul.ghani.offer", "us.aid_cut")))
    assert alone is not None
    assert alone.both.hash() == state.scenario().hash()
    gone = joint_runs.joint(State(both=("kabul.ghani.offer", "no-review")))
    assert gone is not None
    assert gone.names[0] == "Prisoners offered: not changed"


def test_two_that_exclude_each_other_are_told_and_the_page_goes_on() -> None:
    app = page(also=["no-review"], both=["all-5000-at-once", "free-run"])
    [warning] = app.warning
    assert "These two exclude each other" in warning.value
    assert "What each scenario changes" in texts(app)


@pytest.mark.parametrize(
    "both", [["no-review"], ["no-review"] * 2, ["no-review", "x"], ["a.b", "yours"], ["yours"] * 3]
)
def test_a_wrong_pair_in_a_link_is_refused(both: list[str]) -> None:
    with pytest.raises(InputError, match="both"):
        read_query({"both": both})


@pytest.mark.parametrize("state", [
    State(both=("all-5000-at-once", "power-shared-in-march"), worlds=2, seed=3),
    State(changes=(("us.aid_cut", "1"),), both=("yours", "no-review"), worlds=2, assumptions="point"),
])  # fmt: skip
def test_the_command_gives_the_same_worlds(state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = joint_runs.joint(state)
    assert found is not None
    monkeypatch.chdir(tmp_path)
    Path("scenario.toml").write_text(state.scenario().to_toml(), encoding="utf-8")
    given = document(*shlex.split(joint_runs.command(state, found))[1:], "--on", "attacks")
    assert given["runs"]["both"]["hash"] == found.both.hash()
    assert (given["seed"], given["worlds"], given["assumptions"]) == (state.seed, 2, state.assumptions)
    assert together(state.reference(), found.a, found.b).hash() == found.both.hash()


def test_where_no_command_gives_them_it_says_so() -> None:
    state = State(changes=(("us.aid_cut", "1"),), both=("us.aid_cut", "no-review"))
    found = joint_runs.joint(state)
    assert found is not None
    assert joint_runs.command(state, found).startswith("# The joint effects: jirga compare BASE.toml")
