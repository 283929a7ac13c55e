"""Reading parameters.toml: one table per parameter; tables without a label are groups."""

import datetime as dt
import keyword
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError, nearest, show
from sim.files.toml_reader import read_toml
from sim.inputs.facts import SENTENCES
from sim.inputs.parameter import KINDS, Parameter
from sim.schema import validation

LARGEST: Final = 1e12  # the largest absolute value of a bound
PAIR: Final = 2  # number of ends of bounds and ranges
NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
KEYS: Final = (
    "label",
    "value",
    "unit",
    "bounds",
    "range",
    "kind",
    "reason",
    "source",
    "date",
    "formula",
    "whole",
    "choices",
)
NEEDED: Final = {
    "stated": ("value", "source"),
    "derived": ("formula",),
    "sourced": ("value", "source", "date"),
    "assumed": ("value", "reason"),
}


def read_parameters(path: Path) -> dict[str, Parameter]:
    """Return the parameters of a file by dotted name, in its order. Raises InputError for any invalid entry."""
    return {name: read_parameter(name, table) for name, table in _leaves(read_toml(path, file=path.name), "")}


def _leaves(tables: dict[str, Any], prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every table that has a label, with its dotted name."""
    for key, table in tables.items():
        name = prefix + key
        if not NAME.fullmatch(key) or keyword.iskeyword(key):
            raise InputError("a name must be lower-case letters, digits and _, and not a Python keyword", path=name)
        if not isinstance(table, dict) or not table:
            raise InputError("a group may only contain parameters, each a table with a label", path=name, value=table)
        if isinstance(table.get("label"), str):
            yield name, table
        else:
            yield from _leaves(table, name + ".")


def read_parameter(name: str, table: dict[str, Any]) -> Parameter:
    """Return one parameter from its table. Raises InputError with the dotted path of the wrong entry."""
    _check_keys(name, table)
    kind = table["kind"]
    type_ = _type(table)
    choices = _part(name, "choices", _choices, table["choices"]) if type_ == "choice" else ()
    bounds = _part(name, "bounds", _bounds, table["bounds"], type_) if "bounds" in table else None
    found = Parameter(
        name=name,
        label=_part(name, "label", validation.text, table["label"], 80),
        value=None,
        type=type_,
        unit=_part(name, "unit", validation.text, table["unit"], 40) if "unit" in table else _unit(type_),
        bounds=bounds,
        range=None,
        choices=choices,
        kind=kind,
        reason=_words(name, "reason", table, 600),
        source=_words(name, "source", table, 200),
        date=_published(name, table),
        formula=_words(name, "formula", table, 500),
    )
    if kind == "stated" and not any(word in SENTENCES for word in re.findall(r"\w+", found.source)):
        raise InputError("must name a sentence, S1 to S17", path=f"{name}.source", value=found.source)
    return _filled(found, table)


def _filled(found: Parameter, table: dict[str, Any]) -> Parameter:
    """Return the parameter with its value and range, both checked against its type and bounds."""
    fields = dict(found.__dict__)
    if "value" in table:
        fields["value"] = _part(found.name, "value", found.check, table["value"])
    if "range" in table:
        fields["range"] = _range(found, table["range"])
        if fields["value"] is not None and not _inside(fields["value"], fields["range"], found.type):
            shown = " to ".join(show(part) for part in fields["range"])
            raise InputError("outside its own range", path=f"{found.name}.value", value=fields["value"], expected=shown)
    return Parameter(**fields)


def _check_keys(name: str, table: dict[str, Any]) -> None:
    for key, value in table.items():
        if key not in KEYS:
            raise InputError("no such key", path=f"{name}.{key}", value=value, nearest=nearest(key, KEYS))
    for key in ("label", "kind"):
        if key not in table:
            raise InputError(f"has no {key}", path=name)
    kind = _part(name, "kind", validation.choice, table["kind"], KINDS)
    if ("formula" if kind != "derived" else "value") in table:
        raise InputError("the kind derived needs a formula, every other kind a value", path=name)
    for key in _needed(kind, _type(table)):
        if key not in table:
            raise InputError(f"is {kind} and has no {key}", path=name)


def _needed(kind: str, type_: str) -> tuple[str, ...]:
    """Return the keys that a parameter of this kind and type requires."""
    numeric = ("unit", "bounds") if type_ in ("float", "int") else ()
    ranged = ("range",) if kind == "assumed" and type_ not in ("bool", "choice") else ()
    return NEEDED[kind] + numeric + ranged


def _type(table: dict[str, Any]) -> str:
    """Return the type that a table's keys and value imply."""
    value = table.get("value")
    if "choices" in table or isinstance(value, str):
        if "choices" not in table:
            raise InputError("text needs choices", path="value", value=value)
        return "choice"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, dt.date):
        return "date"
    return "int" if table.get("whole") is True else "float"


def _unit(type_: str) -> str:
    return {"bool": "yes/no"}.get(type_, type_)


def _part(name: str, key: str, check: Any, *arguments: Any) -> Any:
    """Return the result of a check of one key, and add the path of the key to its error."""
    try:
        return check(*arguments)
    except InputError as error:
        place = f"{name}.{key}"
        raise InputError(
            error.problem, path=place, value=error.value, expected=error.expected, nearest=error.nearest
        ) from None


def _words(name: str, key: str, table: dict[str, Any], longest: int) -> str:
    words: str = _part(name, key, validation.text, table[key], longest) if key in table else ""
    return words


def _published(name: str, table: dict[str, Any]) -> str:
    """Return a source's date: a TOML date, or text for a year or a month."""
    given = table.get("date", "")
    if isinstance(given, dt.date) and not isinstance(given, dt.datetime):
        return given.isoformat()
    if given != "" and not (isinstance(given, str) and re.fullmatch(r"\d{4}(-\d{2}){0,2}", given)):
        raise InputError("must be a date, or text such as 2020 or 2020-03", path=f"{name}.date", value=given)
    return str(given)


def _choices(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not given or len(set(map(str, given))) < len(given):
        raise InputError("must be a list of different words", value=given)
    return tuple(validation.text(word, 40) for word in given)


def _bounds(given: Any, type_: str) -> tuple[Any, Any]:
    """Return the lowest and the highest value, in that order."""
    if type_ in ("bool", "choice"):
        raise InputError(f"a {type_} has no bounds", value=given)
    if not isinstance(given, list) or len(given) != PAIR:
        raise InputError("must be a list of two", value=given)
    low, high = map(validation.date if type_ == "date" else _far, given)
    if not low < high:
        raise InputError("the first must be the smaller one", value=given)
    return low, high


def _far(value: Any) -> Any:
    return validation.number(value, -LARGEST, LARGEST)


def _range(found: Parameter, given: Any) -> tuple[Any, ...]:
    """Return a range within the bounds: two numbers or dates in order, or a list of words or of true and false."""
    ordered = found.type not in ("bool", "choice")
    if not isinstance(given, list) or not given or (ordered and len(given) != PAIR):
        raise InputError("must be a list of two", path=f"{found.name}.range", value=given)
    parts = tuple(_part(found.name, "range", found.check, part) for part in given)
    if ordered and parts[0] > parts[1]:
        problem = "the first must be the smaller one"
        raise InputError(problem, path=f"{found.name}.range", value=f"{parts[0]} to {parts[1]}")
    return parts


def _inside(value: Any, allowed: tuple[Any, ...], type_: str) -> bool:
    return value in allowed if type_ in ("bool", "choice") else bool(allowed[0] <= value <= allowed[1])
