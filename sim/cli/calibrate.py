"""`jirga calibrate`: draw parameters from their ranges, and keep the sets with which the facts of the text hold."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import calibrate_coverage, options, screen

if TYPE_CHECKING:
    from rich.console import Console

    from sim.analysis.fact_sets.fact_set import FactSet
    from sim.inputs.posterior import Posterior

EXAMPLES = options.examples(
    "calibrate",
    "calibrate --kept 200 --processes 2",
    "calibrate --seed 7 --out sets.npz",
    "calibrate --json",
    "calibrate --processes 2 --replace",
    "calibrate --facts s6-killed --kept 200",
    "calibrate --facts mine.toml --out mine.npz",
    "calibrate --truths 200 --processes 2",
)
MOST_SHOWN = 15  # parameters on screen


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("calibrate", epilog=EXAMPLES)(calibrate)


def calibrate(  # noqa: PLR0913, PLR0917  Typer needs one parameter per option
    kept: Annotated[int | None, typer.Option("--kept", help="How many sets to keep. [default: 1000]")] = None,
    worlds: Annotated[
        int | None, typer.Option("--worlds", "-w", help="How many worlds each draw is tried in. [default: 16]")
    ] = None,
    seed: options.Seed = None,
    facts: options.Facts = options.DEFAULT_FACTS,
    processes: Annotated[int, typer.Option("--processes", help="How many processes run at once.")] = 1,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the sets to this new file.")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write the sets to where --assumptions facts reads them.")
    ] = False,
    truths: Annotated[
        int | None,
        typer.Option("--truths", help="Instead, test the method against so many known sets of parameters."),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Draw parameters from their ranges, and keep the sets with which the facts of the text hold.

    Each draw is run over the 45 days of the text's window in three scenarios, and kept if every fact holds (approximate
    Bayesian computation by rejection). A thousand sets come with Jirga, for --assumptions facts; no fact after 15 April
    2020 is used. With two processes it takes one to three minutes. With --facts other facts take the place of the
    text's, and --out says where the sets go: those that --assumptions facts reads are always the text's.
    """
    from sim.analysis.fact_sets.reader import read_fact_set
    from sim.errors import InputError
    from sim.inputs import posterior

    held = read_fact_set(facts)
    if replace and not held.standard:
        raise InputError("writes the sets of the text's facts: with --facts use --out FILE", path="--replace")

    if truths is not None:
        if kept is not None or out is not None or replace or not held.standard:
            raise InputError(
                "--truths tests the method and keeps no sets: use it without --kept, --facts, --out and --replace"
            )
        calibrate_coverage.run(truths, worlds, seed, processes, as_json=as_json)
        return
    if out is not None and replace:
        raise InputError("use either --out or --replace, not both")
    if out is not None and os.path.lexists(out):
        raise InputError("there is a file already; give a new name", file=str(out))
    target = posterior.FILE if replace else out
    if target is None:
        found = _found(kept, worlds, seed, processes, held)
    else:
        from sim.export.whole_file import claim_file

        with claim_file(target) as claimed:
            found = _found(kept, worlds, seed, processes, held)
            posterior.write_posterior(found, claimed)
    if as_json:
        from sim.cli.document import print_json

        print_json(document(found))
        return
    console = screen.console()
    report(console, found)
    if target is not None:
        console.print(f"Written to {screen.safe(str(target))}")


def _found(kept: int | None, worlds: int | None, seed: int | None, processes: int, facts: "FactSet") -> "Posterior":
    """The sets, found with a progress bar. Raises InputError."""
    with screen.progress("sets that meet the facts") as progress:
        from sim.analysis.calibration import KEPT, WORLDS
        from sim.analysis.calibration import calibrate as search

        return search(
            KEPT if kept is None else kept, WORLDS if worlds is None else worlds,
            options.DEFAULT_SEED if seed is None else seed, facts=facts, processes=processes,
            progress=progress,
        )  # fmt: skip


def document(found: "Posterior") -> dict[str, Any]:
    """The result as a document for JSON."""
    from dataclasses import asdict

    from sim.analysis.learned import learned
    from sim.schema.disclaimer import NOT_A_FORECAST

    return {
        "note": NOT_A_FORECAST,
        "made": asdict(found.made),
        "kept": found.draws,
        "parameters": [asdict(one) for one in learned(found)],
    }


def report(console: "Console", found: "Posterior") -> None:
    """Print how many draws met each fact, and which parameters the facts have moved."""
    from rich.table import Table

    from sim.analysis.learned import learned
    from sim.schema.disclaimer import NOT_A_FORECAST
    from sim.schema.formatting import interval, number, share

    made = found.made
    console.print(NOT_A_FORECAST)
    console.print(
        f"{found.draws:,} sets kept of {made.tried:,} draws, each tried in {made.worlds} worlds, seed {made.seed}"
        + ("" if made.facts == options.DEFAULT_FACTS else f", facts {screen.safe(made.facts)}")
    )
    table = Table(box=None, pad_edge=False, title="How many draws meet each fact, alone", title_justify="left")
    table.add_column("fact")
    table.add_column("draws", justify="right")
    for claim, met in made.met.items():
        table.add_row(claim, share(met / made.tried))
    console.print(table)
    every = learned(found)
    moved = [one for one in every if one.moved]
    console.print(f"\nThe facts moved {len(moved)} of {len(every)} parameters; of the others they say nothing.")
    if not moved:
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("parameter", "range", "90 % of the sets", "median"):
        table.add_column(heading)
    for one in moved[:MOST_SHOWN]:
        table.add_row(one.name, interval(one.low, one.high), interval(one.q05, one.q95), number(one.median))
    console.print(table)
