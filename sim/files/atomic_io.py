"""Atomic writing: a file is written under a temporary name, flushed to disk, and then renamed."""

import os
import secrets
import time
from pathlib import Path
from typing import Final

ASIDE: Final = ".part"  # suffix of the temporary name of a file that is being written
_FOLDERS_OPEN: Final = hasattr(os, "O_DIRECTORY")
_TRIES: Final = 20
_PAUSE: Final = 0.05  # seconds between them


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
        _replace(aside, path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    to_disk(path.parent)


def to_disk(path: Path) -> None:
    """Flush a file, or a folder's list of names, to disk. Raises OSError.

    Windows cannot open folders, and flushes their names by itself.
    """
    folder = path.is_dir()
    if folder and not _FOLDERS_OPEN:
        return
    handle = os.open(path, os.O_RDONLY if folder else os.O_RDWR)  # Windows only flushes files open for writing
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def name_folder(aside: Path, folder: Path) -> None:
    """Rename a folder, also to the name of an empty folder. Raises OSError."""
    try:
        aside.replace(folder)
    except PermissionError:
        if not folder.is_dir():
            raise
        folder.rmdir()  # Windows cannot replace a folder, not even an empty one
        aside.replace(folder)


def _replace(aside: Path, path: Path) -> None:
    """Rename a file; on Windows wait while another process reads the previous file."""
    for left in reversed(range(_TRIES)):
        try:
            aside.replace(path)
        except PermissionError:
            if _FOLDERS_OPEN or not left:
                raise
            time.sleep(_PAUSE)
        else:
            return


def settle(folder: Path) -> None:
    """Flush every file in a folder, and its subfolders, to disk. Raises OSError."""
    for path in [*folder.rglob("*"), folder]:
        to_disk(path)
