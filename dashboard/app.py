"""The app that Streamlit runs: the frame around every page."""

from pathlib import Path
from typing import Final

import streamlit as st

from dashboard import session, style, words
from dashboard.pages import compare, evidence, explore, one_world

ICON: Final = str(Path(__file__).with_name("icon.svg"))  # a Material icon would be fetched from abroad

NARROW: Final = " Pages, scenario and levers: open &raquo; above."  # where the sidebar hides


def main() -> None:
    """Draw the page that the address names."""
    st.set_page_config(page_title="Jirga", page_icon=ICON, layout="wide", initial_sidebar_state="auto")
    style.put()
    pages = [
        st.Page(explore.page, title="Explore", url_path="explore", default=True),
        st.Page(compare.page, title="Compare", url_path="compare"),
        st.Page(one_world.page, title="One world", url_path="one-world"),
        st.Page(evidence.page, title="Evidence", url_path="evidence"),
    ]
    page = st.navigation(pages, position="top")
    session.take_link()
    st.html(f'<div class="forecast" role="note">{words.NOT_A_FORECAST}<span class="narrow">{NARROW}</span></div>')
    page.run()
    session.put_link()
