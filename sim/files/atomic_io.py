"""Files that are there in full or not at all: written aside, brought to disk, and given their name last."""

import os
import secrets
import time
from pathlib import Path
from typing import Final

ASIDE: Final = ".part"  # how the hidden name of a file that is being written ends
_FOLDERS_OPEN: Final = hasattr(os, "O_DIRECTORY")
_TRIES: Final = 20
_PAUSE: Final = 0.05  # seconds between them


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
        _replace(aside, path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    to_disk(path.parent)


def to_disk(path: Path) -> None:
    """Bring one file, or one folder's list of names, to disk. Raises OSError.

    Windows opens no folder, and brings its names to disk by itself.
    """
    folder = path.is_dir()
    if folder and not _FOLDERS_OPEN:
        return
    handle = os.open(path, os.O_RDONLY if folder else os.O_RDWR)  # Windows syncs only what may be written
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def name_folder(aside: Path, folder: Path) -> None:
    """Give a folder its name, which may be that of an empty one. Raises OSError."""
    try:
        aside.replace(folder)
    except PermissionError:
        if not folder.is_dir():
            raise
        folder.rmdir()  # Windows puts no folder in the place of another, not even of an empty one
        aside.replace(folder)


def _replace(aside: Path, path: Path) -> None:
    """Give a file its name; on Windows not while somebody reads what stands there, so that is waited for."""
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
    """Bring every file in a folder, and the folders that name them, to disk. Raises OSError."""
    for path in [*folder.rglob("*"), folder]:
        to_disk(path)
