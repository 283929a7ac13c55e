"""`jirga study run`: compute a study, or go on with one."""

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
    "study run --out results/pace                      (goes on with it)",
    "study run study.toml --out results/pace --processes 8",
    "study run study.toml --out half-1 --share 1/2     (on a machine of its own; then jirga study merge)",
)
INCOMPLETE = 1  # the exit code when some rows hold an error or are set aside
TOLD = 5  # different errors that the summary repeats


def add_to(app: typer.Typer) -> None:
    """Give the application this command."""
    app.command("run", epilog=EXAMPLES)(run)


def run(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The study's folder, new or to go on with.")],
    plan: Annotated[
        str | None, typer.Argument(metavar="[PLAN]", help="The plan, study.toml. May be left out to go on.")
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option("--engine", metavar="NAME", help="local, dask or tcp://host:port. [default: the plan's]"),
    ] = None,
    processes: Annotated[
        int | None, typer.Option("--processes", "-p", help="How many. [default: the plan's, else one a core]")
    ] = None,
    share: Annotated[
        str, typer.Option("--share", metavar="K/N", help="Only the K-th of N shares of the units, to be merged.")
    ] = "1/1",
    as_json: options.Json = False,
) -> None:
    """Run a study. Run again, it goes on where it stopped, however it stopped; parts that are there are kept.

    Exit code 1 if the study is done but some rows hold an error or some units had to be set aside.
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
        typer.echo("stopped; what is done stays, and the same command goes on with it", err=True)
        raise typer.Exit(INTERRUPTED) from None
    finally:
        at_work.close()
    _tell(folder, summary, as_json=as_json)
    if not summary.clean:
        raise typer.Exit(INCOMPLETE)


def _say(words: str) -> None:
    """A sentence while it runs, beside the progress."""
    typer.echo(screen.safe(words), err=True)


def _tell(folder: "Folder", summary: "RunSummary", *, as_json: bool) -> None:
    """Say how it ended."""
    errors = _errors(folder) if summary.failed else {}
    if as_json:
        from sim.cli.document import print_json

        print_json(_document(folder, summary, errors))
        return
    for line in _lines(folder, summary, errors):
        typer.echo(screen.safe(line))


def _errors(folder: "Folder") -> dict[str, int]:
    """Rows by the error they hold, commonest first."""
    found: Counter[str] = Counter()
    for rows in folder.rows(["error"]):
        found.update(error for error in rows["error"].to_pylist() if error is not None)
    return dict(found.most_common())


def _lines(folder: "Folder", summary: "RunSummary", errors: dict[str, int]) -> list[str]:
    """The summary for people."""
    state = "This share is done" if summary.elsewhere else "Not complete" if summary.set_aside else "Complete"
    lines = [f"{state}: {summary.rows:,} worlds in {folder.path}"]
    if summary.elsewhere:
        lines.append(f"{summary.elsewhere:,} worlds belong to other shares: jirga study merge brings them together.")
    if summary.look is not None and folder.plan.until is not None:
        lines.append(summary.look.words(folder.plan.until))
    if summary.failed:
        lines.append(f"In {summary.failed:,} of them the model failed; their rows hold the error:")
        lines += [f"  {count:,} x {error}" for error, count in list(errors.items())[:TOLD]]
        lines += [f"  and {len(errors) - TOLD} more kinds"] if len(errors) > TOLD else []
    for one in summary.set_aside:
        low, high = one["points"]
        where = f"point {low}" if low == high else f"points {low} to {high}"
        first, last = one["worlds"]
        lines.append(f"Set aside: {one['scenario']}, {where}, worlds {first} to {last}: {one['why']}")
    if summary.set_aside:
        lines.append("Run the study again to try them once more.")
    return lines


def _document(folder: "Folder", summary: "RunSummary", errors: dict[str, int]) -> dict[str, Any]:
    """The summary for scripts."""
    look = summary.look
    return {
        "folder": str(folder.path), "plan": folder.plan.hash(), "rows": summary.rows, "failed": summary.failed,
        "errors": errors, "set_aside": summary.set_aside, "replaced": summary.replaced,
        "in_other_shares": summary.elsewhere, "rounds": folder.rounds,
        "interval": None if look is None else {"state": look.state, "width": look.width, "needed": look.needed},
        "note": NOT_A_FORECAST,
    }  # fmt: skip
