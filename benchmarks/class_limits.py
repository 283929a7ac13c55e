"""A class server at its limits: `python -m benchmarks.class_limits`. Linux alone: it reads /proc.

40 phones on a server that may open 256 files join, reload their pages five times and play a round. Then another visitor
opens a page, without and with 300 half-sent requests waiting; and six connections each begin a message of 128 MB.
"""

import re
import socket
import struct
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table
from websockets.exceptions import ConnectionClosed

from benchmarks.classroom import Page, until
from sim.exercise.service import Classroom
from tests.app.classroom import Served, class_server

DESCRIPTORS: Final = 256
UNDER: Final = ("sh", "-c", f'ulimit -n {DESCRIPTORS} && exec "$@"', "sh")
GROUPS: Final = 10
RELOADS: Final = 5
HALF: Final = 300
FRAMES: Final = 6
FRAME: Final = 128_000_000  # bytes
SENT: Final = 65_536  # bytes of it
VISITS: Final = 5
SETTINGS: Final = f'title = "Limits"\ngroups = {GROUPS}\nrounds = 2\n'


def main() -> None:
    """Measure and print the table."""
    with tempfile.TemporaryDirectory() as folder, class_server(Path(folder), SETTINGS, under=UNDER) as served:
        phones, most = _play(served)
        alone = [_visit(served) for _ in range(VISITS)]
        with _half_sent(served):
            beside = [_visit(served) for _ in range(VISITS)]
        grown = _frames(served)
    table = Table(f"A server that may open {DESCRIPTORS} files", "measured", "required")
    table.add_row(f"phones that joined, reloaded {RELOADS} times and played", f"{phones}", f"{4 * GROUPS}")
    table.add_row("files open at most", f"{most}", f"{DESCRIPTORS}")
    table.add_row("a visitor's page, slowest, s", f"{max(alone):.2f}", "")
    table.add_row(f"the same beside {HALF} half-sent requests, s", f"{max(beside):.2f}", "2 more")
    table.add_row(f"memory after {FRAMES} unfinished messages of 128 MB, MB more", f"{grown:.1f}", "50")
    Console().print(table)


def _play(served: Served) -> tuple[int, int]:
    """Let all phones join, reload and play a round; return how many there are and the most files open."""
    room = Classroom(served.file)
    desk = Page(served, "teach", secret=served.secret)
    until([desk], lambda page: "Open round 1" in page.shown)
    codes = [seat.code for group in room.teacher(served.secret).groups for seat in group.seats]
    addresses = [f"seat={room.join(code).token}" for code in codes]
    phones, most = [Page(served, "join", address) for address in addresses], 0
    for _ in range(RELOADS):
        until(phones, lambda page: "Round 1 of" in page.shown)
        most = max(most, _descriptors(served))
        for page in phones:
            page.close()
        phones = [Page(served, "join", address) for address in addresses]
    desk.ask(press="Open round 1")
    until(phones, lambda page: "phase open" in page.shown)
    desk.ask(press="Play round 1")
    until(phones, lambda page: "Round 2 of" in page.shown)
    most = max(most, _descriptors(served))
    for page in (desk, *phones):
        page.close()
    return len(phones), most


def _visit(served: Served) -> float:
    """Return the seconds until the page to join shows its title."""
    page = Page(served, "join")
    (seconds,) = until([page], lambda page: bool(page.shown))
    page.close()
    return seconds


@contextmanager
def _half_sent(served: Served) -> Iterator[None]:
    """Keep requests waiting that are not complete."""
    with ExitStack() as after:
        for _ in range(HALF):
            after.enter_context(_connected(served)).sendall(b"GET /join HTTP/1.1\r\nHost: x\r\n")
        yield


def _frames(served: Served) -> float:
    """Begin large messages and leave them unfinished; return the megabytes that the server has grown by."""
    before = _megabytes(served)
    with ExitStack() as after:
        for _ in range(FRAMES):
            page = Page(served, "join")
            after.callback(page.close)
            until([page], lambda page: bool(page.shown))
            try:
                page.line.socket.sendall(b"\x82\xff" + struct.pack("!Q", FRAME) + b"\0\0\0\0" + b"x" * SENT)
            except (ConnectionClosed, OSError):
                continue  # refused before all of it was sent
        time.sleep(2)
        return _megabytes(served) - before


def _connected(served: Served) -> socket.socket:
    place = urlsplit(served.address)
    return socket.create_connection((place.hostname or "", place.port or 0))


def _megabytes(served: Served) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", (Path("/proc") / str(served.running.pid) / "status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def _descriptors(served: Served) -> int:
    return sum(1 for _ in (Path("/proc") / str(served.running.pid) / "fd").iterdir())


if __name__ == "__main__":
    main()
