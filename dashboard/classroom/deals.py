"""The tab Deals: proposals to answer, the form for a new one, and all others. Markup in a note is not interpreted."""

from collections.abc import Mapping
from functools import partial
from typing import Final, Literal, get_args

import streamlit as st

from dashboard.classroom import actions, credentials, folded, html, lever_input
from dashboard.classroom.server_config import classroom
from dashboard.render import display
from sim.exercise.deal_rules import LONGEST_NOTE
from sim.exercise.deal_views import STATUS_IN_WORDS, ProposalView
from sim.exercise.lever_terms import Bound
from sim.exercise.seats import SEATS, in_words
from sim.exercise.views import LeverView, SeatView

MOST_TERMS: Final = 4
_COUNTERED: Final = "deal-countered"  # the proposal that the form answers
_THIRD: Final = "deal-third"  # the second seat to which the offer is made
_FORM: Final = "deal-form"  # the folded part with the form


def draw(view: SeatView) -> None:
    """Draw the offers to this seat, the form for a new offer, and the other proposals."""
    able = view.phase == "open" and not view.frozen
    waiting = [one for one in view.proposals if view.seat in one.waiting]
    with st.container():  # one element for any number: the form below keeps its place, and what is typed in it
        for one in waiting:
            _offered(view, one, able=able)
    form = folded.part("Offer a deal", _FORM, kept=f"{_FORM}-opened")
    if form is not None:
        with form:
            _form(view, able=able)
    rest = [one for one in view.proposals if one not in waiting]
    if rest:
        st.markdown("## Your offers and deals")
    for one in rest:
        _answered(view, one, able=able)


def _offered(view: SeatView, one: ProposalView, *, able: bool) -> None:
    with st.container(border=True, key=f"offer-{one.proposal}"):
        st.html(f"<b>{_label(view, one.sender)} {_offers(view, one)}</b>{_body(view, one)}")
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


def _offers(view: SeatView, one: ProposalView) -> str:
    """Return what its sender does with an offer to this seat, as HTML; an offer to two names the other one."""
    others = [html.text(SEATS[seat].inside) for seat in one.promises if seat not in (view.seat, one.sender)]
    return f"offers a deal to you and {others[0]}" if others else "offers you a deal"


def _answered(view: SeatView, one: ProposalView, *, able: bool) -> None:
    mine = one.sender == view.seat
    others = in_words(tuple(one.promises)[1:] if mine else (one.sender,))
    status = _status(view, one)
    head = f"{'To' if mine else 'From'} {display.plain(others)}, round {one.round}: {status}"
    shown = folded.part(head, f"proposal-{one.proposal}")
    if shown is None:
        return
    with shown:
        broken = "".join(f"<li>Round {number}: broken by {_label(view, seat)}</li>" for number, seat, _ in one.broken)
        st.html(_body(view, one) + (f'<ul class="terms">{broken}</ul>' if broken else ""))
        if one.status == "open" and mine:
            st.button(
                "Withdraw the offer",
                key=f"retract-{one.proposal}",
                disabled=not able,
                on_click=_retract,
                args=(one.proposal,),
            )
        elif one.status == "open":  # the other receiver has not answered yet
            st.button(
                "Decline it after all", key=f"decline-{one.proposal}", disabled=not able, on_click=_answer,
                args=(one.proposal, "decline"),
            )  # fmt: skip


def _status(view: SeatView, one: ProposalView) -> str:
    """Return what has become of an offer, in words."""
    status = STATUS_IN_WORDS[one.status]
    if one.status == "open" and one.accepted:
        who = "you have" if view.seat in one.accepted else f"{in_words(one.accepted)} has"
        return f"{who} accepted, {display.plain(in_words(one.waiting))} not yet"
    if one.first is not None:
        last = one.first + one.rounds - 1
        status += f" for round {one.first}" if last == one.first else f" for rounds {one.first} to {last}"
    return status + (", broken" if one.broken else "")


def _body(view: SeatView, one: ProposalView) -> str:
    """Return the terms as seen from this seat, and the note, as HTML."""
    length = "this round" if one.rounds == 1 else f"{one.rounds} rounds"
    note = f'<div class="note" dir="auto">{html.text(one.note)}</div>' if one.note else ""
    others = [seat for seat in one.promises if seat != view.seat]
    sides = f"You would do:{html.terms(one.promises[view.seat])}"
    sides += "".join(f"{_label(view, seat)} would do:{html.terms(one.promises[seat])}" for seat in others)
    implies = f"<p>{html.text(one.implies)}</p>" if one.implies else ""
    why = f"<p>{html.text(one.why)}</p>" if one.why else ""
    three = "<p>It is a deal once both who receive it have accepted, before the round is played.</p>"
    so_far = f"<p>Accepted so far: {html.text(in_words(one.accepted))}.</p>" if one.waiting and one.accepted else ""
    return f"{why}<p>For {length}.</p>{sides}{implies}{three if one.third and one.waiting else ''}{so_far}{note}"


