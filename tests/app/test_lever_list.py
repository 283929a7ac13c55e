"""The levers on Explore: ordered by effect, curves that arrive in place, and those that do little folded away."""

import html
import threading
from typing import Any, cast

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.runs import cache, lever_responses, session
from dashboard.runs.background_job import BackgroundJob
from dashboard.runs.lever_responses import ResponseJob
from dashboard.state import lever_effects
from dashboard.state.ranked import RANKED
from dashboard.state.state import State
from dashboard.state.undo import UndoStack
from dashboard.widgets import lever_list
from dashboard.widgets.levers import groups
from sim.errors import InputError
from sim.inputs.scenario_reader import load_scenario
from sim.runs.runner import run_scenarios
from sim.schema.decisions import levers
from sim.schema.disclaimer import NOT_A_FORECAST
from tests.app.explore_page import checked, move, no_turn, opened, pieces, state_of, two_months

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")]

LITTLE = "kabul.ghani.monitoring"  # folded away where the question is whether talks open
OFFER = "kabul.ghani.offer"


@pytest.fixture(autouse=True)
def none_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """No curve is known from another test."""
    monkeypatch.setattr(lever_responses, "_KEPT", {})


def shown(found: AppTest) -> list[str]:
    """The names of the levers in the sidebar, from the top."""
    labels = {one.label: name for name, one in levers().items()}
    every = [one.label for one in _widgets(found.sidebar)]
    return [labels[label if label in labels else label.rpartition(",")[0]] for label in every]


def _widgets(block: Any) -> list[Any]:
    return [one for one in block if one.type in ("slider", "button_group") and one.label != "Whose decisions?"]


def fold(found: AppTest) -> Any:
    """The expander of the levers that do little."""
    [one] = [one for one in found.sidebar.expander if one.label.startswith(lever_list.LITTLE)]
    return one


def curves(found: AppTest) -> list[str]:
    """What the page says of the levers' curves, from the top."""
    return [body.partition('<div class="response')[2] for body in pieces(found) if 'class="response' in body]


def computed(found: AppTest, group: str = "Prisoners") -> AppTest:
    """The page with its curves, which are begun by the browser."""
    ResponseJob(state_of(found), groups()[group]).wait()
    return checked(found.run())


def test_the_job_has_the_means_of_the_engine() -> None:
    """At five values of a lever, two of a yes or no: on the days of the scenario, and with the visitor's changes."""
    state = State(base="all-5000-at-once", worlds=5, seed=3).change("us.aid_cut", 1)
    some = [levers()["kabul.ghani.offer"], levers()["kabul.ghani.review"]]
    job = ResponseJob(state, some)
    job.wait()
    assert not job.error
    found = lever_responses.known(state, some)
    assert [found[lever.name].values for lever in some] == [(0, 1250, 2500, 3750, 5000), (0, 1)]
    settings = [f"{OFFER}={n}@2020-03-10.." for n in (0, 1250, 2500, 3750, 5000)]
    settings += ["kabul.ghani.review=false", "kabul.ghani.review=true"]
    base = load_scenario("all-5000-at-once").with_settings(["us.aid_cut=1"])
    runs = run_scenarios([base.with_settings([one]) for one in settings], 5, 3)
    for outcome in RANKED:
        means = [float(run.outcomes[outcome].values.mean()) for run in runs]
        assert [*found[OFFER].means[outcome], *found["kabul.ghani.review"].means[outcome]] == means


def test_a_levers_own_curve_stays_known_when_it_is_moved() -> None:
    """The others' are of another scenario then; a state whose curves are known runs nothing."""
    state, some = State(worlds=2, form=two_months(), base=""), groups()["Abdullah's camp"]
    ResponseJob(state, some).wait()
    assert set(lever_responses.known(state, some)) == {one.name for one in some}
    moved = state.change(some[0].name, 1)
    assert set(lever_responses.known(moved, some)) == {some[0].name}
    assert not lever_responses.known(State(worlds=2, form=two_months(), base="", seed=1), some)
    with no_turn():
        again = ResponseJob(state, some)
        again.wait()
        assert again.share == 1


def test_it_keeps_no_more_than_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lever_responses, "MOST_KEPT", 1)
    state, some = State(worlds=2, form=two_months(), base=""), groups()["Abdullah's camp"]
    ResponseJob(state, some).wait()
    assert list(lever_responses.known(state, some)) == [some[-1].name]


def test_a_move_cancels_the_curves_under_way() -> None:
    """They wait for their turn behind the main answer, and are gone with the state that they are of."""
    with no_turn():
        found = opened(form=two_months())
        job = ResponseJob(state_of(found), groups()["Prisoners"])
        found.session_state["aside"] = job
        move(found, OFFER, 3000)
        assert job.cancelled
        job.wait()
        assert job.share == 0
    assert not lever_responses.known(job.state, job.levers)


def test_the_page_begins_no_curves_before_the_reader_rests() -> None:
    """The page's own run draws their places; the browser asks for them later."""
    found = opened(form=two_months())
    assert "aside" not in found.session_state
    assert not [one.name for one in threading.enumerate() if one.name == ResponseJob.name]
    assert len(curves(found)) == len(groups()["Prisoners"])
    assert not any("aria-label" in body for body in curves(found))
    assert any(one.value == "The curves follow." for one in found.caption)


