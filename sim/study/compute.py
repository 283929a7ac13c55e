"""Compute a unit of a study in a worker process."""

import pyarrow as pa

from sim.errors import one_line
from sim.study import part
from sim.study.unit import Task

LONGEST_ERROR = 300  # characters of an error message in a row


def compute(task: Task) -> bytes:
    """Return the part of a task, as bytes.

    If the model cannot run a point, the rows of this point contain the error; the other points of the unit are still
    run. Raises MemoryError and OSError, which are not errors of the model.
    """
    runs = task.points.stretches(0, task.points.points)
    found = [rows for low, high in runs for rows in _tables(task, low, high)]
    return part.encode(pa.concat_tables(found).unify_dictionaries().combine_chunks(), task)


def _tables(task: Task, low: int, high: int) -> list[pa.Table]:
    """The rows of points low to high - 1 of a task; if a run fails, each half is run again, down to single points."""
    from sim.runs.runner import run_points  # imports Mesa

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
    except Exception as error:  # noqa: BLE001  any error of the model is a result and goes into the rows
        if high - low > 1:
            middle = (low + high) // 2
            return _tables(task, low, middle) + _tables(task, middle, high)
        words = one_line(f"{type(error).__name__}: {error}", LONGEST_ERROR)
        return [part.table(task, here, None, words)]
