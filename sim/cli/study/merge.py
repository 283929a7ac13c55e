"""`jirga study merge`: merge folders of one study that were computed separately."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import options, screen

EXAMPLES = options.examples("study merge results/pace half-1 half-2")


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("merge", epilog=EXAMPLES)(merge)


def merge(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A new folder, or a folder of the same study.")],
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders of one study.")],
) -> None:
    """Copy the parts of several folders of one study into one folder. The folders are not changed."""
    from sim.study.merge import merge as bring_together

    with screen.progress("parts read") as report:
        target, new = bring_together(out, folders, report)
    missing = len(target.missing())
    state = f"{missing:,} are still missing: jirga study run --out {out}" if missing else "no part is missing"
    typer.echo(screen.safe(f"{new:,} parts merged into {target.path}; {state}"))
