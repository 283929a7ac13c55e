"""The server's connections: what is half sent is closed, too many make room, and the log does not fill."""

import asyncio
import logging
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from dashboard.server import connections
from dashboard.server.connections import Connections, Guarded, Sparing, raise_limit
from dashboard.server.sessions import BriefSessions

HALF = [
    b"", b"G", b"GET ", b"GET /", b"GET / HTTP/1.1", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: x",
    b"GET / HTTP/1.1\r\nHost: x\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 9000, b"POST / HTTP/1.1\r\n",
    b"\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
]  # fmt: skip
HALF_BODY = [
    b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
    b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc",
    b"PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
]  # fmt: skip


class Transport(asyncio.Transport):
    """A connection of which a test sees only whether it is closed."""

    def __init__(self, address: str) -> None:
        super().__init__({"peername": (address, 1), "sockname": ("192.0.2.1", 2)})
        self.closed = False

    def write(self, _: Any) -> None:
        """Take bytes."""

    def is_closing(self) -> bool:
        """Whether it is closed."""
        return self.closed

    def close(self) -> None:
        """Close it."""
        self.closed = True

    abort = close

    def pause_reading(self) -> None:
        """Do nothing."""

    resume_reading = pause_reading


class Loop:
    """A loop whose time a test sets; tasks run in the real one."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls: list[tuple[float, Callable[[], None], Any]] = []

    def call_later(self, seconds: float, act: Callable[[], None]) -> Any:
        """Remember a call."""
        handle = SimpleNamespace(cancelled=False)
        handle.cancel = lambda: setattr(handle, "cancelled", True)
        self.calls.append((self.now + seconds, act, handle))
        return handle

    def create_task(self, made: Any) -> Any:
        """Run a task."""
        return asyncio.get_running_loop().create_task(made)

    def passes(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
        due = [call for call in self.calls if call[0] <= self.now]
        self.calls = [call for call in self.calls if call[0] > self.now]
        for _, act, handle in due:
            if not handle.cancelled:
                act()


async def answers(_: Any, receive: Any, send: Any) -> None:
    """An application that waits for the whole request, then answers."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


