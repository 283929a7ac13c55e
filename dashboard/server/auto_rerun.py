"""Fragments that run by themselves wait until the browser has received the page around them.

If a fragment asks to be run just after a run of the page, Streamlit drops the messages of that run that are not sent
yet: on a busy server the page would stay incomplete. A fragment whose request is dropped here asks again by itself.
"""

import time
from collections.abc import Callable
from typing import Any, Final

LONGEST: Final = 60.0  # seconds to wait for a page's run; after that a fragment runs anyway
LONGEST_PART: Final = 5.0  # the same for a fragment's run, which sends nothing if the fragment no longer exists


class AutoReruns:
    """ASGI middleware that drops automatic requests of fragments until the end of the current run has been sent."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer; on a page's WebSocket, pass on only the messages that `Line.passes` allows."""
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
    """The messages between a browser's page and Streamlit, as far as they say whether a run is in progress."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """clock: gives seconds."""
        self._clock = clock
        self._until = 0.0  # a run is assumed to be in progress until then, unless its end is sent before

    def passes(self, data: bytes) -> bool:
        """Return whether to pass on a message of the browser; a message that cannot be decoded is left to Streamlit."""
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
        """Record a message to the browser. A run that is ended early by another run does not count as an end."""
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        said = ForwardMsg.FromString(data)
        match said.WhichOneof("type"):
            case "new_session":
                self._until = self._clock() + LONGEST
            case "script_finished" if said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self._until = 0.0
