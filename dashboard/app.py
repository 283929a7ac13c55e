"""The app that Streamlit runs: navigation, the note at the top, and the page that the address names."""

from typing import Final

import streamlit as st

from dashboard.classroom import server_config
from dashboard.pages import begin, compare, evidence, explore, join, one_world, studies, teach, theories, what_matters
from dashboard.render import style
from dashboard.runs import guided, session
from dashboard.state.limits import BEGIN_KEYS
from dashboard.state.state import FOREIGN
from sim.schema.disclaimer import NOT_A_FORECAST

NARROW: Final = " {}: open &raquo; above."  # on a narrow screen, where the sidebar is hidden: what it contains
LEVERS: Final = "Pages, scenario and levers"  # only on the page Explore


def main() -> None:
    """Draw the page that the address names."""
    st.set_page_config(page_title="Jirga", page_icon=style.ICON, layout="wide", initial_sidebar_state="auto")
    style.apply()
    sandbox = st.Page(explore.page, title="Explore", url_path="explore")
    first = st.Page(lambda: begin.page(sandbox), title="Begin here", url_path="begin", default=True)
    world = st.Page(one_world.page, title="One world", url_path="one-world")
    pages = [
        sandbox,
        st.Page(lambda: what_matters.page(sandbox), title="What matters", url_path="what-matters"),
        st.Page(lambda: compare.page(world), title="Compare", url_path="compare"),
        world,
        st.Page(theories.page, title="Theories", url_path="theories"),
        st.Page(evidence.page, title="Evidence", url_path="evidence"),
    ]
    apart = [  # their address contains no scenario
        st.Page(studies.page, title="Studies", url_path="studies"),
        st.Page(teach.page, title="Teach", url_path=server_config.TEACH),
        st.Page(join.page, title="Join", url_path=server_config.JOIN),
    ]
    page = st.navigation([first, *pages, *apart], position="top")
    linked = page in pages or (page is first and _of_state())
    if page is not first:
        guided.leave()
    if linked:
        session.take_link()
    aside = NARROW.format("Pages" if not linked else LEVERS if page in (first, sandbox) else "Pages and scenario")
    st.html(f'<div class="forecast" role="note">{NOT_A_FORECAST}<span class="narrow">{aside}</span></div>')
    if linked and page is first:
        explore.page()  # a link of before, which named no page
    else:
        page.run()
    if linked:
        session.put_link()


def _of_state() -> bool:
    """Return whether the address holds more than the first page's own parts: a state."""
    return not set(st.query_params) <= {*BEGIN_KEYS, *FOREIGN}
