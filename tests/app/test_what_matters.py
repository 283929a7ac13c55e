"""What matters: every scenario once, the largest significant effect first, as the engine gives it."""

import html
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.pages import what_matters
from dashboard.runs import ranking
from dashboard.state.state import State
from sim.inputs.scenario_reader import load_scenario, scenario_names
from sim.results.comparison import Comparison
from sim.runs.runner import run_scenarios
from tests.app.screen import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")]

WORLDS = 16


@pytest.fixture(autouse=True)
def few_worlds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "WORLDS", WORLDS)
    monkeypatch.setattr(ranking, "_KEPT", {})


def _script() -> None:
    import streamlit as st

    from dashboard.pages import explore, what_matters
    from dashboard.runs import session

    session.take_link()
    sandbox = st.Page(explore.page, title="Explore", url_path="explore")
    st.navigation([st.Page(lambda: what_matters.page(sandbox), title="x", url_path="x", default=True), sandbox]).run()
    session.put_link()


def test_the_ranking_on_the_page_is_the_engines() -> None:
    app = AppTest.from_function(_script, default_timeout=PATIENCE)
    app.run()
    assert not app.exception, app.exception
    app.session_state["ranking"].wait()
    app.run()
    assert not app.exception, app.exception
    found = ranking.known(State())
    assert set(found) == {n for n in scenario_names() if n not in ("baseline", "free-run", "same-window-2019")}
    rows = what_matters.ranked({name: effects[0] for name, effects in found.items()})
    sizes = [abs(one.effect) for _, one in rows if one.significant]
    assert sizes == sorted(sizes, reverse=True)
    assert [one.significant for _, one in rows] == sorted((one.significant for _, one in rows), reverse=True)
    name, top = rows[0]
    pair = Comparison(*run_scenarios([load_scenario("baseline"), load_scenario(name)], WORLDS, 0))
    assert pair.table(["reached_talks_open"]) == [top]
    links: list[Any] = list(app.get("page_link"))
    assert len(links) == what_matters.LINKS
    shown = html.unescape(str(links[0].proto.label))
    assert shown == f"{load_scenario(name).title}: {what_matters.said(top)}"
    assert f"scenario={name}" in str(links[0].proto)
    app.selectbox(key="rank-outcome").set_value("attacks").run()
    assert not app.exception, app.exception
    assert app.query_params["outcome"] == "attacks"
    assert all("outcome=attacks" in str(one.proto) for one in app.get("page_link")), "Explore opens with it too"
