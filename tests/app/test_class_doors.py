"""What a student's device is not meant to reach: by link, by form and by requests sent again."""

import http.client
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from sim.exercise.seats import SEATS
from sim.exercise.service import Classroom
from sim.exercise.views import TeacherView
from tests.app.browser import WAIT, idle, until, visit
from tests.app.classroom import PHONE, Served, class_server, complaints, says, student

STREAM = "/_stcore/stream"
SECONDS = WAIT / 1000  # until a test gives up an answer
GUESSES = 100  # by hand, at most; from the fifth on each has to wait twice as long
TABS = 7  # of the teacher's page that can be seen
ELSEWHERE = (
    "/explore",
    "/compare",
    "/one-world",
    "/evidence",
    "/front",
    "/studies",
    "/join/",
    "/teach/x",
    "/../teach/x",
)
BEHIND = (
    "/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent/openapi.json", "/_stcore/bidi-components/x",
    "/component/x/index.html", "/app/static/x", "/docs", "/openapi.json", "/.git/config", "/class.db",
)  # fmt: skip
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A class server, its first round open, an order of group 1's Taliban in it."""
    with class_server(tmp_path_factory.mktemp("class")) as found:
        yield found
        room.cache_clear()


@lru_cache(maxsize=1)
def room(served: Served) -> Classroom:
    """The exercises, read from the file."""
    return Classroom(served.file)


def view(served: Served) -> TeacherView:
    """What the teacher sees."""
    return room(served).teacher(served.secret)


def codes(served: Served) -> dict[tuple[int, str], str]:
    """Every seat's code."""
    return {(group.group, seat.seat): seat.code for group in view(served).groups for seat in group.seats}


def asked(served: Served, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes]:
    """The status and the body of an answer."""
    host = served.address.removeprefix("http://")
    link = http.client.HTTPConnection(host, timeout=SECONDS)
    try:
        link.request(method, path, headers={"Host": host, **headers})
        answer = link.getresponse()
        return answer.status, answer.read()
    finally:
        link.close()


@pytest.mark.parametrize("path", ELSEWHERE + BEHIND)
def test_nothing_but_the_class_pages_is_served(served: Served, path: str) -> None:
    status, body = asked(served, path)
    assert status in (400, 404), f"{path}: {status}"
    assert b"<script" not in body


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/_stcore/upload_file/s/f", "/_stcore/agent/interact", "/join", "/media/x", STREAM])
def test_nothing_can_be_uploaded_or_changed_by_a_request(served: Served, method: str, path: str) -> None:
    status, _ = asked(served, path, method)
    assert status == 404, f"{method} {path}: {status}"


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1.example.org", "[::1]", "", "127.0.0.2", "192.0.2.9"])
def test_another_name_for_the_server_gets_no_answer(served: Served, host: str) -> None:
    assert asked(served, "/join", Host=host)[0] == 400
    assert asked(served, "/join")[0] == 200


@pytest.mark.parametrize(
    "headers",
    [{"Host": "example.org"}, {"Origin": "http://example.org"}, {"Origin": "http://127.0.0.1:1"}, {"Origin": "null"}],
)
def test_another_site_cannot_talk_to_a_page(served: Served, headers: dict[str, str]) -> None:
    with pytest.raises(InvalidStatus), opened(served, headers):
        pass


def test_the_teachers_link_leaves_the_address_at_once(served: Served) -> None:
    """Answered with a cookie that neither scripts nor other sites can use, and with the bare page."""
    host = served.address.removeprefix("http://")
    link = http.client.HTTPConnection(host, timeout=SECONDS)
    link.request("GET", served.link.removeprefix(served.address), headers={"Host": host})
    answer = link.getresponse()
    cookie = answer.getheader("set-cookie") or ""
    assert (answer.status, answer.getheader("location")) == (303, "/teach")
    assert {"HttpOnly", "SameSite=Strict"} <= set(cookie.split("; "))
    assert answer.getheader("cache-control") == "no-store"
    link.close()


# As a student's device might, without a browser


def opened(served: Served, headers: dict[str, str] | None = None) -> ClientConnection:
    """A line to a page, as the browser opens it."""
    address = served.address.replace("http", "ws") + STREAM
    given = {"Origin": served.address, **(headers or {})}
    return connect(address, additional_headers=given, subprotocols=["streamlit"], max_size=None)  # type: ignore[list-item]


def heard(line: ClientConnection) -> str:
    """All that the server says until the page is done, as text. Raises TimeoutError."""
    text: list[ForwardMsg] = []
    while not text or not _done(text[-1]):
        one = line.recv(timeout=SECONDS)
        assert isinstance(one, bytes)
        text.append(ForwardMsg.FromString(one))
    return "\n".join(map(str, text))


def _done(one: ForwardMsg) -> bool:
    """Whether a page has been drawn to its end, and not left for another drawing."""
    return one.WhichOneof("type") == "script_finished" and one.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN


def ask(line: ClientConnection, page: str, query: str = "", states: Any = None) -> str:
    """Ask for a page by its name, with widgets as they are said to stand; what comes back."""
    said = BackMsg()
    said.rerun_script.page_script_hash = calc_hash(page)
    said.rerun_script.page_name = page
    said.rerun_script.query_string = query
    if states is not None:
        said.rerun_script.widget_states.CopyFrom(states)
    line.send(said.SerializeToString())
    return heard(line)


@pytest.mark.parametrize("page", ["explore", "compare", "one-world", "evidence"])
def test_a_line_to_another_page_leads_nowhere(served: Served, page: str) -> None:
    with opened(served) as line:
        text = ask(line, page)
    assert "vega" not in text
    assert "Scenario file" not in text
    assert "page_not_found" in text or "Join an exercise" in text, text[-500:]


