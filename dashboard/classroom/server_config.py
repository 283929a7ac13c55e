"""The classroom that this server serves: its file, and its address on the room's network."""

import threading
import time
import weakref
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

import streamlit as st

from dashboard.classroom import credentials
from sim.errors import InputError
from sim.exercise.default_path import default_file

if TYPE_CHECKING:
    from sim.exercise.service import Classroom

TICK: Final = 1.0  # seconds
JOIN: Final = "join"  # the pages' paths
TEACH: Final = "teach"


@dataclass
class Room:
    """What `settle` sets before the first visitor. file: None for the default; address: "" for this machine only."""

    file: Path | None = None
    address: str = ""


_ROOM: Final = Room()


def settle(file: Path | None, address: str = "") -> None:
    """Set the file to serve and, on a room's network, the address that its devices use: "http://192.0.2.7:8502"."""
    _ROOM.file, _ROOM.address = file, address.rstrip("/")


def on_network() -> bool:
    """Return whether the server is open to the room's network, and therefore serves only the class pages."""
    return bool(_ROOM.address)


def classroom() -> "Classroom":
    """Return the exercises in the file. Raises InputError if the file cannot be used."""
    return _opened(_ROOM.file or default_file())


@lru_cache(maxsize=4)
def _opened(file: Path) -> "Classroom":
    from sim.exercise.service import Classroom  # imports the engine, which the server does not need to start

    found = Classroom(file)
    threading.Thread(target=_watch, args=(weakref.ref(found),), name="class-awake", daemon=True).start()
    return found


def _watch(room: "weakref.ref[Classroom]") -> None:
    """Tell the exercises each second that this computer is awake, as long as they are in use."""
    while (found := room()) is not None:
        with suppress(InputError):  # a file that cannot be used says so on the page
            found.tick()
        del found
        time.sleep(TICK)


def address() -> str:
    """Return the server's address for the room's devices; without a network, the address in this browser."""
    if _ROOM.address:
        return _ROOM.address
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def link(page: str, query: Mapping[str, str] | None = None) -> str:
    """Return the address of a class page."""
    return f"{address()}/{page}" + (f"?{urlencode(query)}" if query else "")


def own_link(page: str, query: Mapping[str, str]) -> str:
    """Return the address of a class page relative to the server, for this browser."""
    return f"/{page}?{urlencode(query)}"


def client() -> str:
    """Return this visitor's network address and device, for slowing down wrong codes."""
    address = st.context.ip_address or "here"  # Streamlit gives no address for this machine
    return f"{address} {credentials.device()}"
