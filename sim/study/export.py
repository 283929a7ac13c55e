"""Export the parts of a study as tables for other programs: the results with their points, and the daily series.

results.parquet   one row per point and world: scenario, point, its settings, world, outcomes, error   (or .csv)
daily.parquet     one row per world and day, if the plan keeps series                                  (or .csv)
columns.csv       unit and label of every column, only with CSV, which cannot contain them
points.parquet    one row per point: its settings, in the order of the design                         (or .csv)
problem.json      the settings as SALib's analysis needs them, if any are varied
manifest.json     what was run: plan, design with bounds and method; and how many units are missing
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np
import pyarrow as pa

from sim.errors import InputError
from sim.export.manifest import NAME as MANIFEST
from sim.export.manifest import made_with
from sim.export.run_folder import COLUMNS, Decimal, claim, whole_folder, write_table
from sim.results.columns import column_field
from sim.schema import arguments
from sim.schema.calendar import Calendar
from sim.study.design import Design, problem
from sim.study.folder import Folder, check_study, is_empty
from sim.study.part import DAILY
from sim.study.plan import SAMPLED, Plan

Kind = Literal["csv", "parquet"]
Progress = Callable[[int, int], None]
PROBLEM: Final = "problem.json"


def export(
    folder: Folder,
    out: str | Path,
    kind: Kind = "parquet",
    progress: Progress | None = None,
    *,
    decimal: Decimal = "point",
) -> Path:
    """Write the tables of a study, complete or not, into a new folder and return it. Only one part is in memory.

    progress: called with the parts written and the total; decimal: of CSV, "comma" with semicolons between the columns.
    Raises InputError for another word, for a folder that is not empty, for a part that cannot be read, and for errors
    of the disk; then nothing is left behind.
    """
    check_study(folder)
    out = arguments.path("out", out)
    arguments.word("kind", kind, get_args(Kind))
    arguments.word("decimal", decimal, get_args(Decimal))
    arguments.callback("progress", progress)
    if not is_empty(out):
        raise InputError("the folder is not empty: choose another", file=out)
    counted = _Counted(folder, progress)
    with claim(out) as target, whole_folder(target) as aside:
        write_table(aside / f"results.{kind}", counted.tables(_results), decimal)
        if folder.plan.series:
            write_table(aside / f"daily.{kind}", counted.tables(_daily), decimal)
        write_table(aside / f"points.{kind}", [points_table(folder.plan, folder.design)], decimal)
        if folder.plan.vary:
            _put_json(aside / PROBLEM, problem(folder.plan))
        if kind == "csv":
            write_table(aside / COLUMNS, [_columns(folder)], decimal)
        _put_json(aside / MANIFEST, _about(folder))
    return target


def points_table(plan: Plan, design: Design) -> pa.Table:
    """One row per point: `point` and its settings, null where it leaves a setting as the scenario has it."""
    at = np.arange(design.points, dtype=np.int32)
    made = [(column_field("point", pa.int32(), "id", "Point"), pa.array(at)), *_settings(plan, design, at)]
    return pa.table([values for _, values in made], schema=pa.schema([field for field, _ in made]))


def described_design(plan: Plan, design: Design) -> dict[str, Any]:
    """The design, ready for JSON: method, its sizes and seed, and each setting with unit, days, values and bounds."""
    sampled: dict[str, Any] = (
        {"samples": plan.samples, "sampler_seed": plan.sampler_seed} if plan.method in SAMPLED else {}
    )
    sampled |= {"levels": plan.levels} if plan.method == "morris" else {}
    sampled |= {"second_order": plan.second_order} if plan.method == "sobol" else {}
    sampled |= {"correlations": [one.canonical() for one in plan.correlations]} if plan.correlations else {}
    settings = [
        {"key": one.key, "label": one.label, "unit": one.unit, **one.canonical(), "low": one.low, "high": one.high}
        for one in plan.vary
    ]
    return {"method": plan.method, **sampled, "points": design.points, "settings": settings}


def _put_json(file: Path, content: dict[str, Any]) -> None:
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    file.write_text(text + "\n", encoding="utf-8", newline="\n")


class _Counted:
    """Iterates over the parts of a study and reports progress."""

    def __init__(self, folder: Folder, progress: Progress | None) -> None:
        self.folder, self.progress = folder, progress
        self.passes = 2 if folder.plan.series else 1
        self.done, self.total = 0, self.passes * len(folder.part_files())

    def tables(self, made: Callable[[Folder, pa.Table], pa.Table]) -> Iterator[pa.Table]:
        """An empty table with the columns, then one table per part."""
        yield made(self.folder, self.folder.schema.empty_table())
        for part in self.folder.rows():
            yield made(self.folder, part)
            self.done += 1
            if self.progress is not None:
                self.progress(self.done, self.total)


def results(plan: Plan, design: Design, part: pa.Table) -> pa.Table:
    """The rows of a part with the settings of their points, without daily series; scenarios as plain text."""
    point = part["point"].to_numpy()
    columns = {f.name: (f, part[f.name]) for f in part.schema if not f.name.startswith(DAILY)}
    scenario, at, world = (columns.pop(name) for name in ("scenario", "point", "world"))
    made = [_scenario(scenario[1]), at, *_settings(plan, design, point), world, *columns.values()]
    return pa.table([values for _, values in made], schema=pa.schema([field for field, _ in made]))


def daily(plan: Plan, part: pa.Table) -> pa.Table:
    """The daily series of a part, one row per world and day: `scenario`, `point`, `world`, `day` (date), series.

    Failed rows have no days.
    """
    fine = part.filter(part["error"].is_null())
    dates = Calendar(plan.scenarios[0].start, plan.scenarios[0].end).dates
    which = np.repeat(np.arange(len(fine)), len(dates))
    made = [_scenario(fine["scenario"].take(which))]
    made += [(part.schema.field(name), fine[name].take(which)) for name in ("point", "world")]
    made.append((column_field("day", pa.date32(), "date", "Day"), pa.array(np.tile(dates, len(fine)))))
    for name in plan.series:
        given = part.schema.field(DAILY + name)
        field = pa.field(name, given.type.value_type, metadata=given.metadata)
        made.append((field, fine[DAILY + name].combine_chunks().flatten()))
    return pa.table([values for _, values in made], schema=pa.schema([field for field, _ in made]))


def _results(folder: Folder, part: pa.Table) -> pa.Table:
    return results(folder.plan, folder.design, part)


def _daily(folder: Folder, part: pa.Table) -> pa.Table:
    return daily(folder.plan, part)


def _scenario(column: pa.ChunkedArray) -> tuple[pa.Field, Any]:
    """The scenario's name as text, so that it is escaped in CSV."""
    return column_field("scenario", pa.string(), "name", "Scenario"), column.cast(pa.string())


