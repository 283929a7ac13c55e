"""Above the panel: which scenario, back and forth, and what has been changed."""

from typing import Final

import streamlit as st

from dashboard.render import display
from dashboard.runs import session
from dashboard.state.state import State, shipped
from dashboard.widgets import sidebar
from sim.errors import InputError
from sim.files.toml_reader import LARGEST
from sim.inputs.scenario_reader import parse_scenario, scenario_names

OWN: Final = ""  # in the picker: a scenario from a file


def picker(state: State) -> None:
    """Which scenario to change."""
    names = [*([OWN] if state.form else []), "baseline", *(n for n in scenario_names() if n != "baseline")]
    index = names.index(session.sync_widget("scenario", state.base))
    st.selectbox(
        "Scenario", names, index, key="scenario", format_func=lambda name: _title(state, name), on_change=_picked
    )
    with st.expander("Open a scenario file"):
        turn = st.session_state.setdefault("turn", 0)
        given = st.file_uploader(
            'A TOML file: "Scenario as TOML" at the foot of a page, or `jirga show --toml`',
            type=["toml"],
            key=f"file{turn}",
            max_upload_size=1,
        )
        if given is not None:
            _open(given.name, given.read(LARGEST + 1))
            st.session_state["turn"] = turn + 1
            st.rerun()


def _title(state: State, name: str) -> str:
    return f"{state.origin().title} (file)" if name == OWN else shipped(name).title


def _picked() -> None:
    name = st.session_state["scenario"]
    if name not in (OWN, session.current().base):
        session.go(session.current().choose(name))


def _open(name: str, content: bytes) -> None:
    """Take a scenario from a file, or say what is wrong with it."""
    try:
        session.go(session.current().adopt(parse_scenario(content, file=name)))
    except InputError as error:
        session.refuse(error)


def steps(state: State) -> None:
    """Undo, redo, replay, reset."""
    found = session.history()
    with st.container(horizontal=True, gap="small"):
        st.button("Undo", key="undo", on_click=session.undo, disabled=not found.past, icon=":material/undo:")
        st.button("Redo", key="redo", on_click=session.redo, disabled=not found.future, icon=":material/redo:")
        st.button(
            "Replay", key="replay-button", on_click=session.replay, disabled=found.before is None,
            icon=":material/replay:", help="Shows what was before the last change, then the change again.",
        )  # fmt: skip
        st.button(
            "Reset", key="reset", on_click=_reset, disabled=not state.changes, icon=":material/restart_alt:",
            help="Takes back every change of the scenario.",
        )  # fmt: skip


def _reset() -> None:
    session.go(session.current().reset())


def changed(state: State) -> None:
    """What has been changed, in words."""
    text = [
        f"<li>{display.markup(label)}: <b>{display.markup(value)}</b></li>"
        for _, label, value in sidebar.changes(state)
    ]
    if text:
        st.html(f'<div class="changed">Your changes:<ul>{"".join(text)}</ul></div>')


def trouble() -> None:
    """What is wrong with a link, a file or a move; the last good state stays."""
    if session.problem():
        st.error(
            f"That could not be used and is left out: nothing has changed. {display.plain(session.problem(), 700)}",
            icon=":material/error:",
        )


def side() -> State:
    """What stands beside every page but Explore, which has levers too; returns the state after it."""
    trouble()
    with st.sidebar:
        picker(session.current())
        steps(session.current())
        changed(session.current())
    return session.current()
