"""Evidence checks what its command checks, keeps a visitor's own scenario apart, and says what cannot be run."""

import shlex
from collections.abc import Sequence
from typing import Any

import pytest

from dashboard.pages import evidence
from dashboard.render import cliff_table
from dashboard.runs import cache
from dashboard.state.state import State
from sim.analysis.cliff_summary import read_summary
from sim.analysis.fact_checks import REFERENCE, check_run
from sim.errors import InputError
from sim.inputs.parameters import catalogue
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario
from sim.results.results import Results
from sim.runs.runner import simulate
from sim.study.model_hash import model_hash
from tests.app.command import document
from tests.app.explore_page import input_key
from tests.app.screen import links, opened, sound, tables, texts

pytestmark = pytest.mark.slow

WORLDS = 16

# If assumptions are sampled per world, the other shares leave no room for this value in a few worlds.
IMPOSSIBLE = "security_forces.lethality_offensive=0.369"


def rows(table: dict[str, list[str]]) -> list[tuple[str, str, str]]:
    """What is checked of which scenario, and whether it holds."""
    return list(zip(table["scenario"], table["the text says"], table["verdict"], strict=True))


@pytest.mark.parametrize("assumptions", ["point", "ranges"])
def test_the_command_gives_the_checks_of_the_page(assumptions: str) -> None:
    """Of the three scenarios and of one's own, over as many worlds, also where each world draws its own values."""
    app = opened("evidence", scenario="no-review", assumptions=assumptions, seed="5")
    [text] = [code.value for code in app.code if "jirga facts" in code.value]
    found = [document(*shlex.split(line)[1:]) for line in text.splitlines()]
    yours = {"no-review": "yours"}
    checks = [
        (yours.get(one["scenario"], one["scenario"]), one["claim"], one["holds"])
        for some in found
        for one in some["facts"]
    ]
    page = [(scenario, claim, verdict == "holds") for scenario, claim, verdict in rows(tables(app)[0])]
    assert page == checks
    assert {one["worlds"] for one in found} == {16}


def test_the_command_runs_no_more_worlds_than_the_page() -> None:
    state = State(base="no-review", worlds=1000, world=999)
    first, second = evidence._command(state).splitlines()
    assert first.endswith(f"--worlds {evidence.WORLDS}")
    assert second == f"jirga run no-review --seed 0 --worlds {evidence.WORLDS}"


def test_ones_own_scenario_differs_and_does_not_count() -> None:
    """Power shared in March is about S17; that it comes out otherwise is no fault of the model."""
    app = opened("evidence", scenario="power-shared-in-march", worlds="64")
    found = rows(tables(app)[0])
    known = [verdict for scenario, _, verdict in found if scenario in REFERENCE]
    own = [verdict for scenario, _, verdict in found if scenario == "yours"]
    assert set(known) <= {"holds", "FAILS"}
    assert "differs" in own
    assert "FAILS" not in own
    assert f"{known.count('holds')} of {len(known)} checks hold over 64 worlds" in texts(app)
    assert f"in {own.count('holds')} of {len(own)}" in texts(app)
    assert "Your own scenario" not in texts(opened("evidence"))


def test_shares_are_spelled_in_one_way_and_the_verdict_is_first() -> None:
    app = opened("evidence")
    facts = tables(app)[0]
    assert "at least 95 %" in facts["target"]
    assert next(iter(facts)) == "verdict", "on a phone it is read first"
    assert set(tables(app)[3]) == set(evidence.NUMBER_WIDTHS)


def test_the_page_shows_the_saved_search_for_cliffs() -> None:
    """Its worst ten, and that it is of another version of the model exactly if it is."""
    saved = read_summary()
    app = opened("evidence")
    shown = tables(app)[4]
    assert shown == cliff_table.rows(saved)
    assert len(shown["name"]) == cliff_table.ROWS
    assert ("another version of the model" in texts(app)) == (saved.model != model_hash())


