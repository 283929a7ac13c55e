"""More worlds in the background: shown in place, dropped, stopped, failed, evicted from the cache."""

import html
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.pages import explore
from dashboard.runs import cache, session
from sim.errors import InputError
from tests.app.explore_page import checked, expected, input_key, move, no_turn, opened, state_of, strip, two_months

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")]

OFFER = "kabul.ghani.offer"


def test_more_worlds_refine_in_place() -> None:
    """First 64 worlds at once; then all of them."""
    cache.RUN_CACHE.clear()
    with no_turn():
        found = opened(worlds="130", seed="77")
        state = state_of(found)
        assert strip(found) == expected(state, 64)
    found.session_state["refinement"].wait()
    assert cache.ready(state) == 130
    assert strip(checked(found.run())) == expected(state, 130)


def test_worlds_that_come_while_the_page_is_drawn_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first answer was read before the refinement was over, and its status after: the page is drawn again."""
    cache.RUN_CACHE.clear()
    refine = session.refine

    def over_at_once() -> cache.Refinement | None:
        found = refine()
        if found is not None:
            found.wait()
        return found

    monkeypatch.setattr(session, "refine", over_at_once)
    found = opened(worlds="130", seed="79")
    assert found.caption[0].value.startswith("130 worlds, each with its own luck")
    assert strip(found) == expected(state_of(found), 130)


def test_worlds_evicted_from_the_cache_are_run_again() -> None:
    """A refinement that is over is no reason to stay at the first answer."""
    cache.RUN_CACHE.clear()
    found = opened(worlds="130", seed="80")
    first = found.session_state["refinement"]
    first.wait()
    cache.RUN_CACHE.clear()
    checked(found.run())
    assert found.session_state["refinement"] is not first
    found.session_state["refinement"].wait()
    assert found.run().caption[0].value.startswith("130 worlds, each")


def test_stopped_or_failed_stays_so_and_says_why() -> None:
    """Neither begins again by itself."""
    cache.RUN_CACHE.clear()
    with no_turn():
        found = opened(worlds="4000", seed="81")
        work = found.session_state["refinement"]
        work.cancel()
        work.wait()
    assert found.run().caption[0].value.startswith("64 worlds of 4,000 (stopped)")
    found.selectbox(key=input_key(found, "series")).set_value("us_troops").run()  # another look at the same runs
    assert found.caption[0].value.startswith("64 worlds of 4,000 (stopped)")
    assert found.session_state["refinement"] is work


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (MemoryError(), "64 worlds of 4,000 (not enough memory for so many worlds)"),
        (InputError("out of *bounds*", path="x"), "64 worlds of 4,000 (x: out of *bounds*)"),
    ],
)
def test_a_refinement_that_fails_says_why_and_is_not_begun_again(
    fault: Exception, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.RUN_CACHE.clear()
    run = cache._run

    def fails(group: Any, *rest: Any) -> Any:
        if any(worlds > cache.FIRST for _, _, worlds, _ in group):
            raise fault
        return run(group, *rest)

    monkeypatch.setattr(cache, "_run", fails)
    found = opened(worlds="4000", seed="82")
    work = found.session_state["refinement"]
    work.wait()
    assert html.unescape(found.run().caption[0].value).startswith(text)
    assert found.session_state["refinement"] is work


def test_another_move_drops_the_refinement_under_way() -> None:
    """It ends at once, and all worlds of the new state are running instead."""
    with no_turn():
        found = opened(worlds="4000", seed="78")
        first = found.session_state["refinement"]
        assert first.running
        move(found, OFFER, 3000)
        assert first.cancelled
        first.wait()
        assert first.share < 1
        second = found.session_state["refinement"]
        assert second.state == state_of(checked(found))
        assert strip(found) == expected(second.state, cache.FIRST)
        second.cancel()
        second.wait()


def test_the_next_moves_of_a_slider_are_computed_in_advance() -> None:
    """Four at once; whoever moves on as before starts no run until only one is left, and whoever turns back does."""
    cache.RUN_CACHE.clear()
    found = opened(form=two_months(), seed="81")
    for value in (2500, 2600):
        move(found, OFFER, value)
    ahead = found.session_state["ahead"]
    ahead.wait()
    assert [_ready(found, value) for value in (2700, 2800, 2900, 3000, 3100)] == [True, True, True, True, False]
    for value in (2700, 2800):
        move(found, OFFER, value)
        assert found.session_state["ahead"] is ahead
    move(found, OFFER, 2900)
    assert found.session_state["ahead"] is not ahead
    found.session_state["ahead"].wait()
    assert _ready(found, 3300)
    onward = found.session_state["ahead"]
    move(found, OFFER, 2400)
    assert found.session_state["ahead"] is not onward


def test_where_more_worlds_are_wanted_fewer_moves_are_computed_in_advance() -> None:
    """Two at once, and none while the next is ready: all worlds of the present state wait for them."""
    cache.RUN_CACHE.clear()
    found = opened(form=two_months(), seed="82", worlds="65")
    with no_turn():
        for value in (2500, 2600):
            move(found, OFFER, value)
        ahead = found.session_state["ahead"]
        ahead.wait()
        assert [_ready(found, value, cache.FIRST) for value in (2700, 2800, 2900)] == [True, True, False]
        move(found, OFFER, 2700)
        assert found.session_state["ahead"] is ahead
        move(found, OFFER, 2800)
        assert found.session_state["ahead"] is not ahead
        found.session_state["ahead"].wait()
        assert [_ready(found, value, cache.FIRST) for value in (2900, 3000, 3100)] == [True, True, False]


def test_the_number_of_worlds_is_drawn_with_their_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """A first answer is followed by the levers; the number of all worlds by nothing that it has to wait for."""
    cache.RUN_CACHE.clear()
    drawn: list[str] = []

    def noted(part: str, draw: Callable[..., None]) -> Callable[..., None]:
        def noting(*given: Any, **named: Any) -> None:
            drawn.append(part)
            draw(*given, **named)

        return noting

    for part in ("_status", "_side"):
        monkeypatch.setattr(explore, part, noted(part, getattr(explore, part)))
    with no_turn():
        found = opened(form=two_months(), worlds="65", seed="83")
        assert drawn == ["_side", "_status"]
    found.session_state["refinement"].wait()
    drawn.clear()
    assert checked(found.run()).caption[0].value.startswith("65 worlds, each")
    assert drawn == ["_status", "_side"]


def _ready(found: AppTest, value: int, worlds: int = 0) -> bool:
    """Whether the answer to another value of the offer, held on the same days, is known. worlds: those of the link."""
    state = state_of(found)
    _, at, dates = str(state.changed(OFFER)).partition("@")
    other = state.change(OFFER, f"{value}{at}{dates}")
    return cache.kept(other.scenario(), other.seed, worlds or other.worlds, other.assumptions)


def test_the_lock_of_a_run_is_one_until_nobody_waits_for_it() -> None:
    """A visitor who gives up a run must not let two others run it at once."""
    run_cache, key = cache.RunCache(), ("hash", 0, 64, "point")
    first, second = run_cache.lock_for(key), run_cache.lock_for(key)
    assert first is second
    run_cache.release(key)
    assert run_cache.lock_for(key) is first
    run_cache.release(key)
    run_cache.release(key)
    assert run_cache.lock_for(key) is not first
