"""One file that is written whole, by one writer at a time; what killed writers left beside it is removed first."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sim.errors import InputError
from sim.files.atomic_io import ASIDE, put
from sim.files.folder_claim import claimed


@contextmanager
def claim_file(file: str | Path) -> Iterator[Path]:
    """Yield the absolute path of a file that nobody else can write until then; best before long work.

    Missing folders are created; those that stay empty are removed again. Raises InputError if another program is
    writing this file, if it is a folder, or if nothing can be written beside it.
    """
    target = Path(file).absolute()
    with ExitStack() as stack:
        try:
            stack.enter_context(claimed(target, lambda _: None))
            if target.is_dir():
                raise InputError("is a folder: give the name of a file", file=file)
            _clear(target)
        except OSError as error:
            raise InputError(f"cannot be written: {error.strerror or error}", file=file) from error
        yield target


def write_claimed_file(target: Path, content: bytes) -> None:
    """Write a file that `claim_file` yielded; a link is replaced, not followed. Raises InputError for a disk error."""
    try:
        put(target, content)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", file=target) from error


def _clear(target: Path) -> None:
    """Remove the temporary files of killed writers: regular files with the names that `put` gives. Raises OSError."""
    left = re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{8}}{re.escape(ASIDE)}")
    for path in target.parent.iterdir():
        if left.fullmatch(path.name) and path.is_file() and not path.is_symlink():
            path.unlink(missing_ok=True)