class Server:
    """What connections share."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, budget: int = 1000) -> None:
        self.config, self.state, self.loop = Config(answers, log_config=None), ServerState(), Loop()
        self.all = Connections(budget)
        monkeypatch.setattr(connections, "ALL", self.all)

    def connect(self, sent: bytes = b"", address: str = "192.0.2.7") -> tuple[Guarded, Transport]:
        """Open a connection and send something."""
        made, transport = Guarded(self.config, self.state, {}, self.loop), Transport(address)  # type: ignore[arg-type]
        made.connection_made(transport)
        if sent:
            made.data_received(sent)
        return made, transport


@pytest.mark.parametrize("sent", HALF)
def test_half_a_request_is_closed(sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        server = Server(monkeypatch)
        made, transport = server.connect(sent)
        for _ in range(5):
            await asyncio.sleep(0)
        server.loop.passes(connections.HEAD + 1)
        assert transport.closed
        made.connection_lost(None)
        assert not server.all.waiting

    asyncio.run(run())


@pytest.mark.parametrize("sent", HALF_BODY)
def test_half_a_body_is_closed_later_however_slowly_it_comes(sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        server = Server(monkeypatch)
        made, transport = server.connect(sent)
        server.loop.passes(connections.BODY - 1)
        assert not transport.closed
        made.data_received(b"d" if b"Length" in sent else b"1\r\nd\r\n")
        server.loop.passes(1)
        assert transport.closed

    asyncio.run(run())


def test_a_slow_answer_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        server = Server(monkeypatch)
        _, transport = server.connect(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        server.loop.passes(1000)
        assert not transport.closed

    asyncio.run(run())


@pytest.mark.parametrize("many", [1, 2, 10, 300])
def test_too_many_from_one_address_close_their_own_oldest(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        server = Server(monkeypatch)
        _, other = server.connect(address="192.0.2.8")
        found = [server.connect(b"GET /")[1] for _ in range(connections.WAITING + many)]
        assert [one.closed for one in found] == [True] * many + [False] * connections.WAITING
        assert not other.closed

    asyncio.run(run())


def test_too_many_from_all_close_what_has_waited_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        server = Server(monkeypatch, budget=20)
        found = []
        for number in range(60):
            made, transport = server.connect(b"GET /", f"192.0.2.{number}")
            found.append(transport)
            for one in list(server.state.connections):
                if one.transport.is_closing():
                    one.connection_lost(None)
        assert [one.closed for one in found] == [True] * 40 + [False] * 20
        made.data_received(b" HTTP/1.1\r\nHost: x\r\n\r\n")
        assert made not in server.all.waiting

    asyncio.run(run())


def test_a_line_is_refused_if_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        upgrade = b"GET /_stcore/stream HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
        server = Server(monkeypatch, budget=connections.A_LINE)
        _, transport = server.connect(upgrade)
        assert transport.closed

    asyncio.run(run())


def test_the_log_takes_so_many_messages_of_a_kind_per_minute() -> None:
    now = [0.0]
    sparing = Sparing(lambda: now[0])

    def written(text: str) -> int:
        return sum(sparing.filter(logging.LogRecord("x", 30, "", 0, text, (), None)) for _ in range(1000))

    assert (written("Invalid %s"), written("Other")) == (connections.SAME, connections.SAME)
    now[0] = connections.MINUTE
    assert written("Invalid %s") == connections.SAME


@pytest.mark.parametrize(
    ("soft", "hard", "most", "now"),
    [
        (256, 256, 10**6, 256), (256, 4096, 10**6, 4096), (256, 5000, 10**6, 4096), (256, -1, 10**6, 65_536),
        (256, -1, 10_240, 10_240), (256, 2**20, 100, 256), (100_000, -1, 10**6, 100_000),
        (-1, -1, 10**6, connections.MOST),
    ],
)  # fmt: skip
def test_the_soft_limit_is_raised_as_far_as_the_system_allows(
    soft: int, hard: int, most: int, now: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = [soft, hard]

    def setrlimit(_: int, given: tuple[int, int]) -> None:
        if given[0] > most:
            raise ValueError("not allowed")
        limits[:] = given

    system = SimpleNamespace(RLIMIT_NOFILE=7, RLIM_INFINITY=-1, getrlimit=lambda _: tuple(limits), setrlimit=setrlimit)
    monkeypatch.setattr(connections, "find_spec", lambda _: system)
    monkeypatch.setattr("importlib.import_module", lambda _: system)
    assert raise_limit() == now
    monkeypatch.setattr(connections, "find_spec", lambda _: None)
    assert raise_limit() == connections.USUAL


class Session:
    """A session of a page."""

    def __init__(self, name: str) -> None:
        self.id, self.ended = name, False
        self._script_event_loop = asyncio.new_event_loop()

    def shutdown(self) -> None:
        """End it."""
        self.ended = True
        self._script_event_loop.close()


def test_a_session_without_a_line_uses_no_descriptors_and_ends() -> None:
    now = [0.0]
    kept = BriefSessions(60, lambda: now[0])
    sessions = [Session(str(number)) for number in range(3)]
    for one in sessions:
        kept.save(SimpleNamespace(session=one))  # type: ignore[arg-type]
        assert one._script_event_loop.is_closed()
    back = kept.get("1")
    assert back is not None
    kept.delete("1")
    assert not sessions[1]._script_event_loop.is_closed(), "it is used again"
    now[0] = 60.0
    kept.drop()
    assert [one.ended for one in sessions] == [True, False, True]
    assert (kept.list(), kept.get("0")) == ([], None)
    sessions[1].shutdown()
