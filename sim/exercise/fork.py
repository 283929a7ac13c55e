"""A copy of the first rounds of an exercise as a new one, with its own secret and codes."""

import secrets
from dataclasses import replace

from sim.exercise.access import new_codes, new_secret
from sim.exercise.event_store import EventStore, Row
from sim.exercise.events import Event, Forked
from sim.exercise.state import ExerciseState
from sim.exercise.views import Created


def fork(store: EventStore, state: ExerciseState, number: int, now: float) -> Created:
    """Copy the rounds before `number` into a new exercise of the same file, which nobody has joined."""
    settings = replace(state.settings, title=f"{state.settings.title[:60]} (from round {number})")
    made = Created(secrets.token_hex(6), new_secret(), new_codes(settings.places))
    with store.writing():
        store.add_exercise(Row(made.exercise, now, settings.to_json(), made.secret), made.codes)
        for place in store.students(state.exercise):  # who did the copied acts; nobody gets their new tokens
            store.add_student(replace(place, exercise=made.exercise, key=new_secret()))
        for event in state.before(number):
            store.add_event(made.exercise, replace(event, take=0))
        store.add_event(made.exercise, Event(state.seq + 1, now, number, 0, Forked(state.exercise)))
    return made
