"""`jirga list`, `jirga show` and `jirga check`: list, show and check scenarios without running them."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import options, screen
from sim.schema import formatting

if TYPE_CHECKING:
    from rich.console import Console

    from sim.inputs.scenario import Scenario


def add_to(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.command("list", epilog=options.examples("list", "list --json"))(list_scenarios)
    app.command("show", epilog=options.examples("show baseline", "show free-run --toml > my-plan.toml"))(show)
    app.command("check", epilog=options.examples("check my-plan.toml", "check - < my-plan.toml"))(check)


def list_scenarios(as_json: options.Json = False) -> None:
    """List the scenarios that come with Jirga."""
    from sim.inputs.scenario_reader import load_scenario, scenario_names

    found = [load_scenario(name) for name in scenario_names()]
    if as_json:
        from sim.cli.document import print_json

        print_json([{"name": s.name, "title": s.title, "question": s.question, "hash": s.hash()} for s in found])
        return
    made = screen.table("Scenarios", "!name", "title")
    for scenario in found:
        made.add_row(scenario.name, scenario.title)
    screen.console().print(made)


def show(
    scenario: options.Scenario,
    toml: Annotated[bool, typer.Option("--toml", help="Print a complete scenario file without a base.")] = False,
    as_json: options.Json = False,
) -> None:
    """Show a scenario: its question, parameters and imposed levers."""
    from sim.errors import InputError
    from sim.inputs.scenario_reader import load_scenario

    if toml and as_json:
        raise InputError("use either --toml or --json, not both")
    found = load_scenario(scenario)
    if toml:
        typer.echo(found.to_toml(), nl=False)
    elif as_json:
        from sim.cli.document import print_json, scenario_document

        print_json(scenario_document(found))
    else:
        _describe(screen.console(), found)


def check(scenario: options.Scenario) -> None:
    """Check a scenario without running it: print ok and its hash, or an error."""
    from sim.inputs.scenario_reader import load_scenario

    found = load_scenario(scenario)
    typer.echo(f"ok {found.hash()} {screen.safe(found.title)}")


def _describe(console: "Console", scenario: "Scenario") -> None:
    """Print a scenario."""
    last = scenario.end - dt.timedelta(days=1)
    console.print(screen.safe(scenario.title), style="bold")
    for words in (scenario.question, " ".join(scenario.notes.split())):
        if words:
            console.print(screen.safe(words))
    console.print(f"{formatting.day(scenario.start)} to {formatting.day(last)}, {scenario.days} days")
    console.print(f"hash {scenario.hash()[:12]}")
    for label, names in (("based on sentences", scenario.rests_on), ("watch", scenario.watch)):
        if names:
            console.print(f"{label}: {', '.join(names)}")
    console.print()
    if scenario.parameters:
        console.print(_parameters(scenario))
    if scenario.interventions:
        console.print(_interventions(scenario))


def _parameters(scenario: "Scenario") -> Any:
    """The table of parameters that differ from their defaults."""
    from sim.inputs.parameters import catalogue

    made = screen.table("Parameters", "!name", ">value", "unit", ">default")
    for name, value in scenario.parameters.items():
        known = catalogue()[name]
        made.add_row(name, formatting.setting(value), known.unit, formatting.setting(known.value))
    return made


def _interventions(scenario: "Scenario") -> Any:
    """The table of imposed levers, with their days."""
    made = screen.table("Imposed", "lever, and why", ">value", ">from", ">until before")
    for one in scenario.interventions:
        start, until = one.within(scenario.start, scenario.end)
        lever = f"{one.lever}\n  {screen.safe(one.why)}" if one.why else one.lever
        made.add_row(lever, formatting.setting(one.value), formatting.day(start), formatting.day(until))
    return made
