"""The class server: only the class pages, at one address of this machine, for the devices in the room.

The command `python -m dashboard.server.class_server`, which `jirga class serve` calls.
"""

import argparse
import socket
import threading
import time
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from dashboard.classroom import server_config
from dashboard.classroom.middleware import TICKET, TICKETS, ClassPagesOnly, TeachersLink
from dashboard.server import app_server, components
from sim.cli.address import link_to

TRIES: Final = 240  # of opening a browser, two per second
SCRIPT: Final = app_server.SCRIPT.with_name("class_script.py")


def serve(host: str, port: int, file: Path, browse: str = "") -> None:
    """Run until interrupted.

    host: this machine's address on the room's network, "192.0.2.7"; file: of exercises; browse: the exercise whose
    teacher's page to open in a browser.
    """
    base = link_to(host, port)
    server_config.settle(file, base)
    if browse:
        open_browser(base, server_config.classroom().secret(browse))
    found = app_server.application([host], SCRIPT, gates=(ClassPagesOnly, TeachersLink), loaded=components.CLASS)
    from dashboard import class_app

    del class_app  # only imported here, before the first visitor
    app_server.run(found, SCRIPT, app_server.settings(host, port))


def open_browser(base: str, secret: str) -> None:
    """Open the teacher's page in a browser, once the server answers, by a link that works once."""

    def opened() -> None:
        host, port = urlsplit(base).hostname or "", urlsplit(base).port
        for _ in range(TRIES):
            with suppress(OSError):
                socket.create_connection((host, port), timeout=1).close()
                webbrowser.open(f"{base}/{server_config.TEACH}?{TICKET}={TICKETS.new(secret)}")
                return
            time.sleep(1 / 2)

    threading.Thread(target=opened, name="browse", daemon=True).start()


def main(words: list[str] | None = None) -> None:
    """Start the server with the arguments of a command."""
    parser = argparse.ArgumentParser(prog="jirga class serve", description="The class pages on the room's network.")
    parser.add_argument("--host", required=True, help="the address to open")
    parser.add_argument("--port", type=int, required=True, help="the port to listen on")
    parser.add_argument("--db", type=Path, required=True, help="the file of exercises")
    parser.add_argument("--browse", default="", help="the exercise to open in a browser")
    given = parser.parse_args(words)
    serve(given.host, given.port, given.db, given.browse)


if __name__ == "__main__":
    main()
