"""The app that Streamlit runs: the frame around every page."""

import streamlit as st

from dashboard import session, style, words
from dashboard.pages import explore


def main() -> None:
    """Draw the page that the address names."""
    st.set_page_config(page_title="Jirga", page_icon=":material/balance:", layout="wide", initial_sidebar_state="auto")
    style.put()
    page = st.navigation([st.Page(explore.page, title="Explore", url_path="explore", default=True)], position="top")
    session.take_link()
    st.html(f'<div class="forecast" role="note">{words.NOT_A_FORECAST}</div>')
    page.run()
    session.put_link()
