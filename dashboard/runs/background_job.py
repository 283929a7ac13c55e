"""A job in the background: runs computed in a thread, which can be cancelled at any time."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from dashboard.state.state import State
from sim.errors import InputError
from sim.schema.assumptions import Assumptions

REFINEMENTS: Final = 2  # refinements at once, over all visitors
TURNS: Final = threading.BoundedSemaphore(REFINEMENTS)
_TRY: Final = 0.05  # seconds between looks at whether a waiting job was cancelled


class Cancelled(Exception):  # noqa: N818  not an error: the visitor has moved on
    """A background run was cancelled."""


def asked(state: State) -> tuple[str, str, int, int, Assumptions]:
    """Return the key of what a state runs: equal for two states that only show the same runs in different ways."""
    return state.scenario().hash(), state.reference().hash(), state.seed, state.worlds, state.assumptions


class BackgroundJob(ABC):
    """Runs computed in a thread, which can be cancelled at any time; no page waits for it."""

    name = "work"

    def __init__(self, state: State) -> None:
        """Start at once."""
        self.state, self.asked = state, asked(state)
        self.share = 0.0  # done, 0 to 1
        self.error = ""
        self._drop = threading.Event()
        self._thread = threading.Thread(target=self._work, name=self.name, daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether the thread is still running."""
        return self._thread.is_alive()

    @property
    def cancelled(self) -> bool:
        """Whether it was cancelled."""
        return self._drop.is_set()

    def cancel(self) -> None:
        """Cancel it; it stops at its next simulated day, within some milliseconds."""
        self._drop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it is finished, at most this many seconds."""
        self._thread.join(seconds)

    def _report(self, done: int, total: int) -> None:
        if self._drop.is_set():
            raise Cancelled
        self.share = done / total

    def _work(self) -> None:
        try:
            self._do()
            self.share = 1.0
        except Cancelled:
            pass
        except MemoryError:
            self.error = "not enough memory for so many worlds"
        except InputError as error:  # such as sampled assumptions that put a derived number out of bounds in a world
            self.error = str(error)
        except Exception:
            self.error = "the run failed"
            raise  # into the log

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for this job's turn at the processor, and give it up at the end. Raises Cancelled when cancelled."""
        while not TURNS.acquire(timeout=_TRY):
            self._report(0, 1)
        try:
            yield
        finally:
            TURNS.release()

    @abstractmethod
    def _do(self) -> None:
        """Compute the runs. Raises Cancelled when cancelled."""
