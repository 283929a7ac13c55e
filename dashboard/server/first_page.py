"""An address without a page opens Begin here; with a scenario, as in links of before, it opens Explore."""

from typing import Any, Final
from urllib.parse import parse_qsl

from dashboard.state.limits import BEGIN_KEYS
from dashboard.state.state import FOREIGN

EXPLORE: Final = "/explore"


def is_of_state(query: str) -> bool:
    """Return whether a query holds more than the first page's own parts: a state of Explore, or what is wrong with it.

    query: as in an address, percent-encoded.
    """
    names = {name for name, _ in parse_qsl(query, keep_blank_values=True)}
    return not names <= {*BEGIN_KEYS, *FOREIGN}


class FirstPage:
    """ASGI middleware that redirects the root with a scenario in its query to the page Explore."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, or redirect."""
        query = scope.get("query_string", b"").decode("latin-1")
        if scope["type"] == "http" and scope["path"] == "/" and is_of_state(query):
            from starlette.responses import RedirectResponse

            await RedirectResponse(f"{EXPLORE}?{query}", 303)(scope, receive, send)
        else:
            await self.app(scope, receive, send)
