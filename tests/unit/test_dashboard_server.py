"""The dashboard's server: an address that is too long leads to this server's own page, and nowhere else."""

import asyncio
from typing import Any

import pytest

from dashboard.server.app_server import Addresses


def answered(path: str, query: bytes) -> dict[str, str]:
    """The headers of the answer to an address, by name."""
    sent: list[dict[str, Any]] = []

    async def app(*_: Any) -> None:
        sent.append({"headers": [(b"location", b"none")]})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": []}
    asyncio.run(Addresses(app)(scope, None, send))
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}


@pytest.mark.parametrize(
    ("path", "own"),
    [("/compare", "/compare?"), ("//evil.example/x", "/evil.example/x?"), ("/\\/evil.example", "/evil.example?")],
)
def test_too_long_an_address_stays_on_this_server(path: str, own: str) -> None:
    assert answered(path, b"&".join([b"a"] * 2000))["location"].startswith(own)


def test_any_other_address_is_answered() -> None:
    assert answered("/compare", b"scenario=baseline") == {"location": "none"}
