"""A visitor's actions: each is tried, and its result is shown at the top of the page."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from dashboard.render import display
from sim.errors import InputError
from sim.exercise.views import SeatView

_PROBLEM: Final = "class-problem"
_DONE: Final = "class-done"


def attempt(act: Callable[[], object], done: str = "") -> bool:
    """Do something and return whether it succeeded; an error is kept for `tell`. done: the message of success."""
    try:
        act()
    except InputError as error:
        st.session_state[_PROBLEM] = str(error)
        return False
    st.session_state[_DONE] = done
    return True


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
