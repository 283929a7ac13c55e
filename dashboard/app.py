"""The app that Streamlit runs: the frame around every page."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard import session, style, words
from dashboard.pages import compare, evidence, explore, one_world

ICON: Final = str(Path(__file__).with_name("icon.svg"))  # a Material icon would be fetched from abroad


PAGES: Final = {"explore": "Explore", "compare": "Compare", "one_world": "One world", "evidence": "Evidence"}


def pages() -> list[StreamlitPage]:
    """The pages, in the order of the menu."""
    found = []
    for name, title in PAGES.items():
        if find_spec(f"dashboard.pages.{name}"):
            draw = import_module(f"dashboard.pages.{name}").page
            found.append(st.Page(draw, title=title, url_path=name.replace("_", "-"), default=name == "explore"))
    return found


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
    st.html(f'<div class="forecast" role="note">{words.NOT_A_FORECAST}</div>')
    page.run()
    session.put_link()
