"""A lock on a study's folder for one run at a time. It is released however the run ends, and its holder is recorded.

The operating system releases the lock when the process ends. On Windows nobody can read a locked file, so the holder is
recorded in a second file, which is valid only while the lock is held.
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
from sim.files.regular_file import get, open_regular

NAME: Final = ".lock"
HOLDER: Final = ".holder"
_ATTEMPTS: Final = 20  # to get the lock, because `holder` also takes it for a moment
_HOLDER_ATTEMPTS: Final = 3  # of `holder`, because two of them may run at the same moment
_PAUSE: Final = 0.05  # seconds between attempts


@dataclass(frozen=True, slots=True)
class Holder:
    """The run that has locked a study, and the rows that were done when it started."""

    pid: int
    host: str
    since: float  # seconds since 1970
    rows: int


@contextmanager
def locked(folder: Path) -> Iterator[Path]:
    """Lock a folder and yield it for `sign`. Raises InputError if another run has the lock, and OSError."""
    with os.fdopen(open_regular(folder / NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT), "ab") as stream:
        if not _acquire(stream, _ATTEMPTS):
            raise InputError(f"another run is using this study{_who(_read(folder))}", file=folder)
        record = folder / HOLDER
        record.unlink(missing_ok=True)  # of a run that was killed
        try:
            yield folder
        finally:
            with suppress(OSError):  # it is no longer valid, and on Windows somebody may be reading it
                record.unlink(missing_ok=True)


def sign(folder: Path, rows: int) -> None:
    """Record this process as the holder of the lock of a folder. rows: done so far. Raises OSError."""
    me = Holder(os.getpid(), socket.gethostname(), time.time(), rows)
    put(folder / HOLDER, json.dumps(asdict(me)).encode())


def holder(folder: Path) -> Holder | None:
    """The run that is using a folder; None if there is none, or if it has just started. Raises OSError."""
    found = _read(folder)
    if found is None:
        return None
    try:
        handle = open_regular(folder / NAME, os.O_RDONLY)  # so that everybody who can read a study can use it
    except FileNotFoundError:
        return None
    with os.fdopen(handle, "rb") as stream:
        return None if _acquire(stream, _HOLDER_ATTEMPTS) else found


def _acquire(stream: IO[bytes], attempts: int) -> bool:
    """Try to get the lock. Returns whether it succeeded; closing the stream releases it. Raises OSError."""
    for attempt in range(attempts):
        if attempt:
            time.sleep(_PAUSE)
        if lock_descriptor(stream.fileno(), blocking=False):
            return True
    return False


def _read(folder: Path) -> Holder | None:
    """The recorded holder, None if there is none yet. Raises OSError."""
    try:
        found = Holder(**json.loads(get(folder / HOLDER)))
    except (FileNotFoundError, ValueError, TypeError, RecursionError):
        return None
    kinds = {"pid": int, "host": str, "since": int | float, "rows": int}
    return found if all(isinstance(getattr(found, name), kind) for name, kind in kinds.items()) else None


def _who(found: Holder | None) -> str:
    return f" (process {found.pid} on {found.host})" if found else ""
