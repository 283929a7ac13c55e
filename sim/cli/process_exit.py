"""The end of the process: with its own exit code, whatever the threads of a C++ library are at.

Arrow reads files in threads of its own. Now and then one of them is still there when the process takes its C++ side
down, which then ends it with "terminate called without an active exception" and exit code 134, after all was said.
"""

import atexit
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

THREADED = "pyarrow"  # loaded only by commands that need it


@contextmanager
def exit_cleanly() -> Iterator[None]:
    """Run a command; when Python has put everything of its own in order, the process ends at once.

    To be entered before anything registers what it does at the end: what was registered first comes last.
    """
    code = 1
    atexit.register(lambda: _leave(code))
    try:
        yield
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        raise


def _leave(code: int) -> None:
    """End here if C++ threads may be about. What stdout cannot take is Python's to report."""
    if THREADED not in sys.modules:
        return
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return
    os._exit(code)
