"""One visitor's session: the history of states, the address bar, and the running refinement."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from dashboard.runs.background_job import BackgroundJob, asked
from dashboard.runs.cache import FIRST, SOON, Prefetch, Refinement, ready
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
_ASIDE: Final = "aside"
_MOST_WRITTEN: Final = 300


def history() -> UndoStack:
    """Return the visitor's history, which begins with the link that they opened."""
    if HISTORY not in st.session_state:
        st.session_state[HISTORY] = UndoStack(State())
    found: UndoStack = st.session_state[HISTORY]
    return found


def current() -> State:
    """Return the state to show."""
    return history().present


def go(state: State) -> None:
    """Go to a state; the refinement of another state is cancelled."""
    _step(history().push(state))


def order_by(outcome: str) -> None:
    """Order levers and scenarios by their effect on an outcome."""
    go(replace(current(), outcome=outcome))


def _step(to: UndoStack) -> None:
    """Go to a position of the history; clear the last problem, and cancel the runs of other states."""
    st.session_state[HISTORY] = to
    st.session_state.pop(PROBLEM, None)
    _moved_on()


def update_view(state: State) -> None:
    """Replace the current state by another view of it, such as another week of the map, without an undo step."""
    st.session_state[HISTORY] = history().replace_view(state)


def undo() -> None:
    """Go one step back."""
    _step(history().undo())


def redo() -> None:
    """Go one step forward."""
    _step(history().redo())


def replay() -> None:
    """Show the state before the last change for a moment."""
    st.session_state[REPLAY] = history().before is not None


def refuse(error: Exception) -> None:
    """Keep the last valid state, and store what is wrong with the input."""
    st.session_state[PROBLEM] = str(error)


def problem() -> str:
    """Return what was wrong with the last link, file or change; "" for nothing."""
    return str(st.session_state.get(PROBLEM, ""))


def take_link() -> None:
    """Read the state from the address bar, unless this page wrote it there."""
    given = _given()
    if not given or _plain(given) in _written():
        return
    try:
        state = read_query(given)
        if HISTORY in st.session_state:
            go(state)
        else:
            st.session_state[HISTORY] = UndoStack(state)  # the link is the visitor's first state
    except InputError as error:
        refuse(error)
    _written().append(_plain(given))  # last: a page that is broken off before reads the link again


def put_link() -> None:
    """Write the current state into the address bar."""
    query = current().query()
    lists = {key: [value] if isinstance(value, str) else value for key, value in query.items()}
    given = _given()
    if _plain(given) != _plain(lists):
        _written().append(_plain(lists))
        del _written()[:-_MOST_WRITTEN]
        st.query_params.from_dict(query | _foreign())


def refine() -> Refinement | None:
    """Return the refinement of the current state, started if there is none; None if all its worlds are ready.

    A cancelled or failed refinement is not started again; a finished one is, if its worlds are no longer in the cache.
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


def complete() -> None:
    """Record that the page shows all worlds of the current state."""
    found: Refinement | None = st.session_state.get(_REFINEMENT)
    if found is not None and found.asked == asked(current()):
        found.drawn = True


def expect(states: Callable[[], Sequence[State]]) -> None:
    """Store how to find the likely next states: the same lever moved some steps further.

    They are found after the answer: finding them takes some milliseconds, for which nobody should wait.
    """
    st.session_state[_LIKELY] = states


def prefetch() -> None:
    """Start computing the first answers to the likely next changes, after the current one is answered."""
    find: Callable[[], Sequence[State]] | None = st.session_state.pop(_LIKELY, None)
    likely = find() if find is not None else ()
    soon = likely[:SOON]
    if current().worlds > FIRST:
        likely, soon = likely[:SOON], likely[:1]  # a refinement waits for them
    if not Prefetch.useful(soon):
        return
    known: Prefetch | None = st.session_state.get(_AHEAD)
    if known is None or not known.running or not known.serves(likely[0]):
        st.session_state[_AHEAD] = Prefetch(likely)


def answering() -> Callable[[], bool]:
    """Return whether something is run for the answer, as a function that any thread may call.

    That is all worlds of the current state, until the page shows them, or the answers to the likely next changes.
    """
    refinement: Refinement | None = st.session_state.get(_REFINEMENT)
    ahead: Prefetch | None = st.session_state.get(_AHEAD)

    def running() -> bool:
        awaited = refinement is not None and not (refinement.drawn or refinement.cancelled or refinement.error)
        return awaited or any(job is not None and job.running for job in (refinement, ahead))

    return running


def aside() -> BackgroundJob | None:
    """Return the job beside the main answer, None if there is none; it is dropped once the visitor moves on."""
    found: BackgroundJob | None = st.session_state.get(_ASIDE)
    return found


def put_aside(job: BackgroundJob) -> None:
    """Keep a job beside the main answer of the current state; the one of before is cancelled."""
    drop_aside()
    st.session_state[_ASIDE] = job


def drop_aside() -> None:
    """Cancel the job beside the main answer, if there is one."""
    found: BackgroundJob | None = st.session_state.pop(_ASIDE, None)
    if found is not None:
        found.cancel()


def cancel() -> None:
    """Cancel the refinement of any state except the current one."""
    found: Refinement | None = st.session_state.get(_REFINEMENT)
    if found is not None and found.asked != asked(current()):
        found.cancel()
        del st.session_state[_REFINEMENT]


def _moved_on() -> None:
    """Cancel the background runs of states other than the current one."""
    ahead: Prefetch | None = st.session_state.get(_AHEAD)
    if ahead is not None and not ahead.serves(current()):
        ahead.cancel()
        del st.session_state[_AHEAD]
    beside = aside()
    if beside is not None and beside.asked != asked(current()):
        drop_aside()
    cancel()


def stop() -> None:
    """Cancel the running refinement and do not start it again."""
    found: Refinement | None = st.session_state.get(_REFINEMENT)
    if found is not None:
        found.cancel()


def _given() -> dict[str, list[str]]:
    """Return the query parameters of the state in the address bar, each a list."""
    return {key: st.query_params.get_all(key) for key in st.query_params if key not in FOREIGN}


def _foreign() -> Query:
    return {key: st.query_params[key] for key in st.query_params if key in FOREIGN}


def _written() -> list[str]:
    """Return the addresses that this page has read or written: they are not links that the visitor has opened.

    A quick second change arrives with the address of the first one, which would otherwise undo it.
    """
    found: list[str] = st.session_state.setdefault(_WRITTEN, [])
    return found


def _plain(query: dict[str, list[str]]) -> str:
    return repr(sorted((key, list(texts)) for key, texts in query.items()))
