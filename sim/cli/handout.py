"""`jirga handout`: a study as one HTML page with sliders, which works without network on a phone."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options, screen
from sim.cli.study.progress import progress

if TYPE_CHECKING:
    from sim.study.folder import Folder

EXAMPLES = options.examples(
    "handout pace-of-releases --out pace.html",
    "handout my-plan.toml --out my-plan.html --outcome reached_talks_open",
    "handout results/pace --out pace.html              (a study that has been run)",
)


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("handout", epilog=EXAMPLES)(handout)


def handout(
    plan: Annotated[
        str, typer.Argument(metavar="PLAN", help="A plan's path or name, which is run now; or the folder of a study.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.html", help="The page.")],
    outcome: Annotated[
        str | None, typer.Option("--outcome", metavar="NAME", help="Which outcome it shows first. [default: a share]")
    ] = None,
    processes: Annotated[
        int | None, typer.Option("--processes", "-p", help="Number of processes. [default: one per core]")
    ] = None,
) -> None:
    """Write a study of a grid as one HTML page with a slider per setting: no server, no network, below 3 MB.

    The page has the figures of the study's report at each step of the sliders, with intervals and bands.
    """
    from sim.study.folder import Folder
    from sim.study.handout import check_handout, handout_target, write_handout
    from sim.study.plan_reader import read_plan

    ready = Folder.open(plan) if Path(plan).is_dir() else None
    given = ready.plan if ready else read_plan(plan)
    check_handout(given, outcome)
    handout_target(out)  # before anything is run
    with tempfile.TemporaryDirectory() as scratch:
        study = ready or _run(Folder.create(Path(scratch) / "study", given), processes)
        with screen.progress("parts read") as report:
            written = write_handout(study, out, outcome=outcome, progress=report)
    screen.console().print(f"Written to {screen.safe(str(written))}")


def _run(study: "Folder", processes: int | None) -> "Folder":
    """Run a study and return it. Raises InputError."""
    from sim.study import run
    from sim.study.executors import open_executor

    count = study.plan.processes if processes is None else processes
    engine = open_executor(study.plan.engine, study.parts, count, _say)
    try:
        with progress() as report:
            run.run(study, engine, progress=report, tell=_say)
    finally:
        engine.close()
    return study


def _say(words: str) -> None:
    """Print a message on stderr while the study runs."""
    typer.echo(screen.safe(words), err=True)
