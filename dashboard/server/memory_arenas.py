"""The memory of a server with many threads: few arenas, so that what one thread has freed the next can use."""

import ctypes
import sys
from contextlib import suppress
from typing import Final

MOST: Final = 2
_M_ARENA_MAX: Final = -8  # of glibc's <malloc.h>


def limit() -> None:
    """Let the C library share at most MOST arenas among all threads, where it is glibc; elsewhere do nothing.

    By default it has up to eight per processor. Each run of a page is a thread, with large arrays that it frees: what
    is free in its arena is lost to the others.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, MOST)
