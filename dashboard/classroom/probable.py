"""What an order would probably do, on the card of its lever: asked for, worked out in the background, then shown.

A fragment asks for the result every second only as long as it is worked out. Nothing is ordered by it.
"""

from typing import Any, Final

import streamlit as st

from dashboard.classroom import actions, credentials, html
from dashboard.classroom.server_config import classroom
from dashboard.render import display
from sim.errors import InputError
from sim.exercise.probable_effects import NOTHING, WORLDS, ProbableEffect
from sim.exercise.views import LeverView, Scope, SeatView

EVERY: Final = 1.0  # seconds


def ask(view: SeatView, lever: LeverView, value: float | bool, scope: Scope) -> None:  # noqa: FBT001
    """Ask what an order would probably do. view: of the page that it was entered on."""
    st.session_state[_key(view, lever)] = (value, scope)


def draw(view: SeatView, lever: LeverView) -> None:
    """Draw what was asked for: the effects, or that they are worked out; of an order in force without being asked."""
    if view.phase != "open" or view.frozen:
        return
    asked = st.session_state.get(_key(view, lever))
    if asked is None and lever.order is not None:
        asked = (lever.order.value, lever.order.scope)
    if asked is None:
        return
    with st.container():
        found = _found(lever, *asked)
        if found is None:
            _wait(lever, *asked)
        elif isinstance(found, str):
            st.markdown(display.plain(found, 700))
        else:
            st.html(_shown(lever, asked[0], found))


def _found(lever: LeverView, value: float | bool, scope: Scope) -> Any:  # noqa: FBT001
    """Return the effects, None while they are worked out, or in words why there are none."""
    try:
        return classroom().probable(credentials.token(), lever.lever, value, scope)
    except InputError as error:
        return actions.in_words(error)


@st.fragment(run_every=EVERY)
def _wait(lever: LeverView, value: float | bool, scope: Scope) -> None:  # noqa: FBT001
    if _found(lever, value, scope) is not None:
        st.rerun()
    st.html('<p class="soft">What it would probably do is being worked out.</p>')


def _shown(lever: LeverView, value: float | bool, found: tuple[ProbableEffect, ...]) -> str:  # noqa: FBT001
    """Return the effects as HTML, those that differ first."""
    moved = [one for one in found if one.text != NOTHING]
    rows = "".join(
        f"<li>{'<b>' * one.significant}{html.text(one.label)}{'</b>' * one.significant}: {html.text(one.text)}</li>"
        for one in moved
    )
    same = "; ".join(one.label for one in found if one.text == NOTHING)
    rest = f"<li>No difference in any world: {html.text(same)}</li>" if same else ""
    head = f"{html.text(lever.label)} at {html.text(html.value(value, lever.unit))}: what it would probably do"
    return (
        f'<div class="steps"><b>{head}</b><ul>{rows}{rest}</ul><p class="soft">By the end of the round, this order '
        f"compared with none, in {WORLDS} worlds with the same luck; what others order now is not known.</p></div>"
    )


def _key(view: SeatView, lever: LeverView) -> str:
    return actions.round_key(view, f"probable-{view.seat}-{lever.lever}")
