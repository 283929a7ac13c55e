"""`jirga theories`: what the model without each mechanism says, and which findings survive them all."""

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options, screen
from sim.cli.run import prepared

if TYPE_CHECKING:
    from sim.analysis.theories import Theories

EXAMPLES = options.examples(
    "theories baseline",
    "theories all-5000-at-once --against baseline",
    "theories baseline --on talks_open --on attacks",
    "theories --list",
)


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("theories", epilog=EXAMPLES)(theories)


def theories(  # noqa: PLR0913, PLR0917  Typer needs one parameter per option
    scenario: Annotated[
        str, typer.Argument(metavar="[SCENARIO]", help="A name (see jirga list), a path, or - for stdin.")
    ] = "baseline",
    against: Annotated[
        str | None, typer.Option("--against", metavar="OTHER", help="Look at the effect against this scenario.")
    ] = None,
    on: Annotated[
        list[str] | None,
        typer.Option("--on", metavar="OUTCOME", help="Show only this outcome or milestone. May be repeated."),
    ] = None,
    worlds: Annotated[int | None, typer.Option("--worlds", "-w", help="How many worlds. [default: 128]")] = None,
    seed: options.Seed = None,
    settings: options.Settings = None,
    assumptions: options.Assume = options.DEFAULT_ASSUMPTIONS,
    listed: Annotated[bool, typer.Option("--list", help="List the mechanisms, and run nothing.")] = False,
    as_json: options.Json = False,
) -> None:
    """Switch off one mechanism of the model after the other, and say what that changes.

    Each rival theory is the model without one mechanism, over the same worlds with the same luck. With --against, say
    which effects of the scenario every theory agrees on.
    """
    if listed:
        _list(as_json=as_json)
        return
    if scenario == against == "-":
        from sim.errors import InputError

        raise InputError("only one of the two scenarios can come from standard input")
    chosen = prepared(scenario, settings)
    other = None if against is None else prepared(against, settings)
    with screen.progress("the model without each mechanism") as report:
        from sim.analysis.theories import WORLDS, compare_theories

        count = chosen.run.get("worlds", WORLDS) if worlds is None else worlds
        luck = chosen.run.get("seed", options.DEFAULT_SEED) if seed is None else seed
        found = compare_theories(
            chosen, other, count, luck, on=on or None, assumptions=assumptions.value, progress=report
        )
    _tell(found, as_json=as_json)


def _list(*, as_json: bool) -> None:
    """Print the mechanisms."""
    from sim.inputs.mechanisms import mechanisms

    if as_json:
        from sim.cli.document import fields, print_json

        print_json({name: fields(one, "name") for name, one in mechanisms().items()})
        return
    made = screen.table("Mechanisms", "!name", "without it", "theory")
    for one in mechanisms().values():
        made.add_row(one.name, one.without, one.theory)
    screen.console().print(made)


def _tell(found: "Theories", *, as_json: bool) -> None:
    """Print what was found."""
    if as_json:
        from sim.cli.document import print_json, theories_document

        print_json(theories_document(found))
    else:
        from sim.cli.theories_report import theories_report

        theories_report(screen.console(), found)
