"""A plan's own points from a CSV file: the first line names levers and parameters, every other line is one point."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError, nearest
from sim.inputs import parameters, setting_names
from sim.results.csv_table import CsvTable, read_csv_table
from sim.schema import arguments, validation
from sim.schema.decisions import levers
from sim.study.factor import FORM, UNCHANGED, Factor, split_key

LARGEST: Final = 16 << 20  # bytes of a file
MOST_CELLS: Final = 200_000
_FLAGS: Final = {"yes": True, "no": False, "1": True, "0": False}


def read_points(path: str | Path) -> tuple[Factor, ...]:
    """Return the settings of a file of points, each with one value per point.

    A cell has a number, yes or no for a switch (or true, false, 1, 0), or "unchanged". Raises InputError for anything
    else, with file, line, column, value, what was expected and the nearest right name.
    """
    file = arguments.path("path", path)
    try:
        table = read_csv_table(file, LARGEST)
        if not table.rows:
            raise InputError("has no points: every line below the first is one", path="line 2")  # noqa: TRY301  with the file
        if len(table.rows) * len(table.columns) > MOST_CELLS:
            size = f"{len(table.rows):,} points of {len(table.columns):,} settings"
            raise InputError(f"too many points: {size}", expected=f"at most {MOST_CELLS:,} values")  # noqa: TRY301  as above
        return tuple(_factor(table, column) for column in range(len(table.columns)))
    except InputError as error:
        raise error.at(file=file) from None


def write_points(vary: Sequence[Factor]) -> str:
    """Return the text of such a file, which `read_points` reads back."""
    sink = io.StringIO(newline="")
    lines = csv.writer(sink, lineterminator="\n")
    lines.writerow([one.key for one in vary])
    lines.writerows(zip(*([_cell(value) for value in one.values] for one in vary), strict=True))
    return sink.getvalue()


def _factor(table: CsvTable, column: int) -> Factor:
    """Return one column as a setting. Raises InputError."""
    key = table.columns[column]
    place = f"line 1, column {column + 1}"
    try:
        name, start, until = split_key(key)
        _check_name(name)
        Factor(name, start, until, (UNCHANGED, _any_value(name)))  # the days, before the cells
    except InputError as error:
        raise InputError(error.problem, path=place, value=key, expected=error.expected, nearest=error.nearest) from None
    where = f"column {column + 1}, {key}"
    values = [_value(table, name, cells[column], f"line {line}, {where}") for line, cells in table.rows]
    try:
        return Factor(name, start, until, tuple(values))
    except InputError as error:
        raise InputError(error.problem, path=where, value=error.value) from None


def _check_name(name: str) -> None:
    """Raise InputError unless this is the name of a lever or parameter."""
    if not name:
        raise InputError("has no name", expected=f"the name of a lever or parameter, {FORM}")
    if not setting_names.is_lever(name) and not setting_names.is_parameter(name):
        known = [*levers(), *parameters.catalogue()]
        raise InputError("no such lever or parameter", nearest=nearest(name, known))


def _any_value(name: str) -> Any:
    """Return some value that a setting can have."""
    if setting_names.is_lever(name):
        return False if levers()[name].flag else levers()[name].low
    known = parameters.catalogue()[name]
    return False if known.type == "bool" else (known.bounds or (0.0, 0.0))[0]


def _value(table: CsvTable, name: str, cell: str, place: str) -> Any:
    """Return a cell as a value of its setting. Raises InputError."""
    flag = levers()[name].flag if setting_names.is_lever(name) else parameters.catalogue()[name].type == "bool"
    if cell == UNCHANGED:
        return UNCHANGED
    given = _FLAGS.get(cell.lower(), validation.parse_scalar(cell)) if flag else table.number(cell)
    try:
        return setting_names.validate(name, given)
    except InputError as error:
        problem = "empty" if not cell else error.problem
        expected = f'yes, no or "{UNCHANGED}"' if flag else error.expected or f'a number or "{UNCHANGED}"'
        close = nearest(cell, (UNCHANGED,)) if isinstance(given, str) else None
        raise InputError(problem, path=place, value=cell, expected=expected, nearest=close) from None


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else repr(value)
