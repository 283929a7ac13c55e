"""Public statements: what a seat says in a round for everybody of its group to read. They change nothing in any world.

Talk is cheap (Crawford and Sobel 1982; Farrell and Rabin 1996): a statement binds nobody, unlike a promise in a deal.
"""

from typing import Any, Final

from sim.errors import InputError
from sim.exercise import events as e
from sim.exercise.event_store import Place
from sim.exercise.rules import not_too_many
from sim.exercise.seats import SEATS
from sim.exercise.state import ExerciseState
from sim.exercise.views import Statement
from sim.schema import validation

LONGEST: Final = 200  # characters
_CLOSED: Final = {
    "waiting": "the round is not open yet: wait for your teacher to open it",
    "over": "the exercise is over",
}


def make_statement(state: ExerciseState, who: Place, words: Any) -> e.Stated:
    """Say something in public in the round, from its opening until it is played; the seat's latest one counts.

    words: "" takes an earlier one of the round back. Raises InputError at any other time, while the clock is stopped,
    and for a text that is too long.
    """
    if state.phase in _CLOSED:
        raise InputError(_CLOSED[state.phase])
    if state.frozen:
        raise InputError("the exercise is frozen: wait for your teacher")
    not_too_many(state, who)
    return e.Stated(validation.with_path("statement", validation.optional_text, words, LONGEST))


def statements(state: ExerciseState, group: int) -> tuple[Statement, ...]:
    """Return the statements of a group: one per seat and round, latest round first, in the order of the seats."""
    found: dict[tuple[int, str], str] = {}
    for event in state.of(e.Stated, group=group):
        if isinstance(event.act, e.Stated):
            found[event.round, event.seat] = event.act.statement
    places = list(SEATS)
    ordered = sorted(found, key=lambda key: (-key[0], places.index(key[1])))
    return tuple(Statement(number, group, seat, found[number, seat]) for number, seat in ordered if found[number, seat])
