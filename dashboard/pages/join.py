"""The page Join: a student's page, made for a phone. It shows one seat of one group and nothing of the others."""

from typing import Final

import streamlit as st

from dashboard.classroom import (
    actions,
    credentials,
    deals,
    folded,
    forecasts,
    hand_on,
    html,
    live_refresh,
    orders,
    quiz,
    reflection,
    server_config,
    statements,
    still_here,
    style,
    watch,
)
from dashboard.classroom.server_config import classroom
from dashboard.render import display
from sim.errors import InputError
from sim.exercise.views import JoinedView, SeatView
from sim.exercise.watch_views import WatchView
from sim.exercise.watchers import WHOLE_CLASS

TABS: Final = ("Briefing", "Situation", "Orders", "Deals", "Predict", "Scores")
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
        if isinstance(view, WatchView):
            _watching(view)
        else:
            _seated(view)


def _seated(view: SeatView) -> None:
    """Draw the page of a student who has a seat."""
    _head(view)
    with st.container():  # also when there is nothing to say: what follows keeps its place
        actions.tell()
        still_here.ask(view)
    with st.container():
        _said(view)
        _waiting_for_you(view)
    briefing, situation, own_orders, own_deals, predictions, scores = st.tabs(TABS, key="join-tabs")
    with situation:
        st.html(html.situation(view.situation))
        statements.draw(view)
        st.markdown("## News")
        st.html(html.news(view.news))
        if view.headlines:
            st.markdown("## Headlines")
            st.html(html.headlines(view.headlines))
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


def _watching(view: WatchView) -> None:
    """Draw the page of one who only watches."""
    _head(view)
    with st.container():
        actions.tell()
    watch.draw(view)
    _foot(view)
    live_refresh.complete(view)


def _invited() -> None:
    """Join with the code of an invitation's link, which is removed from the address."""
    if code := credentials.take_code():
        _join(code)


def _join(code: str) -> None:
    def act() -> None:
        credentials.hold_token(classroom().join(code, client=server_config.client()).token)

    actions.attempt(act)


def _seat() -> SeatView | WatchView | None:
    """Return the view of the seat that this browser's token opens; None, with the reason shown, if there is none."""
    token = credentials.token()
    if not token:
        return None
    try:
        view = classroom().look(token, client=server_config.client())
    except InputError as error:
        credentials.drop_token()
        st.error(display.plain(actions.in_words(error), 700), icon=":material/error:")
        return None
    credentials.hold_token(token)
    return view


def _door() -> None:
    """Ask for a code."""
    st.markdown("# Join an exercise")
    actions.tell()
    with st.form("door", border=False):
        st.text_input("Your seat's code, or its link", key="door-code", autocomplete="off")
        st.form_submit_button("Join", type="primary", width="stretch", on_click=_enter)
    st.markdown("Your teacher shows the code, or a QR code to scan with your camera. You need no name and no account.")


def _enter() -> None:
    _join(credentials.of_link(str(st.session_state.get("door-code", "")), credentials.CODE))


def _head(view: JoinedView) -> None:
    """Draw who this is, the round and its phase, and the clock."""
    st.markdown(f"# {display.plain(view.label)}")
    where = f"group {view.group}" if view.group else "all groups"
    you = f'<div class="soft">{html.text(view.title)} · {where} · you are student {view.student}</div>'
    token, client = credentials.token(), server_config.client()
    live_refresh.follow(
        view, you + html.where(view, view.rounds), lambda: classroom().look(token, client=client), view.group or None
    )


def _said(view: SeatView) -> None:
    """Draw the headlines of the last round, of the class and of the own group, and this round's statements."""
    for one in view.headlines:
        if one.round == view.played and one.group in (WHOLE_CLASS, view.group):
            st.html(f'<div class="soft">{html.text(one.source)}:</div>{html.headline(one)}')
    statements.tell(view)


