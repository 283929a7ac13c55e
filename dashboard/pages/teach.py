"""The page Teach: the teacher's page, protected by the exercise's secret."""

from typing import Final

import streamlit as st

from dashboard.classroom import (
    actions,
    admin,
    credentials,
    desk,
    html,
    live_refresh,
    projector,
    server_config,
    setup,
    style,
)
from dashboard.classroom.server_config import classroom
from dashboard.render import display
from sim.errors import InputError
from sim.exercise.views import TeacherView

DESK: Final = "Desk"
PROJECTOR: Final = "Projector"
VIEW: Final = "view"  # in the address


def page() -> None:
    """Draw the page."""
    style.apply()
    view = _view()
    if view is None:
        _door()
        return
    shown = st.segmented_control(
        "View", [DESK, PROJECTOR], default=_asked(), required=True, key="teach-view", label_visibility="collapsed"
    )
    if shown != _asked():
        st.query_params[VIEW] = str(shown).lower()
    if shown == PROJECTOR:
        projector.draw(view, _follow)
    else:
        st.markdown(f"# {display.plain(view.settings.title)}")
        desk.draw(view, _follow)
    live_refresh.complete(view)


def _asked() -> str:
    """Return the view that the address names, so that a reload keeps it; the desk if it names none."""
    return PROJECTOR if st.query_params.get(VIEW) == PROJECTOR.lower() else DESK


def _view() -> TeacherView | None:
    """Return the view of the exercise that this browser's secret opens; None, with the reason shown, for none."""
    if not credentials.secret():
        return None
    try:
        return classroom().teacher(credentials.secret(), client=server_config.client())
    except InputError as error:
        st.error(display.plain(actions.in_words(error), 700), icon=":material/error:")
        return None


def _follow(view: TeacherView) -> None:
    """Draw the round, its phase and the clock, and redraw the page when something changes."""
    secret, client = credentials.secret(), server_config.client()
    live_refresh.follow(
        view, html.where(view, view.settings.rounds), lambda: classroom().teacher(secret, client=client)
    )


def _door() -> None:
    """Ask for the secret; where the server is not open to a network, offer a new exercise too."""
    st.markdown("# Teach")
    actions.tell()
    if not server_config.on_network():
        st.markdown(
            "Groups play the parties of 2020 in rounds, predict, and then see what their choices did. Create an "
            "exercise; you can change its pace later."
        )
        setup.form()
        st.markdown("## Or open an existing exercise")
        admin.listed()
    with st.form("teacher-door", border=False):
        st.text_input("The exercise's secret, or your link", key="teacher-secret", type="password")
        st.form_submit_button("Open", on_click=_enter)


def _enter() -> None:
    given = credentials.of_link(str(st.session_state.get("teacher-secret", "")), credentials.KEY)
    credentials.hold_secret(given.strip())