def test_curves_wait_until_the_page_shows_all_worlds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Worlds that have been run, but are not yet shown, are drawn first."""
    kept: dict[str, Any] = {session.HISTORY: UndoStack(State(worlds=130, form=two_months(), base="", seed=83))}
    monkeypatch.setattr(st, "session_state", cast("Any", kept))
    assert not session.answering()()
    refinement = session.refine()
    assert refinement is not None
    answering = session.answering()
    assert answering()
    refinement.wait()
    assert not refinement.running
    assert answering()
    assert session.refine() is None
    assert answering()
    session.complete()
    assert not answering()
    assert not session.answering()()


@pytest.mark.parametrize("how", ["cancelled", "failed"])
def test_curves_do_not_wait_for_worlds_that_never_come(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise InputError("out of bounds", path="x")

    kept: dict[str, Any] = {session.HISTORY: UndoStack(State(worlds=130, form=two_months(), base="", seed=84))}
    monkeypatch.setattr(st, "session_state", cast("Any", kept))
    monkeypatch.setattr(cache, "run_scenarios", fails)
    with no_turn():
        refinement = session.refine()
        assert refinement is not None
        assert session.answering()()
        if how == "cancelled":
            refinement.cancel()
            refinement.wait()
    refinement.wait()
    assert refinement.cancelled is (how == "cancelled")
    assert bool(refinement.error) is (how == "failed")
    assert not session.answering()()


def test_curves_arrive_in_place_and_move_nothing() -> None:
    """The order, and the boxes, are the same before and after; then each curve says its finding."""
    before = opened(form=two_months())
    order = shown(before)
    after = computed(before)
    assert shown(after) == order
    assert len(curves(after)) == len(order)
    assert all('aria-label="' in body for body in curves(after))
    assert any('aria-label="From 0 to 5,000 people: talks open in ' in body for body in curves(after))
    assert not any("curves" in one.value.lower() and "mean of" not in one.value for one in after.caption)
    assert any("mean of 6 worlds" in one.value and NOT_A_FORECAST in one.value for one in after.caption)


def test_after_a_move_the_curves_of_before_stay_without_numbers() -> None:
    found = computed(opened(form=two_months()))
    move(found, OFFER, 3000)
    said = dict(zip(shown(checked(found)), curves(found), strict=True))
    assert "aria-label" in said.pop(OFFER), "its own curve is the same"
    assert not any("aria-label" in body for body in said.values())
    assert any(body.startswith(" old") for body in said.values())
    assert all("aria-label" in body for body in curves(computed(found)))


@pytest.mark.parametrize("outcome", ["reached_talks_open", "returned_to_fighting"])
def test_levers_are_ordered_by_what_they_do_to_the_outcome(outcome: str) -> None:
    found = opened(form=two_months())
    checked(found.sidebar.selectbox(key=lever_list.OUTCOME).set_value(outcome).run())
    assert state_of(found).outcome == outcome
    assert shown(opened(form=two_months(), outcome=outcome)) == shown(found), "the link keeps it"
    main, folded = lever_effects.saved().ordered([one.name for one in groups()["Prisoners"]], outcome)
    assert shown(found) == main + folded
    if folded:
        assert fold(found).label == f"{lever_list.LITTLE} ({len(folded)})"
        last = _widgets(found.sidebar)[-len(folded) :]
        assert [one.label for one in _widgets(fold(found))] == [one.label for one in last]


def test_what_does_little_is_closed_until_one_of_it_is_changed() -> None:
    """By the visitor, after whom it stays open, or by the scenario."""
    found = opened(form=two_months())
    assert not fold(found).proto.expanded
    move(found, LITTLE, 1.0)
    assert fold(checked(found)).proto.expanded
    found.button(key=f"leave:{LITTLE}").click().run()
    assert fold(checked(found)).proto.expanded, "the reset closed it under the pointer"
    imposing = State().adopt(load_scenario("baseline").with_settings([f"{LITTLE}=1"])).form
    assert fold(opened(form=imposing)).proto.expanded


def test_a_group_of_which_every_lever_does_little_is_open() -> None:
    found = opened(form=two_months())
    found.pills(key="group").select("Security Council").run()
    assert fold(checked(found)).proto.expanded


def test_on_another_scenario_the_page_says_whose_order_it_is() -> None:
    words = "Ordered by what each lever does in the baseline."
    assert any(words in one.value for one in opened(scenario="free-run").caption)
    assert not any(words in one.value for one in opened().caption)


def test_curves_that_cannot_be_computed_are_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page goes on without them, and does not try again."""

    def fails(*_: Any, **__: Any) -> None:
        raise InputError("out of *bounds*", path="x")

    monkeypatch.setattr(lever_responses, "run_scenarios", fails)
    found = opened(form=two_months())
    job = ResponseJob(state_of(found), groups()["Prisoners"])
    job.wait()
    found.session_state["aside"] = job
    said = [html.unescape(one.value) for one in checked(found.run()).caption]
    assert "No curves: x: out of *bounds*." in said
    assert found.session_state["aside"] is job


def test_one_job_for_one_state_and_another_for_other_levers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks again gets the same job; another group cancels it."""
    kept: dict[str, BackgroundJob] = {}
    monkeypatch.setattr(st, "session_state", cast("Any", kept))
    state = State(worlds=2, form=two_months(), base="")
    with no_turn():
        first = lever_responses.begin(state, groups()["Prisoners"])
        assert lever_responses.begin(state, groups()["Prisoners"]) is first
        second = lever_responses.begin(state, groups()["US"])
        assert first.cancelled
        assert second is not first
        session.drop_aside()
        assert second.cancelled
