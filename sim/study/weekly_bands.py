"""Bands of a daily series in every cell of a study, week by week: the quantiles over the worlds of that cell."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sim.schema.calendar import WEEK
from sim.schema.series import SERIES
from sim.study.part import DAILY
from sim.study.summary import FEWEST, LEVELS, Source

Array = npt.NDArray[Any]
Progress = Callable[[int, int], None]

SHORTEST: Final = 2 * WEEK  # a shorter run is shown day by day
KEPT: Final = 40_000_000  # values of worlds kept at once, over all cells


@dataclass(frozen=True, slots=True)
class WeeklyBands:
    """The bands of one series.

    step: days from one value to the next, WEEK or 1; last: the index of the last day of each step, int (steps,);
    values: quantiles LEVELS of each step's total for a count and of its last day for a level, float64
    (scenarios, points, 5, steps), NaN below FEWEST worlds; worlds: per point.
    """

    series: str
    step: int
    last: Array
    values: Array
    worlds: int


def weekly_bands(source: Source, series: str, progress: Progress | None = None) -> WeeklyBands:
    """Return the bands of a kept series over the worlds of each cell, the first ones if there are very many.

    progress: called with the units read and the total. Raises InputError for a part that cannot be read.
    """
    plan, design = source.plan, source.design
    step = WEEK if plan.days >= SHORTEST else 1
    steps = plan.days // step
    cells = len(plan.scenarios) * design.points
    units = source.units()
    run = max(unit.first + unit.worlds for unit in units)
    worlds = max(1, min(run, KEPT // (cells * steps)))
    kept = np.full((len(plan.scenarios), design.points, worlds, steps), np.nan, np.float32)
    absent = set(source.missing())
    for done, unit in enumerate(units, 1):
        if unit.first < worlds and unit not in absent:
            column = source.read(unit, ["point", "world", DAILY + series])[DAILY + series]
            rows = _reduced(_days(column, plan.days), series, step).reshape(-1, unit.worlds, steps)
            stop = min(unit.first + unit.worlds, worlds)
            kept[unit.scenario, unit.low : unit.high, unit.first : stop] = rows[:, : stop - unit.first]
        if progress is not None:
            progress(done, len(units))
    values = np.stack([_quantiles(one) for one in _rows(kept)]).reshape(len(plan.scenarios), design.points, -1, steps)
    return WeeklyBands(series, step, np.arange(1, steps + 1) * step - 1, values, worlds)


def _days(column: pa.ChunkedArray, days: int) -> Array:
    """Return lists of days as float32 (rows, days), NaN for a row that failed."""
    lists = column.combine_chunks()
    known = np.asarray(lists.is_valid().to_numpy(zero_copy_only=False))
    found = np.full((len(known), days), np.nan, np.float32)
    found[known] = lists.drop_null().flatten().to_numpy(zero_copy_only=False).reshape(-1, days)
    return found


def _reduced(rows: Array, series: str, step: int) -> Array:
    """Return (rows, days) by step: the total of a count, else the value on the last day; (rows, steps)."""
    steps = rows.shape[1] // step
    split = rows[:, : steps * step].reshape(len(rows), steps, step)
    return np.asarray(split.sum(axis=2) if SERIES[series].kind == "count" else split[:, :, -1])


def _rows(kept: Array) -> Iterator[Array]:
    """Yield the values of each cell, (worlds, steps)."""
    return iter(kept.reshape(-1, *kept.shape[2:]))


def _quantiles(values: Array) -> Array:
    """Return quantiles LEVELS over the worlds without NaN, (5, steps); NaN for fewer than FEWEST worlds."""
    known = values[~np.isnan(values).any(axis=1)]
    if len(known) < FEWEST:
        return np.full((len(LEVELS), values.shape[1]), np.nan)
    return np.asarray(np.quantile(known.astype(np.float64), LEVELS, axis=0))
