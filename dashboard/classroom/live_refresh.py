"""Following an exercise: the browser counts the clock down, and the page is redrawn when what it shows has changed.

Every second the browser asks whether there is anything to redraw, which the server answers without a run of the script.
The exercise's version, which is cheap to read, says whether anything happened in the visitor's group. Only then, and
every few seconds to report that this visitor is present, is the view fetched. Only if the view has changed is the page
redrawn, so that nobody is disturbed by what others do elsewhere.

What the server has drawn may still not be what the browser shows: messages can be lost on the way. So each drawing has
a number, in its head and at its very end; where they differ, the browser presses a hidden button, which draws it again.

Here and on every other page, a fragment that runs by itself is alone in a container. When it runs before the browser
has received the page around it, Streamlit leaves the fragment's part out of that page: elements after it in the same
container would move up, and the fragment would then be drawn over them.
"""

import itertools
import math
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
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
_FOLLOWED: Final = "class-followed"
_AGAIN: Final = "draw-again"  # the key of the hidden button, which the page's script knows
_NUMBERS: Final = itertools.count(1)


@dataclass
class Followed:
    """An exercise as a page last saw it. Used by the page's script, and by the thread that answers its browser.

    exercise, version: of the last view; look: fetches a view; group: the only one whose events matter here, None for
    all; ends: when the round's clock runs out, in seconds since the epoch; number: of the drawing; stale: whether the
    view is known to have changed; drawn: what the page shows, as text, None until it is complete; until: when to fetch
    the view again even if nothing happened; closed: when the round was first seen closed, both on the monotonic clock.
    """

    exercise: str
    version: int
    look: Callable[[], Clocked]
    group: int | None = None
    ends: float = math.inf
    number: int = 0
    stale: bool = False
    drawn: str | None = None
    until: float = 0.0
    closed: float | None = None

    def changed(self) -> bool:
        """Return whether the page has to be redrawn. Raises InputError if the exercise is no longer open to it.

        A round that is closed is usually played at once; so drawing that it is closed can wait a little.
        """
        if self.stale or self.drawn is None:
            return True  # or the page was cut off
        now = time.monotonic()
        if now < self.until and time.time() < self.ends and not self._happened():
            return False
        view = self.look()
        if _shown(view) == self.drawn:
            self.version, self.until = view.version, now + STILL_HERE
            return False
        self.closed = now if self.closed is None else self.closed
        self.stale = view.phase != "closed" or now - self.closed >= CLOSED
        return self.stale

    def _happened(self) -> bool:
        """Return whether there are events that the last view has not seen, or the exercise was deleted."""
        found = classroom().version(self.exercise, self.group)
        return found > self.version or found == 0 < self.version

    def rests(self) -> bool:
        """Return whether there is nothing to redraw; an error is something to redraw."""
        with suppress(InputError):
            return not self.changed()
        return False


def follow(view: Clocked, head: str, look: Callable[[], Clocked], group: int | None = None) -> None:
    """Draw a head as HTML, with the clock; from now on redraw the page when `look` returns a changed view.

    look: called in any thread, without Streamlit's session; group: the only one that the view shows, None for all.
    """
    ends = math.inf if view.deadline is None or view.frozen else view.deadline
    until = time.monotonic() + STILL_HERE
    found = Followed(view.exercise, view.version, look, group, ends, next(_NUMBERS), drawn=_shown(view), until=until)
    st.session_state[_FOLLOWED] = found
    st.button("Draw the page again", key=_AGAIN)
    with st.container():
        _watch(
            f'{head}<span data-draw="{found.number}"></span>', view.deadline, frozen=view.frozen, dated=bool(view.until)
        )
    found.drawn = None


def complete(view: Clocked) -> None:
    """Record that the page has been drawn to its end; a page that was not is redrawn by its clock."""
    found: Followed = st.session_state[_FOLLOWED]
    st.html(f'<span data-drawn="{found.number}"></span>')
    found.drawn = _shown(view)


@st.fragment(run_every=EVERY)
def _watch(head: str, deadline: float | None, *, frozen: bool, dated: bool) -> None:
    st.html(head + _clock(None if dated else deadline, time.time(), frozen=frozen))  # a dated head says a day and time
    found: Followed = st.session_state[_FOLLOWED]
    idle_fragments.skip_while(idle_fragments.current(), found.rests)
    if not found.rests():
        st.rerun()


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