def test_a_search_of_another_version_of_the_model_says_so() -> None:
    saved = read_summary()
    assert "another version" in cliff_table.about(saved, "0" * 64)
    assert "another version" not in cliff_table.about(saved, saved.model)


def test_a_world_that_the_engine_does_not_run_is_said_on_its_page() -> None:
    """The link is sound, and so are most worlds: the page says why this one is not, and another can be chosen."""
    app = opened("one_world", set=[IMPOSSIBLE], assumptions="ranges", worlds="1000", world="850")
    assert len(app.error) == 1
    assert "cannot be run" in app.error[0].value
    assert "not allowed in world" in texts(app)
    sound(app.number_input(key=input_key(app, "number")).set_value(849).run())
    assert not app.error
    assert "World 849 of" in texts(app)


def test_evidence_of_what_the_engine_does_not_run_says_so_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(scenarios: Sequence[Scenario], *_: Any, **__: Any) -> list[Results]:
        raise InputError("not <b>allowed</b> in world 3", path=scenarios[-1].name)

    opened("evidence", set=[IMPOSSIBLE], assumptions="ranges", worlds="1000")  # as it stands, it runs
    monkeypatch.setattr(cache, "several", refuse)
    app = opened("evidence", set=[IMPOSSIBLE])
    assert "cannot be run" in app.error[0].value
    assert "<b>" not in app.error[0].value
    assert not app.button(key="reset").disabled


def test_the_facts_are_those_that_the_engine_checks() -> None:
    app = opened("evidence")
    checks = [one for name in REFERENCE for one in check_run(simulate(load_scenario(name), WORLDS))]
    table = tables(app)[0]
    assert table["the text says"] == [one.check.claim for one in checks]
    assert table["verdict"] == ["holds" if one.holds else "FAILS" for one in checks]
    assert f"{sum(one.holds for one in checks)} of {len(checks)} checks hold" in texts(app)


def test_every_parameter_is_listed_and_can_be_found() -> None:
    app = opened("evidence")
    assert set(tables(app)[3]["name"]) == set(catalogue())
    sound(app.text_input(key="parameters-search").set_value("leverage taliban").run())
    found = tables(app)[3]["name"]
    assert "taliban.leverage" in found
    assert len(found) < 20
    sound(app.multiselect(key="parameters-kind").set_value(["stated"]).run())
    assert {*tables(app)[3].get("kind", [])} <= {"stated"}


def test_the_other_reading_is_a_change_of_the_scenario_and_back() -> None:
    app = opened("evidence")
    sound(app.radio(key=input_key(app, "set-reading.attacks")).set_value("government").run())
    assert links(app)["set"] == ["reading.attacks=government"]
    sound(app.radio(key=input_key(app, "set-reading.operations")).set_value("killed").run())
    assert set(links(app)["set"]) == {"reading.attacks=government", "reading.operations=killed"}
    sound(app.radio(key=input_key(app, "set-reading.attacks")).set_value("text").run())
    sound(app.radio(key=input_key(app, "set-reading.operations")).set_value("operations").run())
    assert "set" not in links(app)
    sound(app.slider(key=input_key(app, "set-us.troops_at_signing")).set_value(12500.0).run())
    assert links(app)["set"] == ["us.troops_at_signing=12500.0"]


def test_a_changed_parameter_is_shown_beside_the_models() -> None:
    app = opened("evidence", set=["taliban.leverage=0.5"])
    table = tables(app)[3]
    row = table["name"].index("taliban.leverage")
    assert (table["here"][row], sum(bool(one) for one in table["here"])) == ("0.5", 1)


def test_the_description_and_its_limits_are_there() -> None:
    known = evidence.sections()
    assert {"Overview", "Design concepts", "Details", "What is left out, and what is wrong"} <= set(known)
    assert "Civilians" in texts(opened("evidence"))
    assert not [name for name, text in known.items() if "](" in text]
