"""The press: who may write a headline, and which headlines count. They change nothing in any world."""

from typing import Any, Final

from sim.errors import InputError
from sim.exercise import events as e
from sim.exercise.event_store import Place
from sim.exercise.headline import Headline, when
from sim.exercise.rules import not_too_many
from sim.exercise.state import ExerciseState
from sim.exercise.watchers import PRESS, WHOLE_CLASS
from sim.schema import validation

LONGEST: Final = 120  # characters


def write_headline(state: ExerciseState, who: Place, words: Any) -> e.Headlined:
    """Write the headline of the last round played, at any time but while the clock is stopped; the latest one counts.

    words: "" removes an earlier one. Raises InputError for any seat but the press, and for a text that is too long.
    """
    if who.seat != PRESS:
        raise InputError("only the press writes headlines")
    if state.frozen:
        raise InputError("the exercise is frozen: wait for your teacher")
    not_too_many(state, who)
    return e.Headlined(state.played, validation.with_path("headline", validation.optional_text, words, LONGEST))


def headlines(state: ExerciseState, group: int | None = None) -> tuple[Headline, ...]:
    """Return the headlines, latest round first: all, or those of a group and of the whole class."""
    found: dict[tuple[int, int], str] = {}
    for event in state.of(e.Headlined):
        if isinstance(event.act, e.Headlined) and (group is None or event.group in (group, WHOLE_CLASS)):
            found[event.act.about, event.group] = event.act.headline
    ordered = sorted(found, key=lambda key: (-key[0], key[1]))
    return tuple(Headline(*key, found[key]) for key in ordered if found[key])


def in_notes(state: ExerciseState, group: int) -> str:
    """Return the headlines of a group and of the class as lines for the notes of a scenario, oldest first."""
    lines = (f"{when(one.round)}: {one.source}: {one.text}" for one in reversed(headlines(state, group)))
    return "".join(f"\n{line}" for line in lines)
