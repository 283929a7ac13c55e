"""The top of the sidebar: the choice of a scenario, undo and redo, and the visitor's changes."""

from typing import Final

import streamlit as st

from dashboard.render import display
from dashboard.runs import session
from dashboard.state.state import State, shipped
from dashboard.widgets import sidebar
from dashboard.widgets.assumptions import CHOICES
from dashboard.widgets.state_input import state_input
from sim.errors import InputError
from sim.files.toml_reader import LARGEST
from sim.inputs.scenario_reader import parse_scenario, scenario_names
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS

OWN: Final = ""  # the option for a scenario from a file
TURN: Final = "turn"  # how many files were opened


def picker(state: State) -> None:
    """Draw the choice of a scenario."""
    names = [*([OWN] if state.form else []), "baseline", *(n for n in scenario_names() if n != "baseline")]
    st.selectbox(
        "Scenario", names, names.index(state.base), format_func=lambda name: _title(state, name),
        **state_input("scenario", state.base, _picked, choices=state.form),
    )  # fmt: skip
    with st.expander("Open a scenario file"):
        turn = st.session_state.setdefault(TURN, 0)
        st.file_uploader(
            'A TOML file, from "Scenario as TOML" at the bottom of a page or from `jirga show --toml`',
            type=["toml"], key=f"file{turn}", max_upload_size=1, on_change=_given, args=(turn,),
        )  # fmt: skip


def _title(state: State, name: str) -> str:
    return f"{state.origin().title} (file)" if name == OWN else shipped(name).title


def _picked(name: str) -> None:
    if name not in (OWN, session.current().base):
        session.go(session.current().choose(name))


def _given(turn: int) -> None:
    """Use a file that was chosen, and make its input anew: an empty one."""
    given = st.session_state[f"file{turn}"]
    if given is not None and turn == st.session_state[TURN]:
        st.session_state[TURN] = turn + 1
        _open(given.name, given.read(LARGEST + 1))


def _open(name: str, content: bytes) -> None:
    """Use the scenario of a file, or show what is wrong with it."""
    try:
        session.go(session.current().adopt(parse_scenario(content, file=name)))
    except InputError as error:
        session.refuse(error)


def steps(state: State) -> None:
    """Draw the buttons undo, redo, replay and reset all."""
    found = session.history()
    with st.container(horizontal=True, gap="small"):
        st.button("Undo", key="undo", on_click=session.undo, disabled=not found.past, icon=":material/undo:")
        st.button("Redo", key="redo", on_click=session.redo, disabled=not found.future, icon=":material/redo:")
        st.button(
            "Replay", key="replay-button", on_click=session.replay, disabled=found.before is None,
            icon=":material/replay:", help="Shows the page before the last change, then the change again.",
        )  # fmt: skip
        st.button(
            "Reset all", key="reset", on_click=_reset, disabled=state == state.reset(), icon=":material/restart_alt:",
            help="Removes all your changes of the scenario, and sets the assumptions to what the facts allow.",
        )  # fmt: skip


def _reset() -> None:
    session.go(session.current().reset())


def changed(state: State) -> None:
    """Draw the list of the visitor's changes, each with a switch that turns it off without losing it.

    It is not above the levers, which must not move from under the pointer when the first change is made.
    """
    with st.container(key="changed", gap=None):  # also when it is empty, so that what follows keeps its place
        if state.changes or state.off or state.assumptions != DEFAULT_ASSUMPTIONS:
            st.html('<div class="changed">Your changes:</div>')
        for name, label, words, on in sidebar.changes(state):
            text = f"{display.plain(label)}: **{display.plain(words)}**"
            st.toggle(text, on, **state_input(f"on:{name}", on, _switched, name))
        if state.assumptions != DEFAULT_ASSUMPTIONS:
            chosen = CHOICES[state.assumptions].lower()
            st.html(f'<div class="changed">Uncertain assumptions: <b>{chosen}</b></div>')


def _switched(on: bool, name: str) -> None:  # noqa: FBT001  the order of the arguments is that of `state_input`
    try:
        session.go(session.current().switch(name, on=on))
    except InputError as error:
        session.refuse(error)


def trouble() -> None:
    """Draw what is wrong with a link, a file or a change; the last valid state is kept."""
    if session.problem():
        st.error(
            f"Invalid input ignored; nothing has changed. {display.plain(session.problem(), 700)}",
            icon=":material/error:",
        )


def side() -> State:
    """Draw the sidebar of every page except Explore, which has levers too, and return the state after it."""
    trouble()
    with st.sidebar:
        picker(session.current())
        steps(session.current())
        changed(session.current())
    return session.current()
