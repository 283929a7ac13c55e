"""The choice of two things whose joint effect the page Compare shows."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from dashboard.render import display
from dashboard.runs import joint_runs, session
from dashboard.state.state import State
from dashboard.widgets.state_input import state_input
from sim.errors import InputError


def pick(state: State) -> None:
    """Draw both choices, and the button that runs the two together or closes the answer."""
    pair = state.both or joint_runs.suggested(state)
    options = joint_runs.things(state)
    options += [name for name in pair if name not in options]  # a change that the reader has taken back
    with st.container(horizontal=True, vertical_alignment="bottom", key="pair"):
        for place, title in enumerate(("Two together: this one", "and this one")):
            st.selectbox(
                title, options, options.index(pair[place]), format_func=_label(state),
                **state_input(f"pair-{place}", pair[place], _picked, place, choices=(options, state.changes)),
            )  # fmt: skip
        if state.both:
            st.button("Close", key="pair-close", on_click=_set, args=((),), icon=":material/close:")
        else:
            st.button("Do they add up?", key="pair-run", on_click=_set, args=(pair,), type="primary")


def _label(state: State) -> Callable[[str], str]:
    return lambda name: display.plain(joint_runs.label(state, name)) if "." in name else joint_runs.label(state, name)


def _picked(name: str, place: int) -> None:
    """Put a thing into its place; a thing that already has the other place changes places with it."""
    state = session.current()
    pair = list(state.both or joint_runs.suggested(state))
    if name == pair[1 - place]:
        pair[1 - place] = pair[place]
    pair[place] = name
    _set(tuple(pair))


def _set(pair: tuple[str, ...]) -> None:
    try:
        session.go(replace(session.current(), both=pair))
    except InputError as error:
        session.refuse(error)
