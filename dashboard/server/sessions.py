"""The sessions of pages whose line is lost: kept for a short while, in case the page comes back, without descriptors.

Streamlit gives each session an event loop, three descriptors, for scripts that run coroutines; no page of Jirga does.
A class that reloads its pages would use up the descriptors of the server with loops of sessions that nobody uses.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from streamlit.runtime.session_manager import SessionInfo, SessionStorage

from dashboard.server import media, memory

KEPT: Final = 60  # seconds
MOST: Final = 100  # sessions
EVERY: Final = 2.0  # seconds between two looks for what can go
LOOP: Final = "_script_event_loop"  # private: another version of Streamlit may have none


class BriefSessions(SessionStorage):
    """Streamlit's storage of sessions without a line. Not thread-safe: Streamlit has a lock around it."""

    current: "BriefSessions | None" = None  # the one of this server

    def __init__(self, ttl_seconds: float = KEPT, clock: Callable[[], float] = time.monotonic) -> None:
        """ttl_seconds: for how long a session is kept; clock: gives seconds."""
        self._seconds, self._clock = ttl_seconds, clock
        self._kept: OrderedDict[str, tuple[SessionInfo, float]] = OrderedDict()
        BriefSessions.current = self

    def get(self, session_id: str) -> SessionInfo | None:
        """Return a session, ready to be used again; None if it is not there."""
        info, until = self._kept.get(session_id, (None, 0.0))
        if info is None or until <= self._clock():
            return None
        loop = getattr(info.session, LOOP, None)
        if loop is not None and loop.is_closed():
            setattr(info.session, LOOP, asyncio.new_event_loop())
        return info

    def save(self, session_info: SessionInfo) -> None:
        """Keep a session."""
        loop = getattr(session_info.session, LOOP, None)
        if loop is not None and not loop.is_running():
            loop.close()
        self._kept[session_info.session.id] = (session_info, self._clock() + self._seconds)
        self.drop()

    def delete(self, session_id: str) -> None:
        """Forget a session, which goes on elsewhere. Raises KeyError if it is not there."""
        del self._kept[session_id]

    def list(self) -> list[SessionInfo]:
        """Return every session."""
        return [info for info, _ in self._kept.values()]

    def drop(self) -> None:
        """End the sessions that have been kept for long enough, and the oldest of too many."""
        now = self._clock()
        old = [name for name, (_, until) in self._kept.items() if until <= now]
        for name in [*old, *[*self._kept][: max(len(self._kept) - MOST, 0)]]:
            if name in self._kept:
                info, _ = self._kept.pop(name)
                info.session.shutdown()


@asynccontextmanager
async def tidied(_: Any) -> AsyncIterator[None]:
    """While the server runs, drop sessions and files when their time has come, and give back what memory is free."""
    task = asyncio.create_task(_tidy())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _tidy() -> None:
    while True:
        await asyncio.sleep(EVERY)
        for store in (BriefSessions.current, media.LastingFiles.current):
            if store is not None:
                store.drop()
        memory.collect()
        memory.trim()
