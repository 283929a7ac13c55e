"""Making a plan in Python: scenarios by name, settings by name, points from a table."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.errors import InputError
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario
from sim.runs.design_points import typed
from sim.schema import arguments, validation
from sim.study.factor import UNCHANGED, Factor, split_key
from sim.study.plan import LISTED, METHODS, NONE, OWN_POINTS, Plan
from sim.study.plan_reader import DEFAULT_WORLDS, RANGE, read_factor
from sim.study.points_reader import read_points

PAIR: Final = 2  # low and high


def make_plan(
    scenarios: Any,
    vary: Mapping[str, Any] | None = None,
    method: str | None = None,
    *,
    points: Any = None,
    worlds: int = DEFAULT_WORLDS,
    title: str = "A study",
    reference: str | None = None,
    **fields: Any,
) -> Plan:
    """Return a plan.

    scenarios: the name, path or `Scenario` of one, or a list of them; the first is the reference unless `reference`
    names another. vary: by the name of a lever or parameter ("kabul.ghani.offer@2020-03-10..2020-06-10" for some days)
    the values of a grid or list, or (low, high) or "range" for the other methods, or a table as in a plan's file.
    method: "grid" if not given. points: points of your own instead of `vary`, as the path of a CSV file, or as a
    DataFrame or other table with one column per setting, NaN or "unchanged" where a point leaves it as it is. fields:
    any other field of `Plan`, such as `samples`, `sampler_seed`, `seed`, `assumptions`, `outcomes`, `series` and
    `own_outcomes`. Raises InputError for any invalid value, and TypeError for a field that `Plan` does not have.
    """
    chosen = tuple(_scenario(one) for one in _listed(scenarios))
    if not chosen:
        raise InputError("is empty; at least one scenario is needed", path="scenarios", value=[])
    chosen_method = None if method is None else validation.with_path("method", validation.choice, method, METHODS)
    if points is not None and (vary is not None or chosen_method not in (None, OWN_POINTS)):
        raise InputError("cannot be used together with vary or another method", path="points")
    if points is not None:
        factors, by = _points(points), OWN_POINTS
    else:
        given = {} if vary is None else arguments.table("vary", vary, "settings by name")
        by = chosen_method or "grid"
        factors = tuple(read_factor(key, _tried(key, value, by), by) for key, value in given.items())
    return Plan(
        title, chosen, chosen[0].name if reference is None else reference, worlds,
        method=by if factors else NONE, vary=factors, **fields,
    )  # fmt: skip


def _listed(scenarios: Any) -> tuple[Any, ...]:
    """Return one scenario or several as a list. Raises InputError."""
    if isinstance(scenarios, str | Path | Scenario):
        return (scenarios,)
    return arguments.items("scenarios", scenarios, "scenarios")


def _scenario(given: Any) -> Scenario:
    return given if isinstance(given, Scenario) else load_scenario(given)


def _tried(key: str, given: Any, method: str) -> Any:
    """Return what a setting is varied over, as a plan's file says it. Raises InputError."""
    if isinstance(given, Mapping) or (isinstance(given, str) and given == RANGE):
        return given
    values = [arguments.plain(one) for one in arguments.items(f"vary.{key}", given, "values, or low and high")]
    if method in LISTED:
        return {"values": values}
    if len(values) != PAIR:
        raise InputError(
            f"{method} takes low and high", path=f"vary.{key}", value=values, expected=f'(low, high) or "{RANGE}"'
        )
    return {"low": values[0], "high": values[1]}


def _points(given: Any) -> tuple[Factor, ...]:
    """Return points as settings with values. Raises InputError."""
    if isinstance(given, str | Path):
        return read_points(given)
    keys = getattr(given, "columns", None)  # of a DataFrame
    columns = arguments.table(
        "points", given if keys is None else {key: given[key] for key in keys}, "values by name, a DataFrame or a path"
    )
    if not columns:
        raise InputError("has no columns", path="points", expected="one column per lever or parameter")
    return tuple(_factor(key, arguments.items(f"points.{key}", values, "values")) for key, values in columns.items())


def _factor(key: str, values: tuple[Any, ...]) -> Factor:
    """Return one column of points. Raises InputError for one without values, and as `Factor` does."""
    if not values:
        raise InputError("is empty", path=f"points.{key}")
    name, start, until = split_key(key)
    return Factor(name, start, until, tuple(_value(name, arguments.plain(one)) for one in values))


def _value(name: str, value: Any) -> Any:
    """Return a cell as a value of its setting; numbers of a table may be floats where the setting is none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return UNCHANGED
    number = isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value)
    return typed(name, value) if number else value
