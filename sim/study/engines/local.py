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

from sim.study.engines import TRIES, Computed, SetAside, WorkersDie
from sim.study.unit import Task

_SPAWN: Final = get_context("spawn")  # a forked process would have threads and locks in whatever state they are
_INNOCENT: Final = 5  # units set aside before any worker has done one, after which no unit is to blame


class LocalEngine:
    """Workers on this machine. They end at once when this process does, however it ends."""

    def __init__(self, parts: Path, processes: int | None = None) -> None:
        """parts: where workers write; processes: how many, by default one a core that this process may use."""
        self.parts = parts
        self.processes = processes or len(os.sched_getaffinity(0))
        self._ear, self._lifeline = _SPAWN.Pipe(duplex=False)
        self._pools: list[ProcessPoolExecutor] = []
        self._idle: list[ProcessPoolExecutor] = []

    def run(self, tasks: Iterable[Task]) -> Iterator[Computed | SetAside]:
        """What became of each task, as it is known. Raises WorkersDie, and OSError where a part cannot be written."""
        todo, again, strikes = iter(tasks), deque[Task](), Counter[str]()
        flying: dict[Future[int], tuple[Task, ProcessPoolExecutor]] = {}
        alive, aside = False, 0
        while True:
            while len(flying) < self.processes and (task := again.popleft() if again else next(todo, None)):
                future, pool = self._send(task)
                flying[future] = task, pool
            if not flying:
                return
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                task, pool = flying.pop(future)
                try:
                    done = Computed(task, future.result())
                except (BrokenProcessPool, MemoryError) as error:
                    self._drop(pool)
                    strikes[task.key] += 1
                    if strikes[task.key] < TRIES:
                        again.append(task)
                        continue
                    aside += 1
                    if not alive and aside == _INNOCENT:
                        raise WorkersDie(f"workers die whatever they are given: {_why(error)}") from error
                    yield SetAside(task, _why(error))
                else:
                    alive = True
                    self._idle.append(pool)
                    yield done
