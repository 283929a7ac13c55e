"""Engines: where the units of a study are computed. What an engine is, and which there are."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from sim.errors import InputError, JirgaError
from sim.study.plan import MOST_PROCESSES
from sim.study.unit import Task

Tell = Callable[[str], None]

TRIES: Final = 3  # times that a unit may kill its worker before it is set aside


@dataclass(frozen=True, slots=True)
class UnitResult:
    """A unit whose part is written or, where workers and study share no disk, at hand to be written."""

    task: Task
    failed: int  # rows that hold an error
    data: bytes | None = None  # the part, if it is still to be written


@dataclass(frozen=True, slots=True)
class SkippedUnit:
    """A unit that is left out, because it killed its worker so often."""

    task: Task
    why: str


class WorkerPoolError(JirgaError):
    """Workers die whatever they are given."""


class Executor(Protocol):
    """Computes tasks, in any order, and survives the death of whatever process computes them."""

    def run(self, tasks: Iterable[Task]) -> Iterator[UnitResult | SkippedUnit]:
        """What became of each task, as it is known.

        Takes from `tasks` about as many as it can work on, so that memory does not grow with their number. Raises
        WorkerPoolError, and OSError if a part cannot be written.
        """

    def close(self) -> None:
        """Stop the workers at once; what they were at is lost."""


def open_executor(name: str, parts: Path, processes: int | None = None, tell: Tell = lambda _words: None) -> Executor:
    """An engine by name, to be closed.

    parts: the folder of a study's parts; processes: one a core if None; tell: called with a sentence about what the
    engine waits for. Raises InputError for an unknown engine, one that does not answer, and a number of processes out
    of bounds.
    """
    if processes is not None and not 1 <= processes <= MOST_PROCESSES:
        raise InputError("out of bounds", path="processes", value=processes, expected=(1, MOST_PROCESSES))
    if name == "local":
        from sim.study.executors.local import LocalExecutor

        return LocalExecutor(parts, processes)
    if name == "dask" or "://" in name:
        from sim.study.executors.cluster import ClusterExecutor

        return ClusterExecutor(None if name == "dask" else name, processes, tell)
    raise InputError("no such engine", path="engine", value=name, expected="local, dask or tcp://host:port")
