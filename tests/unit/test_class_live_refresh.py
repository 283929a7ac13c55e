"""Following an exercise: when the page's fragment may rest, and the clock that the browser counts down."""

from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.classroom import live_refresh
from dashboard.runs import idle_fragments
from sim.errors import InputError

KEY = ("session", "fragment")


class Room:
    """An exercise at a version; None if its file cannot be read."""

    number: int | None = 7

    def version(self, _: str) -> int:
        """The number of the last event."""
        if self.number is None:
            raise InputError("the file of exercises cannot be used")
        return self.number


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    """A room at version 7 whose page has been drawn, at 100 s of both clocks."""
    found = Room()
    monkeypatch.setattr(live_refresh, "classroom", lambda: found)
    monkeypatch.setattr(live_refresh, "st", SimpleNamespace(session_state={"class-fragment": KEY}))
    at(monkeypatch, 100.0)
    return found


def at(monkeypatch: pytest.MonkeyPatch, now: float) -> None:
    """Set both clocks."""
    monkeypatch.setattr(live_refresh, "time", SimpleNamespace(monotonic=lambda: now, time=lambda: now))


def view(**more: Any) -> Any:
    """What a page shows."""
    return SimpleNamespace(**{"exercise": "abc", "version": 7, "frozen": False, "deadline": None} | more)


def test_a_page_rests_until_something_happens(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    live_refresh._rest(view())
    assert idle_fragments.skips(*KEY)
    assert not idle_fragments.skips("session", "another fragment")
    room.number = 8
    assert not idle_fragments.skips(*KEY)
    room.number = None
    assert not idle_fragments.skips(*KEY), "the page says that the file cannot be read"
    room.number = 7
    at(monkeypatch, 100 + live_refresh.STILL_HERE)
    assert not idle_fragments.skips(*KEY), "it reports that the visitor is present"


@pytest.mark.parametrize(("frozen", "rests"), [(False, False), (True, True)])
def test_a_page_rests_until_the_round_ends(
    room: Room, monkeypatch: pytest.MonkeyPatch, *, frozen: bool, rests: bool
) -> None:
    live_refresh._rest(view(deadline=102.0, frozen=frozen))
    at(monkeypatch, 101.9)
    assert idle_fragments.skips(*KEY)
    at(monkeypatch, 102.0)
    assert idle_fragments.skips(*KEY) is rests
    assert room.number == 7


def test_a_page_that_is_drawn_anew_does_not_rest(room: Room) -> None:
    live_refresh._rest(view())
    idle_fragments.run_again(KEY)
    assert not idle_fragments.skips(*KEY)
    assert room.number == 7


@pytest.mark.parametrize(
    ("deadline", "frozen", "shown"),
    [
        (None, False, ""),
        (400.0, True, '<div class="clock" role="timer">The clock is stopped</div>'),
        (400.0, False, '<div class="clock" role="timer" data-left="300.000" data-soon="60">5:00 left</div>'),
        (142.5, False, '<div class="clock soon" role="timer" data-left="42.500" data-soon="60">0:42 left</div>'),
        (100.0, False, '<div class="clock soon" role="timer" data-left="0.000" data-soon="60">Time is up</div>'),
    ],
)
def test_the_clock(deadline: float | None, shown: str, *, frozen: bool) -> None:
    assert live_refresh._clock(deadline, 100.0, frozen=frozen) == shown
