"""The app of the class server on the room's network: the pages Join and Teach, and no other page."""

import streamlit as st

from dashboard.classroom import server_config
from dashboard.pages import join, teach
from dashboard.render import style
from sim.schema.disclaimer import NOT_A_FORECAST


def main() -> None:
    """Draw the page that the address names."""
    st.set_page_config(page_title="Jirga: class", page_icon=style.ICON, layout="wide")
    style.apply()
    students = st.Page(join.page, title="Join", url_path=server_config.JOIN)

    def front() -> None:
        st.switch_page(students)

    pages = [
        st.Page(front, title="Jirga", url_path="front", default=True),
        students,
        st.Page(teach.page, title="Teach", url_path=server_config.TEACH),
    ]
    page = st.navigation(pages, position="hidden")
    st.html(f'<div class="forecast" role="note">{NOT_A_FORECAST}</div>')
    page.run()
