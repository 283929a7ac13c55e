"""End the process with its own exit code, even if threads of a C++ library are still running.

Arrow reads files in its own threads. Sometimes one of them is still running when the C++ runtime shuts down. The
process then ends with "terminate called without an active exception" and exit code 134, although its work is done.
"""

import atexit
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

THREADED = "pyarrow"  # imported only by commands that need it


@contextmanager
def exit_cleanly() -> Iterator[None]:
    """Run a command; end the process immediately after Python's own exit handlers.

    Enter it before any other exit handler is registered: the handler registered first runs last.
    """
    code = 1
    atexit.register(lambda: _leave(code))
    try:
        yield
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        raise


def drop_output() -> None:
    """Drop what is left for stdout if it cannot be written, as on a full disk: Python would report it once more."""
    try:
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _leave(code: int) -> None:
    """Exit immediately if C++ threads may be running. Python reports it if stdout cannot be flushed."""
    if THREADED not in sys.modules:
        return
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return
    os._exit(code)
