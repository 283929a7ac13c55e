"""`jirga study sql`: query the results of a study with SQL."""

import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import options, screen
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.schema.formatting import number

if TYPE_CHECKING:
    import pyarrow as pa

EXAMPLES = options.examples(
    'study sql results/pace "SELECT scenario, avg(attacks) FROM results GROUP BY ALL"',
    'study sql results/pace "DESCRIBE results"',
    'study sql results/pace "SELECT day, median(attacks) FROM daily GROUP BY day ORDER BY day" --csv',
)
SHOWN = 100  # largest number of rows on screen
CRLF = "\r\n"


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("sql", epilog=EXAMPLES)(sql)


def sql(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The study's folder, complete or not.")],
    question: Annotated[str, typer.Argument(metavar="SQL", help="One SELECT.")],
    as_csv: Annotated[bool, typer.Option("--csv", help="Print only CSV on stdout.")] = False,
    as_json: options.Json = False,
) -> None:
    """Query the results of a study with SQL.

    Views: results (one row per point and world), points (one row per point), daily (one row per world and day, for
    the kept series), scenarios. DuckDB runs the query in memory and can read no other file.
    """
    from sim.errors import InputError
    from sim.study.folder import Folder
    from sim.study.query import query

    if as_csv and as_json:
        raise InputError("use either --csv or --json, not both")
    found = query(Folder.open(folder), question)
    if as_csv:
        _put_csv(found)
    elif as_json:
        _put_json(found)
    else:
        _put_table(found)


def _put_csv(found: "pa.Table") -> None:
    """Print the rows as CSV; text that a spreadsheet would read as a formula is escaped."""
    import csv

    from sim.export.csv_guard import guard_cell
    from sim.study.query import cells

    writer = csv.writer(_Lines(), lineterminator=CRLF)  # only what is in the end of a line is quoted elsewhere
    writer.writerow([guard_cell(name) for name in found.column_names])
    writer.writerows([_csv_cell(value) for value in row] for row in cells(found))


class _Lines:
    """Stdout for the rows of a CSV file, whose lines end as all others of the command do."""

    def write(self, row: str) -> None:
        """Print one row."""
        sys.stdout.write(row.removesuffix(CRLF) + "\n")


def _csv_cell(value: Any) -> Any:
    from sim.export.csv_guard import guard_cell

    if isinstance(value, bool):
        return "true" if value else "false"
    return guard_cell(value)


def _put_json(found: "pa.Table") -> None:
    """Print the rows as JSON. Rows are lists; infinity and NaN, which JSON does not have, are text as in CSV."""
    from sim.study.query import cells

    rows = [[_json_cell(value) for value in row] for row in cells(found)]
    document = {"columns": found.column_names, "rows": rows, "note": NOT_A_FORECAST}
    typer.echo(json.dumps(document, allow_nan=False, ensure_ascii=False))


def _json_cell(value: Any) -> Any:
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _put_table(found: "pa.Table") -> None:
    """Print the first rows as a table, or if that is too wide, as one line per value."""
    from pyarrow import types

    from sim.study.query import cells

    names = [screen.safe(name) for name in found.column_names]
    rows = [[_cell_text(value) for value in row] for row in cells(found.slice(0, SHOWN))]
    console = screen.console()
    widths = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
    if sum(widths) + len(widths) <= console.width:
        numeric = [types.is_integer(t) or types.is_floating(t) or types.is_decimal(t) for t in found.schema.types]
        heads = (f">{name}" if right else f"!{name}" for name, right in zip(names, numeric, strict=True))
        made = screen.table("", *heads)
        for row in rows:
            made.add_row(*row)
        console.print(made)
    else:
        width = max(map(len, names))
        for row in rows:
            for name, value in zip(names, row, strict=True):
                console.print(f"{name:<{width}}  {value}")
            console.print()
    more = f", the first {SHOWN} shown: --csv prints all" if found.num_rows > SHOWN else ""
    console.print(f"{found.num_rows:,} row{'s' if found.num_rows != 1 else ''}{more}. {NOT_A_FORECAST}")


def _cell_text(value: Any) -> str:
    if isinstance(value, float):
        return number(value)
    return "" if value is None else screen.safe(str(value))
