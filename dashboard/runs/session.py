"""One visitor: the history of states, what the address bar says, and the refinement under way."""

from typing import Any, Final

import streamlit as st

from dashboard.runs.cache import Prefetch, Refinement, asked, ready
from dashboard.state.state import FOREIGN, Query, State, read_query
from dashboard.state.undo import UndoStack
from sim.errors import InputError

HISTORY: Final = "history"
PROBLEM: Final = "problem"
REPLAY: Final = "replay"
_WRITTEN: Final = "written"
_REFINEMENT: Final = "refinement"
_AHEAD: Final = "ahead"
_LIKELY: Final = "likely"
_MOST_WRITTEN: Final = 300


def history() -> UndoStack:
    """The visitor's history, which begins with the link they came by."""
    if HISTORY not in st.session_state:
        st.session_state[HISTORY] = UndoStack(State())
    found: UndoStack = st.session_state[HISTORY]
    return found


def current() -> State:
    """The state to show."""
    return history().present


def go(state: State) -> None:
    """Move on to a state; a refinement of another one is dropped."""
    _step(history().push(state))


def _step(to: UndoStack) -> None:
    """Be at another state, whose runs are other ones; what was wrong with a move before is past."""
    st.session_state[HISTORY] = to
    st.session_state.pop(PROBLEM, None)
    _moved_on()


def update_view(state: State) -> None:
    """Look at the same step in another way, such as at another week of the map; this is no move."""
    st.session_state[HISTORY] = history().replace_view(state)


def undo() -> None:
    """One step back."""
    _step(history().undo())


def redo() -> None:
    """One step forward again."""
    _step(history().redo())


def replay() -> None:
    """Show the state before the last change for a moment."""
    st.session_state[REPLAY] = history().before is not None


def refuse(error: Exception) -> None:
    """Keep the last good state and remember what is wrong with what was given."""
    st.session_state[PROBLEM] = str(error)


def sync_widget(key: str, value: Any) -> Any:
    """Let a widget show a value of the state; the value, to be given as the widget's own first one too.

    The browser may meet a widget without having been told its value, when the run that set it was broken off by
    another move. It then shows the first one, and sends it as if somebody had chosen it.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return value


def problem() -> str:
    """What was wrong with the last link, file or move; "" for nothing."""
    return str(st.session_state.get(PROBLEM, ""))


def take_link() -> None:
    """Read the address bar where it says something that this page did not put there."""
    given = _given()
    if not given or _plain(given) in _written():
        return
    _written().append(_plain(given))
    try:
        state = read_query(given)
        if HISTORY in st.session_state:
            go(state)
        else:
            st.session_state[HISTORY] = UndoStack(state)  # the link is where this visitor begins
    except InputError as error:
        refuse(error)


def put_link() -> None:
    """Let the address bar say what is shown."""
    query = current().query()
    lists = {key: [value] if isinstance(value, str) else value for key, value in query.items()}
    given = _given()
    if _plain(given) != _plain(lists):
        _written().append(_plain(lists))
        del _written()[:-_MOST_WRITTEN]
        st.query_params.from_dict(query | _foreign())


def refine() -> Refinement | None:
    """The refinement of the current state, started if there is none; None where all its worlds are ready.

    One that was given up or failed stays as it is; one that is over, but whose worlds others have pushed off the
    shelf since, is begun again.
    """
    state = current()
    found: Refinement | None = st.session_state.get(_REFINEMENT)
    if found is not None and found.asked == asked(state) and (found.running or found.cancelled or found.error):
        return found
    cancel()
    if ready(state) >= state.worlds:
        return None
    made = Refinement(state, after=st.session_state.get(_AHEAD))
    st.session_state[_REFINEMENT] = made
    return made


def expect(state: State) -> None:
    """Say which move is likely next: the same lever one step on."""
    st.session_state[_LIKELY] = state


def prefetch() -> None:
    """Begin with the first answer to the likely next move, once this one is answered."""
    likely: State | None = st.session_state.pop(_LIKELY, None)
    if likely is not None:
        st.session_state[_AHEAD] = Prefetch(likely)


def cancel() -> None:
    """Give up the refinement of any state but the current one."""
    found: Refinement | None = st.session_state.get(_REFINEMENT)
    if found is not None and found.asked != asked(current()):
        found.cancel()
        del st.session_state[_REFINEMENT]


def _moved_on() -> None:
    """Give up what was begun for another state than the one that came."""
    ahead: Prefetch | None = st.session_state.pop(_AHEAD, None)
    if ahead is not None and ahead.asked != asked(current()):
        ahead.cancel()
    cancel()


def stop() -> None:
    """Give up the refinement under way and leave it so."""
    found: Refinement | None = st.session_state.get(_REFINEMENT)
    if found is not None:
        found.cancel()


def _given() -> dict[str, list[str]]:
    """The address bar's own parameters, each a list."""
    return {key: st.query_params.get_all(key) for key in st.query_params if key not in FOREIGN}


def _foreign() -> Query:
    return {key: st.query_params[key] for key in st.query_params if key in FOREIGN}


def _written() -> list[str]:
    """What this page has read from the address bar or put there: it must not be taken for a visitor's link.

    A quick second move arrives with the address of the first; without this it would undo itself.
    """
    found: list[str] = st.session_state.setdefault(_WRITTEN, [])
    return found


def _plain(query: dict[str, list[str]]) -> str:
    return repr(sorted((key, list(texts)) for key, texts in query.items()))
