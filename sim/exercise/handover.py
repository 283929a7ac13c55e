"""Handing a seat on to another device: a short code that works once, soon. Codes are not stored: a new one is free."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sim.exercise.access import LETTERS, PART, opened, tidy
from sim.exercise.event_store import Place

LENGTH: Final = 8  # letters: 39 bits, for a code that a minute later opens nothing
LASTS: Final = 300.0  # seconds


@dataclass(frozen=True, slots=True)
class _Handed:
    """A code and whose seat it hands on, until when."""

    key: str
    exercise: str
    student: int
    until: float


class Handovers:
    """The codes that are waiting, at most one per student."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """clock: seconds that only go forward."""
        self._clock, self._lock = clock, threading.Lock()
        self._waiting: dict[tuple[str, int], _Handed] = {}

    def new(self, who: Place) -> str:
        """Return a new code for a student's seat; an earlier one of the same student opens nothing any more."""
        letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        code = "-".join(letters[at : at + PART] for at in range(0, LENGTH, PART))
        with self._lock:
            self._waiting[who.exercise, who.student] = _Handed(code, who.exercise, who.student, self._clock() + LASTS)
        return code

    def take(self, given: str) -> tuple[str, int] | None:
        """Return the exercise and student of a code, once; None for a code that is unknown, used or too old."""
        with self._lock:
            now = self._clock()
            self._waiting = {key: one for key, one in self._waiting.items() if now < one.until}
            found = opened(tidy(given), self._waiting.values())
            if found is None:
                return None
            del self._waiting[found.exercise, found.student]
            return found.exercise, found.student

    def forget(self, exercise: str, student: int | None = None) -> None:
        """Drop the code of a student, or of all students of an exercise."""
        with self._lock:
            gone = [key for key in self._waiting if key[0] == exercise and student in (None, key[1])]
            for key in gone:
                del self._waiting[key]
