"""The executor for one machine: worker processes of the standard library, one pool for each process.

If a process of a pool dies, the whole pool breaks. With one process per pool, only one unit is affected: the pool is
replaced and the unit is sent again. Workers write their parts themselves and return only a number: if a worker were
killed while it sends a large result, its pool would wait for the rest forever.

Each pool has a pipe to its worker, which ends when the pipe is closed: with this process, with `close`, or when the
pool is replaced, which also happens to a worker that is alive if the fork server is killed.
"""

import os
import signal
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Final

from sim.study.executors import TRIES, SkippedUnit, UnitResult, WorkerPoolError
from sim.study.executors.fork_server import start_context
from sim.study.processors import processors
from sim.study.unit import Task

_MASKS: Final = hasattr(signal, "pthread_sigmask")  # Windows blocks no signals
_MOST_SKIPPED: Final = 5  # if this many units are skipped before any is done, the units are not the cause


class LocalExecutor:
    """Workers on this machine. They end immediately when this process ends, for any reason."""

    def __init__(self, parts: Path, processes: int | None = None) -> None:
        """parts: the folder that workers write to; processes: by default one per core that this process may use."""
        self.parts = parts
        self.processes = processes or processors()
        self._pools: dict[ProcessPoolExecutor, tuple[Connection, Connection]] = {}  # with both ends of its pipe
        self._idle: list[ProcessPoolExecutor] = []

    def run(self, tasks: Iterable[Task]) -> Iterator[UnitResult | SkippedUnit]:
        """Yield the result of each task when it is ready. Raises WorkerPoolError, and OSError if writing fails."""
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
        """Stop the workers immediately: they end when their pipe to this process is closed."""
        for _, lifeline in self._pools.values():
            lifeline.close()
        for pool, (ear, _) in self._pools.items():
            pool.shutdown(cancel_futures=True)
            ear.close()

    def _start_worker(self) -> ProcessPoolExecutor:
        """A pool with one worker, which starts with its first task."""
        with _BlockInterrupts():
            context = start_context()
        ear, lifeline = context.Pipe(duplex=False)
        pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=(ear,))
        self._pools[pool] = ear, lifeline
        return pool

    def _send(self, pool: ProcessPoolExecutor, task: Task) -> Future[int]:
        """Send a task to a worker. If it has died while idle, or cannot start, the returned future fails."""
        failed: Future[int] = Future()
        try:
            with _BlockInterrupts():
                return pool.submit(_work, task, self.parts)
        except BrokenProcessPool as error:
            failed.set_exception(error)
        except (ConnectionError, EOFError) as error:  # the fork server was killed just now
            failed.set_exception(BrokenProcessPool(str(error)))
        return failed

    def _stop_worker(self, pool: ProcessPoolExecutor) -> None:
        """Forget a pool; its worker ends if it is still alive."""
        ear, lifeline = self._pools.pop(pool)
        lifeline.close()
        pool.shutdown(wait=False)
        ear.close()


class _Queue:
    """The tasks to send: those whose worker died come before new ones."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._tasks = iter(tasks)
        self._again: deque[Task] = deque()
        self._strikes: Counter[str] = Counter()
        self.done = 0

    def next(self) -> Task | None:
        return self._again.popleft() if self._again else next(self._tasks, None)

    def failed(self, task: Task, error: Exception) -> SkippedUnit | None:
        """Count a worker's death for its task; None if it is sent again. Raises WorkerPoolError if every task fails."""
        self._strikes[task.key] += 1
        if self._strikes[task.key] < TRIES:
            self._again.append(task)
            return None
        why = "not enough memory" if isinstance(error, MemoryError) else "its worker died each time"
        if not self.done and sum(n >= TRIES for n in self._strikes.values()) >= _MOST_SKIPPED:
            raise WorkerPoolError(f"the first {_MOST_SKIPPED} units could not be computed: {why}") from error
        return SkippedUnit(task, f"tried {TRIES} times: {why}")


def _begin(ear: Connection) -> None:
    """Initialise a worker: it ignores Ctrl+C, which the parent handles, and ends when the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if _MASKS:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    Thread(target=_exit_with_parent, args=(ear,), daemon=True).start()


def _exit_with_parent(ear: Connection) -> None:
    """Exit when the pipe to the parent is closed, by `close` or because the parent ended."""
    with suppress(EOFError, OSError):
        ear.recv_bytes()
    os._exit(1)


def _work(task: Task, parts: Path) -> int:
    """Compute a unit and write its part. Returns the number of rows that contain an error."""
    from sim.study import part
    from sim.study.compute import compute

    data = compute(task)
    failed = part.failed_rows(data, task.key)
    part.write(parts, task.key, data)
    return failed


class _BlockInterrupts:
    """Block SIGINT while a worker starts, which inherits this; otherwise Ctrl+C would print a traceback there."""

    def __enter__(self) -> None:
        if _MASKS:
            self._before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})

    def __exit__(self, *_: object) -> None:
        if _MASKS:
            signal.pthread_sigmask(signal.SIG_SETMASK, self._before)
