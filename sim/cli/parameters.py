"""`jirga parameters`: list all parameters and levers, with unit, bounds and source."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import options, screen
from sim.schema import formatting

if TYPE_CHECKING:
    from sim.inputs.parameter import Parameter
    from sim.schema.decisions import Lever

EXAMPLES = options.examples(
    "parameters",
    "parameters taliban",
    "parameters taliban.leverage",
    "parameters --kind assumed",
    "parameters --kind lever",
)


class Kind(StrEnum):
    """The source of a value; a lever has none, because an actor decides it."""

    stated = "stated"
    derived = "derived"
    sourced = "sourced"
    assumed = "assumed"
    lever = "lever"


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("parameters", epilog=EXAMPLES)(parameters)


def parameters(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="A name or a group of names.")] = None,
    kind: Annotated[Kind | None, typer.Option("--kind", help="Only those of this kind.")] = None,
    as_json: options.Json = False,
) -> None:
    """List parameters and levers, or show all details of one."""
    found = _chosen(name, kind)
    if as_json:
        from sim.cli.document import print_json

        print_json([_record(one) for one in found])
    elif name is not None and len(found) == 1 and found[0].name == name:
        _tell(found[0])
    else:
        _list(found)


def _chosen(name: str | None, kind: Kind | None) -> "list[Parameter | Lever]":
    """The matching parameters and levers, at least one. Raises InputError with the closest name."""
    from sim.errors import InputError, nearest
    from sim.inputs.parameters import catalogue
    from sim.schema.decisions import levers

    known: dict[str, Any] = {**catalogue(), **levers()}
    if name is not None and not any(_under(one, name) for one in known):
        groups = {".".join(one.split(".")[:depth]) for one in known for depth in range(1, one.count(".") + 1)}
        raise InputError(
            "no such parameter, lever or group", value=name, nearest=nearest(name, [*known, *sorted(groups)])
        )
    found = [one for one in known.values() if name is None or _under(one.name, name)]
    found = [one for one in found if kind is None or _kind(one) == kind.value]
    if not found:
        raise InputError(f"no parameter of kind {kind.value if kind else ''} in this group", value=name)
    return found


def _under(name: str, group: str) -> bool:
    """Whether a name is this name or is in this group."""
    return name == group or name.startswith(f"{group}.")


def _kind(one: Any) -> str:
    return str(getattr(one, "kind", Kind.lever.value))


def _record(one: Any) -> dict[str, Any]:
    """One parameter or lever as a record."""
    from sim.cli.document import fields

    return fields(one) | {"kind": _kind(one)}


def _list(found: "list[Parameter | Lever]") -> None:
    """Print a table, one row per parameter or lever."""
    made = screen.table("Parameters and levers", "name", "!value", "kind")
    for one in found:
        made.add_row(f"{one.name}\n  {one.label}", f"{_value(one)}\n{formatting.unit_label(one.unit)}", _kind(one))
    console = screen.console()
    console.print(made)
    console.print("All details of one: jirga parameters NAME")


def _value(one: Any) -> str:
    """The value as text: of a derived parameter the result of its formula, of a lever "decided"."""
    if _kind(one) == Kind.lever.value:
        return "decided"
    if one.value is None:
        from sim.inputs.parameters import ParameterSet

        return formatting.setting(ParameterSet.resolve({})[one.name])
    return formatting.setting(one.value)


def _tell(one: Any) -> None:
    """Print all details of one parameter or lever."""
    lever = _kind(one) == Kind.lever.value
    bounds = (one.low, one.high) if lever else one.bounds
    lines = {
        "value": _value(one),
        "unit": formatting.unit_label(one.unit),
        "bounds": _span(bounds),
        "range": "" if lever else _span(one.range),
        "choices": "" if lever else ", ".join(one.choices),
        "kind": _kind(one),
        "formula": "" if lever else one.formula,
        "reason": one.about if lever else one.reason,
        "source": one.rests_on if lever else " ".join(part for part in (one.source, one.date) if part),
    }
    console = screen.console()
    console.print(one.name, style="bold")
    console.print(one.label)
    made = screen.table("", "!", "")
    made.show_header = False
    for label, words in lines.items():
        if words:
            made.add_row(label, words)
    console.print(made)


def _span(ends: Any) -> str:
    """Bounds or a range as text."""
    if not ends:
        return ""
    if all(isinstance(end, str) for end in ends):
        return ", ".join(ends)
    return f"{formatting.setting(ends[0])} to {formatting.setting(ends[-1])}"
