"""A fragment that runs by itself waits until the browser has got the page around it.

Streamlit throws away what a run has said, but not sent yet, when a fragment asks to be run in the moment after: on a
busy server the page would stay without its rest, and nobody would draw it again. The fragment asks again by itself.
"""

import time
from collections.abc import Callable
from typing import Any, Final

LONGEST: Final = 60.0  # seconds that a page may take; then a fragment runs all the same
LONGEST_PART: Final = 5.0  # and a fragment: it may have gone, and then nothing is heard of it


class AutoReruns:
    """Drops what fragments ask for by themselves while a run's end has not been sent. ASGI middleware."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer; on a page's own line, pass on what may be asked now."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        line = Line()

        async def heard() -> Any:
            while True:
                message = await receive()
                if line.passes(message.get("bytes") or b""):
                    return message

        async def send_marked(message: Any) -> None:
            line.note(message.get("bytes") or b"")
            await send(message)

        await self.app(scope, heard, send_marked)


class Line:
    """What goes to and fro between a browser's page and Streamlit, as far as it says whether a run is under way."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """clock: gives seconds."""
        self._clock = clock
        self._until = 0.0  # a run is under way until then, if its end is not sent before

    def passes(self, data: bytes) -> bool:
        """Whether a message of the browser is passed on; what is not Streamlit's is for Streamlit to refuse."""
        from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # Streamlit's
        from streamlit.proto.BackMsg_pb2 import BackMsg

        try:
            said = BackMsg.FromString(data)
        except DecodeError:
            return True
        if said.WhichOneof("type") != "rerun_script":
            return True
        now, asked = self._clock(), said.rerun_script
        if asked.is_auto_rerun and now < self._until:
            return False
        self._until = max(self._until, now + (LONGEST_PART if asked.fragment_id else LONGEST))
        return True

    def note(self, data: bytes) -> None:
        """Take in a message to the browser. A run that ends for another one does not count as an end."""
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        said = ForwardMsg.FromString(data)
        match said.WhichOneof("type"):
            case "new_session":
                self._until = self._clock() + LONGEST
            case "script_finished" if said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self._until = 0.0
