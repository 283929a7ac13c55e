"""`jirga discover`: under which conditions the outcome of a study comes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import options, screen

if TYPE_CHECKING:
    from rich.console import Console

    from sim.study.discovery.discover import Discovery

EXAMPLES = options.examples(
    'discover results/levers --outcome "talks_open == 0"',
    'discover results/levers --outcome "days_until_talks_open > 2020-09-01" --scenario free-run',
    'discover results/levers --outcome "talks_open == 0" --also days_until_power_shared --check 5000',
    'discover results/levers --outcome "talks_open == 0 and attacks > 30000" --out no-talks.toml',
)
DEFAULT_CHECK = 1000


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("discover", epilog=EXAMPLES)(discover)


def discover(
    folder: Annotated[Path, typer.Argument(metavar="STUDY", help="The folder of a study that was run.")],
    outcome: Annotated[
        str, typer.Option("--outcome", metavar="CONDITION", help='What to explain, such as "talks_open == 0".')
    ],
    scenario: Annotated[
        str | None, typer.Option("--scenario", metavar="NAME", help="Which of its scenarios. [default: its reference]")
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option("--also", metavar="OUTCOME", help="An outcome that may explain, too. May be repeated."),
    ] = None,
    check: Annotated[
        int, typer.Option("--check", metavar="WORLDS", help="How many fresh worlds check it; 0 for none.")
    ] = DEFAULT_CHECK,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write a scenario that plays it to this new file.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Find the conditions under which an outcome of a study comes, as a few limits.

    They are limits on what the study varies and on margins, such as the Taliban's will to talk minus what attending
    needs. One half of the worlds chooses them, the other half and fresh worlds judge them. If there is nothing, it says
    so.
    """
    from sim.errors import InputError

    if out is not None and out.exists():
        raise InputError("there is a file already; give a new name", file=str(out))
    found = _found(folder, outcome, scenario, also, check)
    if out is not None and found.plays is not None:
        from sim.files.atomic_io import put

        put(out, found.plays.to_toml().encode())
    if as_json:
        from sim.cli.document import print_json

        print_json(document(found))
        return
    console = screen.console()
    report(console, found)
    if out is not None and found.plays is not None:
        console.print(f"Written to {screen.safe(str(out))}: jirga run {screen.safe(str(out))}")


def _found(folder: Path, outcome: str, scenario: str | None, also: list[str] | None, check: int) -> "Discovery":
    """Return what is found. Raises InputError, also for a plan that was not run."""
    from sim.errors import InputError
    from sim.study.folder import Folder

    if folder.suffix == ".toml":
        raise InputError("is a plan: run it first, with jirga study run PLAN --out DIR", file=str(folder))
    study = Folder.open(folder)
    with screen.progress("fresh worlds") as progress:
        from sim.study.discovery.discover import discover as search

        return search(study, outcome, scenario=scenario, also=options.split(also) or (), check=check, progress=progress)


def document(found: "Discovery") -> dict[str, Any]:
    """Return what was found as a document for JSON."""
    from sim.cli.document import fields
    from sim.schema.disclaimer import NOT_A_FORECAST
    from sim.study.discovery.sentences import sentences, tally_rows

    shares = ("base", "density", "coverage")
    limits = () if found.box is None else found.box.limits
    return {
        "note": NOT_A_FORECAST,
        "scenario": found.scenario.name,
        "hash": found.scenario.hash(),
        "outcome": found.condition.text,
        "worlds": found.rows,
        "with_outcome": found.hits,
        "found": found.found,
        "limits": [fields(one) | fields(found.features[one.name], "name", "whole") for one in limits],
        "counts": {
            words: fields(tally) | {name: getattr(tally, name) for name in shares} for words, tally in tally_rows(found)
        },
        "typical": None if found.typical is None else fields(found.typical),
        "surprising": None if found.surprising is None else fields(found.surprising),
        "plays": None if found.plays is None else found.plays.to_toml(),
        "candidates": list(found.features),
        "sentences": sentences(found),
    }


def report(console: "Console", found: "Discovery") -> None:
    """Print what was found: in sentences, the counts, and how to play a world."""
    from sim.schema.disclaimer import NOT_A_FORECAST
    from sim.schema.formatting import share
    from sim.study.discovery.sentences import sentences, tally_rows

    console.print(f"When does it come? {screen.safe(found.condition.text)}", style="bold")
    console.print(f"{found.rows:,} worlds of {screen.safe(found.scenario.name)}, {len(found.features)} candidates")
    console.print(NOT_A_FORECAST)
    console.print()
    for line in sentences(found):
        console.print(screen.safe(line))
    console.print()
    if not found.found:
        return
    made = screen.table("Counts", "counted over", ">worlds", ">inside", ">density", ">coverage", ">share of all")
    for words, tally in tally_rows(found):
        cells = (share(tally.density), share(tally.coverage), share(tally.base))
        made.add_row(words, f"{tally.rows:,}", f"{tally.box_rows:,}", *cells)
    console.print(made)
    console.print("density: share inside with the outcome; coverage: share of those with the outcome that are inside")
