"""A change that has reached the server is applied whole: for the next request only the drawing of a page is broken off.

Whenever a script uses the session, Streamlit looks for the next request of the browser and, if there is one, ends the
script there. So it does while it applies the last request: it would call a callback that it ended never again, and
remember the input's new value as the one that the script knows. A slider would then show a number that is not in the
state, and a button's click would be lost.
"""

import threading
from functools import wraps
from typing import Any, Final

from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequest, ScriptRequests
from streamlit.runtime.state.safe_session_state import SafeSessionState

# A page has one thread. With two, which is Streamlit's default, the one that is asked to stop may still change
# what the other reads, and a click whose thread is asked to stop before its callback is lost.
SETTINGS: Final = {"runner.fastReruns": False}
_THREAD: Final = threading.local()


def install() -> None:
    """Let a request be applied to the end before Streamlit looks for the next one. More than once does no harm."""
    apply, look = SafeSessionState.on_script_will_rerun, ScriptRequests.on_scriptrunner_yield
    if hasattr(apply, "__wrapped__"):
        return

    @wraps(apply)
    def whole(self: SafeSessionState, *args: Any, **options: Any) -> None:
        _THREAD.applying = True
        try:
            apply(self, *args, **options)
        finally:
            _THREAD.applying = False

    @wraps(look)
    def later(self: ScriptRequests) -> ScriptRequest | None:
        return None if getattr(_THREAD, "applying", False) else look(self)

    # Streamlit has no option for it.
    SafeSessionState.on_script_will_rerun = whole  # type: ignore[method-assign]
    ScriptRequests.on_scriptrunner_yield = later  # type: ignore[method-assign]
