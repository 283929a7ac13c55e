"""The app that Streamlit runs: navigation, the note at the top, and the page that the address names."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

import streamlit as st

from dashboard.classroom import server_config
from dashboard.pages import begin
from dashboard.render import style
from dashboard.state.limits import BEGIN_KEYS
from dashboard.state.state import FOREIGN
from sim.schema.disclaimer import NOT_A_FORECAST

NARROW: Final = " {}: open &raquo; above."  # on a narrow screen, where the sidebar is hidden: what it contains
LEVERS: Final = "Pages, scenario and levers"  # only on the page Explore


def main(ready: Callable[[str], None] = lambda _: None) -> None:
    """Draw the page that the address names.

    ready: waits until a module of `dashboard.pages` may be used, which is imported at its first use.
    """
    st.set_page_config(page_title="Jirga", page_icon=style.ICON, layout="wide", initial_sidebar_state="auto")
    style.apply()
    sandbox = st.Page(_page("explore"), title="Explore", url_path="explore")
    first = st.Page(lambda: begin.page(sandbox), title="Begin here", url_path="begin", default=True)
    world = st.Page(_page("one_world"), title="One world", url_path="one-world")
    linked = [  # their address contains a scenario
        sandbox,
        st.Page(_page("what_matters", sandbox), title="What matters", url_path="what-matters"),
        st.Page(_page("compare", world), title="Compare", url_path="compare"),
        world,
        st.Page(_page("theories"), title="Theories", url_path="theories"),
        st.Page(_page("evidence"), title="Evidence", url_path="evidence"),
    ]
    apart = [
        st.Page(_page("studies"), title="Studies", url_path="studies"),
        st.Page(_page("teach"), title="Teach", url_path=server_config.TEACH),
        st.Page(_page("join"), title="Join", url_path=server_config.JOIN),
    ]
    page = st.navigation([first, *linked, *apart], position="top")
    if page is first and not _of_state():
        ready(begin.needed())
        _note("Pages")
        page.run()
        return
    shown = sandbox if page is first else page  # a link of before named no page
    ready(shown.url_path.replace("-", "_"))
    from dashboard.runs import guided, session  # with the engine, which the first page is drawn without

    if page is not first:
        guided.leave()
    if shown in linked:
        session.take_link()
    _note("Pages" if shown not in linked else LEVERS if shown is sandbox else "Pages and scenario")
    if page is first:
        _page("explore")()
    else:
        page.run()
    if shown in linked:
        session.put_link()


def _page(name: str, *given: Any) -> Callable[[], None]:
    """Return the function that draws a page. Its module is imported when it is drawn: it needs the engine."""
    return lambda: import_module(f"dashboard.pages.{name}").page(*given)


def _note(hidden: str) -> None:
    """Draw the note at the top. hidden: what the sidebar contains."""
    aside = NARROW.format(hidden)
    st.html(f'<div class="forecast" role="note">{NOT_A_FORECAST}<span class="narrow">{aside}</span></div>')


def _of_state() -> bool:
    """Return whether the address holds more than the first page's own parts: a state."""
    return not set(st.query_params) <= {*BEGIN_KEYS, *FOREIGN}
