"""`jirga compare`: two scenarios over the same worlds, paired world by world."""

from typing import Annotated

import typer

from sim.cli import options, screen
from sim.cli.run import prepared, run_size

EXAMPLES = options.examples(
    "compare baseline all-5000-at-once",
    "compare baseline my-plan.toml --worlds 2000 --seed 7",
    "compare baseline free-run --on attacks --on reached_talks_open --json",
)


def add_to(app: typer.Typer) -> None:
    """Give the application this command."""
    app.command("compare", epilog=EXAMPLES)(compare)


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help="A name, a path, or - for stdin.")],
    b: Annotated[str, typer.Argument(metavar="B", help="What to compare with A: an effect is B minus A.")],
    worlds: options.Worlds = None,
    seed: options.Seed = None,
    settings: options.Settings = None,
    assumptions: options.Assume = options.Assumptions.point,
    on: Annotated[
        list[str] | None, typer.Option("--on", metavar="OUTCOME", help="Only this outcome. May be repeated.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Compare two scenarios: world k of both has the same luck, so a difference is the scenario's doing.

    --set changes both scenarios. Worlds and seed are A's where the command gives none.
    """
    from sim.errors import InputError

    if a == b == "-":
        raise InputError("only one of the two scenarios can come from standard input")
    first, second = prepared(a, settings), prepared(b, settings)
    count, luck = run_size(first, worlds, seed)
    wanted = _known(on)
    with screen.progress(f"2 x {count:,} worlds") as report:
        from sim.comparison import compare as run_both

        found = run_both(first, second, count, luck, assumptions=assumptions.value, progress=report)
    if as_json:
        from sim.cli.document import comparison_document, put

        put(comparison_document(found, wanted))
        return
    from sim.cli.report import comparison_report

    comparison_report(screen.console(), found, wanted)


def _known(on: list[str] | None) -> list[str] | None:
    """The outcomes asked for, known before anything runs; None for all. Raises InputError."""
    from sim.errors import InputError, nearest
    from sim.outcomes import OUTCOMES

    for name in on or []:
        if name not in OUTCOMES:
            raise InputError("no such outcome", path="--on", value=name, nearest=nearest(name, OUTCOMES))
    return on or None
