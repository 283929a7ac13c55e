"""The line of a page to its server, a WebSocket: only from this server's own pages, and only in Streamlit's format."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

SCHEMES: Final = ("http", "https")
POLICY: Final = 1008  # the code that closes a line that is not allowed
FORMAT: Final = 1003  # the code that closes a line on which text is sent: Streamlit sends bytes


def same_site(headers: Mapping[bytes, bytes]) -> bool:
    """Return whether a WebSocket comes from a page of this server; another port of this machine is another server."""
    try:
        origin = urlsplit(headers.get(b"origin", b"").decode("latin-1"))
    except ValueError:
        return False
    host = headers.get(b"host", b"").decode("latin-1")
    known = origin.scheme in SCHEMES and bool(origin.netloc)
    return known and origin.netloc == host and not (origin.path or origin.query or origin.fragment)


class OwnPages:
    """ASGI middleware that refuses a WebSocket of another site's page or of none, and closes one that sends text."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass on requests, and the lines of own pages."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        if not same_site(dict(scope["headers"])):
            await send({"type": "websocket.close", "code": POLICY})
            return

        async def heard() -> Any:
            message = await receive()
            if message["type"] == "websocket.receive" and message.get("bytes") is None:
                await send({"type": "websocket.close", "code": FORMAT})
                return {"type": "websocket.disconnect", "code": FORMAT}
            return message

        await self.app(scope, heard, send)
