"""The tab Orders: one card per lever of the seat: what stands, what the ends of its range mean, what it risks."""

from functools import partial
from typing import Final

import streamlit as st

from dashboard.classroom import actions, credentials, folded, html, lever_input, probable
from dashboard.classroom.server_config import classroom
from dashboard.render import display
from sim.exercise.rounds import bound_text
from sim.exercise.views import LeverView, Planned, Scope, SeatView
from sim.schema import formatting

SCOPES: Final[dict[Scope, str]] = {"round": "this round", "until_changed": "until I change it"}


def draw(view: SeatView) -> None:
    """Draw every lever of the seat. Without an order, the text or the model's own actor decides."""
    able = view.phase == "open" and not view.frozen
    st.markdown(
        "You may leave everything as it is. Without your order or a deal, what the text records stands; after that the "
        "model decides for your side."
    )
    for lever in view.levers:
        _card(lever, view, able=able)


def _card(lever: LeverView, view: SeatView, *, able: bool) -> None:
    """Draw the heading of a lever, and below it what can be ordered, once it has been opened in this round."""
    head, key = f"{display.plain(lever.label)}: {_stands(lever)}", f"card-{view.seat}-{lever.lever}"
    card = folded.part(head, key, kept=actions.round_key(view, f"opened-{key}"))
    if card is not None:
        with card:
            _body(lever, view, able=able)


def _body(lever: LeverView, view: SeatView, *, able: bool) -> None:
    """Draw what stands and what it risks, the inputs of an order, and what it would probably do."""
    st.html("<br>".join(_facts(lever)))
    with st.form(_key(view, lever, "order"), border=False):
        lever_input.draw(lever, _key(view, lever, "value"), start(lever), able=able)
        if not lever.flag:
            st.html(_scale(lever))
        st.segmented_control(
            "For", list(SCOPES), default="round", required=True, format_func=SCOPES.get,  # type: ignore[arg-type]
            key=_key(view, lever, "scope"), disabled=not able,
        )  # fmt: skip
        st.form_submit_button(
            "Give this order", type="primary", disabled=not able, on_click=_order, args=(view, lever),
            width="stretch",
        )  # fmt: skip
        st.form_submit_button(
            "What would it probably do?", disabled=not able, on_click=_try_out, args=(view, lever), width="stretch"
        )
    probable.draw(view, lever)
    if lever.order is not None:
        st.button(
            "Withdraw the order", key=f"back-{lever.lever}", disabled=not able, on_click=_withdraw,
            args=(lever.lever,), width="stretch",
        )  # fmt: skip


def _stands(lever: LeverView) -> str:
    """Return what stands for the round, as Markdown: an order, a promise, what is held back, or what is now."""
    if lever.order is not None:
        return f"you order **{display.plain(html.value(lever.order.value, lever.unit))}**"
    if lever.promised is not None:
        return f"deal: **{display.plain(_promised(lever))}**"
    if lever.held is not None:
        return f"held at **{display.plain(html.value(lever.held, lever.unit))}**"
    return f"now {display.plain(html.about(lever.present, lever.unit))}"


def _promised(lever: LeverView) -> str:
    value = html.value(lever.present if lever.promised is None else lever.promised, lever.unit)
    return f"{bound_text(lever.promise)}{value}"


def _facts(lever: LeverView) -> list[str]:
    """Return the lines about a lever, as HTML."""
    rows = [html.text(lever.about), html.text(lever.risk)]
    rows += [html.text(_recorded(one, lever.unit)) for one in lever.planned if lever.order is None]
    if not lever.planned:
        rows.append(f"Today: <b>{html.text(html.about(lever.present, lever.unit))}</b>.")
    if lever.flag:
        rows.append(f"Yes: {html.text(lever.most)}. No: {html.text(lever.least)}.")
    if lever.promised is not None:
        rows.append(f"Your deal promises <b>{html.text(_promised(lever))}</b> this round; less breaks the deal.")
    if lever.order is not None:
        given = "for this round" if lever.order.scope == "round" else f"since round {lever.order.since}, until changed"
        rows.append(f"Ordered by student {lever.order.student}, {given}.")
    rows += [html.text(note) for note in lever.notes]
    rows.append(f'<span class="soft">Based on: {html.text(lever.rests_on)}</span>')
    return rows


def _recorded(one: Planned, unit: str) -> str:
    """Return what the text imposes on some days of the round, unless somebody orders."""
    import datetime as dt

    last = one.end - dt.timedelta(days=1)
    days = f"from {formatting.day(one.start, year=False)} to {formatting.day(last, year=False)}"
    if last == one.start:
        days = f"on {formatting.day(last, year=False)}"
    return f"As the text records, unless you order otherwise: {html.value(one.value, unit)}, {days}."


def _scale(lever: LeverView) -> str:
    """Return what the ends of a slider mean, as HTML."""
    low, high = html.value(lever.low, lever.unit), html.value(lever.high, lever.unit)
    return (
        f'<div class="scale soft"><span><b>{html.text(low)}</b>: {html.text(lever.least)}</span>'
        f"<span><b>{html.text(high)}</b>: {html.text(lever.most)}</span></div>"
    )


def _key(view: SeatView, lever: LeverView, name: str) -> str:
    """Return the key of an input that belongs to one round and to what stands in it.

    When a deal or an order of another student on the seat changes what stands, the input begins with the new value, so
    that an input that nobody has touched never stands for an old one.
    """
    return actions.round_key(view, f"{name}-{view.seat}-{lever.lever}-{start(lever)}")


def start(lever: LeverView) -> float | bool:
    """Return what stands for the round, where its input begins."""
    if lever.order is not None:
        return lever.order.value
    if lever.promised is not None:
        return lever.promised
    return lever.present if lever.held is None else lever.held


def _order(view: SeatView, lever: LeverView) -> None:
    """Give the order that was entered. view, lever: of the page that it was entered on."""
    value = lever_input.read(lever, _key(view, lever, "value"), start(lever))
    scope = st.session_state[_key(view, lever, "scope")]
    shown = f"{lever.label}: {html.value(value, lever.unit)}, {SCOPES[scope]}"
    probable.ask(view, lever, value, scope)
    actions.attempt(partial(classroom().order, credentials.token(), lever.lever, value, scope, at=view.moment), shown)


def _try_out(view: SeatView, lever: LeverView) -> None:
    """Ask what the order that was entered would probably do, without giving it."""
    value = lever_input.read(lever, _key(view, lever, "value"), start(lever))
    probable.ask(view, lever, value, st.session_state[_key(view, lever, "scope")])


def _withdraw(name: str) -> None:
    actions.attempt(partial(classroom().withdraw_order, credentials.token(), name), "Withdrawn")
