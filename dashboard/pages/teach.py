"""Teach: the teacher's page, behind the exercise's secret."""

from typing import Final

import streamlit as st

from dashboard import words
from dashboard.classroom import acts, desk, follow, keys, look, parts, projector, room, setup
from dashboard.classroom.room import classroom
from sim.errors import InputError
from sim.exercise.views import TeacherView

DESK: Final = "Desk"
PROJECTOR: Final = "Projector"


def page() -> None:
    """Draw the page."""
    look.put()
    view = _view()
    if view is None:
        _door()
        return
    shown = st.segmented_control(
        "View", [DESK, PROJECTOR], default=DESK, required=True, key="teach-view", label_visibility="collapsed"
    )
    if shown == PROJECTOR:
        projector.draw(view, _follow)
        return
    st.markdown(f"# {words.plain(view.settings.title)}")
    desk.draw(view, _follow)


def _view() -> TeacherView | None:
    """The exercise that this browser's secret opens; None, with the reason told, for none."""
    if not keys.secret():
        return None
    try:
        return classroom().teacher(keys.secret(), client=room.client())
    except InputError as error:
        st.error(words.plain(str(error), 700), icon=":material/error:")
        return None


def _follow(view: TeacherView) -> None:
    """Where the exercise stands, its clock, and the page anew when something changes."""
    secret, client = keys.secret(), room.client()
    follow.follow(view, parts.where(view, view.settings.rounds), lambda: classroom().teacher(secret, client=client))


def _door() -> None:
    """Ask for the secret; on this machine alone, make a new exercise too."""
    st.markdown("# Teach")
    acts.tell()
    if not room.on_network():
        st.markdown(
            "Groups play the parties of 2020 in rounds, predict, and then see what their choices did. Make an "
            "exercise; you may change its pace later."
        )
        setup.form()
        st.markdown("#### Or go on with one")
    with st.form("teacher-door", border=False):
        st.text_input("The exercise's secret", key="teacher-secret", type="password", max_chars=200)
        st.form_submit_button("Open", on_click=_enter)


def _enter() -> None:
    keys.hold_secret(str(st.session_state.get("teacher-secret", "")).strip())
