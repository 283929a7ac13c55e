"""Following an exercise: the clock is redrawn every second, the page only when what it shows has changed.

The exercise's version, which is cheap to read, says whether anything happened. Only then, and every few seconds to
report that this visitor is present, is the view fetched. Only if the view has changed is the page redrawn, so that
nobody is disturbed by what others do elsewhere.

Here and on every other page, a fragment that runs by itself is alone in a container. When it runs before the browser
has received the page around it, Streamlit leaves the fragment's part out of that page: elements after it in the same
container would move up, and the fragment would then be drawn over them.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import streamlit as st

from dashboard.classroom.html import Clocked
from dashboard.classroom.server_config import classroom
from sim.errors import InputError

EVERY: Final = 1.0  # seconds
SOON: Final = 60.0  # seconds before the end of a round from which the clock stands out
CLOSED: Final = 3.0  # seconds before a closed round is drawn
STILL_HERE: Final = 8.0  # seconds between two fetches of the view if nothing happened
_CLOSED: Final = "class-closed"  # since when
_DRAWN: Final = "class-drawn"  # what the page shows, None until it is complete
_LOOKED: Final = "class-looked"  # when, and at which version


def follow(view: Clocked, head: str, look: Callable[[], Clocked]) -> None:
    """Draw a head as HTML, with the clock; from now on redraw the page when `look` returns a changed view."""
    st.session_state.pop(_CLOSED, None)
    st.session_state[_LOOKED] = (time.monotonic(), view.version)
    st.session_state[_DRAWN] = _shown(view)
    with st.container():
        _watch(view.exercise, head, view.deadline, look, frozen=view.frozen, dated=bool(view.until))
    st.session_state[_DRAWN] = None


def complete(view: Clocked) -> None:
    """Record that the page has been drawn to its end; a page that was not is redrawn by its clock."""
    st.session_state[_DRAWN] = _shown(view)


@st.fragment(run_every=EVERY)
def _watch(
    exercise: str, head: str, deadline: float | None, look: Callable[[], Clocked], *, frozen: bool, dated: bool
) -> None:
    now = time.time()
    left = clock(None if dated else deadline, now, frozen=frozen)  # the head says a day and time
    soon = " soon" if deadline is not None and not frozen and deadline - now <= SOON else ""
    st.html(head + (f'<div class="clock{soon}" role="timer">{left}</div>' if left else ""))
    if st.session_state.get(_DRAWN) is None:
        st.rerun()  # the page was cut off below this clock
    when, version = st.session_state.get(_LOOKED, (0.0, -1))
    passed = deadline is not None and not frozen and now >= deadline
    if not passed and classroom().version(exercise) == version and time.monotonic() - when < STILL_HERE:
        return
    try:
        view = look()
    except InputError:
        st.rerun()  # deleted, or no longer open to this visitor: the page says so
    if _shown(view) == st.session_state.get(_DRAWN):
        st.session_state[_LOOKED] = (time.monotonic(), view.version)
    elif view.phase != "closed" or _closed_for_long():
        st.rerun()


def _closed_for_long() -> bool:
    """Return whether the round has been closed for a while; usually it is played at once, so drawing it can wait."""
    since = st.session_state.setdefault(_CLOSED, time.monotonic())
    return bool(time.monotonic() - since >= CLOSED)


def _shown(view: Clocked) -> str:
    """Return what the page shows of the view, as text, because NaN is not equal to itself."""
    return repr(replace(view, version=0, now=0.0))


def clock(deadline: float | None, now: float, *, frozen: bool = False) -> str:
    """Return the time left in words: "4:07 left"; "" without a deadline."""
    if frozen:
        return "The clock is stopped"
    if deadline is None:
        return ""
    left = max(0, round(deadline - now))
    return f"{left // 60}:{left % 60:02d} left" if left else "Time is up"
