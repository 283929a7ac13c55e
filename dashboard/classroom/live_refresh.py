"""Following an exercise: the browser counts the clock down, and the page is redrawn when what it shows has changed.

Every second the browser asks. The exercise's version, which is cheap to read, says whether anything happened. Only
then, and every few seconds to report that this visitor is present, does the script run and fetch the view. Only if
the view has changed is the page redrawn, so that nobody is disturbed by what others do elsewhere.

Here and on every other page, a fragment that runs by itself is alone in a container. When it runs before the browser
has received the page around it, Streamlit leaves the fragment's part out of that page: elements after it in the same
container would move up, and the fragment would then be drawn over them.
"""

import math
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

import streamlit as st

from dashboard.classroom.html import Clocked
from dashboard.classroom.server_config import classroom
from dashboard.runs import idle_fragments
from sim.errors import InputError

EVERY: Final = 1.0  # seconds
SOON: Final = 60.0  # seconds before the end of a round from which the clock stands out
CLOSED: Final = 3.0  # seconds before a closed round is drawn
STILL_HERE: Final = 8.0  # seconds between two fetches of the view if nothing happened
_CLOSED: Final = "class-closed"  # since when
_DRAWN: Final = "class-drawn"  # what the page shows, None until it is complete
_FRAGMENT: Final = "class-fragment"  # the one that follows, as `idle_fragments` knows it
_LOOKED: Final = "class-looked"  # when, and at which version


def follow(view: Clocked, head: str, look: Callable[[], Clocked]) -> None:
    """Draw a head as HTML, with the clock; from now on redraw the page when `look` returns a changed view."""
    st.session_state.pop(_CLOSED, None)
    idle_fragments.run_again(st.session_state.get(_FRAGMENT))
    st.session_state[_LOOKED] = (time.monotonic(), view.version)
    st.session_state[_DRAWN] = _shown(view)
    with st.container():
        _watch(view.exercise, head, view.deadline, look, frozen=view.frozen, dated=bool(view.until))
    st.session_state[_DRAWN] = None


def complete(view: Clocked) -> None:
    """Record that the page has been drawn to its end; a page that was not is redrawn by its clock."""
    st.session_state[_DRAWN] = _shown(view)
    _rest(view)


@st.fragment(run_every=EVERY)
def _watch(
    exercise: str, head: str, deadline: float | None, look: Callable[[], Clocked], *, frozen: bool, dated: bool
) -> None:
    now = time.time()
    st.session_state[_FRAGMENT] = idle_fragments.current()
    st.html(head + _clock(None if dated else deadline, now, frozen=frozen))  # a dated head says a day and time
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
        _rest(view)
    elif view.phase != "closed" or _closed_for_long():
        st.rerun()


def _rest(view: Clocked) -> None:
    """Let the fragment that follows rest until something happens, the round ends, or presence is to be reported."""
    room, until = classroom(), time.monotonic() + STILL_HERE
    deadline = math.inf if view.deadline is None or view.frozen else view.deadline

    def unchanged() -> bool:
        if time.monotonic() >= until or time.time() >= deadline:
            return False
        with suppress(InputError):  # the fragment says what is wrong
            return room.version(view.exercise) == view.version
        return False

    idle_fragments.skip_while(st.session_state.get(_FRAGMENT), unchanged)


def _closed_for_long() -> bool:
    """Return whether the round has been closed for a while; usually it is played at once, so drawing it can wait."""
    since = st.session_state.setdefault(_CLOSED, time.monotonic())
    return bool(time.monotonic() - since >= CLOSED)


def _shown(view: Clocked) -> str:
    """Return what the page shows of the view, as text, because NaN is not equal to itself."""
    return repr(replace(view, version=0, now=0.0))


def _clock(deadline: float | None, now: float, *, frozen: bool) -> str:
    """Return the time left as HTML, which the browser counts down; "" without a deadline."""
    left = clock(deadline, now, frozen=frozen)
    if not left:
        return ""
    if deadline is None or frozen:
        return f'<div class="clock" role="timer">{left}</div>'
    soon = " soon" if deadline - now <= SOON else ""
    return f'<div class="clock{soon}" role="timer" data-left="{deadline - now:.3f}" data-soon="{SOON:g}">{left}</div>'


def clock(deadline: float | None, now: float, *, frozen: bool = False) -> str:
    """Return the time left in words: "4:07 left"; "" without a deadline."""
    if frozen:
        return "The clock is stopped"
    if deadline is None:
        return ""
    left = max(0, round(deadline - now))
    return f"{left // 60}:{left % 60:02d} left" if left else "Time is up"
