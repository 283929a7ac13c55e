"""`jirga study status`: how far a study is, also while it runs elsewhere."""

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
    """Give the application this command."""
    app.command("status", epilog=EXAMPLES)(status)


def status(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The study's folder.")],
    as_json: options.Json = False,
) -> None:
    """Tell how far a study is, whether it is running, how fast, and what went wrong."""
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
    """The state for people."""
    done = f"{found.rows_done:,} of {found.rows:,} worlds, {found.units_done:,} of {found.units:,} parts"
    lines = [folder.plan.title, f"{done} ({share(found.rows_done / found.rows)}), {number(found.bytes / 1e6)} MB"]
    if len(found.rounds) > 1:
        lines.append(f"Round {len(found.rounds)} of adding worlds until it is clear: {found.rounds[-1]:,} a point")
    if found.running:
        pace = f": {speed(found.rate)}, {span(found.left or 0)} left" if found.rate else ""
        lines.append(f"Running, process {found.running.pid} on {found.running.host}{pace}")
    else:
        lines.append("Complete" if found.complete else "Not running: jirga study run goes on with it")
    if found.failed:
        lines.append(f"In {found.failed:,} worlds the model failed; their rows hold the error")
    if found.set_aside:
        lines.append(f"{len(found.set_aside):,} units set aside, which killed their workers: see set-aside.json")
    return lines
