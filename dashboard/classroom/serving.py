"""The class server: the class pages alone, on one address of this machine, for the devices of the room."""

from pathlib import Path
from typing import Final

from dashboard import server
from dashboard.classroom import room
from dashboard.classroom.gate import ClassAlone, TeachersLink

SCRIPT: Final = server.SCRIPT.with_name("classroom.py")


def serve(host: str, port: int, file: Path) -> None:
    """Run until interrupted. host: this machine's address in the room, "192.0.2.7"; file: of exercises."""
    room.settle(file, f"http://{host}:{port}")
    found = server.application([host], SCRIPT, gates=(ClassAlone, TeachersLink))
    from dashboard.classroom import app

    del app  # imported before the first visitor comes
    server.run(found, SCRIPT, server.settings(host, port))