def _form(view: SeatView, *, able: bool) -> None:
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
    receivers = [to, *_third(labels, to, able=able)]
    theirs = {name: lever for seat in receivers for name, lever in theirs_by[seat].items()}
    give = _pick("You would do", mine, "deal-give", able=able)
    take = [
        name
        for seat in receivers
        for name in _pick(f"{labels[seat]} would do", theirs_by[seat], f"deal-take-{seat}", able=able)
    ]
    with st.form("deal", border=False):
        for name in give:
            _term(view, mine[name], f"give-{name}", able=able)
        for name in take:
            _term(view, theirs[name], f"take-{name}", able=able)
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
            disabled=not able, on_click=_send, args=(view, tuple(receivers), give, take),
        )  # fmt: skip


def _third(labels: Mapping[str, str], to: str, *, able: bool) -> list[str]:
    """Draw the choice of a second seat to which the offer is made, and return it; nothing for none."""
    rest = [name for name in labels if name != to]
    with st.container():  # what follows keeps its place when another seat is taken
        if not rest:
            return []
        if st.session_state.get(_THIRD) not in rest:
            st.session_state.pop(_THIRD, None)
        chosen = st.selectbox(
            "And to (optional: a deal among three)", rest, None, key=_THIRD, format_func=lambda name: labels[name],
            placeholder="Nobody else", disabled=not able,
        )  # fmt: skip
    return [str(chosen)] if chosen else []


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
    """Fill the form with the proposal seen from this side, to be changed and sent."""
    others = [seat for seat in one.promises if seat != view.seat]
    st.session_state[_COUNTERED] = one.proposal
    st.session_state[_FORM] = True
    st.session_state["deal-to"] = one.sender
    st.session_state.pop(_THIRD, None)
    if len(others) > 1:
        st.session_state[_THIRD] = others[1]
    st.session_state["deal-give"] = [term.lever for term in one.promises[view.seat]]
    for seat in others:
        st.session_state[f"deal-take-{seat}"] = [term.lever for term in one.promises[seat]]
    st.session_state[_key(view, "deal-rounds")] = one.rounds
    theirs = {name: {lever.lever: lever for lever in levers} for name, _, levers in view.partners}
    theirs[view.seat] = {lever.lever: lever for lever in view.levers}
    for seat, promised in one.promises.items():
        side = "give" if seat == view.seat else "take"
        for term in promised:
            lever = theirs[seat][term.lever]
            lever_input.write(lever, _key(view, f"{side}-{term.lever}"), term.value)
            if not lever.flag:
                st.session_state[_key(view, f"bound-{side}-{term.lever}")] = term.bound
    actions.say("The offer is in the form below: change it and send it.")


def _send(view: SeatView, to: tuple[str, ...], give: list[str], take: list[str]) -> None:
    """Send the offer that was entered. view: of the page that it was entered on."""

    def act() -> None:
        token = credentials.token()
        mine = {one.lever: one for one in view.levers}
        theirs = {one.lever: one for name, _, levers in view.partners if name in to for one in levers}
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
        st.session_state["deal-give"] = []
        for seat in to:
            st.session_state[f"deal-take-{seat}"] = []
        st.session_state["deal-note"] = ""


def _say_answer(proposal: int) -> None:
    """Say at once what the model has answered, if it plays the other seat."""
    offers = classroom().seat(credentials.token()).proposals
    if why := next(one.why for one in offers if one.proposal == proposal):
        actions.say(why)


def _answer(proposal: int, answer: Literal["accept", "decline"]) -> None:
    token = credentials.token()
    if actions.attempt(partial(classroom().answer, token, proposal, answer), "Declined") and answer == "accept":
        found = next(one for one in classroom().seat(token).proposals if one.proposal == proposal)
        waits = f"Accepted; the deal waits for {in_words(found.waiting)}" if found.waiting else "The deal is made"
        actions.say(waits)


def _retract(proposal: int) -> None:
    actions.attempt(partial(classroom().withdraw_proposal, credentials.token(), proposal), "Withdrawn")


def _label(view: SeatView, seat: str) -> str:
    return html.text(view.label if seat == view.seat else SEATS[seat].label)
