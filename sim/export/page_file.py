"""The file of an HTML page: checked before anything is computed, and written atomically."""

import os
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.export.run_folder import check_writable
from sim.files.atomic_io import put
from sim.files.regular_file import get
from sim.schema import arguments


def page_target(out: Any, mark: str, kind: str) -> Path:
    """Return the absolute path of a page to write.

    mark: text that every earlier page of this kind has, which may be replaced; kind: what it is called, "page of a
    study". Raises InputError for a folder, a path that cannot be written, and a file that is something else.
    """
    target = arguments.path("out", out).absolute()
    try:
        if target.is_dir():
            raise InputError("is a folder: give the name of a file", file=target)
        if target.parent.is_dir():
            check_writable(target.parent)
        if os.path.lexists(target) and mark.encode() not in get(target):
            raise InputError(f"exists and is no {kind}: give another name", file=target)
        target.parent.stat()
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", file=target) from error
    return target


def put_page(target: Path, text: str) -> Path:
    """Write a page atomically and return its path. Raises InputError."""
    try:
        put(target, text.encode())
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", file=target) from error
    return target
