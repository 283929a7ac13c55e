"""Requests for runs take turns: nothing pressed is lost; fragments that run by themselves wait for the page."""

import asyncio
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.runs import idle_fragments
from dashboard.server.run_requests import LONGEST, LONGEST_PART, Line, RunRequests, request


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def asks(*, fragment: str = "", auto: bool = False) -> bytes:
    """A browser that asks for a run of its page or of a fragment."""
    said = BackMsg()
    said.rerun_script.fragment_id, said.rerun_script.is_auto_rerun = fragment, auto
    return bytes(said.SerializeToString())


def begins(session: str = "") -> bytes:
    """The server's word that a run has begun."""
    said = ForwardMsg()
    said.new_session.initialize.session_id = session
    return bytes(said.SerializeToString())


def ends(status: int) -> bytes:
    """The server's word that a run is over."""
    said = ForwardMsg()
    said.script_finished = status  # type: ignore[assignment]
    return bytes(said.SerializeToString())


PAGE, CLICK, TIMER = asks(), asks(fragment="a"), asks(fragment="a", auto=True)
DONE = ends(ForwardMsg.FINISHED_SUCCESSFULLY)
DELTA = bytes(ForwardMsg(delta=Delta()).SerializeToString())  # a part of a page


@pytest.mark.parametrize(
    "status",
    [
        ForwardMsg.FINISHED_SUCCESSFULLY,
        ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
        ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
    ],
)
def test_a_run_lasts_from_its_request_to_its_end(status: int) -> None:
    line = Line(Clock())
    assert not line.runs()
    line.ask("")
    assert line.runs()
    line.note(ends(status))
    assert not line.runs()
    line.note(begins())
    line.note(ForwardMsg().SerializeToString())
    assert line.runs()
    line.note(ends(status))
    assert not line.runs()


def test_a_run_that_ends_for_another_is_not_the_end() -> None:
    line = Line(Clock())
    line.ask("a")
    line.note(ends(ForwardMsg.FINISHED_EARLY_FOR_RERUN))
    assert line.runs()


def test_only_requests_for_runs_are_looked_at() -> None:
    other = BackMsg(stop_script=True).SerializeToString()
    assert [request(one) for one in (other, b"", b"\xff\xff no message")] == [None] * 3
    assert [(one.fragment_id, one.is_auto_rerun) for one in map(request, (PAGE, CLICK, TIMER))] == [
        ("", False), ("a", False), ("a", True),
    ]  # fmt: skip


def test_a_run_of_which_nothing_is_heard_stops_nobody_for_long() -> None:
    clock = Clock()
    line = Line(clock)
    line.ask("a")
    clock.now = LONGEST_PART
    assert not line.runs()
    line.ask("")
    clock.now = LONGEST
    assert line.runs()
    clock.now = LONGEST + LONGEST_PART
    assert not line.runs()


def test_on_a_line_what_has_to_wait_is_dropped_and_the_next_is_heard() -> None:
    coming = iter([b"", PAGE, TIMER, CLICK])
    heard, sent = list[bytes](), list[Any]()

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.receive", "bytes": next(coming)}

    async def send(message: Any) -> None:
        sent.append(message)

    async def app(_: Any, receive: Any, send: Any) -> None:
        heard.extend([(await receive())["bytes"] for _ in range(2)])
        await send({"type": "websocket.send", "bytes": begins()})
        await send({"type": "websocket.send", "bytes": DELTA})
        heard.append((await receive())["bytes"])
        await send({"type": "websocket.send", "bytes": DONE})
        await send({"type": "websocket.send", "text": "other"})

    asyncio.run(RunRequests(app)({"type": "websocket"}, receive, send))
    assert heard == [b"", PAGE, CLICK]
    assert [one.get("bytes") for one in sent] == [begins(), DELTA, DONE, None]


def test_a_fragment_with_nothing_to_redraw_rests_and_is_forgotten_with_its_line() -> None:
    """Its own requests are left out while nothing has changed; a click on it and other fragments are passed on."""
    other, same = asks(fragment="b", auto=True), [True]
    coming = iter([TIMER, CLICK, other, TIMER, TIMER])
    heard = list[bytes]()

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.receive", "bytes": next(coming)}

    async def send(_: Any) -> None:
        pass

    async def app(_: Any, receive: Any, send: Any) -> None:
        for _ in range(3):
            await send({"type": "websocket.send", "bytes": begins("of the visitor")})
            await send({"type": "websocket.send", "bytes": DONE})
            if len(heard) == 2:
                same.clear()
            heard.append((await receive())["bytes"])
        assert not idle_fragments.skips("of the visitor", "a")
        same.append(True)
        assert idle_fragments.skips("of the visitor", "a")

    idle_fragments.skip_while(("of the visitor", "a"), lambda: bool(same))
    asyncio.run(RunRequests(app)({"type": "websocket"}, receive, send))
    assert heard == [CLICK, other, TIMER]
    assert not idle_fragments.skips("of the visitor", "a")


def test_what_is_no_line_is_passed_on_as_it_is() -> None:
    given = list[Any]()

    async def app(*parts: Any) -> None:
        given.extend(parts)

    scope, receive, send = {"type": "http"}, object(), object()
    asyncio.run(RunRequests(app)(scope, receive, send))
    assert given == [scope, receive, send]


def test_a_request_is_dropped_if_a_run_begins_while_it_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line(Clock())

    def looks(_fragment: str) -> bool:
        line.note(begins())
        return False

    monkeypatch.setattr(line, "rests", looks)
    assert asyncio.run(line.drops("a"))


@pytest.mark.parametrize("pressed", [PAGE, CLICK], ids=["page", "fragment"])
def test_a_press_waits_until_the_run_of_the_one_before_has_begun_to_draw(pressed: bytes) -> None:
    """A run that the next request stops before has not yet done what was pressed, or only half of it."""

    async def passes() -> None:
        line, passed = Line(Clock()), list[int]()
        line.press(request(pressed).fragment_id)
        waiting = asyncio.create_task(line.turn())
        waiting.add_done_callback(lambda _: passed.append(len(noted)))
        noted = list[bytes]()
        for message in (DELTA, begins(), ForwardMsg().SerializeToString(), DELTA, DONE):  # the first is of another run
            noted.append(message)
            line.note(message)
            for _ in range(3):
                await asyncio.sleep(0)
        assert passed == [4]
        await line.turn()

    asyncio.run(passes())


def test_a_press_waits_for_a_fragment_that_does_not_exist_no_longer_than_some_seconds() -> None:
    async def passes() -> None:
        line = Line(Clock())
        line.press("gone")
        loop = asyncio.get_running_loop()
        begun = loop.time()
        await line.turn()
        assert loop.time() - begun >= 0.01

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dashboard.server.run_requests.LONGEST_TURN", 0.01)
        asyncio.run(passes())
