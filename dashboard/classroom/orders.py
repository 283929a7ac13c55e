"""The tab Orders: one card per lever of the seat, with its bounds, today's value and what a deal promises."""

from functools import partial
from typing import Any, Final

import streamlit as st

from dashboard.classroom import actions, credentials, html
from dashboard.classroom.server_config import classroom
from dashboard.render import display
from dashboard.widgets.setting_slider import places, step_of
from sim.exercise.views import LeverView, Scope, SeatView

SCOPES: Final[dict[Scope, str]] = {"round": "this round", "until_changed": "until I change it"}


def draw(view: SeatView) -> None:
    """Draw every lever of the seat. Without an order, the model's own actor decides."""
    able = view.phase == "open" and not view.frozen
    st.markdown("Everything that you neither order nor promise in a deal is decided by the model for your side.")
    for lever in view.levers:
        _card(lever, view, able=able)


def _card(lever: LeverView, view: SeatView, *, able: bool) -> None:
    if lever.order is not None:
        shown = f"you order **{display.plain(html.value(lever.order.value, lever.unit))}**"
    elif lever.promised is not None:
        shown = f"deal: **{display.plain(html.value(lever.promised, lever.unit))}**"
    else:
        shown = f"now {display.plain(html.value(lever.present, lever.unit))}"
    with st.expander(f"{display.plain(lever.label)}: {shown}", key=f"card-{view.seat}-{lever.lever}"):
        _facts(lever)
        with st.form(actions.round_key(view, f"order-{view.seat}-{lever.lever}"), border=False):
            control(lever, _value_key(view, lever.lever), _start(lever), able=able)
            st.segmented_control(
                "For", list(SCOPES), default="round", required=True, format_func=SCOPES.get,  # type: ignore[arg-type]
                key=_scope_key(view, lever.lever), disabled=not able,
            )  # fmt: skip
            st.form_submit_button(
                "Give this order",
                type="primary",
                disabled=not able,
                on_click=_order,
                args=(view, lever.lever),
                width="stretch",
            )
        if lever.order is not None:
            st.button(
                "Withdraw the order", key=f"back-{lever.lever}", disabled=not able, on_click=_withdraw,
                args=(lever.lever,), width="stretch",
            )  # fmt: skip


def _facts(lever: LeverView) -> None:
    rows = [html.text(lever.about), f"Today: <b>{html.text(html.value(lever.present, lever.unit))}</b>."]
    if lever.promised is not None:
        promised = html.text(html.value(lever.promised, lever.unit))
        rows.append(f"Your deal promises <b>{promised}</b> this round; a different order breaks the deal.")
    if lever.order is not None:
        given = "in this round" if lever.order.scope == "round" else f"since round {lever.order.since}, until changed"
        rows.append(f"Ordered by student {lever.order.student}, {given}.")
        if lever.order.breaks:
            rows.append("<b>This order breaks a deal.</b>")
    rows.append(f'<span class="soft">Based on: {html.text(lever.rests_on)}</span>')
    st.html("<br>".join(rows))


def control(lever: LeverView, key: str, start: float | bool, *, able: bool = True) -> None:  # noqa: FBT001
    """Draw a slider, or yes and no, for a lever; its value is in the session state under the key."""
    if lever.flag:
        st.segmented_control(
            display.plain(lever.label), ["yes", "no"], default="yes" if start else "no", required=True, key=key,
            disabled=not able,
        )  # fmt: skip
        return
    step = step_of(lever.low, lever.high)
    value = float(min(max(round(float(start) / step) * step, lever.low), lever.high))
    unit = html.value(0, lever.unit).removeprefix("0").strip()
    st.slider(
        display.plain(lever.label + (f", {unit}" if unit else "")), float(lever.low), float(lever.high), value=value,
        step=float(step), format=f"%.{places(step)}f", key=key, disabled=not able,
    )  # fmt: skip


def read(lever: LeverView, key: str) -> float | bool:
    """Return the value of the control with this key."""
    found: Any = st.session_state[key]
    return found == "yes" if lever.flag else round(float(found), 10)


def _value_key(view: SeatView, lever: str) -> str:
    return actions.round_key(view, f"value-{lever}")


def _scope_key(view: SeatView, lever: str) -> str:
    return actions.round_key(view, f"scope-{lever}")


def _start(lever: LeverView) -> float | bool:
    if lever.order is not None:
        return lever.order.value
    return lever.present if lever.promised is None else lever.promised


def _order(view: SeatView, name: str) -> None:
    """Give the order that was entered. view: of the page that it was entered on."""
    lever = next(one for one in view.levers if one.lever == name)
    value, scope = read(lever, _value_key(view, name)), st.session_state[_scope_key(view, name)]
    shown = f"{lever.label}: {html.value(value, lever.unit)}, {SCOPES[scope]}"
    actions.attempt(partial(classroom().order, credentials.token(), name, value, scope, at=view.moment), shown)


def _withdraw(name: str) -> None:
    actions.attempt(partial(classroom().withdraw_order, credentials.token(), name), "Withdrawn")
