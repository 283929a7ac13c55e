"""`jirga readings`: a run by the aims of each party, in one world or over many."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options, screen
from sim.cli.run import prepared

if TYPE_CHECKING:
    from sim.analysis.readings.readings import Reading
    from sim.results.results import Results

EXAMPLES = options.examples(
    "readings baseline --world 17",
    "readings all-5000-at-once --worlds 256",
    "readings baseline --world 17 --story story.html",
)
WORLDS = 256  # if not given


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("readings", epilog=EXAMPLES)(readings)


def readings(  # noqa: PLR0913, PLR0917  Typer needs one parameter per option
    scenario: options.Scenario,
    world: Annotated[int | None, typer.Option("--world", help="Read this world alone, with dates.")] = None,
    worlds: Annotated[int | None, typer.Option("--worlds", "-w", help="How many worlds. [default: 256]")] = None,
    seed: options.Seed = None,
    settings: options.Settings = None,
    without: options.Without = None,
    assumptions: options.Assume = options.DEFAULT_ASSUMPTIONS,
    story: Annotated[
        Path | None,
        typer.Option("--story", metavar="FILE", help="Also write the world as a page to print, with --world."),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Read a run as the United States, the Taliban, both camps in Kabul and the people on the ground read it.

    Each has its own aims, dated and with units. They are not added up, and nobody wins.
    """
    from sim.errors import InputError

    if world is not None and worlds is not None:
        raise InputError("give one world or a number of worlds, not both", path="worlds", value=worlds)
    if story is not None and world is None:
        raise InputError("a page to print is of one world: give --world", path="--story", value=str(story))
    chosen = prepared(scenario, settings, without=without)
    luck = chosen.run.get("seed", options.DEFAULT_SEED) if seed is None else seed
    if story is not None:
        from sim.export.world_story import check_new

        check_new(story)
    with screen.progress("readings") as report:
        from sim.analysis.readings.readings import read_run
        from sim.runs.runner import simulate

        first = 0 if world is None else world
        count = 1 if world is not None else WORLDS if worlds is None else worlds
        run = simulate(chosen, count, luck, first=first, assumptions=assumptions.value, progress=report)
        found = read_run(run)
    if story is not None:
        from sim.export.world_story import write_story

        write_story(story, chosen, first, luck, assumptions.value)
    _tell(run, found, story, as_json=as_json)


def _tell(run: "Results", found: "tuple[Reading, ...]", story: Path | None, *, as_json: bool) -> None:
    """Print the readings."""
    if as_json:
        from sim.cli.document import print_json, readings_document

        print_json(readings_document(run, found))
        return
    from sim.analysis.readings.words import NO_WINNER, came, wanted
    from sim.schema.disclaimer import NOT_A_FORECAST

    console = screen.console()
    where = f"world {run.first}" if run.worlds == 1 else f"{run.worlds:,} worlds"
    console.print(f"Readings: {screen.safe(run.scenario.title)}", style="bold")
    name = screen.safe(run.scenario.name) or "unnamed"
    console.print(f"{where}, seed {run.seed}; {name}, hash {run.scenario.hash()[:12]}")
    console.print(NOT_A_FORECAST)
    console.print()
    console.print(NO_WINNER)
    for one in found:
        console.print()
        console.print(one.reader.label, style="bold")
        console.print(one.reader.about)
        for verdict in one.verdicts:
            console.print(f"- {verdict.aim.text} ({verdict.aim.rests_on})")
            console.print(f"  wanted: {wanted(verdict)}")
            console.print(f"  {came(verdict)}")
    if story is not None:
        console.print()
        console.print(f"Written: {story}", soft_wrap=True)
