"""Atomic writing: a file is written under a temporary name, flushed to disk, and then renamed."""

import os
import secrets
from pathlib import Path
from typing import Final

ASIDE: Final = ".part"  # suffix of the temporary name of a file that is being written


def put(path: Path, data: bytes) -> None:
    """Write a file; readers see all of it or the previous content, even after a power failure.

    Raises OSError for any disk error; then no temporary file remains.
    """
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}{ASIDE}")
    try:
        with aside.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    to_disk(path.parent)


def to_disk(path: Path) -> None:
    """Flush a file, or a folder's list of names, to disk. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def settle(folder: Path) -> None:
    """Flush every file in a folder, and its subfolders, to disk. Raises OSError."""
    for path in [*folder.rglob("*"), folder]:
        to_disk(path)
