"""ASGI middleware for the class: the teacher's link, and the restriction to the class pages on a room's network."""

import secrets
import time
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qs

from dashboard.classroom.credentials import COOKIE, KEY
from dashboard.classroom.server_config import JOIN, TEACH

LONGEST_KEY: Final = 200
TICKET: Final = "ticket"
TICKET_SECONDS: Final = 120.0
DAYS: Final = 30  # for which a browser keeps the teacher's secret
PAGES: Final = ("/", f"/{JOIN}", f"/{TEACH}")
FILES: Final = ("/static/", "/media/")  # Streamlit's own files, and downloads of pages under names nobody can guess
NEEDED: Final = ("/_stcore/health", "/_stcore/host-config", "/favicon.png")
STREAM: Final = "/_stcore/stream"


class Tickets:
    """Links that open the teacher's page once, soon: what a browser is started with can be read in the process list."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """clock: gives seconds."""
        self._clock = clock
        self._made: dict[str, tuple[str, float]] = {}

    def new(self, secret: str) -> str:
        """Return a ticket for a secret."""
        ticket = secrets.token_urlsafe()
        self._made[ticket] = (secret, self._clock() + TICKET_SECONDS)
        return ticket

    def take(self, ticket: str) -> str | None:
        """Return the secret of a ticket, once; None for a ticket that is unknown, used or too old."""
        secret, until = self._made.pop(ticket, ("", 0.0))
        return secret if self._clock() < until else None


TICKETS: Final = Tickets()


class TeachersLink:
    """ASGI middleware that answers `/teach?key=...` with a cookie and a redirect to the address without the key.

    No script can read the cookie, and no other site can cause a browser to send it. An empty key deletes it. A ticket,
    `/teach?ticket=...`, does the same once; one that is not valid leaves the cookie as it is.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a teacher's link; pass on everything else."""
        given = parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        if scope["type"] != "http" or scope["path"] != f"/{TEACH}" or not {KEY, TICKET} & given.keys():
            await self.app(scope, receive, send)
            return
        secret = given[KEY][0] if KEY in given else TICKETS.take(given[TICKET][0])
        headers = [(b"location", f"/{TEACH}".encode())]
        if secret is not None:
            headers.append((b"set-cookie", cookie(secret).encode()))
        await send(
            {"type": "http.response.start", "status": 303, "headers": [*headers, (b"cache-control", b"no-store")]}
        )
        await send({"type": "http.response.body", "body": b""})


def cookie(secret: str) -> str:
    """Return the cookie with a secret; an empty secret deletes the cookie."""
    made: SimpleCookie = SimpleCookie()
    made[COOKIE] = secret[:LONGEST_KEY]
    made[COOKIE]["path"], made[COOKIE]["samesite"], made[COOKIE]["httponly"] = "/", "Strict", True
    made[COOKIE]["max-age"] = DAYS * 24 * 3600 if secret else 0
    return made[COOKIE].OutputString()


class ClassPagesOnly:
    """ASGI middleware that passes on the class pages and the files they need, and answers 404 to all else."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass on the requests for the class pages."""
        if scope["type"] == "lifespan" or serves(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            head = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": 404, "headers": head})
            await send({"type": "http.response.body", "body": b"There is nothing here. The class is at /join."})


def serves(scope: Any) -> bool:
    """Return whether a request is for the class pages."""
    path = scope["path"]
    if scope["type"] == "websocket":
        return bool(path == STREAM)
    known = path in (*PAGES, *NEEDED) or path.startswith(FILES)
    return known and scope["method"] in ("GET", "HEAD")
