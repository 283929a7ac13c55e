"""What a file contains: the exercises that can be read, and what is wrong with the others."""

from collections.abc import Callable
from dataclasses import dataclass

from sim.errors import InputError
from sim.exercise.event_store import EventStore, Row
from sim.exercise.events import Seated
from sim.exercise.state import ExerciseState


@dataclass(frozen=True, slots=True)
class Listed:
    """An exercise in a list, without credentials.

    used: when somebody last did something in it; `created` of a new exercise, 0 of a copy that nobody has used yet.
    """

    exercise: str
    title: str
    created: float
    used: float
    groups: int
    students: int
    played: int
    rounds: int


def survey(book: EventStore, state_of: Callable[[str], ExerciseState]) -> tuple[list[Listed], list[InputError]]:
    """Return the exercises in a file, the one used last first, and an error for each that cannot be read.

    state_of: returns the state of an exercise, or raises InputError.
    """
    listed, wrong, rows = [], [], book.exercises()
    for row in rows:
        try:
            listed.append(_listed(book, row, state_of(row.exercise)))
        except InputError as error:
            wrong.append(error)
    listed.sort(key=lambda one: one.used, reverse=True)  # stable: otherwise the one made last
    alone = book.named() - {row.exercise for row in rows}
    return listed, [*wrong, *(book.unreadable(name, "some rows are lost") for name in sorted(alone))]


def _listed(book: EventStore, row: Row, state: ExerciseState) -> Listed:
    """Return an exercise for the list. Raises InputError if any of its rows is missing or cannot be read."""
    seats, students, settings = book.seats(row.exercise), book.students(row.exercise), state.settings
    if len(seats) != len(settings.places):
        raise book.unreadable(row.exercise, "the code of a seat is lost")
    if {one.student for one in students} != {event.student for event in state.of(Seated)}:
        raise book.unreadable(row.exercise, "a student is lost")
    of = settings.groups, len(students), state.played, settings.rounds
    return Listed(row.exercise, settings.title, row.created, state.used if state.seq else row.created, *of)
