"""What a visitor does: tried, and what came of it told above the page."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from dashboard.render import display
from sim.errors import InputError

_PROBLEM: Final = "class-problem"
_DONE: Final = "class-done"


def attempt(act: Callable[[], object], done: str = "") -> bool:
    """Do something; what is refused is kept for `tell`. done: the words when it went well."""
    try:
        act()
    except InputError as error:
        st.session_state[_PROBLEM] = str(error)
        return False
    st.session_state[_DONE] = done
    return True


def tell() -> None:
    """Say once what came of the last act."""
    if problem := st.session_state.pop(_PROBLEM, ""):
        st.error(display.plain(problem, 700), icon=":material/error:")
    if done := st.session_state.pop(_DONE, ""):
        st.toast(display.plain(done))


def do(act: Callable[[], object], done: str = "") -> None:
    """The same for a button."""
    attempt(act, done)


def say(done: str) -> None:
    """Say something once, when the page is drawn next."""
    st.session_state[_DONE] = done
