"""Following an exercise: the clock every second, the page anew when what it shows has changed.

Only the clock is drawn every second. The exercise's version, which is cheap, says whether anything happened; only then,
and every few seconds to say that this visitor is still there, is the view fetched; only if it shows something else is
the page drawn anew, so that nobody is disturbed by what others do elsewhere.

Here and on every other page, a fragment that runs by itself is alone in a container. When it runs before the browser
has got the page around it, Streamlit leaves its part out of that page: what stood after it in the same container would
move up, and the fragment would then be drawn over it.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import streamlit as st

from dashboard.classroom.server_config import classroom
from sim.errors import InputError
from sim.exercise.views import SeatView, TeacherView

EVERY: Final = 1.0  # seconds
CLOSED: Final = 3.0  # seconds before a closed round is drawn
STILL_HERE: Final = 8.0  # seconds between two looks although nothing happened
_CLOSED: Final = "class-closed"  # since when
_DRAWN: Final = "class-drawn"
_LOOKED: Final = "class-looked"  # when, and at which version


def follow(view: SeatView | TeacherView, head: str, look: Callable[[], SeatView | TeacherView]) -> None:
    """Draw a head as HTML, with the clock; from now on draw the page anew when `look` gives something else."""
    st.session_state[_DRAWN] = _shown(view)
    st.session_state.pop(_CLOSED, None)
    st.session_state[_LOOKED] = (time.monotonic(), view.version)
    with st.container():
        _watch(view.exercise, head, view.deadline, look, frozen=view.frozen)


@st.fragment(run_every=EVERY)
def _watch(
    exercise: str, head: str, deadline: float | None, look: Callable[[], SeatView | TeacherView], *, frozen: bool
) -> None:
    now = time.time()
    left = clock(deadline, now, frozen=frozen)
    st.html(head + (f'<div class="clock" role="timer">{left}</div>' if left else ""))
    when, version = st.session_state.get(_LOOKED, (0.0, -1))
    passed = deadline is not None and not frozen and now >= deadline
    if not passed and classroom().version(exercise) == version and time.monotonic() - when < STILL_HERE:
        return
    try:
        view = look()
    except InputError:
        st.rerun()  # gone, or closed to this visitor: the page says so
    if _shown(view) == st.session_state.get(_DRAWN):
        st.session_state[_LOOKED] = (time.monotonic(), view.version)
    elif view.phase != "closed" or _closed_for_long():
        st.rerun()


def _closed_for_long() -> bool:
    """Whether the round has been closed for a while; mostly it is played at once, and nobody need draw it before."""
    since = st.session_state.setdefault(_CLOSED, time.monotonic())
    return bool(time.monotonic() - since >= CLOSED)


def _shown(view: SeatView | TeacherView) -> str:
    """The view as far as the page shows it: text, since a missing number is never equal to itself."""
    return repr(replace(view, version=0, now=0.0))


def clock(deadline: float | None, now: float, *, frozen: bool = False) -> str:
    """The time left in words: "4:07 left"; "" without a deadline."""
    if frozen:
        return "The clock is stopped"
    if deadline is None:
        return ""
    left = max(0, round(deadline - now))
    return f"{left // 60}:{left % 60:02d} left" if left else "Time is up"
