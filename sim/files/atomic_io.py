"""Atomic writing: a file is written under a temporary name, flushed to disk, and then renamed.

Files are opened only if they are regular: a pipe would stop the process until somebody writes to it, and a link could
point to any file of the user.
"""

import errno
import os
import secrets
import stat
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


def get(path: Path) -> bytes:
    """Return the content of a regular file, or of one that a link points to. Raises OSError, also for a pipe."""
    with os.fdopen(open_regular(path, os.O_RDONLY), "rb") as stream:
        return stream.read()


def open_regular(path: Path, flags: int) -> int:
    """Open a regular file and return its descriptor; to write, also no link is followed. Raises OSError."""
    writes = flags & (os.O_WRONLY | os.O_RDWR)
    if writes and path.is_symlink():
        raise OSError(errno.ELOOP, "is a link, and links are not written to", str(path))
    for name in ("O_NONBLOCK", "O_BINARY", *(("O_NOFOLLOW",) if writes else ())):  # not every system has them
        flags |= getattr(os, name, 0)
    handle = os.open(path, flags, 0o666)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "is not a regular file", str(path))
    return handle


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
