"""The page Join: a student's page, made for a phone. It shows one seat of one group and nothing of the others."""

from typing import Final

import streamlit as st

from dashboard.classroom import actions, credentials, deals, forecasts, html, live_refresh, orders, server_config, style
from dashboard.classroom.server_config import classroom
from dashboard.render import display
from sim.errors import InputError
from sim.exercise.views import SeatView

TABS: Final = ("Situation", "Briefing", "Orders", "Deals", "Predict", "Scores")
LONGEST_CODE: Final = 60
WIDTH: Final = 720  # pixels at most


def page() -> None:
    """Draw the page."""
    style.apply()
    _invited()
    view = _seat()
    if view is None:
        _door()
        return
    with st.container(width=WIDTH):
        _seated(view)


def _seated(view: SeatView) -> None:
    """Draw the page of a student who has a seat."""
    _head(view)
    with st.container():  # also when there is nothing to say: what follows keeps its place
        actions.tell()
    with st.container():
        _waiting_for_you(view)
    situation, briefing, own_orders, own_deals, predictions, scores = st.tabs(TABS, key="join-tabs")
    with situation:
        st.html(html.situation(view.situation))
        st.markdown("#### News")
        st.html(html.news(view.news))
    with briefing:
        _briefing(view)
    with own_orders:
        orders.draw(view)
    with own_deals:
        deals.draw(view)
    with predictions:
        forecasts.ask(view)
    with scores:
        forecasts.tell(view)
    _foot(view)
    live_refresh.complete(view)


def _invited() -> None:
    """Join with the code of an invitation's link, which is removed from the address."""
    if code := credentials.take_code():
        _join(code)


def _join(code: str) -> None:
    def act() -> None:
        credentials.hold_token(classroom().join(code[:LONGEST_CODE], client=server_config.client()).token)

    actions.attempt(act)


def _seat() -> SeatView | None:
    """Return the view of the seat that this browser's token opens; None, with the reason shown, if there is none."""
    token = credentials.token()
    if not token:
        return None
    try:
        view = classroom().seat(token, client=server_config.client())
    except InputError as error:
        credentials.drop_token()
        st.error(display.plain(str(error), 700), icon=":material/error:")
        return None
    credentials.hold_token(token)
    return view


def _door() -> None:
    """Ask for a code."""
    st.markdown("# Join an exercise")
    actions.tell()
    with st.form("door", border=False):
        st.text_input("Your seat's code", key="door-code", max_chars=LONGEST_CODE, autocomplete="off")
        st.form_submit_button("Join", type="primary", width="stretch", on_click=_enter)
    st.markdown("Your teacher shows the code, or a QR code to scan with your camera. You need no name and no account.")


def _enter() -> None:
    _join(str(st.session_state.get("door-code", "")))


def _head(view: SeatView) -> None:
    """Draw who this is, the round and its phase, and the clock."""
    st.markdown(f"# {display.plain(view.label)}")
    you = f'<div class="soft">{html.text(view.title)} · group {view.group} · you are student {view.student}</div>'
    token, client = credentials.token(), server_config.client()
    live_refresh.follow(view, you + html.where(view, view.rounds), lambda: classroom().seat(token, client=client))


def _waiting_for_you(view: SeatView) -> None:
    """Draw what this student can do now."""
    if view.frozen:
        st.info("Your teacher has stopped the clock. You can read; you can give orders again when the clock runs.")
        return
    if view.phase == "waiting":
        st.info("The round is not open yet. Read your briefing; orders come next." if not view.played else
                "The round has been played: see the news, and your scores. The next one is not open yet.")  # fmt: skip
        return
    if view.phase == "over":
        st.info("The exercise is over. Your teacher has the review.")
    elif view.phase == "closed":
        st.info("The round is closed and will be played.")
    elif offers := [one for one in view.proposals if one.receiver == view.seat and one.status == "open"]:
        many = f"{len(offers)} offers wait" if len(offers) > 1 else "An offer waits"
        st.warning(f"{many} for your answer, under Deals.", icon=":material/handshake:")


def _briefing(view: SeatView) -> None:
    st.html(html.prose(view.briefing))
    aims = "".join(f"<li>{html.text(one.text)}</li>" for one in view.aims)
    st.html(f'<p><b>What your side wants</b></p><ul class="terms">{aims}</ul>')


def _foot(view: SeatView) -> None:
    with st.expander("This device", key="device"):
        st.markdown(
            "If this page is lost, open it again from your browser's history or with your code: you keep your seat. "
            "Do not share this page's address: anyone who has it can use your seat."
        )
        st.button("Leave this seat", key=f"leave-{view.student}", on_click=credentials.drop_token)
