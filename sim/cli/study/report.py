"""`jirga study report`: write a study as one page that needs no network."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import options, screen

EXAMPLES = options.examples("study report results/pace", "study report results/pace --out pace.html")
NAME = "report.html"


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("report", epilog=EXAMPLES)(report)


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The study's folder, complete or not.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.html", help="The page. [default: report.html in DIR]")
    ] = None,
) -> None:
    """Write tables and charts of a study as one offline HTML page.

    For a Sobol, Morris or one-at-a-time plan the page also has the sensitivity, and the share of variance due to luck.
    """
    from sim.study.folder import Folder
    from sim.study.report import write_report

    study = Folder.open(folder)
    with screen.progress("parts read") as text:
        written = write_report(study, out or folder / NAME, progress=text)
    screen.console().print(f"Written to {screen.safe(str(written))}")
