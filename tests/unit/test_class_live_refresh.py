"""Following an exercise: when a page has to be redrawn, and the clock that the browser counts down."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.classroom import live_refresh
from dashboard.classroom.live_refresh import CLOSED, STILL_HERE, Followed
from sim.errors import InputError


class Room:
    """An exercise at 100 s of both clocks, and how often a page fetched its view; version None: it cannot be read."""

    def __init__(self) -> None:
        self.now, self.at, self.view, self.fetched = 100.0, 7, ("open", "as it was"), 0
        self.gone = False

    def version(self, _: str, group: int | None) -> int:
        """The number of the last event, which was one of group 2."""
        return self.at if group in (None, 2) else 7

    def look(self) -> Any:
        """What a page is to show."""
        self.fetched += 1
        if self.gone:
            raise InputError("this exercise was deleted")
        return SimpleNamespace(version=self.at, phase=self.view[0], text=self.view[1])


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    """A room whose clocks the page reads."""
    found = Room()
    monkeypatch.setattr(live_refresh, "classroom", lambda: found)
    monkeypatch.setattr(live_refresh, "_shown", lambda view: view.text)
    monkeypatch.setattr(live_refresh, "time", SimpleNamespace(monotonic=lambda: found.now, time=lambda: found.now))
    return found


def page(room: Room, **more: Any) -> Followed:
    """A page that has been drawn to its end."""
    return replace(Followed("abc", 7, room.look, drawn="as it was", until=100.0 + STILL_HERE), **more)


def test_a_page_rests_without_fetching_anything_while_nothing_happens(room: Room) -> None:
    assert page(room).rests()
    assert room.fetched == 0


def test_what_happens_elsewhere_is_looked_at_once_and_redraws_nothing(room: Room) -> None:
    found, room.at = page(room), 8
    assert found.rests()
    assert found.rests()
    assert room.fetched == 1


def test_a_changed_view_is_redrawn(room: Room) -> None:
    found, room.at, room.view = page(room), 8, ("open", "an offer waits")
    assert not found.rests()


def test_what_another_group_does_is_not_even_looked_at(room: Room) -> None:
    found, room.at, room.view = page(room, group=1), 8, ("open", "an offer waits")
    assert found.rests()
    assert room.fetched == 0
    assert not page(room, group=2).rests()


def test_what_is_known_to_have_changed_is_not_fetched_again(room: Room) -> None:
    found, room.at, room.view = page(room), 8, ("open", "an offer waits")
    assert not found.rests()
    assert not found.rests()
    assert room.fetched == 1


def test_an_exercise_that_was_deleted_is_noticed_at_once(room: Room) -> None:
    found, room.at, room.gone = page(room), 0, True
    assert not found.rests()


def test_a_page_reports_that_its_visitor_is_present(room: Room) -> None:
    found = page(room)
    for _ in range(2):
        room.now += STILL_HERE
        assert found.rests()
    assert room.fetched == 2


def test_a_page_that_was_cut_off_or_whose_exercise_is_gone_is_redrawn(room: Room) -> None:
    assert not page(room, drawn=None).rests()
    found, room.at, room.gone = page(room), 8, True
    assert not found.rests()
    with pytest.raises(InputError, match="deleted"):
        found.changed()


def test_when_the_clock_has_run_out_the_view_is_fetched_and_a_closed_round_drawn_after_a_while(room: Room) -> None:
    found = page(room, ends=102.0)
    room.now = 102.0
    assert found.rests(), "its end is not an event yet"
    assert room.fetched == 1
    room.view = ("closed", "closed, not played yet")
    assert found.rests(), "it is about to be played"
    room.now += CLOSED
    assert not found.rests()


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
