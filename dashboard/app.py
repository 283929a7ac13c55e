"""The app that Streamlit runs: navigation, the note at the top, and the page that the address names."""

from typing import Final

import streamlit as st

from dashboard.classroom import server_config
from dashboard.pages import compare, evidence, explore, join, one_world, studies, teach
from dashboard.render import style
from dashboard.runs import session
from sim.schema.disclaimer import NOT_A_FORECAST

NARROW: Final = " {}: open &raquo; above."  # on a narrow screen, where the sidebar is hidden: what it contains
LEVERS: Final = "Pages, scenario and levers"  # only on the page Explore


def main() -> None:
    """Draw the page that the address names."""
    st.set_page_config(page_title="Jirga", page_icon=style.ICON, layout="wide", initial_sidebar_state="auto")
    style.apply()
    pages = [
        st.Page(explore.page, title="Explore", url_path="explore", default=True),
        st.Page(compare.page, title="Compare", url_path="compare"),
        st.Page(one_world.page, title="One world", url_path="one-world"),
        st.Page(evidence.page, title="Evidence", url_path="evidence"),
    ]
    apart = [  # their address contains no scenario
        st.Page(studies.page, title="Studies", url_path="studies"),
        st.Page(teach.page, title="Teach", url_path=server_config.TEACH),
        st.Page(join.page, title="Join", url_path=server_config.JOIN),
    ]
    page = st.navigation([*pages, *apart], position="top")
    linked = page not in apart
    aside = NARROW.format("Pages" if not linked else LEVERS if page is pages[0] else "Pages and scenario")
    if linked:
        session.take_link()
    st.html(f'<div class="forecast" role="note">{NOT_A_FORECAST}<span class="narrow">{aside}</span></div>')
    page.run()
    if linked:
        session.put_link()
