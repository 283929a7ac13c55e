"""Trials of orders that are run in the background, one at a time: many phones cannot overload the server.

What was run is kept by the trial itself, so that the same order in the same situation is run once for all phones. Only
so many may wait; who asks while the queue is full has to ask again, as everybody does who waits. Nothing is stored.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from sim.exercise.probable_effects import ProbableEffect, Trial, probable_effects

WAITING: Final = 48  # trials that are run or wait
PER_STUDENT: Final = 3  # of them, asked for by one student
KEPT: Final = 400  # results; less than 1 kB each

Effects = tuple[ProbableEffect, ...]


class Trials:
    """Runs trials in one thread, which starts with the first. Can be shared by threads."""

    def __init__(self, run: Callable[[Trial], Effects] = probable_effects) -> None:
        """run: computes a trial."""
        self._run, self._lock = run, threading.Lock()
        self._kept: OrderedDict[Trial, Effects] = OrderedDict()
        self._waiting: dict[Trial, tuple[Future[Effects], object]] = {}
        self._pool: ThreadPoolExecutor | None = None

    def effects(self, trial: Trial, who: object) -> Effects | None:
        """Return the effects of a trial, or None while it is run or waits; the first call puts it into the queue.

        While the queue is full it stays outside, and a later call puts it in. who: asks for it. Raises what running it
        raised, once.
        """
        with self._lock:
            if trial in self._kept:
                self._kept.move_to_end(trial)
                return self._kept[trial]
            if trial in self._waiting:
                return self._collected(trial)
            self._clear()
            mine = sum(one == who for _, one in self._waiting.values())
            if len(self._waiting) >= WAITING or mine >= PER_STUDENT:
                return None
            if self._pool is None:
                self._pool = ThreadPoolExecutor(1, thread_name_prefix="class-trials")
            self._waiting[trial] = (self._pool.submit(self._run, trial), who)
            return None

    def close(self) -> None:
        """Forget what waits, and end the thread once it has finished its trial."""
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait=False, cancel_futures=True)
                self._pool = None
            self._waiting.clear()

    def _clear(self) -> None:
        """Keep the results of trials that nobody has asked for again."""
        for trial in [one for one, (future, _) in self._waiting.items() if future.done()]:
            if self._waiting[trial][0].exception() is None:
                self._collected(trial)
            else:
                del self._waiting[trial]

    def _collected(self, trial: Trial) -> Effects | None:
        """Return the result of a trial, and keep it; None while it is run. Raises what running it raised."""
        future, _ = self._waiting[trial]
        if not future.done():
            return None
        del self._waiting[trial]
        found = future.result()
        self._kept[trial] = found
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found
