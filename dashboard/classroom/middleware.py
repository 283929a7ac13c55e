"""What the server answers before any page is drawn: the teacher's link; in a room, the class pages alone."""

from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from dashboard.classroom.credentials import COOKIE, KEY
from dashboard.classroom.server_config import JOIN, TEACH

LONGEST_KEY: Final = 200
DAYS: Final = 30  # that a browser remembers the teacher's secret
PAGES: Final = ("/", f"/{JOIN}", f"/{TEACH}")
FILES: Final = ("/static/", "/media/")  # Streamlit's own, and what a page offers to save under a name nobody can guess
NEEDED: Final = ("/_stcore/health", "/_stcore/host-config", "/favicon.png")
STREAM: Final = "/_stcore/stream"


class TeachersLink:
    """Answers `/teach?key=...` with a cookie and the bare address, so that the secret stays nowhere to be seen.

    No script can read the cookie and no other site can have it sent. An empty key takes it away. ASGI middleware.
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
    """The cookie that holds a secret; an empty one ends it."""
    made: SimpleCookie = SimpleCookie()
    made[COOKIE] = secret[:LONGEST_KEY]
    made[COOKIE]["path"], made[COOKIE]["samesite"], made[COOKIE]["httponly"] = "/", "Strict", True
    made[COOKIE]["max-age"] = DAYS * 24 * 3600 if secret else 0
    return made[COOKIE].OutputString()


class ClassPagesOnly:
    """Answers for the class pages and what they are drawn with; for all else there is nothing. ASGI middleware."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass on what belongs to the class."""
        if scope["type"] == "lifespan" or serves(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            head = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": 404, "headers": head})
            await send({"type": "http.response.body", "body": b"There is nothing here. The class is at /join."})


def same_site(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a line is opened by a page of this very server; also another port of the same machine is another."""
    origin = urlsplit(headers.get(b"origin", b"").decode("latin-1"))
    return origin.netloc == headers.get(b"host", b"").decode("latin-1")


def serves(scope: Any) -> bool:
    """Whether a request is for the class pages."""
    path = scope["path"]
    if scope["type"] == "websocket":
        return bool(path == STREAM) and same_site(dict(scope["headers"]))
    known = path in (*PAGES, *NEEDED) or path.startswith(FILES)
    return known and scope["method"] in ("GET", "HEAD")
