"""Removing a student, on the teacher's tab Room."""

import streamlit as st

from dashboard.classroom import actions, credentials
from dashboard.classroom.server_config import classroom
from sim.exercise.views import TeacherView

_CHOSEN = "remove-student"
_RENEW = "remove-renew"


def draw(view: TeacherView) -> None:
    """Draw the choice of a student, and the button that removes it from its seat."""
    names = {
        number: f"Student {number}: group {group.group}, {seat.label}{'' if here else ', not present'}"
        for group in view.groups
        for seat in group.seats
        for number, here in seat.who
    } | {
        number: f"Student {number}: {seat.label}{'' if here else ', not present'}"
        for _, seat in view.watchers
        for number, here in seat.who
    }
    with st.expander("Remove a student", key="students"):
        if not names:
            st.markdown("No student has joined yet.")
            return
        st.markdown("The device can no longer use the seat. Its orders and forecasts stay.")
        if st.session_state.get(_CHOSEN) not in names:
            st.session_state.pop(_CHOSEN, None)
        st.selectbox(
            "Student", sorted(names), None, key=_CHOSEN, placeholder="Choose",
            format_func=lambda number: names.get(number, ""),
        )  # fmt: skip
        st.checkbox("Give the seat a new code, so that the old one opens it no more", key=_RENEW)
        chosen = st.session_state.get(_CHOSEN)
        st.button("Remove", key="remove", disabled=chosen is None, on_click=_remove)


def _remove() -> None:
    number, renew = int(st.session_state.get(_CHOSEN) or 0), bool(st.session_state.get(_RENEW))

    def act() -> None:
        classroom().remove(credentials.secret(), number, renew=renew)

    actions.attempt(act, f"Student {number} is removed")
