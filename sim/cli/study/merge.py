"""`jirga study merge`: one study out of folders that were computed apart."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import options, screen

EXAMPLES = options.examples("study merge results/pace half-1 half-2")


def add_to(app: typer.Typer) -> None:
    """Give the application this command."""
    app.command("merge", epilog=EXAMPLES)(merge)


def merge(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A new folder, or one of the same study.")],
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders of one study.")],
) -> None:
    """Bring the parts of folders of one study together. The folders stay as they are."""
    from sim.study.merge import merge as bring_together

    with screen.progress("parts read") as report:
        target, new = bring_together(out, folders, report)
    missing = len(target.missing())
    state = f"{missing:,} are still missing: jirga study run --out {out}" if missing else "none is missing"
    typer.echo(screen.safe(f"{new:,} parts brought into {target.path}; {state}"))
