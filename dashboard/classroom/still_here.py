"""The question that a phone asks when nothing has come from it for minutes: whether somebody is still there."""

from functools import partial

import streamlit as st

from dashboard.classroom import actions, credentials
from dashboard.classroom.server_config import classroom
from sim.exercise.views import SeatView


def ask(view: SeatView) -> None:
    """Draw the question with its one button, while it is asked. Whatever else is done on the phone answers it too."""
    if not view.asked:
        return
    st.warning("**Are you still here?** Nothing has come from this phone for some minutes. Your seat stays yours.")
    st.button(
        "I am here", type="primary", key="still-here", width="stretch", on_click=actions.do,
        args=(partial(classroom().here, credentials.token()),),
    )  # fmt: skip
