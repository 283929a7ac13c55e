"""Join: a student's page, made for a phone. One seat of one group; nothing of the others."""

from typing import Final

import streamlit as st

from dashboard import words
from dashboard.classroom import acts, deals, follow, forecasts, keys, look, orders, parts, room
from dashboard.classroom.room import classroom
from sim.errors import InputError
from sim.exercise.views import SeatView

TABS: Final = ("Situation", "Briefing", "Orders", "Deals", "Predict", "Scores")
LONGEST_CODE: Final = 60
WIDTH: Final = 720  # pixels at most


def page() -> None:
    """Draw the page."""
    look.put()
    _invited()
    view = _seat()
    if view is None:
        _door()
        return
    with st.container(width=WIDTH):
        _seated(view)


def _seated(view: SeatView) -> None:
    """The page of somebody who has a seat."""
    _head(view)
    with st.container():  # a place whether or not there is something to say: what follows stays where it is
        acts.tell()
    with st.container():
        _waiting_for_you(view)
    situation, briefing, own_orders, own_deals, predictions, scores = st.tabs(TABS, key="join-tabs")
    with situation:
        st.html(parts.situation(view.situation))
        st.markdown("#### News")
        st.html(parts.news(view.news))
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


def _invited() -> None:
    """Join by the code of an invitation's link, which leaves the address."""
    if code := keys.take_code():
        _join(code)


def _join(code: str) -> None:
    def act() -> None:
        keys.hold_token(classroom().join(code[:LONGEST_CODE], client=room.client()).token)

    acts.attempt(act)


def _seat() -> SeatView | None:
    """The seat that this browser's token opens; None, with the reason told, for none."""
    token = keys.token()
    if not token:
        return None
    try:
        view = classroom().seat(token, client=room.client())
    except InputError as error:
        keys.drop_token()
        st.error(words.plain(str(error), 700), icon=":material/error:")
        return None
    keys.hold_token(token)
    return view


def _door() -> None:
    """Ask for a code."""
    st.markdown("# Join an exercise")
    acts.tell()
    with st.form("door", border=False):
        st.text_input("Your seat's code", key="door-code", max_chars=LONGEST_CODE, autocomplete="off")
        st.form_submit_button("Join", type="primary", width="stretch", on_click=_enter)
    st.markdown("Your teacher shows the code, or a picture to point your camera at. No name or account is asked for.")


def _enter() -> None:
    _join(str(st.session_state.get("door-code", "")))


def _head(view: SeatView) -> None:
    """Who this is, where the exercise stands, and the clock."""
    st.markdown(f"# {words.plain(view.label)}")
    you = f'<div class="soft">{parts.text(view.title)} · group {view.group} · you are student {view.student}</div>'
    token, client = keys.token(), room.client()
    follow.follow(view, you + parts.where(view, view.rounds), lambda: classroom().seat(token, client=client))


def _waiting_for_you(view: SeatView) -> None:
    """What this student might do now."""
    if view.frozen:
        st.info("Your teacher has stopped the clock. You can read; orders are taken again when it goes on.")
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
    st.html(parts.prose(view.briefing))
    aims = "".join(f"<li>{parts.text(one)}</li>" for one in view.aims)
    st.html(f'<p><b>What your side wants</b></p><ul class="terms">{aims}</ul>')


def _foot(view: SeatView) -> None:
    with st.expander("This device", key="device"):
        st.markdown(
            "If this page is lost, open it again from your browser's history or with your code: you keep your seat. "
            "Do not pass on this page's address: it is the key to your seat."
        )
        st.button("Leave this seat", key=f"leave-{view.student}", on_click=keys.drop_token)
