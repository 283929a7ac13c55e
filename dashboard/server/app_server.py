"""The server of the dashboard, by default open to this machine only, with security headers on every answer."""

import base64
import hashlib
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from dashboard.classroom.middleware import TeachersLink
from dashboard.server import components, connections, memory, sessions, warmup, whole_changes
from dashboard.server.device import Devices
from dashboard.server.first_page import FirstPage
from dashboard.server.page_line import OwnPages
from dashboard.server.page_script import PageScript
from dashboard.server.run_requests import RunRequests
from dashboard.state.limits import LONGEST_LINK, MOST_PARTS, TOO_LONG

HOST: Final = "127.0.0.1"
PORT: Final = 8501
HOSTS: Final = ("127.0.0.1", "localhost")
UPLOAD_MB: Final = 1
SCRIPT: Final = Path(__file__).with_name("script.py")  # not next to `pages`: Streamlit would list them itself

_INLINE: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def inline_scripts() -> list[str]:
    """Return the hashes of the inline scripts in Streamlit's page, for the policy; no other inline script may run."""
    import streamlit

    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    digests = [hashlib.sha256(script.encode()).digest() for script in _INLINE.findall(page)]
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


# Streamlit needs inline styles; scripts come only from this server.
POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        " ".join(("script-src 'self'", *inline_scripts())),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


def settings(host: str = HOST, port: int = PORT, *, hosts: Sequence[str] = (), browse: bool = False) -> dict[str, Any]:
    """Return Streamlit's settings, by dotted name. hosts: host names it answers to, besides this machine's own."""
    return {
        "server.address": host,
        "server.port": port,
        "server.headless": not browse,
        "server.allowedHosts": [*HOSTS, host, *hosts],
        "server.enableXsrfProtection": True,
        "server.enableCORS": True,
        "server.maxUploadSize": UPLOAD_MB,
        "server.disconnectedSessionTTL": sessions.KEPT,
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "browser.gatherUsageStats": False,
        "theme.light.primaryColor": "#0b62a8",
        "theme.dark.primaryColor": "#6db6f2",
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "global.disableWidgetStateDuplicationWarning": True,  # a counter-offer fills a form that has values by default
        "runner.magicEnabled": False,
        "runner.postScriptGC": False,  # all pages would wait for it; see `memory.collect`
    } | whole_changes.SETTINGS


class Headers:
    """ASGI middleware that adds the headers to every answer."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, with the headers."""

        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                own = [(name.encode(), words.encode()) for name, words in HEADERS.items()]
                message = message | {"headers": [*message.get("headers", []), *own]}
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class Addresses:
    """ASGI middleware that redirects an address that is too long to one that says so.

    Streamlit would silently ignore a query of 1,000 parts or more; some 100,000 characters are too long for a server.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, or redirect."""
        query = scope.get("query_string", b"")
        if scope["type"] == "http" and (len(query) > LONGEST_LINK or query.count(b"&") >= MOST_PARTS):
            from starlette.responses import RedirectResponse

            here = "/" + scope["path"].lstrip("/\\")  # two slashes would begin the name of another server
            await RedirectResponse(f"{here}?{urlencode(TOO_LONG, doseq=True)}", 303)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def application(
    hosts: Sequence[str] = (), script: Path = SCRIPT, gates: Sequence[Any] = (FirstPage, TeachersLink),
    loaded: Sequence[str] = (),
) -> Any:  # fmt: skip
    """Return the ASGI application.

    hosts: as for `settings`; gates: middleware that runs before any page is drawn; loaded: the components of Streamlit
    that a browser loads with the page.
    """
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from streamlit.runtime import memory_media_file_storage, memory_session_storage
    from streamlit.starlette import App

    from dashboard.server.media import LastingFiles

    # Streamlit's App creates its storages from these names when it starts; it has no parameter for them.
    memory_media_file_storage.MemoryMediaFileStorage = LastingFiles  # type: ignore[misc]
    memory_session_storage.MemorySessionStorage = sessions.BriefSessions  # type: ignore[assignment,misc]
    whole_changes.install()
    memory.limit()
    known = {f"[{host}]" if ":" in host else host for host in (*HOSTS, *hosts)}
    trusted = Middleware(TrustedHostMiddleware, allowed_hosts=sorted(known), www_redirect=False)
    head = partial(PageScript, tags=components.links(loaded))
    inside: Sequence[Any] = (warmup.Visits, Headers, Addresses, Devices, head, *gates, OwnPages, RunRequests)
    return App(script, lifespan=sessions.tidied, middleware=[trusted, *(Middleware(one) for one in inside)])


def run(found: Any, script: Path, config: Mapping[str, Any]) -> None:
    """Run an application until interrupted. Call it after all imports."""
    from streamlit.web.server.starlette import starlette_server

    of_streamlit, own = starlette_server._get_uvicorn_config_kwargs, connections.guard()  # noqa: SLF001
    starlette_server._get_uvicorn_config_kwargs = lambda: of_streamlit() | own  # noqa: SLF001  it has no parameter
    memory.settle()
    sys.argv = [str(script)]  # Streamlit reads it to find its script
    found.run(config=config)


def serve(
    host: str = HOST,
    port: int = PORT,
    *,
    browse: bool = False,
    script: Path = SCRIPT,
    prepare: Callable[[], None] = warmup.everything,
) -> None:
    """Run the dashboard with all its pages until interrupted.

    script: what Streamlit runs; prepare: called in a thread while the first browser loads its page.
    """
    found = application([host], script)
    warmup.begin(prepare)
    run(found, script, settings(host, port, browse=browse))
