"""Fragments that have nothing to redraw: their automatic runs are skipped before Streamlit begins them.

A fragment that runs by itself costs the server a run of its script, and the browser a redraw, each time. A page that
follows something which seldom changes says here how to find out cheaply whether there is anything to redraw.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

Key = tuple[str, str]  # a session and one of its fragments, by Streamlit's names
_UNCHANGED: Final[dict[Key, Callable[[], bool]]] = {}


def current() -> Key | None:
    """Return the session and the fragment whose script runs now; None outside a fragment."""
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    found = get_script_run_ctx(suppress_warning=True)
    with suppress(ImportError, AttributeError, RuntimeError):  # private: without it every automatic run takes place
        from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

        fragment = ThreadState.get().fragment_id
        if found is not None and fragment:
            return found.session_id, fragment
    return None


def skip_while(key: Key | None, unchanged: Callable[[], bool]) -> None:
    """Skip a fragment's automatic runs as long as a function returns True, which any thread may call."""
    if key is not None:
        _UNCHANGED[key] = unchanged


def skips(session: str, fragment: str) -> bool:
    """Return whether the next automatic run of a fragment is to be skipped."""
    unchanged = _UNCHANGED.get((session, fragment))
    return unchanged is not None and unchanged()


def forget(session: str) -> None:
    """Forget all fragments of a session."""
    for key in [one for one in list(_UNCHANGED) if one[0] == session]:
        _UNCHANGED.pop(key, None)
