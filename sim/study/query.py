"""SQL queries of a study's parts: DuckDB in memory over views, without access to files or network."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
from pyarrow.dataset import dataset

from sim.errors import InputError, one_line
from sim.schema import arguments
from sim.study import points
from sim.study.folder import Folder
from sim.study.part import DAILY, schema

if TYPE_CHECKING:
    import duckdb

VIEWS: Final = {
    "results": "one row per point and world: scenario, point, its settings, world, outcomes, error",
    "points": "one row per point: point, its settings",
    "daily": "one row per world and day: scenario, point, world, day, the kept series",
    "scenarios": "one row per scenario: scenario, title, hash, reference",
}
LOCKS: Final = (  # in this order
    "temp_directory = ''",  # no temporary files
    "python_enable_replacements = false",  # Python variables are not tables
    "enable_external_access = false",  # no files, no network: Arrow reads the parts
)
_LONGEST: Final = 300  # characters of a DuckDB message


def query(folder: Folder, sql: str) -> pa.Table:
    """Return the result of one SELECT over VIEWS.

    The database is in memory, gets the parts from Arrow and cannot read files itself; its settings are locked. Raises
    InputError for invalid SQL, for more than one statement or one that is not a SELECT, for a study without any part,
    and for a part that cannot be read.
    """
    import duckdb

    arguments.text("sql", sql, "one SELECT as text")
    arguments.instance("folder", folder, Folder, "the Folder of a study: Folder.open(...)")
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
    """A database with the views, which can only read them."""
    import duckdb

    files = folder.part_files()
    if not files:
        raise InputError("contains no results yet", file=folder.path)
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
    """The parts as one Arrow data set, which is read in pieces as a query needs it."""
    columns = schema(folder.plan.outcomes, folder.plan.series)
    named = columns.set(columns.get_field_index("scenario"), pa.field("scenario", pa.string()))
    return dataset([str(file) for file in files], schema=named)


def _views(folder: Folder) -> Iterator[str]:
    """The statements that create the views."""
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
    """DuckDB's message on one line, without its excerpt of the query."""
    return one_line(" ".join(str(error).partition("\nLINE ")[0].split()), _LONGEST)


def _name(words: str) -> str:
    """A column's name, quoted for SQL."""
    return '"' + words.replace('"', '""') + '"'


def cells(table: pa.Table) -> Iterator[list[Any]]:
    """The rows of a result as plain values; types that JSON does not have become text."""
    for row in table.to_pylist():
        yield [_plain(value) for value in row.values()]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
