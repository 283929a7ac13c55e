"""Tasks in several processes: results in their order, and no more of them under way than a reader may still want."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import Final, TypeVar

Progress = Callable[[int, int], None]
Task = TypeVar("Task")
Result = TypeVar("Result")

AHEAD: Final = 2  # tasks per process that are at work or wait


def in_order(work: Callable[[Task], Result], tasks: Iterable[Task], processes: int) -> Iterator[Result]:
    """Yield the result of each task in their order; with one process here. What is no longer wanted is cancelled.

    work: a function of a module, and tasks that can be pickled, if there are more processes than one.
    """
    if processes == 1:
        yield from map(work, tasks)
        return
    left = iter(tasks)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(work, task) for task in islice(left, AHEAD * processes)]
        try:
            while waiting:
                yield waiting.pop(0).result()
                waiting += [pool.submit(work, task) for task in islice(left, 1)]
        finally:
            for one in waiting:
                one.cancel()


def counted(results: Iterable[Result], total: int, progress: Progress | None) -> list[Result]:
    """Return all results; progress is called with their number so far and the total."""
    found: list[Result] = []
    for one in results:
        found.append(one)
        if progress is not None:
            progress(len(found), total)
    return found
