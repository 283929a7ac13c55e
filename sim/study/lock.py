"""One run at a time: a lock on a study's folder that frees itself however the run ends, and says who holds it.

The system holds the lock and frees it with the process. Windows lets nobody read a locked file, so the record of who
holds it stands beside it, in a file of its own that counts only while the lock is held.
"""

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

from filelock import lock_descriptor

from sim.errors import InputError
from sim.files.atomic_io import put

NAME: Final = ".lock"
HOLDER: Final = ".holder"
_GLANCES: Final = 20  # tries to get the lock, for `holder` takes it too, for a moment
_ASKED: Final = 3  # tries of `holder`, for two of them may ask at the same moment
_GLANCE: Final = 0.05  # seconds between them


@dataclass(frozen=True, slots=True)
class Holder:
    """The run that holds a study, and what it found done when it began."""

    pid: int
    host: str
    since: float  # seconds since 1970
    rows: int


@contextmanager
def locked(folder: Path) -> Iterator[Path]:
    """Hold the lock of a folder, giving the folder for `sign`. Raises InputError if another run has it, and OSError."""
    with (folder / NAME).open("ab") as stream:
        if not _taken(stream, _GLANCES):
            raise InputError(f"another run is at work in this study{_who(_read(folder))}", file=folder)
        record = folder / HOLDER
        record.unlink(missing_ok=True)  # of a run that was killed
        try:
            yield folder
        finally:
            with suppress(OSError):  # it no longer counts, and on Windows somebody may be reading it
                record.unlink(missing_ok=True)


def sign(folder: Path, rows: int) -> None:
    """Put on record who holds the lock of a folder. rows: done so far. Raises OSError."""
    me = Holder(os.getpid(), socket.gethostname(), time.time(), rows)
    put(folder / HOLDER, json.dumps(asdict(me)).encode())


def holder(folder: Path) -> Holder | None:
    """The run that is at work in a folder, None if there is none, or if it has only just begun. Raises OSError."""
    found = _read(folder)
    if found is None:
        return None
    try:
        stream = (folder / NAME).open("rb")  # only read, so that whoever may read a study may ask
    except FileNotFoundError:
        return None
    with stream:
        return None if _taken(stream, _ASKED) else found


def _taken(stream: IO[bytes], glances: int) -> bool:
    """Whether the lock is had now, after so many tries at most; closing the stream frees it. Raises OSError."""
    for glance in range(glances):
        if glance:
            time.sleep(_GLANCE)
        if lock_descriptor(stream.fileno(), blocking=False):
            return True
    return False


def _read(folder: Path) -> Holder | None:
    """What is on record, if anything is yet. Raises OSError."""
    try:
        return Holder(**json.loads((folder / HOLDER).read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _who(found: Holder | None) -> str:
    return f" (process {found.pid} on {found.host})" if found else ""
