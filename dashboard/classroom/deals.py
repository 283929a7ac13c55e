"""The tab Deals: proposals to answer, the form for a new one, and all others. Markup in a note is not interpreted."""

from collections.abc import Mapping
from functools import partial
from typing import Final, Literal, get_args

import streamlit as st

from dashboard.classroom import actions, credentials, html, lever_input
from dashboard.classroom.server_config import classroom
from dashboard.render import display
from sim.exercise.deal_views import ProposalView
from sim.exercise.lever_terms import Bound
from sim.exercise.rules import LONGEST_NOTE
from sim.exercise.views import LeverView, SeatView

MOST_TERMS: Final = 4
_COUNTERED: Final = "deal-countered"  # the proposal that the form answers
_STATUS: Final = {
    "open": "not answered yet", "accepted": "a deal", "declined": "declined", "countered": "counter-offer made",
    "withdrawn": "withdrawn", "expired": "not answered in time",
}  # fmt: skip


def draw(view: SeatView) -> None:
    """Draw the offers to this seat, the form for a new offer, and the other proposals."""
    able = view.phase == "open" and not view.frozen
    waiting = [one for one in view.proposals if one.status == "open" and one.receiver == view.seat]
    with st.container():  # one element for any number: the form below keeps its place, and what is typed in it
        for one in waiting:
            _offered(view, one, able=able)
    _form(view, able=able)
    rest = [one for one in view.proposals if one not in waiting]
    if rest:
        st.markdown("#### Your offers and deals")
    for one in rest:
        _answered(view, one, able=able)


def _offered(view: SeatView, one: ProposalView, *, able: bool) -> None:
    with st.container(border=True, key=f"offer-{one.proposal}"):
        st.html(f"<b>{_label(view, one.sender)} offers you a deal</b>{_body(view, one)}")
        with st.container(horizontal=True):
            for label, kind in (("Accept", "primary"), ("Decline", "secondary")):
                st.button(
                    label, type=kind, key=f"{label}-{one.proposal}", disabled=not able,  # type: ignore[arg-type]
                    on_click=_answer, args=(one.proposal, label.lower()),
                )  # fmt: skip
            st.button(
                "Make a counter-offer",
                key=f"counter-{one.proposal}",
                disabled=not able,
                on_click=_begin_counter,
                args=(view, one),
            )


def _answered(view: SeatView, one: ProposalView, *, able: bool) -> None:
    other = one.receiver if one.sender == view.seat else one.sender
    way = "To" if one.sender == view.seat else "From"
    status = _STATUS[one.status]
    if one.first is not None:
        last = one.first + one.rounds - 1
        status += f" for round {one.first}" if last == one.first else f" for rounds {one.first} to {last}"
    if one.broken:
        status += ", broken"
    with st.expander(
        f"{way} {display.plain(_plain_label(view, other))}, round {one.round}: {status}", key=f"proposal-{one.proposal}"
    ):
        broken = "".join(f"<li>Round {number}: broken by {_label(view, seat)}</li>" for number, seat, _ in one.broken)
        st.html(_body(view, one) + (f'<ul class="terms">{broken}</ul>' if broken else ""))
        if one.status == "open":
            st.button(
                "Withdraw the offer",
                key=f"retract-{one.proposal}",
                disabled=not able,
                on_click=_retract,
                args=(one.proposal,),
            )


def _body(view: SeatView, one: ProposalView) -> str:
    """Return the terms as seen from this seat, and the note, as HTML."""
    mine, theirs = (one.give, one.take) if one.sender == view.seat else (one.take, one.give)
    other = one.receiver if one.sender == view.seat else one.sender
    length = "this round" if one.rounds == 1 else f"{one.rounds} rounds"
    note = f'<div class="note" dir="auto">{html.text(one.note)}</div>' if one.note else ""
    sides = f"You would do:{html.terms(mine)}{_label(view, other)} would do:{html.terms(theirs)}"
    implies = f"<p>{html.text(one.implies)}</p>" if one.implies else ""
    why = f"<p>{html.text(one.why)}</p>" if one.why else ""
    return f"{why}<p>For {length}.</p>{sides}{implies}{note}"


def _form(view: SeatView, *, able: bool) -> None:
    st.markdown("#### Offer a deal")
    if not view.partners:
        st.markdown(
            "No student has taken another seat of your group yet, so you cannot offer a deal. Your teacher can let the "
            "model answer offers to them."
        )
        return
    labels = {name: label for name, label, _ in view.partners}
    theirs_by = {name: {one.lever: one for one in levers} for name, _, levers in view.partners}
    if st.session_state.get("deal-to") not in labels:
        st.session_state.pop("deal-to", None)
    to = st.selectbox("To", list(labels), key="deal-to", format_func=lambda name: labels[name], disabled=not able)
    mine = {one.lever: one for one in view.levers}
    give = _pick("You would do", mine, "deal-give", able=able)
    take = _pick(f"{labels[to]} would do", theirs_by[to], f"deal-take-{to}", able=able)
    with st.form("deal", border=False):
        for name in give:
            _term(view, mine[name], f"give-{name}", able=able)
        for name in take:
            _term(view, theirs_by[to][name], f"take-{name}", able=able)
        left = view.rounds - view.round + 1
        st.number_input(
            "Number of rounds, from this one on", 1, max(left, 1), key=_key(view, "deal-rounds"), disabled=not able
        )
        st.text_area(
            f"A note (optional, at most {LONGEST_NOTE} characters)", key="deal-note", height=80, disabled=not able
        )
        countered = st.session_state.get(_COUNTERED)
        st.form_submit_button(
            "Send the offer" if countered is None else "Send the counter-offer", type="primary", width="stretch",
            disabled=not able, on_click=_send, args=(view, to, give, take),
        )  # fmt: skip


