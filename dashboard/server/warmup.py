"""What is done once, while the first visitor's browser loads its page. Only Streamlit is loaded until then."""

import gc
import threading
from collections.abc import Callable
from typing import Final

import streamlit as st

_UNDER_WAY: Final[list[threading.Thread]] = []


def everything() -> None:
    """Bring in all that pages need, and answer the first visitor's question before it is asked."""
    from dashboard import app
    from dashboard.runs import cache
    from dashboard.state.state import State
    from dashboard.widgets import levers

    del app
    levers.marks(State().origin())
    cache.pair(State(), cache.FIRST).comparison.table()


def begin(prepare: Callable[[], None] = everything) -> None:
    """Start with it, aside."""
    _UNDER_WAY.append(threading.Thread(target=_do, args=(prepare,), name="warm", daemon=True))
    _UNDER_WAY[-1].start()


def _do(prepare: Callable[[], None]) -> None:
    prepare()
    gc.collect()
    gc.freeze()  # Streamlit collects after every move; what will stay for good need not be looked at again


def wait() -> None:
    """Wait until it is done, with a word and an empty chart on the page: the browser loads what draws charts."""
    place = st.empty()  # in every run, so that what follows keeps its place
    if any(thread.is_alive() for thread in _UNDER_WAY):
        with place.container():
            st.html('<p role="status">Jirga is starting: a moment, please.</p>')
            st.vega_lite_chart({"data": {"values": []}, "mark": "line", "encoding": {}, "height": 1}, theme=None)
        for thread in _UNDER_WAY:
            thread.join()
        place.empty()
