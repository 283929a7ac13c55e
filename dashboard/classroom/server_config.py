"""The classroom that this server serves: its file, and the address under which the room finds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

import streamlit as st

from sim.exercise.default_path import default_file

if TYPE_CHECKING:
    from sim.exercise.service import Classroom

JOIN: Final = "join"  # the pages' paths
TEACH: Final = "teach"


@dataclass
class Room:
    """What `settle` says once, before the first visitor. file: None for the usual one; address: "" for this machine."""

    file: Path | None = None
    address: str = ""


_ROOM: Final = Room()


def settle(file: Path | None, address: str = "") -> None:
    """Say which file to serve and, on a room's network, the address that its devices use: "http://192.0.2.7:8502"."""
    _ROOM.file, _ROOM.address = file, address.rstrip("/")


def on_network() -> bool:
    """Whether the server is open to the room's network, and so serves the class pages alone."""
    return bool(_ROOM.address)


def classroom() -> "Classroom":
    """The exercises in the file. Raises InputError if it cannot be used."""
    return _opened(_ROOM.file or default_file())


@lru_cache(maxsize=4)
def _opened(file: Path) -> "Classroom":
    from sim.exercise.service import Classroom  # the engine, which a server that starts can do without

    return Classroom(file)


def address() -> str:
    """What a device of the room puts before a page's path; without a network, what this browser does."""
    if _ROOM.address:
        return _ROOM.address
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def link(page: str, query: Mapping[str, str] | None = None) -> str:
    """The address of a class page."""
    return f"{address()}/{page}" + (f"?{urlencode(query)}" if query else "")


def own_link(page: str, query: Mapping[str, str]) -> str:
    """The same page for this browser, wherever it reached the server."""
    return f"/{page}?{urlencode(query)}"


def client() -> str:
    """Where this visitor comes from, for slowing down wrong codes."""
    return st.context.ip_address or "this machine"  # Streamlit gives no address for it
