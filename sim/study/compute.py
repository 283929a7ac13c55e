"""Computing a unit: the one piece of a study that a worker process runs."""

import pyarrow as pa

from sim.errors import one_line
from sim.study import part
from sim.study.unit import Task

LONGEST_ERROR = 300  # characters of an error that a row repeats


def compute(task: Task) -> bytes:
    """The part that a task makes.

    A point that the model cannot run becomes rows that say why, while the other points of its unit go on. What is
    no fault of the model is raised: MemoryError and OSError.
    """
    runs = task.points.stretches(0, task.points.points)
    found = [rows for low, high in runs for rows in _tables(task, low, high)]
    return part.encode(pa.concat_tables(found).unify_dictionaries().combine_chunks(), task)


def _tables(task: Task, low: int, high: int) -> list[pa.Table]:
    """The rows of the task's points low to high - 1; where they cannot be run, of each half, down to those at fault."""
    from sim.runs.runner import run_points  # Mesa, only where something is run

    unit = task.unit
    here = range(unit.low + low, unit.low + high)
    settings = task.points.columns(low, high)
    try:
        batch = run_points(
            task.scenario, settings, unit.worlds, task.seed, first=unit.first, assumptions=task.assumptions
        )
        return [part.table(task, here, batch)]
    except (MemoryError, OSError):
        raise
    except Exception as error:  # noqa: BLE001  whatever a model raises is a result: it stands in the rows
        if high - low > 1:
            middle = (low + high) // 2
            return _tables(task, low, middle) + _tables(task, middle, high)
        words = one_line(f"{type(error).__name__}: {error}", LONGEST_ERROR)
        return [part.table(task, here, None, words)]
