"""A small class in a test: short rounds, few worlds, and a clock that the test moves."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from sim.errors import InputError
from sim.exercise.access import RateLimiter
from sim.exercise.service import Classroom
from sim.exercise.settings import ExerciseSettings
from sim.exercise.views import SeatView, TeacherView

NOON = 1_700_000_000.0


@dataclass
class Clock:
    """Seconds since 1970, as the test wants them."""

    now: float = NOON

    def __call__(self) -> float:
        """The time."""
        return self.now


@dataclass
class Lesson:
    """An exercise with a student on some seats."""

    room: Classroom
    secret: str
    exercise: str
    codes: Any
    clock: Clock
    tokens: dict[tuple[int, str], str] = field(default_factory=dict)

    def sit(self, *places: tuple[int, str]) -> None:
        """Join a student to each place."""
        for place in places:
            self.tokens[place] = self.room.join(self.codes[place]).token

    def teacher(self) -> TeacherView:
        """What the teacher sees."""
        return self.room.teacher(self.secret)

    def seat(self, group: int, seat: str) -> SeatView:
        """What a student on a seat sees."""
        return self.room.seat(self.tokens[group, seat])

    def open(self) -> None:
        """Open the round."""
        self.room.open_round(self.secret)

    def play(self) -> None:
        """Play the round."""
        self.room.play(self.secret)


def lesson(
    folder: Path, *places: tuple[int, str], clock: Clock | None = None, guard: RateLimiter | None = None, **given: Any
) -> Lesson:
    """A new exercise in a folder; three rounds of two weeks and 16 worlds unless given otherwise."""
    clock = clock or Clock()
    room = Classroom(folder / "class.sqlite", clock=clock, guard=guard or RateLimiter(sleep=lambda _: None))
    made = room.create(ExerciseSettings(**({"rounds": 3, "weeks": 2, "worlds": 16, "questions": 1} | given)))
    found = Lesson(room, made.secret, made.exercise, made.codes, clock)
    found.sit(*places)
    return found


def copied(one: Lesson, folder: Path, *, known: bool = True) -> Lesson:
    """Return a lesson with the same exercise in a file of its own.

    known: the worlds that are known need not run again; not for a copy that plays a round of it with other orders.
    """
    file = folder / "class.sqlite"
    with closing(sqlite3.connect(one.room._book.path)) as db, closing(sqlite3.connect(file)) as copy:
        db.backup(copy)
    room = Classroom(file, clock=one.clock, guard=RateLimiter(sleep=lambda _: None))
    if known:
        room._engine = one.room._engine
    return replace(one, room=room, tokens=dict(one.tokens))


def refused(words: str, act: Any, *given: Any, **named: Any) -> None:
    """An act that must be refused in one line with these words."""
    with pytest.raises(InputError) as caught:
        act(*given, **named)
    text = str(caught.value)
    assert words in text, f"expected {words!r} in {text!r}"
    assert "\n" not in text
    assert len(text) < 1000, f"{len(text)} characters"
