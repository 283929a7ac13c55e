"""Questions in SQL to a study's parts: DuckDB in memory over views, without access to any file or network."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
from pyarrow.dataset import dataset

from sim.errors import InputError, one_line
from sim.study import points
from sim.study.folder import Folder
from sim.study.part import DAILY, schema

if TYPE_CHECKING:
    import duckdb

VIEWS: Final = {
    "results": "one row a world of a point: scenario, point, its settings, world, outcomes, error",
    "points": "one row a point: point, its settings",
    "daily": "one row a world and day: scenario, point, world, day, the series kept",
    "scenarios": "one row a scenario: scenario, title, hash, reference",
}
LOCKS: Final = (  # one after the other
    "temp_directory = ''",  # nothing is put on disk
    "python_enable_replacements = false",  # no variable of this program is a table
    "enable_external_access = false",  # no file, no network: Arrow reads the parts and hands them over
)
_LONGEST: Final = 300  # characters of what DuckDB says


def query(folder: Folder, sql: str) -> pa.Table:
    """What one SELECT over VIEWS gives.

    The database lives in memory, is handed the parts and can read no file itself, and its settings are locked. Raises
    InputError, in a line, for wrong SQL, for more than one statement or one that does not only read, for a study
    without any part yet, and for a part that cannot be read.
    """
    import duckdb

    with _database(folder) as database:
        try:
            statements = database.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise InputError("must be one SELECT", path="sql", value=sql)
            found = database.sql(statements[0]).to_arrow_table()
        except duckdb.Error as error:
            raise InputError(_said(error), path="sql") from None
    return found


@contextmanager
def _database(folder: Folder) -> "Iterator[duckdb.DuckDBPyConnection]":
    """A database with the views, which can do nothing but read them."""
    import duckdb

    files = folder.part_files()
    if not files:
        raise InputError("holds no results yet", file=folder.path)
    with duckdb.connect(":memory:") as database:
        for setting in LOCKS:
            database.execute(f"SET {setting}")
        database.register("parts", _parts(folder, files))
        database.register("points", points.table(folder.design))
        database.register("scenarios", _scenarios(folder))
        for view in _views(folder):
            database.execute(view)
        database.execute("SET lock_configuration = true")
        yield database


def _parts(folder: Folder, files: list[Path]) -> Any:
    """The parts as one data set, which Arrow reads piece by piece as a question needs it."""
    columns = schema(folder.plan.outcomes, folder.plan.series)
    named = columns.set(columns.get_field_index("scenario"), pa.field("scenario", pa.string()))
    return dataset([str(file) for file in files], schema=named)


def _views(folder: Folder) -> Iterator[str]:
    """The statements that make the views."""
    plan = folder.plan
    settings = "".join(f"points.{_name(one.key)}, " for one in plan.vary)
    outcomes = ", ".join(_name(name) for name in (*plan.outcomes, "error"))
    yield (
        f"CREATE VIEW results AS SELECT scenario, parts.point, {settings}world, {outcomes} "  # noqa: S608
        "FROM parts JOIN points ON points.point = parts.point"
    )
    if plan.series:
        start = f"DATE '{plan.scenarios[0].start}'"
        series = ", ".join(f"unnest({_name(DAILY + name)}) AS {_name(name)}" for name in plan.series)
        yield (
            "CREATE VIEW daily AS SELECT scenario, point, world, "  # noqa: S608
            f"{start} + unnest(range({plan.days}))::INTEGER AS day, {series} FROM parts WHERE error IS NULL"
        )


def _scenarios(folder: Folder) -> pa.Table:
    """The study's scenarios."""
    rows: list[dict[str, Any]] = [
        {"scenario": one.name, "title": one.title, "hash": one.hash(), "reference": one.name == folder.plan.reference}
        for one in folder.plan.scenarios
    ]
    return pa.Table.from_pylist(rows)


def _said(error: Exception) -> str:
    """What DuckDB says, on one line, without its picture of the place."""
    return one_line(" ".join(str(error).partition("\nLINE ")[0].split()), _LONGEST)


def _name(words: str) -> str:
    """A column's name as SQL writes it."""
    return '"' + words.replace('"', '""') + '"'


def cells(table: pa.Table) -> Iterator[list[Any]]:
    """The rows of a result as plain values; what JSON does not know as text."""
    for row in table.to_pylist():
        yield [_plain(value) for value in row.values()]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
