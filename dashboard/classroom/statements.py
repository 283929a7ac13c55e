"""Public statements on a student's phone: the seat's own one for this round, and all that its group has said."""

from functools import partial

import streamlit as st

from dashboard.classroom import actions, credentials, html
from dashboard.classroom.server_config import classroom
from sim.exercise.statements import LONGEST
from sim.exercise.views import SeatView, Statement


def draw(view: SeatView) -> None:
    """Draw the form for this round, and below it every statement of the group."""
    st.markdown("## Public statements")
    st.markdown(
        "Everybody in your group reads a statement at once, and so do the press and observers. Talk is cheap: it binds "
        "nobody and changes nothing in the model. Only orders and deals do."
    )
    with st.container():  # what follows keeps its place when the round opens
        if view.phase in ("open", "closed"):
            _form(view)
    st.html(html.statements(view.statements))


def tell(view: SeatView) -> None:
    """Draw what the other seats have said in this round, at the top of the page."""
    found = [one for one in view.statements if one.round == view.round and one.seat != view.seat]
    if found and view.phase != "over":
        st.html(html.statements(found))


def own(view: SeatView) -> Statement | None:
    """Return the seat's statement in this round, if there is one."""
    mine = (one for one in view.statements if (one.round, one.seat) == (view.round, view.seat))
    return next(mine, None)


def _form(view: SeatView) -> None:
    mine = own(view)
    if _key(view) not in st.session_state:  # set once: what another student of the seat says does not replace a draft
        st.session_state[_key(view)] = mine.text if mine else ""
    with st.form(f"statement-{view.take}-{view.round}", border=False):
        st.text_area(
            f"Your statement in round {view.round}, at most {LONGEST} characters", key=_key(view), height=90,
            disabled=view.frozen,
        )  # fmt: skip
        st.form_submit_button(
            "Say it in public", type="primary", width="stretch", disabled=view.frozen, on_click=_send, args=(view,)
        )
    if mine:
        st.html(
            '<p class="soft">It is public. You may change it until the round is played; an empty one withdraws it.</p>'
        )


def _key(view: SeatView) -> str:
    return actions.round_key(view, "statement-text")


def _send(view: SeatView) -> None:
    """Send what was typed. view: of the page that it was typed on."""
    words = actions.one_line(st.session_state[_key(view)])
    send = partial(classroom().statement, credentials.token(), words, at=view.moment)
    actions.attempt(send, "Your statement is public" if words else "Your statement is withdrawn")
