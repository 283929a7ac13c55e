"""The memory of a server with many threads: few arenas, no unused objects, and what is free goes back to the system."""

import ctypes
import gc
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


def settle() -> None:
    """Let what exists now stay for ever, once everything is imported: later collections need not visit it."""
    gc.collect()
    gc.freeze()


def collect() -> None:
    """Find objects that refer to each other alone, if many have been made since the last time.

    Streamlit would do so after each run of a page, which takes a tenth of a second on the server of a class, for all of
    its visitors; of ten pages that draw a new round, each would wait for all.
    """
    if any(gc.get_count()[1:]):  # Python has looked among the newest since
        gc.collect()


def trim() -> None:
    """Give free memory back to the system, where the C library is glibc; elsewhere do nothing. Takes milliseconds.

    By default it gives back only what is free at the end of an arena. After a round of a class, a third of a server's
    memory lay free between small objects that stay.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
