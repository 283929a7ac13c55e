"""SQL queries of a study's parts: DuckDB in memory over views, without access to files or network."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.dataset import dataset

from sim.errors import InputError, one_line
from sim.schema import arguments
from sim.study import part, points
from sim.study.folder import Folder, check_study, replaceable
from sim.study.part import DAILY

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
# Types with the same values in Arrow. Of the others some lose digits, their sign or a time zone there.
_SAME: Final = frozenset({
    "boolean", "tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint", "uinteger", "ubigint",
    "float", "double", "decimal", "varchar", "date", "timestamp",
})  # fmt: skip
_LONGEST: Final = 300  # characters of a DuckDB message


def query(folder: Folder, sql: str) -> pa.Table:
    """Return the result of one SELECT over VIEWS.

    Columns of one name get numbers, and columns of types that Arrow does not have, such as lists, become text. The
    database is in memory, gets the parts from Arrow and cannot read files itself; its settings are locked. Raises
    InputError for invalid SQL, for more than one statement or one that is not a SELECT, for dates outside the years 1
    to 9999, for a study without any part, and for a part that cannot be read or is damaged.
    """
    import duckdb

    arguments.text("sql", sql, "one SELECT as text")
    check_study(folder)
    if any("\ud800" <= letter <= "\udfff" for letter in sql):  # bytes of the command line that are not UTF-8
        raise InputError("is not UTF-8 text", path="sql", value=sql)
    with _database(folder) as database:
        try:
            statements = database.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise InputError("must be one SELECT", path="sql", value=sql)
            found = _as_table(database.sql(statements[0]))
        except (duckdb.Error, pa.ArrowException) as error:
            raise InputError(_said(error), path="sql") from None
    _check_years(found)
    return found


def _as_table(relation: Any) -> pa.Table:
    """The result of a query with different column names, and text for types that Arrow does not have."""
    columns = ", ".join(
        f"{f'#{i}' if kind.id in _SAME else f'CAST(#{i} AS VARCHAR)'} AS {_name(name)}"
        for i, (kind, name) in enumerate(zip(relation.types, _distinct(relation.columns), strict=True), 1)
    )
    return relation.project(columns).to_arrow_table()


def _distinct(names: list[str]) -> list[str]:
    """The names, each once: a name that stands for several columns is followed by _1, _2 ..."""
    found: dict[str, None] = {}
    for name in names:
        free = (f"{name}_{number}" for number in count(1) if f"{name}_{number}" not in {*found, *names})
        found[next(free) if name in found else name] = None
    return list(found)


def _check_years(found: pa.Table) -> None:
    """Raises InputError for a date that Python does not have, and for an infinite one."""
    for field, column in zip(found.schema, found.columns, strict=True):
        if pa.types.is_date(field.type) or pa.types.is_timestamp(field.type):
            kind = dt.date if pa.types.is_date(field.type) else dt.datetime
            early = pc.less(column, pa.scalar(kind.min, field.type))
            late = pc.greater(column, pa.scalar(kind.max, field.type))
            if pc.any(pc.or_(early, late)).as_py():
                problem = f"the column {field.name} has a date that cannot be printed: cast it to VARCHAR"
                raise InputError(problem, path="sql", expected="the years 1 to 9999")


@contextmanager
def _database(folder: Folder) -> "Iterator[duckdb.DuckDBPyConnection]":
    """A database with the views, which can only read them."""
    import duckdb

    files = _checked_files(folder)
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


def _checked_files(folder: Folder) -> list[Path]:
    """The existing parts, after a check of each. Raises InputError for one that is damaged."""
    done, files = folder.done(), []
    for key, unit in folder.keys().items():
        if key in done:
            files.append(part.path(folder.parts, key))
            with replaceable(files[-1]):
                folder.check(key, unit)
    return files


def _parts(folder: Folder, files: list[Path]) -> Any:
    """The parts as one Arrow data set, which is read in pieces as a query needs it."""
    columns = folder.schema
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
    for batch in table.to_batches():
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            yield [_plain(value) for value in row]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Decimal):
        return _number(value)
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _number(value: Decimal) -> int | float | str:
    """A decimal number as another number with the same digits, else as text."""
    if value == value.to_integral_value():
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else str(value)
