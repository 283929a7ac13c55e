"""`jirga outcomes`: list everything that a run says about a world, with unit and how it is measured."""

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options, screen
from sim.schema import formatting

if TYPE_CHECKING:
    from sim.schema.outcomes import Outcome

EXAMPLES = options.examples("outcomes", "outcomes talks_open", "outcomes days_until_talks_open", "outcomes --json")


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("outcomes", epilog=EXAMPLES)(outcomes)


def outcomes(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Only outcomes with this in their names.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """List the outcomes of a world: names for --on, for `keep` in a plan, and of columns in tables."""
    found = _chosen(name)
    if as_json:
        from sim.cli.document import fields, print_json

        print_json([fields(one) for one in found])
        return
    made = screen.table("Outcomes", "name", "unit", "what it is")
    for one in found:
        made.add_row(one.name, formatting.unit_label(one.unit) or one.unit, f"{one.label}\n  {one.about}")
    screen.console().print(made)


def _chosen(name: str | None) -> "list[Outcome]":
    """The outcomes whose names contain some text, at least one. Raises InputError with the closest name."""
    from sim.errors import InputError, nearest
    from sim.schema.outcomes import OUTCOMES

    found = [one for one in OUTCOMES.values() if name is None or name in one.name]
    if not found:
        raise InputError("no such outcome", value=name, nearest=nearest(name or "", list(OUTCOMES)))
    return found