def _settings(plan: Plan, design: Design, point: Any) -> list[tuple[pa.Field, Any]]:
    """The settings of the points, float64, null where the scenario's own value is used."""
    made = []
    for one in plan.vary:
        values = design.values[one.key][point]
        made.append((column_field(one.key, pa.float64(), one.unit, one.label), pa.array(values, mask=np.isnan(values))))
    return made


def _columns(folder: Folder) -> pa.Table:
    """Unit and label of every column."""
    empty = folder.schema.empty_table()
    own = {"points": points_table(folder.plan, folder.design)}
    tables = (
        own | {"results": _results(folder, empty)} | ({"daily": _daily(folder, empty)} if folder.plan.series else {})
    )
    rows = [
        {"table": name, "column": f.name, "unit": _said(f, b"unit"), "label": _said(f, b"label")}
        for name, table in tables.items()
        for f in table.schema
    ]
    return pa.Table.from_pylist(rows)


def _said(field: pa.Field, key: bytes) -> str:
    return str((field.metadata or {}).get(key, b"").decode())


def _about(folder: Folder) -> dict[str, Any]:
    """The manifest of the export."""
    plan = folder.plan
    return {
        **made_with(), "title": plan.title, "plan": plan.hash(), "model": folder.model, "seed": plan.seed,
        "assumptions": plan.assumptions, "worlds": folder.rounds[-1], "points": folder.design.points,
        "scenarios": {one.name: one.hash() for one in plan.scenarios}, "reference": plan.reference,
        "missing_units": len(folder.missing()), "design": described_design(plan, folder.design),
        "outcomes": list(plan.outcomes), "series": list(plan.series),
        "own_outcomes": {one.name: one.expression.text for one in plan.own},
    }  # fmt: skip
