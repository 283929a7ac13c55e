"""The engine of one machine: worker processes of the standard library, each in a pool of its own.

A pool breaks as a whole when a process in it dies. With one process a pool it is known which unit was at work, no
other unit is touched, and the pool is replaced and the unit sent again. Workers write their parts themselves and
answer with a number: a worker that is killed while it sends something large would leave its pool waiting for the rest.
"""

import os
import signal
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Final

from sim.study.executors import TRIES, SkippedUnit, UnitResult, WorkerPoolError
from sim.study.processors import processors
from sim.study.unit import Task

_SPAWN: Final = get_context("spawn")  # a forked process would have threads and locks in whatever state they are
_MASKS: Final = hasattr(signal, "pthread_sigmask")  # Windows blocks no signals
_TELLING: Final = 5  # units set aside before any is done: then it is not the units


class LocalExecutor:
    """Workers on this machine. They end at once when this process does, however it ends."""

    def __init__(self, parts: Path, processes: int | None = None) -> None:
        """parts: where workers write; processes: how many, by default one a core that this process may use."""
        self.parts = parts
        self.processes = processes or processors()
        self._ear, self._lifeline = _SPAWN.Pipe(duplex=False)
        self._pools: set[ProcessPoolExecutor] = set()
        self._idle: list[ProcessPoolExecutor] = []

    def run(self, tasks: Iterable[Task]) -> Iterator[UnitResult | SkippedUnit]:
        """The result of each task as it ends. Raises WorkerPoolError, and OSError where a part cannot be written."""
        queue = _Queue(tasks)
        flying: dict[Future[int], tuple[Task, ProcessPoolExecutor]] = {}
        while True:
            while len(flying) < self.processes and (task := queue.next()):
                pool = self._idle.pop() if self._idle else self._start_worker()
                flying[self._send(pool, task)] = task, pool
            if not flying:
                return
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                task, pool = flying.pop(future)
                try:
                    computed = UnitResult(task, future.result())
                except (BrokenProcessPool, MemoryError) as error:
                    self._stop_worker(pool)
                    if given_up := queue.failed(task, error):
                        yield given_up
                else:
                    self._idle.append(pool)
                    queue.done += 1
                    yield computed

    def close(self) -> None:
        """Stop the workers at once: they end when the line to this process goes dead."""
        self._lifeline.close()
        for pool in self._pools:
            pool.shutdown(cancel_futures=True)
        self._ear.close()

    def _start_worker(self) -> ProcessPoolExecutor:
        """A pool of one worker, which starts with its first task."""
        pool = ProcessPoolExecutor(1, mp_context=_SPAWN, initializer=_begin, initargs=(self._ear,))
        self._pools.add(pool)
        return pool

    def _send(self, pool: ProcessPoolExecutor, task: Task) -> Future[int]:
        """Give a worker a task. One that died while it had nothing to do fails the task like any other."""
        try:
            with _BlockInterrupts():
                return pool.submit(_work, task, self.parts)
        except BrokenProcessPool as error:
            failed: Future[int] = Future()
            failed.set_exception(error)
            return failed

    def _stop_worker(self, pool: ProcessPoolExecutor) -> None:
        self._pools.discard(pool)
        pool.shutdown(wait=False)


class _Queue:
    """Tasks to send: those whose worker died come before new ones."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._tasks = iter(tasks)
        self._again: deque[Task] = deque()
        self._strikes: Counter[str] = Counter()
        self.done = 0

    def next(self) -> Task | None:
        return self._again.popleft() if self._again else next(self._tasks, None)

    def failed(self, task: Task, error: Exception) -> SkippedUnit | None:
        """Count a worker's death against its task; None if it is sent again. Raises WorkerPoolError if all do it."""
        self._strikes[task.key] += 1
        if self._strikes[task.key] < TRIES:
            self._again.append(task)
            return None
        why = "not enough memory" if isinstance(error, MemoryError) else "its worker died each time"
        if not self.done and sum(n >= TRIES for n in self._strikes.values()) >= _TELLING:
            raise WorkerPoolError(f"{_TELLING} units one after another could not be computed: {why}") from error
        return SkippedUnit(task, f"tried {TRIES} times: {why}")


def _begin(ear: Connection) -> None:
    """Set a worker up: Ctrl+C is the parent's to deal with, and the worker does not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if _MASKS:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    Thread(target=_exit_with_parent, args=(ear,), daemon=True).start()


def _exit_with_parent(ear: Connection) -> None:
    """Wait for the line to the parent to go dead, by `close` or by its end, and end with it."""
    with suppress(EOFError, OSError):
        ear.recv_bytes()
    os._exit(1)


def _work(task: Task, parts: Path) -> int:
    """Compute a unit, write its part, and tell how many of its rows hold an error."""
    from sim.study import part
    from sim.study.compute import compute

    data = compute(task)
    failed = part.failed_rows(data, task.key)
    part.write(parts, task.key, data)
    return failed


class _BlockInterrupts:
    """A worker inherits what is blocked while it is started; unblocked, Ctrl+C would greet it with a traceback."""

    def __enter__(self) -> None:
        if _MASKS:
            self._before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})

    def __exit__(self, *_: object) -> None:
        if _MASKS:
            signal.pthread_sigmask(signal.SIG_SETMASK, self._before)
