"""`jirga study run`: run a study, or resume it."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import options, screen
from sim.cli.interrupt import INTERRUPTED
from sim.cli.study.progress import progress
from sim.schema.disclaimer import NOT_A_FORECAST

if TYPE_CHECKING:
    from sim.study.folder import Folder
    from sim.study.run import RunSummary

EXAMPLES = options.examples(
    "study run study.toml --out results/pace",
    "study run --out results/pace                      (resumes the study)",
    "study run study.toml --out results/pace --processes 8",
    "study run study.toml --out half-1 --share 1/2     (on one of two machines; then jirga study merge)",
)
INCOMPLETE = 1  # the exit code if some rows contain an error or some units were skipped
ERRORS_SHOWN = 5  # largest number of different errors in the summary


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("run", epilog=EXAMPLES)(run)


def run(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The study's folder: a new one, or one to resume.")],
    plan: Annotated[
        str | None, typer.Argument(metavar="[PLAN]", help="The plan, study.toml. Not needed to resume.")
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option("--engine", metavar="NAME", help="local, dask or tcp://host:port. [default: the plan's]"),
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option("--processes", "-p", help="Number of processes. [default: the plan's, else one per core]"),
    ] = None,
    share: Annotated[
        str,
        typer.Option("--share", metavar="K/N", help="Run only the K-th of N shares of the units; merge them later."),
    ] = "1/1",
    as_json: options.Json = False,
) -> None:
    """Run a study. The same command resumes it, however it was stopped; finished parts are kept.

    The exit code is 1 if the study is done but some rows contain an error or some units were skipped.
    """
    from dataclasses import replace

    from sim.study import run as running
    from sim.study.executors import open_executor
    from sim.study.folder import PARTS, Folder
    from sim.study.plan_reader import read_plan

    portion = running.Share.parse(share)
    given = read_plan(plan) if plan is not None else Folder.open(out).plan
    if engine is not None:
        given = replace(given, engine=engine, file=None)
    if processes is not None:
        given = replace(given, processes=processes, file=None)
    at_work = open_executor(given.engine, out.absolute() / PARTS, given.processes, _say)
    try:
        folder = Folder.at(out, given)
        with progress() as report:
            summary = running.run(folder, at_work, share=portion, progress=report, tell=_say)
    except KeyboardInterrupt:
        typer.echo("stopped; finished work is kept, and the same command resumes the study", err=True)
        raise typer.Exit(INTERRUPTED) from None
    finally:
        at_work.close()
    _tell(folder, summary, as_json=as_json)
    if not summary.clean:
        raise typer.Exit(INCOMPLETE)


def _say(words: str) -> None:
    """Print a message on stderr while the study runs."""
    typer.echo(screen.safe(words), err=True)


def _tell(folder: "Folder", summary: "RunSummary", *, as_json: bool) -> None:
    """Print the summary."""
    errors = _errors(folder) if summary.failed else {}
    if as_json:
        from sim.cli.document import print_json

        print_json(_document(folder, summary, errors))
        return
    for line in _lines(folder, summary, errors):
        typer.echo(screen.safe(line))


def _errors(folder: "Folder") -> dict[str, int]:
    """The number of rows by error, most common first."""
    found: Counter[str] = Counter()
    for rows in folder.rows(["error"]):
        found.update(error for error in rows["error"].to_pylist() if error is not None)
    return dict(found.most_common())


def _lines(folder: "Folder", summary: "RunSummary", errors: dict[str, int]) -> list[str]:
    """The summary as lines of text."""
    state = "This share is done" if summary.elsewhere else "Not complete" if summary.set_aside else "Complete"
    lines = [f"{state}: {summary.rows:,} worlds in {folder.path}"]
    if summary.elsewhere:
        lines.append(f"{summary.elsewhere:,} worlds belong to other shares: jirga study merge combines them.")
    if summary.look is not None and folder.plan.until is not None:
        lines.append(summary.look.words(folder.plan.until))
    if summary.failed:
        lines.append(f"In {summary.failed:,} of them the model failed; their rows contain the error:")
        lines += [f"  {count:,} x {error}" for error, count in list(errors.items())[:ERRORS_SHOWN]]
        lines += [f"  and {len(errors) - ERRORS_SHOWN} more kinds"] if len(errors) > ERRORS_SHOWN else []
    for one in summary.set_aside:
        low, high = one["points"]
        where = f"point {low}" if low == high else f"points {low} to {high}"
        first, last = one["worlds"]
        lines.append(f"Skipped: {one['scenario']}, {where}, worlds {first} to {last}: {one['why']}")
    if summary.set_aside:
        lines.append("Run the study again to retry them.")
    return lines


def _document(folder: "Folder", summary: "RunSummary", errors: dict[str, int]) -> dict[str, Any]:
    """The summary as a JSON document."""
    look = summary.look
    return {
        "folder": str(folder.path), "plan": folder.plan.hash(), "rows": summary.rows, "failed": summary.failed,
        "errors": errors, "set_aside": summary.set_aside, "replaced": summary.replaced,
        "in_other_shares": summary.elsewhere, "rounds": folder.rounds,
        "interval": None if look is None else {"state": look.state, "width": look.width, "needed": look.needed},
        "note": NOT_A_FORECAST,
    }  # fmt: skip
