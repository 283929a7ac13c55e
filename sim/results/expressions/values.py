"""The values of an expression: one number per world, from the daily series and the days of milestones."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.results.expressions.expression import SIGNS, Expression
from sim.schema.milestones import NEVER

Array = npt.NDArray[Any]


def expression_values(
    expression: Expression, daily: Mapping[str, Array], milestone_day: Mapping[str, Array], start: dt.date
) -> Array:
    """Return the value of an expression in each world, float64 (worlds,).

    daily: (worlds, days) by series; milestone_day: int (worlds,) by milestone, days since the start or NEVER; start: of
    the run. Where no day is left, `days` and `total` are 0 and the others NaN. In a world that never reaches a
    milestone, all days are before it and none is after it. Raises KeyError for a missing series or milestone.
    """
    first = daily[expression.series or expression.where[0].series]
    chosen = _window(expression, milestone_day, start, first.shape)
    for one in expression.where:
        chosen &= SIGNS[one.sign](daily[one.series], one.value)
    if expression.series is None:
        return np.asarray(chosen.sum(axis=1), np.float64)
    return _AGGREGATES[expression.aggregate](np.asarray(first, np.float64), chosen)


def _window(
    expression: Expression, milestone_day: Mapping[str, Array], start: dt.date, shape: tuple[int, ...]
) -> npt.NDArray[np.bool_]:
    """Return the days of the window in each world, bool (worlds, days)."""
    day = np.arange(shape[1])
    chosen = np.ones(shape, np.bool_)
    if expression.start is not None:
        chosen &= day >= (expression.start - start).days
    if expression.until is not None:
        chosen &= day < (expression.until - start).days
    if expression.before is not None:
        chosen &= day < _reached(milestone_day[expression.before], shape[1])
    if expression.after is not None:
        chosen &= day >= _reached(milestone_day[expression.after], shape[1])
    return chosen


def _reached(day: Array, days: int) -> Array:
    """Return the day of a milestone in each world, the end of the run for never, (worlds, 1)."""
    return np.where(day == NEVER, days, day)[:, np.newaxis]


def _total(values: Array, chosen: Array) -> Array:
    return np.asarray(np.where(chosen, values, 0.0).sum(axis=1))


def _mean(values: Array, chosen: Array) -> Array:
    days = chosen.sum(axis=1)
    return np.where(days > 0, _total(values, chosen) / np.maximum(days, 1), np.nan)


def _max(values: Array, chosen: Array) -> Array:
    return np.where(chosen.any(axis=1), np.where(chosen, values, -np.inf).max(axis=1), np.nan)


def _min(values: Array, chosen: Array) -> Array:
    return -_max(-values, chosen)


def _last(values: Array, chosen: Array) -> Array:
    """Return the value on the last of the chosen days."""
    last = chosen.shape[1] - 1 - chosen[:, ::-1].argmax(axis=1)
    return np.where(chosen.any(axis=1), values[np.arange(len(values)), last], np.nan)


_AGGREGATES: Final[Mapping[str, Callable[[Array, Array], Array]]] = {
    "total": _total, "mean": _mean, "max": _max, "min": _min, "last": _last,
}  # fmt: skip
