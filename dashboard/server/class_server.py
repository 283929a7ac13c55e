"""The class server: the class pages alone, on one address of this machine, for the devices of the room.

`python -m dashboard.server.class_server` and, by way of it, `jirga class serve`.
"""

import argparse
from pathlib import Path
from typing import Final

from dashboard.classroom import server_config
from dashboard.classroom.middleware import ClassPagesOnly, TeachersLink
from dashboard.server import app_server

SCRIPT: Final = app_server.SCRIPT.with_name("class_script.py")


def serve(host: str, port: int, file: Path) -> None:
    """Run until interrupted. host: this machine's address in the room, "192.0.2.7"; file: of exercises."""
    server_config.settle(file, f"http://{host}:{port}")
    found = app_server.application([host], SCRIPT, gates=(ClassPagesOnly, TeachersLink))
    from dashboard import class_app

    del class_app  # imported before the first visitor comes
    # One thread a page: with two, the one that is given up may change what the other reads, and a press is lost.
    app_server.run(found, SCRIPT, app_server.settings(host, port) | {"runner.fastReruns": False})


def main(words: list[str] | None = None) -> None:
    """Start the server with the words of a command."""
    parser = argparse.ArgumentParser(prog="jirga class serve", description="The class pages on the room's network.")
    parser.add_argument("--host", required=True, help="the address to open")
    parser.add_argument("--port", type=int, required=True, help="the port to listen on")
    parser.add_argument("--db", type=Path, required=True, help="the file of exercises")
    given = parser.parse_args(words)
    serve(given.host, given.port, given.db)


if __name__ == "__main__":
    main()
