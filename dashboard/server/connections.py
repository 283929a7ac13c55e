"""The connections of the server: how many there may be, and how long one may keep the server waiting.

A device that sends half a request, or opens more connections than a class needs, must not keep others out. So what is
half sent is closed after a while; and when there are too many connections, the one that has kept the server waiting
longest is closed first.
"""

import asyncio
import importlib
import logging
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD: Final = 10.0  # seconds for a request to arrive, without its body
BODY: Final = 60.0  # seconds for a request with its body to arrive
MESSAGE: Final = 1_000_000  # bytes of a message from a page; a file is uploaded in another way
WAITING: Final = 128  # connections of one address without a complete request
LINES: Final = 100  # pages of one address that are open: a class behind one address, and more
BATCH: Final = 32  # connections accepted at once
SPARE: Final = 48  # descriptors for all but connections: files, imports, and the next batch
A_LINE: Final = 3  # descriptors of a page besides its connection: Streamlit's event loop of its session
USUAL: Final = 512  # descriptors where the system names no limit
MOST: Final = 4096  # connections
WANTED: Final = (65_536, 10_240, 4_096, 1_024)  # descriptors, as many as the system allows
SAME: Final = 20  # messages of one kind in the log per minute
MINUTE: Final = 60.0
LOGGERS: Final = ("uvicorn.error", "asyncio", "streamlit.web.server.starlette.starlette_websocket")
FULL: Final = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


def raise_limit() -> int:
    """Raise this process's soft limit of descriptors as far as the system allows, and return it."""
    if find_spec("resource") is None:
        return USUAL
    resource: Any = importlib.import_module("resource")  # not on every system
    kind = resource.RLIMIT_NOFILE
    soft, hard = resource.getrlimit(kind)
    for wanted in WANTED:
        if soft != resource.RLIM_INFINITY and soft < wanted and (hard == resource.RLIM_INFINITY or wanted <= hard):
            try:
                resource.setrlimit(kind, (wanted, hard))
            except (OSError, ValueError):
                continue
            break
    soft, _ = resource.getrlimit(kind)
    return MOST if soft == resource.RLIM_INFINITY else int(soft)


class Connections:
    """All connections of the server. budget: how many descriptors they may use."""

    def __init__(self, budget: int = USUAL) -> None:
        self.budget = budget
        self.waiting: OrderedDict[Guarded, None] = OrderedDict()  # the one that has waited longest is first

    def wait(self, one: "Guarded") -> None:
        """Record that a connection owes a request."""
        self.waiting[one] = None
        mine = [other for other in self.waiting if other.address == one.address]
        if len(mine) > WAITING:
            mine[0].drop()
        elif self.used(one) > self.budget:
            next(iter(self.waiting)).drop()

    def used(self, one: "Guarded") -> int:
        """Return how many descriptors the connections use. one: any of them."""
        return len(one.connections) + A_LINE * sum(self.lines(one).values())

    def lines(self, one: "Guarded") -> Counter[str]:
        """Return how many pages each address has open. one: any connection."""
        return Counter(
            _host(getattr(other, "client", None)) for other in one.connections if not isinstance(other, Guarded)
        )

    def has_room(self, one: "Guarded") -> bool:
        """Return whether a connection may become the line of a page."""
        return self.lines(one)[one.address] < LINES and self.used(one) + A_LINE <= self.budget


ALL: Final = Connections()


class Guarded(H11Protocol):
    """A connection that is closed if its request does not arrive in time."""

    address = ""
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)
        self.address = _host(self.client)
        self._wait(HEAD)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._wait(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a part of a request."""
        before = self.cycle
        super().data_received(data)
        self._note(before)

    def on_response_complete(self) -> None:
        """Wait for the next request, unless it is there already."""
        before = self.cycle
        self._wait(HEAD)
        super().on_response_complete()
        if self.cycle is not before:
            self._note(before)

    def _note(self, before: Any) -> None:
        """Wait for the rest of a request, if any. before: the request before; None at first."""
        now: Any = self.cycle
        if now is None or now.response_complete:
            return  # it still waits for a request
        if not now.more_body:
            self._wait(None)
        elif now is not before:
            self._wait(BODY)

    def handle_websocket_upgrade(self, event: Any) -> None:
        """Become the line of a page, if there is room."""
        self._wait(None)
        if ALL.has_room(self):
            super().handle_websocket_upgrade(event)
            return
        self.transport.write(FULL)
        self.transport.close()

    def drop(self) -> None:
        """Close the connection at once."""
        self._wait(None)
        self.transport.abort()

    def _wait(self, seconds: float | None) -> None:
        """Wait from now on for so long; None: the server has all that it needs."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        ALL.waiting.pop(self, None)
        if seconds is not None and not self.transport.is_closing():
            self._timer = self.loop.call_later(seconds, self.drop)
            ALL.wait(self)


def _host(client: Any) -> str:
    return str(client[0]) if client else ""


class Sparing(logging.Filter):
    """Leaves out messages of a kind that has filled the log enough in this minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """clock: gives seconds."""
        super().__init__()
        self._clock, self._until, self._seen = clock, 0.0, Counter[str]()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether to write a message."""
        if (now := self._clock()) >= self._until:
            self._until, self._seen = now + MINUTE, Counter()
        self._seen[str(record.msg)[:100]] += 1
        return self._seen[str(record.msg)[:100]] <= SAME


def guard() -> dict[str, Any]:
    """Set the limits of this process, and return the settings of uvicorn that keep them."""
    ALL.budget = min(raise_limit() - SPARE, MOST)
    sparing = Sparing()
    for name in LOGGERS:
        logging.getLogger(name).addFilter(sparing)
    return {
        "http": Guarded,
        "ws_max_size": MESSAGE,
        "backlog": BATCH,
        "proxy_headers": False,  # a device could give itself the address of another
    }
