"""`jirga cliffs`: find settings of which a small step changes the share of worlds that reach a milestone by much."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options, screen
from sim.cli.run import prepared, run_size

if TYPE_CHECKING:
    from sim.analysis.cliff_results import Cliffs
    from sim.inputs.scenario import Scenario

EXAMPLES = options.examples(
    "cliffs",
    "cliffs free-run --worlds 64 --seed 7",
    "cliffs --parameters taliban --on talks_open",
    "cliffs --levers kabul.ghani.offer --levers us --json",
    "cliffs --parameters all --csv > cliffs.csv",
    "cliffs --out results/cliffs",
)
ALL = "all"
SHOWN = 30  # largest number of rows on screen


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("cliffs", epilog=EXAMPLES)(cliffs)


def cliffs(  # noqa: PLR0913, PLR0917  Typer needs one parameter per option
    scenario: Annotated[
        str, typer.Argument(metavar="[SCENARIO]", help="A name (see jirga list), a path, or - for stdin.")
    ] = "baseline",
    worlds: Annotated[int | None, typer.Option("--worlds", "-w", help="How many worlds. [default: 256]")] = None,
    seed: options.Seed = None,
    settings: options.Settings = None,
    parameters: Annotated[
        list[str] | None,
        typer.Option("--parameters", metavar="NAME", help="Only this parameter or group, or all. May be repeated."),
    ] = None,
    levers: Annotated[
        list[str] | None,
        typer.Option("--levers", metavar="NAME", help="Only this lever or group, or all. May be repeated."),
    ] = None,
    on: Annotated[
        list[str] | None,
        typer.Option("--on", metavar="MILESTONE", help="Look only at this milestone. May be repeated."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write tables, charts and a page to this new folder.")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print only the table as CSV on stdout.")] = False,
    as_json: options.Json = False,
) -> None:
    """Find settings of which a small step changes a headline result by much.

    Each uncertain parameter is moved by a tenth of its plausible range either way; each lever is imposed for the whole
    run at every twentieth of its range; everything else and the luck of each world stay the same. A change of the share
    of worlds by at least 10 points (parameters) or 25 points (levers) is marked. With --parameters or --levers, only
    what they name is changed. All settings take five to ten minutes with 256 worlds.
    """
    from sim.analysis.cliff_sweeps import WORLDS
    from sim.errors import InputError

    if as_csv and as_json:
        raise InputError("use either --csv or --json, not both")
    chosen = prepared(scenario, settings)
    count, luck = run_size(chosen, chosen.run.get("worlds", WORLDS) if worlds is None else worlds, seed)
    wanted = {"parameters": _named(parameters, levers), "levers": _named(levers, parameters), "on": on or None}
    _check_names(chosen, wanted)
    if out is None:
        found = _found(chosen, count, luck, wanted)
    else:
        from sim.export.cliff_folder import claim_new, write_cliffs

        with claim_new(out) as target:
            chosen.to_toml()  # raises what would keep the scenario from being written
            found = _found(chosen, count, luck, wanted)
            write_cliffs(found, target)
    _tell(found, out, as_csv=as_csv, as_json=as_json)


def _named(given: list[str] | None, other: list[str] | None) -> list[str] | None:
    """The names of one option: None for all; none if only the other option is given."""
    if given:
        return None if ALL in given else given
    return [] if other else None


def _check_names(scenario: "Scenario", wanted: dict[str, list[str] | None]) -> None:
    """Check the names before the libraries of a run are loaded. Raises InputError."""
    from sim.analysis.cliff_sweeps import lever_sweeps, parameter_sweeps

    parameter_sweeps(scenario, wanted["parameters"])
    lever_sweeps(wanted["levers"])


def _found(scenario: "Scenario", worlds: int, seed: int, wanted: dict[str, list[str] | None]) -> "Cliffs":
    """The results of a search, with a progress bar. Raises InputError."""
    with screen.progress(f"each setting over {worlds:,} worlds") as report:
        from sim.analysis.cliffs import find_cliffs

        return find_cliffs(
            scenario, worlds, seed, parameters=wanted["parameters"], levers=wanted["levers"], on=wanted["on"],
            progress=report,
        )  # fmt: skip


def _tell(found: "Cliffs", out: Path | None, *, as_csv: bool, as_json: bool) -> None:
    """Print the results."""
    if as_csv:
        from sim.export.cliff_folder import csv_text

        typer.echo(csv_text(found.table()), nl=False)
    elif as_json:
        from sim.cli.document import cliffs_document, print_json

        print_json(cliffs_document(found))
    else:
        from sim.cli.cliff_report import cliff_report

        console = screen.console()
        cliff_report(console, found, SHOWN)
        if out is not None:
            console.print(f"Written to {screen.safe(str(out))}")
