"""Ctrl+C: the first interrupt stops the command, further ones are ignored while it stops."""

import signal
from typing import Any

INTERRUPTED = 130  # the exit code of an interrupted command in shells, 128 + SIGINT


def catch_first() -> None:
    """Let only the first interrupt of this process raise KeyboardInterrupt.

    A process that was started with interrupts ignored continues to ignore them.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _first)


def ignore_further() -> None:
    """Ignore interrupts until the process ends, also during Python's own shutdown."""
    if signal.getsignal(signal.SIGINT) is _later:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _first(*_: Any) -> None:
    """Stop the command. SIG_IGN comes later: Python warns about a signal that arrives while it is being set."""
    signal.signal(signal.SIGINT, _later)
    raise KeyboardInterrupt


def _later(*_: Any) -> None:
    """Do nothing: the command is already stopping."""
