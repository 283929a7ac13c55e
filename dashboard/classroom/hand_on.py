"""Handing a seat on to another device, at the foot of the student's page: a code that works once, and its picture."""

import time
from typing import Final

import streamlit as st

from dashboard.classroom import actions, credentials, invite, server_config
from dashboard.classroom.server_config import classroom
from dashboard.render import display
from sim.exercise.handover import LASTS
from sim.exercise.views import JoinedView

_CODE: Final = "hand-on-code"  # whose it is, the code, and until when


def draw(view: JoinedView) -> None:
    """Draw the button, and the code while it works."""
    st.button("Move this seat to another device", key=f"hand-on-{view.student}", on_click=_make, args=(view,))
    whose, code, until = st.session_state.get(_CODE, (None, "", 0.0))
    if whose == (view.exercise, view.student) and time.monotonic() < until:
        st.html(shown(code))


def shown(code: str) -> str:
    """Return a code as HTML, with its picture and what to do with it."""
    join, link = server_config.link(server_config.JOIN), invite.seat_link(code)
    return (
        f"<p>On the other device, scan the picture, or open {display.markup(join)} and type "
        f'<span class="code">{display.markup(code)}</span>. It works once, for {LASTS / 60:.0f} minutes. Seat, '
        "number and all that you did move there; this page then loses the seat.</p>"
        f'<div class="bigqr"><img src="{invite.qr(link)}" alt="QR code that moves this seat"></div>'
    )


def _make(view: JoinedView) -> None:
    def act() -> None:
        code = classroom().hand_on(credentials.token())
        st.session_state[_CODE] = ((view.exercise, view.student), code, time.monotonic() + LASTS)

    actions.attempt(act)