@pytest.mark.parametrize("key", ["", "code", "token", "exercise", "' OR 1=1 --", "*", "\0", "a" * 1000])
def test_teach_opens_for_the_secret_alone(served: Served, key: str) -> None:
    code = codes(served)[1, "us"]
    known = {"code": code, "exercise": view(served).exercise, "token": room(served).join(code).token}
    with opened(served, {"Cookie": f"jirga_teacher={quote(known.get(key, key))}"}) as line:
        text = ask(line, "teach")
    assert "secret" in text
    assert codes(served)[2, "us"] not in text
    assert "Open round" not in text


def test_what_the_teacher_pressed_does_nothing_on_a_students_line(browser: Any, served: Served) -> None:
    """Every request of the teacher's laptop, sent again byte by byte from a device without the secret."""
    sent: list[bytes] = []
    desk = browser.new_context().new_page()
    desk.set_default_timeout(WAIT)
    desk.on("websocket", lambda line: line.on("framesent", lambda frame: sent.append(bytes(frame))))
    desk.goto(served.link)
    desk.get_by_role("button", name="Open round 1").click()
    desk.get_by_role("button", name="Stop the clock").wait_for(timeout=WAIT)
    before = view(served)
    assert before.phase == "open"
    desk.get_by_role("button", name="Close the round").click()
    desk.get_by_role("button", name="Reopen the round").click()
    until(desk, lambda: view(served).phase == "open", "open again")
    desk.context.close()
    token = _token(served, 1, "us")
    version = view(served).version
    for query in ("", f"seat={token}"):
        with opened(served) as line:
            for frame in sent:
                line.send(again := _moved(frame, query))
                if _of_a_page(again):
                    heard(line)
                ask(line, "teach", query)  # once it is drawn, what was sent before has been dealt with
    after = view(served)
    assert (after.version, after.phase) == (version, "open"), "a request sent again did something"


def _of_a_page(frame: bytes) -> bool:
    """Whether a request is for a page, which is then drawn; a fragment of another page is nothing here."""
    said = BackMsg.FromString(frame)
    return said.HasField("rerun_script") and not said.rerun_script.fragment_id


def _token(served: Served, group: int, seat: str) -> str:
    """A student's token, of one who has just joined."""
    return room(served).join(codes(served)[group, seat]).token


def _moved(frame: bytes, query: str) -> bytes:
    """A request with another query; without one, as it was."""
    said = BackMsg.FromString(frame)
    if query and said.HasField("rerun_script"):
        said.rerun_script.query_string = query
    return said.SerializeToString()


@pytest.mark.parametrize("page", ["join", "teach"])
def test_a_students_line_hears_nothing_of_the_other_teams(served: Served, page: str) -> None:
    """Not their briefings, orders or codes, nor the teacher's secret, in anything that the server says."""
    theirs, number = _token(served, 1, "taliban"), 1234.0
    if view(served).phase == "waiting":
        room(served).open_round(served.secret)
    room(served).order(theirs, "taliban.demand", number)
    with opened(served) as line:
        text = ask(line, page, f"seat={_token(served, 1, 'us')}")
        text += ask(line, page, f"seat={_token(served, 2, 'taliban')}") if page == "teach" else ""
    for seat in SEATS.values():
        shown = _first_words(seat.briefing) in text
        assert shown is (seat.name == "us" and page == "join"), f"{seat.name} on {page}: {shown}"
    assert "1,234" not in text
    assert served.secret not in text
    assert not [code for code in codes(served).values() if code in text]


def _first_words(briefing: str) -> str:
    """Some words that stand only in this briefing, as protobuf writes them."""
    return " ".join(briefing.split("What only you know:")[1].split()[:6]).replace("'", "&#x27;")


# By hand


def test_codes_that_are_guessed_have_to_wait(browser: Any, tmp_path: Path) -> None:
    """And what was typed is never shown again, whatever it is."""
    with class_server(tmp_path) as own:
        page = visit(browser, f"{own.address}/join", width=PHONE[0], height=PHONE[1])
        code = page.get_by_label("Your seat's code")
        for turn in range(GUESSES):
            code.fill(f"<img src=x onerror=alert({turn})>")
            page.get_by_role("button", name="Join", exact=True).click()
            page.get_by_role("alert").wait_for(timeout=WAIT)
            idle(page)
            if "Too many" in page.inner_text("body"):
                break
        says(page, "Too many wrong codes")
        assert page.locator("img[src=x]").count() == 0
        assert "onerror" not in page.get_by_role("alert").inner_text()
        assert complaints(page) == []
        page.context.close()


def test_the_secret_is_typed_too(browser: Any, tmp_path: Path) -> None:
    """A code does not open the teacher's page; the secret does; and a student's page has no way there."""
    with class_server(tmp_path) as own:
        page = visit(browser, f"{own.address}/teach")
        field = page.get_by_label("The exercise's secret")
        code = codes(own)[1, "us"]
        for given, answer in ((code, "not the teacher's link"), (own.secret, "Open round 1")):
            field.fill(given)
            page.get_by_role("button", name="Open", exact=True).click()
            says(page, answer)
            tabs = 0 if given == code else TABS
            until(page, lambda: page.get_by_role("tab").count() == tabs, f"{tabs} tabs")  # noqa: B023
        assert own.secret not in page.url
        phone = student(browser, f"{own.address}/join?code={code}")
        assert phone.get_by_role("link", name="Teach").count() == 0
        phone.goto(f"{own.address}/teach")
        says(phone, "The exercise's secret")
        for one in (page, phone):
            assert complaints(one) == []
            one.context.close()
