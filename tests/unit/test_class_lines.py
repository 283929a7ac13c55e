"""The lines of pages to their server, a browser's own number, and the teacher's link that works once."""

import asyncio
import socket
from http.cookies import SimpleCookie
from queue import Queue
from typing import Any

import pytest

from dashboard.classroom.credentials import DEVICE
from dashboard.classroom.middleware import TICKET_SECONDS, TICKETS, TeachersLink, Tickets
from dashboard.server import media
from dashboard.server.class_server import open_browser
from dashboard.server.device import Devices
from dashboard.server.page_line import FORMAT, POLICY, OwnPages

HOST = "192.0.2.7:8502"
FOREIGN = [
    None, "", "null", "http://", "https://", "192.0.2.7:8502", "//192.0.2.7:8502", "http:192.0.2.7:8502", "http://192.0.2.7",
    "http://192.0.2.7:80", "http://192.0.2.7:8501", "http://192.0.2.7:85020", "http://192.0.2.7:8502.example.org",
    "http://192.0.2.7:8502@example.org", "http://example.org@192.0.2.7:8502", "http://a:b@192.0.2.7:8502",
    "http://192.0.2.7:8502/", "http://192.0.2.7:8502/join", "http://192.0.2.7:8502?x", "http://192.0.2.7:8502#x",
    "http://localhost:8502", "http://127.0.0.1:8502", "http://[::1]:8502", "http://0.0.0.0:8502",
    "http://192.0.2.8:8502",
    "http://example.org", "https://example.org:8502", "http://192.0.2.7.example.org:8502", "file://", "file:///x",
    "file://192.0.2.7:8502", "ftp://192.0.2.7:8502", "ws://192.0.2.7:8502", "chrome-extension://abc",
    "data:text/html,x", "javascript:1", "blob:http://192.0.2.7:8502", " http://192.0.2.7:8502x",
    "http://192.0.2.7 :8502", "http://[::1",
    "http://192.0.2.7:8502,http://example.org", "http://192.0.2.7:8502 http://example.org", "HTTP", "\xff", "http://\xff",
]  # fmt: skip


def answer(app: Any, scope: dict[str, Any], heard: Any = None) -> list[Any]:
    """All that an application sends in answer to a request or on a line."""
    sent: list[Any] = []
    messages = iter(heard or [{"type": "http.request"}])

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent


async def echo(_: Any, receive: Any, send: Any) -> None:
    """An application that sends back what it hears."""
    await send(await receive())


async def page(_: Any, __: Any, send: Any) -> None:
    """An application that answers with a page."""
    head = [(b"content-type", b"text/html; charset=utf-8")]
    await send({"type": "http.response.start", "status": 200, "headers": head})


def line(origin: str | None) -> dict[str, Any]:
    """A request for a page's line."""
    headers = [(b"host", HOST.encode())] + ([] if origin is None else [(b"origin", origin.encode("latin-1"))])
    return {"type": "websocket", "path": "/_stcore/stream", "headers": headers}


@pytest.mark.parametrize("origin", FOREIGN)
def test_no_other_page_gets_a_line(origin: str | None) -> None:
    assert answer(OwnPages(echo), line(origin)) == [{"type": "websocket.close", "code": POLICY}]


@pytest.mark.parametrize("origin", [f"http://{HOST}", f"https://{HOST}"])
def test_an_own_page_gets_one_and_sends_bytes_alone(origin: str) -> None:
    said = {"type": "websocket.receive", "bytes": b"x"}
    assert answer(OwnPages(echo), line(origin), [said]) == [said]
    for text in ({"text": "x"}, {"text": "x", "bytes": None}, {}):
        sent = answer(OwnPages(echo), line(origin), [{"type": "websocket.receive", **text}])
        assert sent[0] == {"type": "websocket.close", "code": FORMAT}
        assert sent[1]["type"] == "websocket.disconnect"


def request(path: str, **cookies: str) -> dict[str, Any]:
    """A request for a path."""
    text = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return {
        "type": "http",
        "path": path,
        "query_string": b"",
        "headers": [(b"cookie", text.encode("latin-1"))] * bool(text),
    }


def test_each_browser_gets_a_number_once() -> None:
    found = [
        SimpleCookie(dict(answer(Devices(page), request("/join"))[0]["headers"])[b"set-cookie"].decode()) for _ in "ab"
    ]
    one, other = (cookie[DEVICE] for cookie in found)
    assert one.value != other.value
    assert (one["httponly"], one["samesite"], one["max-age"]) == (True, "Strict", "")
    again = answer(Devices(page), request("/join", **{DEVICE: one.value}))
    assert b"set-cookie" not in dict(again[0]["headers"])


@pytest.mark.parametrize("device", ["", "other", "mine2", "MINE", "min", "mine "])
def test_a_file_is_only_for_the_browser_whose_page_offers_it(device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "_OWNERS", {"a1": {"mine", ""}})
    cookies = {DEVICE: device.strip()} if device.strip() else {}
    if device == "mine ":
        cookies = {DEVICE: "mine%20"}
    assert answer(Devices(page), request("/media/a1.csv", **cookies))[0]["status"] == 404
    assert answer(Devices(page), request("/media/a1.csv", **{DEVICE: "mine"}))[0]["status"] == 200
    assert answer(Devices(page), request("/media/a2.csv"))[0]["status"] == 200, "a file that no page has offered"


def test_a_ticket_opens_the_teachers_page_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    tickets = Tickets(lambda: now[0])
    monkeypatch.setattr("dashboard.classroom.middleware.TICKETS", tickets)
    ticket = tickets.new("s3cret")
    assert "s3cret" not in ticket
    scope = request("/teach") | {"query_string": f"ticket={ticket}".encode()}
    for number in range(2):
        headers = dict(answer(TeachersLink(page), scope)[0]["headers"])
        assert headers[b"location"] == b"/teach"
        assert (b"s3cret" in headers.get(b"set-cookie", b"")) is (number == 0)
    late = tickets.new("s3cret")
    now[0] = TICKET_SECONDS
    assert tickets.take(late) is None


def test_the_browser_is_started_without_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    links: Queue[str] = Queue()
    monkeypatch.setattr("webbrowser.open", links.put)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        open_browser(base, "s3cret")
        link = links.get(timeout=60)
    address, _, ticket = link.partition("?ticket=")
    assert (address, "s3cret" in link) == (f"{base}/teach", False)
    assert (TICKETS.take(ticket), TICKETS.take(ticket)) == ("s3cret", None)
