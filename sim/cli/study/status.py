"""`jirga study status`: show the progress of a study, also while another process runs it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options, screen
from sim.schema.formatting import number, share
from sim.study.progress_rate import span, speed

if TYPE_CHECKING:
    from sim.study.folder import Folder
    from sim.study.status import Status

EXAMPLES = options.examples("study status results/pace", "study status results/pace --json")


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("status", epilog=EXAMPLES)(status)


def status(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The study's folder.")],
    as_json: options.Json = False,
) -> None:
    """Show the progress of a study: whether it is running, its speed, and errors."""
    from sim.study.folder import Folder
    from sim.study.status import status as ask

    study = Folder.open(folder)
    found = ask(study)
    if as_json:
        from dataclasses import asdict

        from sim.cli.document import print_json

        derived = {"complete": found.complete, "seconds_left": found.left}
        print_json(
            {
                "folder": str(study.path),
                "title": study.plan.title,
                "plan": study.plan.hash(),
                **asdict(found),
                **derived,
            }
        )
        return
    for line in _lines(study, found):
        typer.echo(screen.safe(line))


def _lines(folder: "Folder", found: "Status") -> list[str]:
    """The state as lines of text."""
    done = f"{found.rows_done:,} of {found.rows:,} worlds, {found.units_done:,} of {found.units:,} parts"
    lines = [folder.plan.title, f"{done} ({share(found.rows_done / found.rows)}), {number(found.bytes / 1e6)} MB"]
    if len(found.rounds) > 1:
        lines.append(f"Round {len(found.rounds)} of adaptive stopping: {found.rounds[-1]:,} worlds per point")
    if found.running:
        pace = f": {speed(found.rate)}, {span(found.left or 0)} left" if found.rate else ""
        lines.append(f"Running, process {found.running.pid} on {found.running.host}{pace}")
    else:
        lines.append("Complete" if found.complete else "Not running: resume with jirga study run")
    if found.failed:
        lines.append(f"In {found.failed:,} worlds the model failed; their rows contain the error")
    if found.set_aside:
        lines.append(f"{len(found.set_aside):,} units skipped, because their workers died: see set-aside.json")
    return lines
