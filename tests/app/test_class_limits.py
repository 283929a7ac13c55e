"""A real class server that devices try to fill: others still get in, its memory stays, and nothing leaks."""

import http.client
import re
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from dashboard.server import connections
from sim.exercise.service import Classroom
from tests.app.classroom import Served, class_server, wait_for

pytestmark = pytest.mark.slow

SECONDS = 120.0  # until an answer is given up: a limit for a busy machine, which says nothing
HALF_OPEN = 150
PHONES = 6
MEGABYTES = 50
FRAMES = 6
GUESSES = 30
PROC = Path("/proc")
REFUSED = (ConnectionClosed, ConnectionError)  # by a close frame, or, if it is still being sent, by a closed connection


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A class server of its own, for all tests here."""
    with class_server(tmp_path_factory.mktemp("class")) as found:
        yield found


def place(served: Served) -> tuple[str, int]:
    """The server's address and port."""
    host, _, port = served.address.removeprefix("http://").partition(":")
    return host, int(port)


def asked(served: Served, path: str, **headers: str) -> http.client.HTTPResponse:
    """An answer of the server, read to its end."""
    link = http.client.HTTPConnection(*place(served), timeout=SECONDS)
    link.request("GET", path, headers=headers)
    answer = link.getresponse()
    answer.read()
    link.close()
    return answer


def line(served: Served, cookie: str = "", **headers: str) -> ClientConnection:
    """A page's line to the server."""
    given = {"Origin": served.address, **({"Cookie": cookie} if cookie else {}), **headers}
    address = served.address.replace("http", "ws") + "/_stcore/stream"
    return connect(address, additional_headers=given, subprotocols=["streamlit"], max_size=None, open_timeout=SECONDS)  # type: ignore[list-item]


def drawn(on: ClientConnection, page: str, query: str = "") -> str:
    """What the server says of a page until it is drawn, as text."""
    said = BackMsg()
    said.rerun_script.page_script_hash, said.rerun_script.page_name = calc_hash(page), page
    said.rerun_script.query_string = query
    on.send(said.SerializeToString())
    text: list[str] = []
    while True:
        one = ForwardMsg.FromString(on.recv(timeout=SECONDS))
        text.append(str(one))
        if one.WhichOneof("type") == "script_finished" and one.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return "\n".join(text)


def device(served: Served) -> str:
    """The cookie of a new browser."""
    given = asked(served, "/join").headers["set-cookie"]
    found = re.match(r"(jirga_device=[^;]+); Path=/; HttpOnly; SameSite=Strict", given)
    assert found is not None
    return found[1]


def memory(served: Served) -> float:
    """Megabytes that the server uses."""
    found = re.search(r"VmRSS:\s+(\d+)", (PROC / str(served.running.pid) / "status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def descriptors(served: Served) -> int:
    """How many descriptors the server has open."""
    return sum(1 for _ in (PROC / str(served.running.pid) / "fd").iterdir())


def test_half_open_connections_keep_nobody_out(served: Served) -> None:
    with ExitStack() as after:
        for _ in range(HALF_OPEN):
            half = after.enter_context(socket.create_connection(place(served), timeout=SECONDS))
            half.sendall(b"GET /join HTTP/1.1\r\nHost: x\r\n")
        assert asked(served, "/join").status == 200
        with line(served) as on:
            assert "Join an exercise" in drawn(on, "join")
        assert descriptors(served) < connections.WAITING + 40
    assert served.log.stat().st_size < 10_000


def test_large_messages_are_refused_before_they_arrive(served: Served) -> None:
    before = memory(served)
    with ExitStack() as after:
        for _ in range(FRAMES):
            on = after.enter_context(line(served))
            with pytest.raises(REFUSED):  # noqa: PT012  the server may close while the message is still being sent
                on.socket.sendall(b"\x82\xff" + struct.pack("!Q", 128_000_000) + b"\0\0\0\0" + b"x" * 65_536)
                on.recv(timeout=SECONDS)
        on = after.enter_context(line(served))
        with pytest.raises(REFUSED):  # noqa: PT012  the server may close at any part
            for _ in range(4):
                on.socket.sendall(b"\x02\xff" + struct.pack("!Q", 500_000) + b"\0\0\0\0" + b"x" * 500_000)
            on.recv(timeout=SECONDS)
    assert memory(served) - before < MEGABYTES


@pytest.mark.parametrize("origin", ["", "null", "http://127.0.0.1", "http://localhost:8502", "http://example.org"])
def test_a_line_needs_an_own_page(served: Served, origin: str) -> None:
    with pytest.raises(InvalidStatus), line(served, Origin=origin):
        pass


def test_phones_that_reload_leave_no_descriptors(served: Served) -> None:
    room = Classroom(served.file)
    codes = [seat.code for group in room.teacher(served.secret).groups for seat in group.seats]
    with line(served, f"jirga_teacher={served.secret}") as on:
        drawn(on, "teach")  # the server opens its file
    before, tokens = descriptors(served), []
    for code in codes[:PHONES]:
        with line(served) as on:
            found = re.search(r"seat=([\w-]{20,})", drawn(on, "join", f"code={code}"))
            assert found is not None
            tokens.append(found[1])
    for _ in range(2):
        for token in tokens:
            with line(served) as on:
                assert "Briefing" in drawn(on, "join", f"seat={token}")
    wait_for(lambda: descriptors(served) <= before, "the descriptors are closed", 20)


def test_a_download_is_only_for_the_browser_of_its_page(served: Served) -> None:
    own, other = device(served), device(served)
    with line(served, f"jirga_teacher={served.secret}; {own}") as on:
        text = drawn(on, "teach")
        path = re.search(r"/media/[\w.]+", text)
        assert path is not None
        for cookie, status in ((own, 200), (other, 404), ("", 404), (f"jirga_teacher={served.secret}", 404)):
            assert asked(served, path[0], Cookie=cookie).status == status, cookie


def test_a_guesser_keeps_no_neighbour_out_and_cannot_pretend_to_be_another(served: Served) -> None:
    """All come from one address here, as behind a router; what they say of their address counts for nothing."""
    guesser, neighbour, said = device(served), device(served), ""
    for number in range(GUESSES):  # a busy machine may need as long for a guess as a device has to wait
        with line(served, guesser, **{"X-Forwarded-For": f"192.0.2.{number}"}) as on:
            said = drawn(on, "join", f"code=AAAA-AAAA-{number:04}")
        if "Too many wrong codes" in said:
            break
    assert "Too many wrong codes" in said
    code = next(seat.code for seat in Classroom(served.file).teacher(served.secret).groups[0].seats)
    with line(served, neighbour) as on:
        assert "Briefing" in drawn(on, "join", f"code={code}")


def test_the_teacher_removes_a_student(served: Served) -> None:
    """The page has the choice; the device is then without a seat."""
    room = Classroom(served.file)
    seat = room.teacher(served.secret).groups[1].seats[0]
    made = room.join(seat.code)
    with line(served, f"jirga_teacher={served.secret}") as on:
        text = drawn(on, "teach")
        assert "Remove a student" in text
        assert f"Student {made.student}: group 2, {seat.label}" in text
    with line(served) as on:
        assert "Briefing" in drawn(on, "join", f"seat={made.token}")
        room.remove(served.secret, made.student)
        assert "This device has no seat here" in drawn(on, "join", f"seat={made.token}")