def _term(view: SeatView, lever: LeverView, name: str, *, able: bool) -> None:
    """Draw the input of one promise: its value, and its direction unless it is a yes or no."""
    lever_input.draw(lever, _key(view, name), lever.present, able=able)
    if not lever.flag:
        st.segmented_control(
            display.plain(f"{lever.label}: the promise is"), get_args(Bound), default=lever.promise, required=True,
            key=_key(view, f"bound-{name}"), label_visibility="collapsed", disabled=not able,
        )  # fmt: skip


def _pick(label: str, levers: Mapping[str, LeverView], key: str, *, able: bool) -> list[str]:
    return st.multiselect(
        display.plain(label), list(levers), key=key, max_selections=MOST_TERMS, disabled=not able, placeholder="Choose",
        format_func=lambda name: levers[name].label,
    )  # fmt: skip


def _key(view: SeatView, name: str) -> str:
    return actions.round_key(view, name)


def _begin_counter(view: SeatView, one: ProposalView) -> None:
    """Fill the form with the proposal seen from the other side, to be changed and sent."""
    st.session_state[_COUNTERED] = one.proposal
    st.session_state["deal-to"] = one.sender
    st.session_state["deal-give"] = [term.lever for term in one.take]
    st.session_state[f"deal-take-{one.sender}"] = [term.lever for term in one.give]
    st.session_state[_key(view, "deal-rounds")] = one.rounds
    theirs = {name: {lever.lever: lever for lever in levers} for name, _, levers in view.partners}
    known = {"give": {lever.lever: lever for lever in view.levers}, "take": theirs.get(one.sender, {})}
    for side, promised in (("give", one.take), ("take", one.give)):
        for term in promised:
            lever = known[side][term.lever]
            lever_input.write(lever, _key(view, f"{side}-{term.lever}"), term.value)
            if not lever.flag:
                st.session_state[_key(view, f"bound-{side}-{term.lever}")] = term.bound
    actions.say("The offer is in the form below: change it and send it.")


def _send(view: SeatView, to: str, give: list[str], take: list[str]) -> None:
    """Send the offer that was entered. view: of the page that it was entered on."""

    def act() -> None:
        token = credentials.token()
        mine = {one.lever: one for one in view.levers}
        theirs = {one.lever: one for name, _, levers in view.partners if name == to for one in levers}
        offered = {name: lever_input.read(mine[name], _key(view, f"give-{name}")) for name in give}
        asked = {name: lever_input.read(theirs[name], _key(view, f"take-{name}")) for name in take}
        bounds = {
            name: st.session_state[_key(view, f"bound-{side}-{name}")]
            for side, names, levers in (("give", give, mine), ("take", take, theirs))
            for name in names
            if not levers[name].flag
        }
        rounds, note = (
            int(st.session_state[_key(view, "deal-rounds")]),
            actions.one_line(st.session_state["deal-note"]),
        )
        countered = st.session_state.get(_COUNTERED)
        if countered is None:
            sent.append(classroom().propose(token, to, offered, asked, rounds, note, bounds=bounds, at=view.moment))
        else:
            sent.append(
                classroom().counter(token, countered, offered, asked, rounds, note, bounds=bounds, at=view.moment)
            )

    sent: list[int] = []
    if actions.attempt(act, "Sent"):
        _say_answer(sent[0])
        st.session_state.pop(_COUNTERED, None)
        st.session_state["deal-give"], st.session_state[f"deal-take-{to}"] = [], []
        st.session_state["deal-note"] = ""


def _say_answer(proposal: int) -> None:
    """Say at once what the model has answered, if it plays the other seat."""
    offers = classroom().seat(credentials.token()).proposals
    if why := next(one.why for one in offers if one.proposal == proposal):
        actions.say(why)


def _answer(proposal: int, answer: Literal["accept", "decline"]) -> None:
    shown = "The deal is made" if answer == "accept" else "Declined"
    actions.attempt(partial(classroom().answer, credentials.token(), proposal, answer), shown)


def _retract(proposal: int) -> None:
    actions.attempt(partial(classroom().withdraw_proposal, credentials.token(), proposal), "Withdrawn")


def _plain_label(view: SeatView, seat: str) -> str:
    from sim.exercise.seats import SEATS

    return view.label if seat == view.seat else SEATS[seat].label


def _label(view: SeatView, seat: str) -> str:
    return html.text(_plain_label(view, seat))
