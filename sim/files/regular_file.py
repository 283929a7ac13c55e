"""Regular files, opened without a surprise.

A pipe would stop the process until somebody writes to it, and a link could lead a writer to any file of the user.
"""

import errno
import os
import stat
from pathlib import Path


def is_file(path: Path) -> bool:
    """Whether there is a regular file; no for a name that no file can have, such as one of 300 letters."""
    try:
        return path.is_file()
    except OSError:
        return False


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
