"""ASGI middleware for the class: the teacher's link, and the restriction to the class pages on a room's network."""

from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from dashboard.classroom.credentials import COOKIE, KEY
from dashboard.classroom.server_config import JOIN, TEACH

LONGEST_KEY: Final = 200
DAYS: Final = 30  # for which a browser keeps the teacher's secret
PAGES: Final = ("/", f"/{JOIN}", f"/{TEACH}")
FILES: Final = ("/static/", "/media/")  # Streamlit's own files, and downloads of pages under names nobody can guess
NEEDED: Final = ("/_stcore/health", "/_stcore/host-config", "/favicon.png")
STREAM: Final = "/_stcore/stream"


class TeachersLink:
    """ASGI middleware that answers `/teach?key=...` with a cookie and a redirect to the address without the key.

    No script can read the cookie, and no other site can cause a browser to send it. An empty key deletes it.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a teacher's link; pass on everything else."""
        given = parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True).get(KEY)
        if scope["type"] != "http" or scope["path"] != f"/{TEACH}" or given is None:
            await self.app(scope, receive, send)
            return
        headers = [(b"location", f"/{TEACH}".encode()), (b"set-cookie", cookie(given[0]).encode())]
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


def same_site(headers: Mapping[bytes, bytes]) -> bool:
    """Return whether a WebSocket comes from a page of this server; another port of this machine is another server."""
    origin = urlsplit(headers.get(b"origin", b"").decode("latin-1"))
    return origin.netloc == headers.get(b"host", b"").decode("latin-1")


def serves(scope: Any) -> bool:
    """Return whether a request is for the class pages."""
    path = scope["path"]
    if scope["type"] == "websocket":
        return bool(path == STREAM) and same_site(dict(scope["headers"]))
    known = path in (*PAGES, *NEEDED) or path.startswith(FILES)
    return known and scope["method"] in ("GET", "HEAD")