def _waiting_for_you(view: SeatView) -> None:
    """Draw what is new for this student, and what to do in this round."""
    if view.back:
        st.warning(
            f"Your teacher has gone back to before round {view.back}. What was played from that round on no longer "
            "counts, and neither do its orders, deals and forecasts. The review keeps it.",
            icon=":material/history:",
        )
    for one in view.news:
        if one.kind == "inject" and one.round == view.round and view.phase != "over":
            st.warning(f"**News:** {display.plain(one.text, 700)}", icon=":material/campaign:")
    _now(view)
    for words in view.warnings if view.phase in ("open", "closed") else ():
        st.warning(display.plain(words, 700), icon=":material/warning:")


def _now(view: SeatView) -> None:
    """Draw what this student can do now."""
    if view.frozen:
        st.info("Your teacher has stopped the clock. You can read; you can give orders again when the clock runs.")
    elif view.quiz is not None and view.quiz.open and view.phase == "open":
        st.info("Round 1 is open. Send the quiz as far as you have got, under Briefing; then you see your briefing.")
        _to_do(view)
    elif view.quiz is not None and view.quiz.open:
        then = ("The exercise is over. ", "how your side did") if view.phase == "over" else ("", "your briefing")
        st.info(f"{then[0]}Please answer the short quiz under Briefing; then you see {then[1]}.")
    elif view.phase == "waiting":
        st.info("The round is not open yet. Read your briefing; orders come next." if not view.played or view.back else
                "The round has been played: see the news, and your scores. The next one is not open yet.")  # fmt: skip
    elif view.phase == "over":
        st.info(
            "The exercise is over. Briefing shows how your side did, two questions to look back, what the other sides "
            "wanted once your teacher reveals it, and the review once it is made; Scores what you foresaw."
        )
    elif view.phase == "closed":
        st.info("The round is closed and will be played.")
    else:
        _to_do(view)


def _to_do(view: SeatView) -> None:
    """Draw the steps of an open round, ticked off as they are done."""
    offers = sum(view.seat in one.waiting for one in view.proposals)
    acted = any(lever.order is not None or lever.promised is not None for lever in view.levers)
    asked = {one.question for one in view.questions if one.open}
    given = {one.question for one in view.forecasts if one.round == view.round and one.probability is not None}
    waiting = f"{offers} offers wait" if offers > 1 else "An offer waits"
    steps: list[tuple[str, bool | None]] = [("Read what you want and where it stands: Briefing, Situation", None)]
    if offers:
        steps.append((f"{waiting} for your answer, under Deals", False))
    steps.append(("Make a deal or give an order, or leave things as they are: Deals, Orders", acted))
    steps.append(("Say something in public, if you like: Situation", statements.own(view) is not None or None))
    if asked:
        steps.append(("Say how likely you think a yes is: Predict", asked <= given))
    st.html(html.steps(f"What to do in round {view.round}", steps))
    if view.until:
        st.html(
            '<p class="soft">You may close this page and come back by its address, or with your code on this device, '
            f"until {html.text(view.until)}: all that you have sent is kept.</p>"
        )


def _briefing(view: SeatView) -> None:
    if quiz.ask(view):
        return
    if view.debrief:
        st.markdown("## What the review says about your group")
        *sentences, question = view.debrief
        st.html("".join(f"<p>{html.text(one)}</p>" for one in sentences) + f"<p><b>{html.text(question)}</b></p>")
    if view.phase == "over":
        st.markdown("## How your side did")
    else:
        st.markdown(f"You speak for **{display.plain(view.label)}**, in group {view.group}.")
    st.html(html.aims(view.aims, over=view.phase == "over"))
    st.html('<p class="soft">↑ you want more of it, ↓ you want less, ✓ you want it to happen. No points are given.</p>')
    with st.container():  # the form below keeps its place when the aims are revealed
        if view.sides:
            st.markdown("## What each side wanted, and what became of it")
            st.html(html.sides(view.sides))
    quiz.tell(view)
    reflection.ask(view)
    st.markdown("## Where you stood on the morning of 10 March 2020")
    st.html(html.prose(view.briefing))


def _foot(view: JoinedView) -> None:
    device = folded.part("This device", "device")
    if device is None:
        return
    with device:
        st.markdown(
            "If this page is lost, open it again from your browser's history or with your code: you keep your seat. "
            "Do not share this page's address: anyone who has it can use your seat."
        )
        hand_on.draw(view)
        st.button("Leave this seat", key=f"leave-{view.student}", on_click=credentials.drop_token)
