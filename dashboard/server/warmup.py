"""Imports and first runs, done once, by one thread. Before it begins, only Streamlit is loaded.

Begin here is drawn first: it needs no engine, whose imports take longer than all others, and no runs. The other pages
follow in the background, the one that is asked for first. A page is drawn once its own module is imported.
"""

import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

import streamlit as st

from dashboard import pages
from dashboard.server import memory

SOON: Final = 3.0  # seconds in which a browser is expected: `--browse` opens one, a reader clicks on the link
LONGEST: Final = 10.0  # seconds for the first page to be drawn by the server
SETTLED: Final = 1.0  # seconds after that for the browser to draw it
_ASKED: Final = threading.Event()  # a page is asked for
_DRAWN: Final = threading.Event()  # a page is drawn
_HURRY: Final = threading.Event()  # a page other than the first is asked for
_WANTED: Final[list[str]] = []  # pages that are asked for before they are imported
_IMPORTED: Final = {name: threading.Event() for name in (pages.FIRST, *pages.LATER)}
_UNDER_WAY: Final[list[threading.Thread]] = []


def everything() -> None:
    """Import all that pages need, and run in advance what Explore shows first."""
    from dashboard import app
    from dashboard.state import questions

    del app
    questions.questions()
    _IMPORTED[pages.FIRST].set()
    if _ASKED.wait(SOON) and _DRAWN.wait(LONGEST):
        _HURRY.wait(SETTLED)
    left = list(pages.LATER)
    while left:
        name = next((one for one in _WANTED if one in left), left[0])
        left.remove(name)
        import_module(f"{pages.__name__}.{name}")
        _IMPORTED[name].set()
        if name == pages.RUN_FIRST:
            _first_runs()


def _first_runs() -> None:
    """Run what Explore shows first."""
    from dashboard.runs import cache
    from dashboard.state.state import State
    from dashboard.widgets import levers

    cache.pair(State(), cache.FIRST).comparison.table()
    levers.marks(State().origin())  # for the levers, which are drawn after the answer


def begin(prepare: Callable[[], None] = everything) -> None:
    """Start the preparation in a thread."""
    _UNDER_WAY.append(threading.Thread(target=_do, args=(prepare,), name="warm", daemon=True))
    _UNDER_WAY[-1].start()


def _do(prepare: Callable[[], None]) -> None:
    try:
        prepare()
    finally:
        for event in _IMPORTED.values():
            event.set()
    memory.settle()


class Visits:
    """ASGI middleware that notes which page is asked for: the browser takes a while until it asks for its content."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, and note a request for a page."""
        if scope["type"] == "http":
            name = scope["path"].strip("/").replace("-", "_")
            if name in pages.LATER:
                _want(name)
            elif not name:
                _ASKED.set()
        await self.app(scope, receive, send)


def _want(name: str) -> None:
    """Import a page next, without waiting for the first page."""
    if not _IMPORTED[name].is_set():
        _WANTED.append(name)
        for event in (_ASKED, _DRAWN, _HURRY):
            event.set()


def drawn() -> None:
    """Note that a page is drawn."""
    _DRAWN.set()


def wait_for_app() -> None:
    """Wait until the app itself is imported, which does not take long."""
    if _UNDER_WAY:
        _IMPORTED[pages.FIRST].wait()


def wait(name: str) -> None:
    """Wait until a module of `dashboard.pages` is imported, with a message and an empty chart.

    The browser loads the chart library meanwhile.
    """
    place = st.empty()  # in every run, so that what follows keeps its place
    if _UNDER_WAY and not _IMPORTED[name].is_set():
        _want(name)
        with place.container():
            st.html('<p role="status">Jirga is starting. Please wait a moment.</p>')
            st.vega_lite_chart({"data": {"values": []}, "mark": "line", "encoding": {}, "height": 1}, theme=None)
        _IMPORTED[name].wait()
        place.empty()
