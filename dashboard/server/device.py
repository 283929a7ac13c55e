"""A browser's own cookie, a random number: what a browser was given or did wrong stays with it, and with no other.

No script can read the cookie, it says nothing about a person, and it ends with the browser. It opens nothing alone.
"""

import secrets
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final

from dashboard.classroom.credentials import DEVICE, LONGEST_DEVICE
from dashboard.server import media

MEDIA: Final = "/media/"  # the path of files that pages offer


def of_headers(headers: Any) -> str:
    """Return the number in a request's headers, pairs of bytes; "" if there is none."""
    text = b"; ".join(value for name, value in headers if name == b"cookie").decode("latin-1")
    try:
        found = SimpleCookie(text).get(DEVICE)
    except CookieError:
        return ""
    return found.value[:LONGEST_DEVICE] if found else ""


class Devices:
    """ASGI middleware that gives each browser its number, and a file only to the browser whose page offered it."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, with the cookie on a page."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        own, path = of_headers(scope["headers"]), scope["path"]
        if path.startswith(MEDIA) and not media.is_for(path.removeprefix(MEDIA).partition(".")[0], own):
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return

        async def with_cookie(message: Any) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                made = f"{DEVICE}={secrets.token_urlsafe()}; Path=/; HttpOnly; SameSite=Strict"
                message = message | {"headers": [*message["headers"], (b"set-cookie", made.encode())]}
            await send(message)

        await self.app(scope, receive, send if own else with_cookie)


def _is_page(message: Any) -> bool:
    return any(name == b"content-type" and kind.startswith(b"text/html") for name, kind in message.get("headers", ()))
