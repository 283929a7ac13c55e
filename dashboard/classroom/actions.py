"""A visitor's actions: each is tried, and its result is shown at the top of the page."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from dashboard.render import display
from sim.errors import InputError, show_expected
from sim.exercise.views import SeatView
from sim.schema.decisions import levers

_PROBLEM: Final = "class-problem"
_DONE: Final = "class-done"
_FIELDS: Final = {
    "title": "The title", "text": "The news", "note": "The note", "groups": "Groups", "rounds": "Rounds",
    "weeks": "Weeks per round", "minutes": "Minutes per round", "seats": "Seats for students", "start": "The first day",
    "base": "The base scenario", "world": "World", "seed": "Seed", "worlds": "Worlds for forecasts",
    "questions": "Questions", "days": "Days", "levers": "Levers", "give": "Your promise", "take": "Their promise",
    "to": "The other seat", "probability": "The probability",
    "reason": "The reason", "reflection": "Your answer", "headline": "The headline", "statement": "The statement",
    "until": "The deadline", "time_zone": "The time zone",
}  # fmt: skip


def attempt(act: Callable[[], object], done: str = "") -> bool:
    """Do something and return whether it succeeded; an error is kept for `tell`. done: the message of success."""
    try:
        act()
    except InputError as error:
        st.session_state[_PROBLEM] = in_words(error)
        return False
    st.session_state[_DONE] = done
    return True


def in_words(error: InputError) -> str:
    """Return an error as a person says it: the field by its label, no value repeated, what would be right."""
    path = error.path or ""
    name = _FIELDS.get(path) or (levers()[path].label if path in levers() else "")
    if error.problem == "empty":
        return f"{name or 'A text'}: please write something."
    if error.problem == "too long" and isinstance(error.value, str):
        longest = str(error.expected).removeprefix("1 to ")
        return f"{name or 'The text'} has {len(error.value):,} characters; at most {longest}. It is still in the field."
    hint = f" (expected {show_expected(error.expected)})" if error.expected is not None else ""
    sentence = f"{name}: {error.problem}{hint}" if name else f"{error.problem}{hint}"
    return sentence[:1].upper() + sentence[1:] + "."


def one_line(typed: object) -> str:
    """Return a text that somebody typed on one line, without blanks around it."""
    return " ".join(str(typed).split())


def round_key(view: SeatView, name: str) -> str:
    """Return the key of an input that belongs to one round: a later round begins with a new input."""
    return f"{name}-{view.take}-{view.round}"


def tell() -> None:
    """Show the result of the last action, once."""
    if problem := st.session_state.pop(_PROBLEM, ""):
        st.error(display.plain(problem, 700), icon=":material/error:")
    if done := st.session_state.pop(_DONE, ""):
        st.toast(display.plain(done))


def do(act: Callable[[], object], done: str = "") -> None:
    """Do the same as `attempt`, as the callback of a button."""
    attempt(act, done)


def say(done: str) -> None:
    """Show a message once, when the page is drawn next."""
    st.session_state[_DONE] = done
