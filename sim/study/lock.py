"""One run at a time: a lock on a study's folder that frees itself however the run ends, and says who holds it."""

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

from sim.errors import InputError

NAME: Final = ".lock"
_GLANCES: Final = 20  # tries to get the lock, for `holder` takes it too, for a moment
_GLANCE: Final = 0.05  # seconds between them


@dataclass(frozen=True, slots=True)
class Holder:
    """The run that holds a study, and what it found done when it began."""

    pid: int
    host: str
    since: float  # seconds since 1970
    rows: int


@contextmanager
def locked(folder: Path) -> Iterator[IO[str]]:
    """Hold the lock of a folder, giving the stream for `sign`. Raises InputError if another run has it, and OSError."""
    with (folder / NAME).open("a+", encoding="utf-8") as stream:
        for glance in range(_GLANCES):
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if glance == _GLANCES - 1:
                    raise InputError(
                        f"another run is at work in this study{_who(_read(stream))}", file=folder
                    ) from None
                time.sleep(_GLANCE)
        stream.truncate(0)
        yield stream


def sign(stream: IO[str], rows: int) -> None:
    """Put on record who holds the lock. rows: done so far. Raises OSError."""
    me = Holder(os.getpid(), socket.gethostname(), time.time(), rows)
    stream.seek(0)
    stream.truncate()
    stream.write(json.dumps(asdict(me)))
    stream.flush()


def holder(folder: Path) -> Holder | None:
    """The run that is at work in a folder, None if there is none, or if it has only just begun. Raises OSError."""
    try:
        stream = (folder / NAME).open(encoding="utf-8")
    except FileNotFoundError:
        return None
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read(stream)
    return None


def _read(stream: IO[str]) -> Holder | None:
    """What stands in the lock, if anything does yet."""
    stream.seek(0)
    try:
        return Holder(**json.loads(stream.read()))
    except (ValueError, TypeError):
        return None


def _who(found: Holder | None) -> str:
    return f" (process {found.pid} on {found.host})" if found else ""
