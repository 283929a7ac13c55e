"""Requests for runs of a page: each takes its turn, so that nothing that was pressed is lost and no page is cut off.

Streamlit stops a run for the next request at once, even before it has done what its button does, or halfway through
that. So a request waits here until the run before it has begun to draw, which is after its actions.

If a fragment that runs by itself asks to be run just after a run of the page, Streamlit drops the messages of that run
that are not sent yet: on a busy server the page would stay incomplete. So such a request is dropped here while a run is
in progress; the fragment asks again by itself. The requests of a fragment that has nothing to redraw are dropped too.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from dashboard.runs import idle_fragments

LONGEST: Final = 60.0  # seconds to wait for a page's run; after that a fragment runs anyway
LONGEST_PART: Final = 15.0  # the same for a fragment's run, which sends nothing if the fragment no longer exists
LONGEST_TURN: Final = 5.0  # seconds that a request waits for a fragment's run to begin, which may not exist either
DRAWN: Final = ("delta", "ref_hash", "navigation", "script_finished")  # messages of a run that has begun to draw


class RunRequests:
    """ASGI middleware: requests take turns, and automatic ones are dropped until the current run has been sent."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer; on a page's WebSocket, leave out automatic requests that come too early or for nothing."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        line = Line()

        async def heard() -> Any:
            while True:
                message = await receive()
                asked = request(message.get("bytes") or b"")
                if asked is None:
                    return message
                if not asked.is_auto_rerun:
                    await line.turn()
                    line.press(asked.fragment_id)
                elif await line.drops(asked.fragment_id):
                    continue
                line.ask(asked.fragment_id)
                return message

        async def send_marked(message: Any) -> None:
            line.note(message.get("bytes") or b"")
            await send(message)

        try:
            await self.app(scope, heard, send_marked)
        finally:
            idle_fragments.forget(line.session)


def request(data: bytes) -> Any:
    """Return the request for a run in a browser's message; None for any other, and for one that cannot be decoded."""
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # Streamlit's
    from streamlit.proto.BackMsg_pb2 import BackMsg

    try:
        said = BackMsg.FromString(data)
    except DecodeError:
        return None  # left to Streamlit
    return said.rerun_script if said.WhichOneof("type") == "rerun_script" else None


class Line:
    """A browser's page and Streamlit: of which session, whether a run is in progress, and whose turn it is."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """clock: gives seconds."""
        self._clock = clock
        self._until = 0.0  # a run is assumed to be in progress until then, unless its end is sent before
        self.session = ""  # Streamlit's name for it, once the first run has begun
        self._begun = False  # whether a run has begun since the last press
        self._drawn = asyncio.Event()  # whether the run of the last press has begun to draw
        self._drawn.set()
        self._patience = LONGEST

    def runs(self) -> bool:
        """Return whether a run is in progress, as far as is known."""
        return self._clock() < self._until

    def rests(self, fragment: str) -> bool:
        """Return whether a fragment has nothing to redraw."""
        return idle_fragments.skips(self.session, fragment)

    async def drops(self, fragment: str) -> bool:
        """Return whether an automatic request is dropped: it comes too early, or there is nothing to redraw.

        In a thread, because finding that out may have to wait for a file; meanwhile a run may have begun.
        """
        return self.runs() or await asyncio.to_thread(self.rests, fragment) or self.runs()

    async def turn(self) -> None:
        """Wait until the run of the last press has begun to draw: its actions are done."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                await self._drawn.wait()

    def press(self, fragment: str) -> None:
        """Record a request that the visitor has made. fragment: "" for a run of the whole page."""
        self._begun, self._patience = False, LONGEST_TURN if fragment else LONGEST
        self._drawn.clear()

    def ask(self, fragment: str) -> None:
        """Record a request that is passed on. fragment: "" for a run of the whole page."""
        self._until = max(self._until, self._clock() + (LONGEST_PART if fragment else LONGEST))

    def note(self, data: bytes) -> None:
        """Record a message to the browser. A run that is ended early by another run does not count as an end."""
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        said = ForwardMsg.FromString(data)
        kind = said.WhichOneof("type")
        if self._begun and kind in DRAWN:
            self._drawn.set()
        match kind:
            case "new_session":
                self.session = said.new_session.initialize.session_id
                self._begun, self._until = True, self._clock() + LONGEST
            case "script_finished" if said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self._until = 0.0
