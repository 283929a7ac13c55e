"""Executors compute the units of a study: their interface, and a function to open one by name."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from sim.errors import InputError, JirgaError
from sim.schema import arguments
from sim.study.plan import MOST_PROCESSES
from sim.study.unit import Task

Tell = Callable[[str], None]

TRIES: Final = 3  # a unit is skipped when its worker has died this many times


@dataclass(frozen=True, slots=True)
class UnitResult:
    """A computed unit. Its part is already written, or in `data` if the workers share no disk with the study."""

    task: Task
    failed: int  # rows that contain an error
    data: bytes | None = None  # the part, if it is still to be written


@dataclass(frozen=True, slots=True)
class SkippedUnit:
    """A unit that is skipped because its worker died too often."""

    task: Task
    why: str


class WorkerPoolError(JirgaError):
    """Workers die for every unit, or no worker is available."""


class Executor(Protocol):
    """Computes tasks in any order, and continues if a worker process dies."""

    def run(self, tasks: Iterable[Task]) -> Iterator[UnitResult | SkippedUnit]:
        """Yield the result of each task when it is ready.

        Takes only as many of `tasks` as it can work on, so that memory does not grow with their number. Raises
        WorkerPoolError, and OSError if a part cannot be written.
        """

    def close(self) -> None:
        """Stop the workers immediately; unfinished units are lost."""


def open_executor(name: str, parts: Path, processes: int | None = None, tell: Tell = lambda _words: None) -> Executor:
    """Return an executor by name; close it after use.

    parts: the folder of a study's parts; processes: one per core if None; tell: called with a message when the
    executor has to wait. Raises InputError for an unknown engine, one that does not answer, and a number of processes
    out of bounds.
    """
    arguments.text("engine", name)
    parts = arguments.path("parts", parts)
    arguments.callback("tell", tell)
    if processes is not None:
        processes = arguments.whole("processes", processes, 1, MOST_PROCESSES)
    if name == "local":
        from sim.study.executors.local import LocalExecutor

        return LocalExecutor(parts, processes)
    if name == "dask" or "://" in name:
        from sim.study.executors.cluster import ClusterExecutor

        return ClusterExecutor(None if name == "dask" else name, processes, tell)
    raise InputError("no such engine", path="engine", value=name, expected="local, dask or tcp://host:port")
