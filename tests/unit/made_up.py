"""A synthetic study for tests of summaries and reports: its rows come from a function, without an engine."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sim.inputs.scenario_reader import load_scenario
from sim.study import part
from sim.study.design import Design, design
from sim.study.factor import Factor
from sim.study.folder import Folder
from sim.study.plan import Plan
from sim.study.unit import Unit, UnitPlanner

Array = npt.NDArray[Any]
Values = Callable[[int, Design, Array, Array], dict[str, Array]]

BASE = load_scenario("baseline").with_dates(end=dt.date(2020, 3, 31))
OTHER = load_scenario("no-review").with_dates(end=dt.date(2020, 3, 31))
LEVERAGE, RESTRAINT, ASK = "taliban.leverage", "taliban.restraint", "kabul.abdullah.ask_base"


def plan(*vary: Factor, worlds: int = 100, **parts: Any) -> Plan:
    """A plan over the first month, of only the baseline unless `scenarios` are given."""
    given = {"scenarios": (BASE,), "reference": BASE.name, "outcomes": ("attacks", "reached_talks_open")} | parts
    if vary and "method" not in given:
        given["method"] = "grid"
    return Plan(title="Made up", worlds=worlds, vary=vary, **given)


class MadeUp:
    """A study whose rows come from `values(scenario, design, points, worlds)`: (points, worlds) by column.

    Outcomes left out are 0; `error` holds messages, "" for none; units in `absent` (by number) are not there yet.
    """

    def __init__(self, made: Plan, values: Values, absent: Sequence[int] = ()) -> None:
        self.plan, self.design, self.values = made, design(made), values
        self._units = list(UnitPlanner(made, self.design, "model").units(0, made.worlds))
        self._absent = {self._units[i] for i in absent}
        self.read_units: list[Unit] = []

    def units(self) -> list[Unit]:
        """All units."""
        return self._units

    def missing(self) -> list[Unit]:
        """The units without a part."""
        return [unit for unit in self._units if unit in self._absent]

    def read(self, unit: Unit, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of a unit, as in a part."""
        self.read_units.append(unit)
        points, worlds = np.arange(unit.low, unit.high), np.arange(unit.first, unit.first + unit.worlds)
        found = self.values(unit.scenario, self.design, points[:, np.newaxis], worlds[np.newaxis, :])
        shape = (len(points), len(worlds))
        flat = {k: np.broadcast_to(v, shape + np.shape(v)[2:]).reshape(unit.rows, -1) for k, v in found.items()}
        table = self._table(unit, flat)
        return table if columns is None else table.select(list(columns))

    def _table(self, unit: Unit, flat: dict[str, Array]) -> pa.Table:
        errors = [str(words) or None for words in flat.get("error", np.full((unit.rows, 1), ""))[:, 0]]
        fine = np.array([words is None for words in errors])
        wanted = part.schema(self.plan.outcomes, self.plan.series)
        columns: dict[str, Any] = {
            "scenario": pa.array([self.plan.scenarios[unit.scenario].name] * unit.rows).dictionary_encode(),
            "point": np.repeat(np.arange(unit.low, unit.high), unit.worlds),
            "world": np.tile(np.arange(unit.first, unit.first + unit.worlds), unit.high - unit.low),
            "error": pa.array(errors, pa.string()),
        }
        for name in self.plan.outcomes:
            values = flat.get(name, np.zeros((unit.rows, 1)))[:, 0].astype(float)
            gone = ~fine | np.isnan(values)
            columns[name] = pa.array(np.where(gone, 0, values), mask=gone).cast(wanted.field(name).type)
        for name in self.plan.series:
            days = flat[part.DAILY + name].astype(np.float32)
            columns[part.DAILY + name] = pa.array(
                [row if good else None for row, good in zip(days, fine, strict=True)],
                wanted.field(part.DAILY + name).type,
            )
        return pa.table([pa.array(columns[f.name]).cast(f.type) if not isinstance(columns[f.name], pa.Array)
                         else columns[f.name].cast(f.type) for f in wanted], schema=wanted)  # fmt: skip


@cache
def _normal(seed: int) -> Array:
    return np.random.default_rng(seed).standard_normal(1_000_000)


def luck(worlds: Array, seed: int = 0) -> Array:
    """A standard normal number per world, always the same for a world."""
    return _normal(seed)[worlds]


def noise(points: Array, worlds: Array, seed: int = 1) -> Array:
    """A standard normal number per point and world, for up to 1,000 points of 1,000 worlds."""
    return _normal(seed)[(points * 1000 + worlds) % 1_000_000]


def on_disk(study: MadeUp, path: Path) -> Folder:
    """The study, written as a folder without the absent units."""
    folder = Folder.create(path, study.plan)
    absent = set(study.missing())
    for unit in folder.units():
        if unit not in absent:
            task = folder.work.task(unit)
            part.write(folder.parts, task.key, part.encode(study.read(unit), task))
    return folder
