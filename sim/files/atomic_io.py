"""Files that are there in full or not at all: written aside, brought to disk, and given their name last."""

import os
import secrets
from pathlib import Path
from typing import Final

ASIDE: Final = ".part"  # how the hidden name of a file that is being written ends


def put(path: Path, data: bytes) -> None:
    """Write a file; whoever looks sees all of it, or what stood there before, even after a power cut.

    Raises OSError for what the disk refuses; then nothing is left behind.
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
    """Bring one file, or one folder's list of names, to disk. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def settle(folder: Path) -> None:
    """Bring every file in a folder, and the folders that name them, to disk. Raises OSError."""
    for path in [*folder.rglob("*"), folder]:
        to_disk(path)
