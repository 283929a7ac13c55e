"""The results of a study as an xarray Dataset over scenarios, points and worlds."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import xarray as xr

from sim.errors import InputError
from sim.schema.calendar import Calendar
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.schema.series import SERIES
from sim.study.folder import Folder
from sim.study.part import DAILY
from sim.study.summary import column_floats
from sim.study.unit import Unit

Array = npt.NDArray[Any]

DIMS: Final = ("scenario", "point", "world")
DAY: Final = "day"
LARGEST: Final = 1 << 33  # bytes


def study_dataset(folder: Folder, outcomes: Sequence[str], series: Sequence[str]) -> xr.Dataset:
    """Return outcomes, float64 (scenario, point, world), and series as `daily_*`, float32 (..., day).

    NaN where the world has no value: a milestone that is not reached, a run that failed, a part that is missing.
    Settings are coordinates of the points, in their units. Raises InputError for results of more than 8 GiB, and for a
    part that cannot be read.
    """
    plan, shape = folder.plan, (len(folder.plan.scenarios), folder.design.points, folder.rounds[-1])
    size = int(np.prod(shape)) * (8 * len(outcomes) + 4 * len(series) * plan.days)
    if size > LARGEST:
        problem = f"would take {size / (1 << 30):.0f} GiB: choose fewer outcomes or series"
        raise InputError(problem, file=folder.path, expected=f"at most {LARGEST >> 30} GiB")
    made = {name: np.full(shape, np.nan) for name in outcomes}
    made |= {DAILY + name: np.full((*shape, plan.days), np.nan, np.float32) for name in series}
    for unit, table in _tables(folder, list(made)):
        here = unit.scenario, slice(unit.low, unit.high), slice(unit.first, unit.first + unit.worlds)
        for name, values in unit_arrays(folder, unit, table).items():
            made[name][here] = values
    coords: dict[str, Any] = {"scenario": [one.name for one in plan.scenarios], "point": np.arange(shape[1])}
    coords |= {"world": np.arange(shape[2], dtype=np.int64), **_days(folder, series)}
    coords |= {one.key: ("point", folder.design.values[one.key], _attrs(one.unit, one.label)) for one in plan.vary}
    missing = len(folder.missing())
    attrs = {
        "title": plan.title, "plan": plan.hash(), "model": folder.model, "seed": plan.seed,
        "assumptions": plan.assumptions, "reference": plan.reference, "missing_units": missing, "note": NOT_A_FORECAST,
    }  # fmt: skip
    return xr.Dataset({name: _variable(folder, name, values) for name, values in made.items()}, coords, attrs)


def unit_datasets(folder: Folder) -> Iterator[tuple[Unit, xr.Dataset]]:
    """Yield every existing unit with all that it has, dims (point, world) and (point, world, day)."""
    names = [*folder.plan.outcomes, *(DAILY + name for name in folder.plan.series)]
    for unit, table in _tables(folder, names):
        points, worlds = np.arange(unit.low, unit.high), np.arange(unit.first, unit.first + unit.worlds)
        coords = {"point": points, "world": worlds, **_days(folder, folder.plan.series)}
        found = unit_arrays(folder, unit, table)
        dims = {name: (*DIMS[1:], *((DAY,) if name.startswith(DAILY) else ())) for name in found}
        attrs = {"scenario": folder.plan.scenarios[unit.scenario].name}
        yield unit, xr.Dataset({name: (dims[name], values) for name, values in found.items()}, coords, attrs)


def unit_arrays(folder: Folder, unit: Unit, table: pa.Table) -> dict[str, Array]:
    """Return the columns of a part as arrays, (points, worlds) and (points, worlds, days), NaN for null."""
    shape = unit.high - unit.low, unit.worlds
    return {
        name: _lists(table[name], folder.plan.days).reshape(*shape, -1)
        if name.startswith(DAILY)
        else column_floats(table[name]).reshape(shape)
        for name in table.column_names
    }


def _tables(folder: Folder, columns: list[str]) -> Iterator[tuple[Unit, pa.Table]]:
    missing = set(folder.missing())
    return ((unit, folder.read(unit, columns)) for unit in folder.units() if unit not in missing)


def _lists(column: pa.ChunkedArray, days: int) -> Array:
    """Return a column of lists as an array, float32 (rows, days), NaN for null."""
    found = np.full((len(column), days), np.nan, np.float32)
    known = np.asarray(column.is_valid().to_numpy(), np.bool_)
    found[known] = np.asarray(column.combine_chunks().flatten()).reshape(-1, days)
    return found


def _days(folder: Folder, series: Sequence[str]) -> dict[str, Any]:
    """Return the coordinate of the days, where there are series."""
    first = folder.plan.scenarios[0]
    return {DAY: Calendar(first.start, first.end).dates.astype("datetime64[s]")} if series else {}


def _variable(folder: Folder, name: str, values: Array) -> Any:
    if name.startswith(DAILY):
        about = SERIES[name.removeprefix(DAILY)]
        return (*DIMS, DAY), values, _attrs(about.unit, about.label)
    outcome = folder.plan.outcome(name)
    return DIMS, values, {**_attrs(outcome.unit, outcome.label), "kind": outcome.kind, "about": outcome.about}


def _attrs(unit: str, label: str) -> dict[str, str]:
    return {"unit": unit, "label": label}
