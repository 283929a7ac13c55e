"""Who is present: whose device asks for something, and who answers when asked after minutes of silence. Not stored.

A phone that lies on a table asks for its page like one that is read. So if nothing has come from a phone for QUIET
seconds of an open round, it asks whether somebody is still there. Nothing is lost if nobody answers: the seat, its
orders and its forecasts stay, and who answers later is present again.
"""

import time
from collections.abc import Callable
from typing import Final, Literal

from sim.exercise.event_store import Place
from sim.exercise.state import ExerciseState
from sim.exercise.watchers import WATCHERS

Standing = Literal["present", "idle", "asked", "gone"]

PRESENT: Final = 30.0  # seconds since a device's last request during which it counts as present
QUIET: Final = 300.0  # seconds in an open round without anything from a phone, after which it asks
IDLE: Final = QUIET / 2  # the same after which the teacher's page says that it is idle
UNANSWERED: Final = 60.0  # seconds after which somebody who does not answer is gone


def may_ask(state: ExerciseState, who: Place) -> bool:
    """Return whether a student's phone may ask now: in an open round that does not last for days, if the seat plays."""
    return state.phase == "open" and not state.frozen and state.due is None and who.seat not in WATCHERS


class Presence:
    """When each student's device was last heard of, when something was last done on it, and since when it asks."""

    def __init__(self, clock: Callable[[], float] | None = None) -> None:
        """clock: seconds that only go forward; the computer's own by default."""
        self._clock = _seconds if clock is None else clock
        self._begun = self._clock()
        self._heard: dict[tuple[str, int], float] = {}
        self._acted: dict[tuple[str, int], float] = {}
        self._asked: dict[tuple[str, int], float] = {}
        self._opened: dict[str, float] = {}

    def note(self, who: Place) -> None:
        """Record a request of a student's device."""
        self._heard[who.exercise, who.student] = self._clock()

    def acted(self, who: Place) -> None:
        """Record that somebody has done something on a student's device, or has answered that somebody is there."""
        self.note(who)
        self._acted[who.exercise, who.student] = self._clock()
        self._asked.pop((who.exercise, who.student), None)

    def opened(self, exercise: str) -> None:
        """Record that a round begins, or goes on: silence before it does not count."""
        self._opened[exercise] = self._clock()
        for key in [key for key in self._asked if key[0] == exercise]:
            self._asked.pop(key, None)

    def asks(self, who: Place, *, may: bool) -> bool:
        """Return whether a student's phone asks now, and remember since when. may: see `may_ask`."""
        key = who.exercise, who.student
        if not may:
            self._asked.pop(key, None)
        elif self._silence(who) >= QUIET:
            self._asked.setdefault(key, self._clock())
        return key in self._asked

    def of(self, who: Place) -> bool:
        """Return whether a student's device was heard of lately."""
        return self._clock() - self._heard.get((who.exercise, who.student), -PRESENT) < PRESENT

    def standing(self, who: Place, *, may: bool) -> Standing:
        """Return whether a student is present, idle, asked or gone. may: see `may_ask`."""
        if not self.of(who):
            return "gone"
        if not may:
            return "present"
        since = self._asked.get((who.exercise, who.student))
        if since is not None:
            return "asked" if self._clock() - since < UNANSWERED else "gone"
        return "present" if self._silence(who) < IDLE else "idle"

    def _silence(self, who: Place) -> float:
        """Return for how many seconds nothing was done on a student's device in this round."""
        acted = self._acted.get((who.exercise, who.student), self._begun)
        return self._clock() - max(acted, self._opened.get(who.exercise, self._begun))

    def forget(self, exercise: str, student: int | None = None) -> None:
        """Forget a student of an exercise, or all of them."""
        for some in (self._heard, self._acted, self._asked):
            for key in [key for key in some if key[0] == exercise and student in (None, key[1])]:
                some.pop(key, None)
        if student is None:
            self._opened.pop(exercise, None)


def _seconds() -> float:
    return time.monotonic()
