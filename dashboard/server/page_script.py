"""A script of our own in Streamlit's page: what screen readers need, and Streamlit has no parameter for."""

import hashlib
from pathlib import Path
from typing import Any, Final

SCRIPT: Final = Path(__file__).with_name("page_script.js").read_bytes()
ADDRESS: Final = "/jirga/page_script.js"
_TAG: Final = f'<script src="{ADDRESS}?{hashlib.sha256(SCRIPT).hexdigest()[:12]}" defer></script>'.encode()
_JAVASCRIPT: Final = [
    (b"content-type", b"text/javascript; charset=utf-8"),
    (b"content-length", str(len(SCRIPT)).encode()),
    (b"cache-control", b"max-age=31536000, immutable"),  # another script has another address
]
_OF_FILE: Final = (b"content-length", b"etag", b"last-modified", b"accept-ranges")  # of Streamlit's page, not of ours
_OF_COPY: Final = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")  # of a request for a page


class PageScript:
    """ASGI middleware that answers requests for the script, and adds it to each page of Streamlit."""

    def __init__(self, app: Any, tags: bytes = b"") -> None:
        """Begin. tags: what else the head of each page gets, before the script."""
        self.app, self.tags = app, tags + _TAG

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, or pass the request on."""
        if scope["type"] == "http" and scope["path"] == ADDRESS:
            await send({"type": "http.response.start", "status": 200, "headers": _JAVASCRIPT})
            await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else SCRIPT})
        elif scope["type"] == "http" and scope["method"] == "GET" and _wants_page(scope):
            plain = [(name, value) for name, value in scope["headers"] if name not in _OF_COPY]
            await self.app(scope | {"headers": plain}, receive, _WithScript(send, self.tags))
        else:
            await self.app(scope, receive, send)


def _wants_page(scope: Any) -> bool:
    """Return whether a browser opens a page, rather than loading a part of one."""
    return b"text/html" in dict(scope["headers"]).get(b"accept", b"")


class _WithScript:
    """Sends an answer on; a page of HTML is sent at once when all of it is there, with the tags in its head."""

    def __init__(self, send: Any, tags: bytes) -> None:
        self.send, self.tags, self.body = send, tags, b""
        self.start: Any = None  # of an answer that is kept back

    async def __call__(self, message: Any) -> None:
        """Send a message, or keep it until the page is complete."""
        if message["type"] == "http.response.start":
            if not dict(message.get("headers", [])).get(b"content-type", b"").startswith(b"text/html"):
                await self.send(message)
            else:
                self.start = message
        elif self.start is None:
            await self.send(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self._page()

    async def _page(self) -> None:
        page = self.body.replace(b"</head>", self.tags + b"</head>", 1)
        kept = [(name, value) for name, value in self.start["headers"] if name not in _OF_FILE]
        await self.send(self.start | {"headers": [*kept, (b"content-length", str(len(page)).encode())]})
        await self.send({"type": "http.response.body", "body": page})
