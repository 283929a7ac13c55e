"""`jirga study export`: write the results of a study as tables for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import options, screen

EXAMPLES = options.examples(
    "study export results/pace --out tables/pace",
    "study export results/pace --out tables/pace --format csv",
)


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("export", epilog=EXAMPLES)(export)


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The study's folder, complete or not.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR2", help="A new folder for the tables.")],
    kind: Annotated[
        options.Format, typer.Option("--format", help="The format of the tables.")
    ] = options.Format.parquet,
    decimal: options.CsvDecimal = options.Decimal.point,
) -> None:
    """Write a table of results, one row per world with the settings of its point, and a table of the daily series."""
    from sim.errors import InputError
    from sim.study.export import export as write
    from sim.study.folder import Folder

    if decimal is options.Decimal.comma and kind is not options.Format.csv:
        raise InputError("can only be used with --format csv", path="--decimal", value=decimal.value)
    study = Folder.open(folder)
    with screen.progress("parts written") as report:
        target = write(study, out, kind.value, report, decimal=decimal.value)
    missing = len(study.missing())
    if missing:
        typer.echo(f"note: {missing:,} parts are still missing from the study", err=True)
    screen.console().print(f"Written to {screen.safe(str(target))}")
