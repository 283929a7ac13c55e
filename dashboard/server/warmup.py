"""Imports and first runs, done once while the first browser loads its page; before, only Streamlit is loaded.

The first page is drawn once the imports are done: it runs nothing. The first runs then go on in the background.
"""

import gc
import threading
from collections.abc import Callable
from typing import Final

import streamlit as st

_UNDER_WAY: Final[list[threading.Thread]] = []
_IMPORTED: Final = threading.Event()


def everything() -> None:
    """Import all that pages need, then run in advance what Explore shows first."""
    from dashboard import app
    from dashboard.runs import cache
    from dashboard.state.state import State
    from dashboard.widgets import levers

    del app
    _IMPORTED.set()
    levers.marks(State().origin())
    cache.pair(State(), cache.FIRST).comparison.table()


def begin(prepare: Callable[[], None] = everything) -> None:
    """Start the preparation in a thread."""
    _UNDER_WAY.append(threading.Thread(target=_do, args=(prepare,), name="warm", daemon=True))
    _UNDER_WAY[-1].start()


def _do(prepare: Callable[[], None]) -> None:
    try:
        prepare()
    finally:
        _IMPORTED.set()
    gc.collect()
    gc.freeze()  # Streamlit collects after every change; objects that stay need not be visited again


def wait() -> None:
    """Wait until the imports are done, with a message and an empty chart: the browser loads the chart library."""
    place = st.empty()  # in every run, so that what follows keeps its place
    if _UNDER_WAY and not _IMPORTED.is_set():
        with place.container():
            st.html('<p role="status">Jirga is starting. Please wait a moment.</p>')
            st.vega_lite_chart({"data": {"values": []}, "mark": "line", "encoding": {}, "height": 1}, theme=None)
        _IMPORTED.wait()
        place.empty()
