"""Ctrl+C: the first one stops the command, any more change nothing while it is stopping."""

import signal
from typing import Any

INTERRUPTED = 130  # the exit code, 128 + SIGINT, as shells have it


def catch_first() -> None:
    """Let the first interrupt of this process raise KeyboardInterrupt, and no other.

    A process that was started with interrupts ignored goes on ignoring them.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _first)


def ignore_further() -> None:
    """Ignore interrupts to the end, also while Python itself is being taken down."""
    if signal.getsignal(signal.SIGINT) is _later:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _first(*_: Any) -> None:
    """Stop the command. Not SIG_IGN yet: Python complains of a signal that came while it is being set."""
    signal.signal(signal.SIGINT, _later)
    raise KeyboardInterrupt


def _later(*_: Any) -> None:
    """Nothing: it is stopping."""
