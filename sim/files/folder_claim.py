"""One writer at a time for the name of a folder, and what killed writers left beside it.

A folder is written under a hidden name beside its own and then renamed:

    .<name>.lock           locked while somebody writes; the system releases it when the process ends
    .<name>.<hex>.part     a folder that is being written
    .<name>.<hex>.old      the previous folder, from the moment its name is needed until it is removed
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import Final

from filelock import lock_descriptor

from sim.errors import InputError
from sim.files.atomic_io import ASIDE, to_disk
from sim.files.regular_file import open_regular

LOCK: Final = ".lock"
OLD: Final = ".old"
_HEX: Final = 4  # bytes


def beside(target: Path, suffix: str) -> Path:
    """Return a new hidden name beside a folder."""
    return target.with_name(f".{target.name}.{token_hex(_HEX)}{suffix}")


@contextmanager
def claimed(target: Path, remove: Callable[[Path], None]) -> Iterator[None]:
    """Keep the name of a folder for one writer, and first restore or clear what killed writers left.

    target: an absolute path. remove: called with a previous folder that has been replaced. Parents are created; those
    that stay empty are removed again. Raises InputError if somebody else has the name, and OSError if nothing can be
    written beside it.
    """
    new = [one for one in target.parents if not one.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _locked(target):
            _restore(target, remove)
            tried = beside(target, ASIDE)
            tried.mkdir()
            tried.rmdir()
            yield
    finally:
        for one in new:
            with suppress(OSError):
                one.rmdir()


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    path = target.with_name(f".{target.name}{LOCK}")
    handle = open_regular(path, os.O_RDWR | os.O_CREAT)
    held = False
    try:
        while True:
            if not lock_descriptor(handle, blocking=False):
                raise InputError("another run is writing to this folder", file=target)
            if _is(handle, path):
                break
            os.close(handle)  # its holder has just removed it
            handle = open_regular(path, os.O_RDWR | os.O_CREAT)
        try:
            yield
        finally:
            held = not _unlocked(path)
    finally:
        os.close(handle)
        if held:
            _unlocked(path)


def _unlocked(path: Path) -> bool:
    """Remove a lock unless it has a content, which no lock of ours has. Returns False if this needs to be repeated."""
    try:
        if not path.stat().st_size:
            path.unlink()
    except PermissionError:  # Windows removes no open file
        return False
    except OSError:
        return True
    return True


def _is(handle: int, path: Path) -> bool:
    """Whether a path is still the name of an open file."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _restore(target: Path, remove: Callable[[Path], None]) -> None:
    """Give a previous folder its name back if nothing has replaced it; remove other leftovers. Raises OSError."""
    left = re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{{2 * _HEX}}}({re.escape(ASIDE)}|{re.escape(OLD)})")
    with os.scandir(target.parent) as entries:
        found = [Path(one) for one in entries if left.fullmatch(one.name) and one.is_dir(follow_symlinks=False)]
    for folder in found:
        if folder.suffix == ASIDE:
            shutil.rmtree(folder)
        elif os.path.lexists(target):
            remove(folder)
        else:
            folder.replace(target)
            to_disk(target.parent)
