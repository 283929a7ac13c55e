"""`jirga why`: what an event rests on, tested by running the same worlds again without one factor after the other."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import options, screen
from sim.cli.run import prepared

if TYPE_CHECKING:
    from sim.analysis.causes.answer import Answer
    from sim.inputs.scenario import Scenario

EXAMPLES = options.examples(
    "why baseline --about talks_open",
    "why baseline --about talks_open --world 17",
    "why baseline --about kabul.ghani.offer --world 17",
    "why all-5000-at-once --about talks_open --against baseline",
    "why baseline --about power_shared --factors patron,bandwagon,us.aid_cut",
    "why baseline --list",
)


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("why", epilog=EXAMPLES)(why)


def why(  # noqa: PLR0913, PLR0917  Typer needs one parameter per option
    scenario: options.Scenario,
    about: Annotated[
        str,
        typer.Option("--about", metavar="NAME", help="A milestone, such as decree; with --world also a lever."),
    ] = "talks_open",
    world: Annotated[int | None, typer.Option("--world", help="Explain this world alone, with dates.")] = None,
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="OTHER", help="Explain the difference from this scenario, part by part."),
    ] = None,
    factors: Annotated[
        list[str] | None,
        typer.Option(
            "--factors", metavar="NAMES", help="Test only these factors or groups, separated by commas; see --list."
        ),
    ] = None,
    worlds: Annotated[int | None, typer.Option("--worlds", "-w", help="How many worlds. [default: 48]")] = None,
    seed: options.Seed = None,
    settings: options.Settings = None,
    without: options.Without = None,
    assumptions: options.Assume = options.DEFAULT_ASSUMPTIONS,
    listed: Annotated[
        bool, typer.Option("--list", help="List the factors that can be tested, and run nothing.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Say why a milestone comes or never comes, by taking possible causes away under the same luck.

    Factors are what the scenario imposes, the mechanisms of the model, and, if named, what each actor decides by its
    own rule. Sentences come first, then a table of the factors. docs/why.md defines every test.
    """
    from sim.inputs import setting_names

    if scenario == against == "-":
        from sim.errors import InputError

        raise InputError("only one of the two scenarios can come from standard input")
    chosen = prepared(scenario, settings, without=without)
    other = None if against is None else prepared(against, settings, without=without)
    names = options.split(factors)
    if listed:
        _list(chosen, other, as_json=as_json)
        return
    luck = chosen.run.get("seed", options.DEFAULT_SEED) if seed is None else seed
    if setting_names.is_lever(about):
        _tell_decision(chosen, about, world, luck, assumptions, as_json=as_json)
        return
    if world is None and worlds is None:
        worlds = chosen.run.get("worlds")
    given: dict[str, Any] = {"world": world, "against": other, "factors": names, "worlds": worlds, "seed": luck}
    with screen.progress("the same worlds without factors") as report:
        from sim.analysis.causes.why import why as answer_to

        found = answer_to(chosen, about, **given, assumptions=assumptions.value, progress=report)
    _tell(found, as_json=as_json)


def _tell_decision(
    scenario: "Scenario", lever: str, world: int | None, seed: int, assumptions: options.Assumptions, *, as_json: bool
) -> None:
    """Print why a lever changed in one world. Raises InputError."""
    from sim.analysis.reasons.record import reasons
    from sim.errors import InputError

    if world is None:
        raise InputError("is a decision, not a milestone: give --world, for its reasons in one world", path=lever)
    record = reasons(scenario, world, seed, assumptions=assumptions.value)
    found = record.changes(lever)
    if as_json:
        from sim.cli.document import print_json, reasons_document

        print_json(reasons_document(record, found))
    else:
        from sim.cli.why_report import reasons_report

        reasons_report(screen.console(), record, found)


def _list(scenario: "Scenario", against: "Scenario | None", *, as_json: bool) -> None:
    """Print the factors that can be tested. Raises InputError."""
    from sim.analysis.causes.factor_list import differences, factors_of

    found = factors_of(scenario) if against is None else differences(scenario, against)
    if as_json:
        from sim.cli.document import factors_document, print_json

        print_json(factors_document(found.values()))
    else:
        from sim.cli.why_report import factor_table

        screen.console().print(factor_table(found.values()))


def _tell(found: "Answer", *, as_json: bool) -> None:
    """Print the answer."""
    if as_json:
        from sim.cli.document import print_json, why_document

        print_json(why_document(found))
    else:
        from sim.cli.why_report import why_report

        why_report(screen.console(), found)
