"""The settings of a scenario by dotted name: parameters, and levers for the days on which they are imposed.

A parameter is part of an actor's own rules, a lever replaces its decision; no name is both.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np

from sim.errors import InputError, nearest
from sim.inputs import parameters
from sim.schema import validation
from sim.schema.decisions import Lever, levers


def is_lever(name: Any) -> bool:
    """Whether a dotted name is a lever."""
    return isinstance(name, str) and name in levers()


def is_parameter(name: Any) -> bool:
    """Whether a dotted name is a parameter."""
    return isinstance(name, str) and name in parameters.catalogue()


def validate(name: Any, value: Any) -> Any:
    """Return a value for a parameter or lever in its own type: a float, int, bool, date or one of its choices.

    Raises InputError with the name, the value, the bounds and the nearest right name.
    """
    if not isinstance(name, str):
        problem = f"must be the name of a lever or parameter, not {validation.kind_of(name)}"
        raise InputError(problem, path="name", value=name)
    if isinstance(value, np.ndarray):
        raise InputError("must be one value, not an array", path=name)
    try:
        if is_lever(name):
            return _for_lever(levers()[name], value)
        known = parameters.catalogue()
        if name in known:
            return known[name].check(value)
    except InputError as error:
        raise error.at(path=name) from None
    raise unknown_setting(name, value)


def unknown_setting(name: str, value: Any) -> InputError:
    """Return the error for a name that is neither, with the nearest known name."""
    inside = [known for known in _names() if known.startswith(f"{name}.")]
    if inside:
        return InputError("is a group; name a member", path=name, value=value, nearest=inside[0])
    close = nearest(name, _names())
    return InputError("no such lever or parameter", path=name, value=value, nearest=close)


def flatten(tables: Mapping[str, Any], prefix: str = "", *, marks: AbstractSet[str] = frozenset()) -> dict[str, Any]:
    """Return nested tables as one table of dotted names. Raises InputError for an empty table or a duplicate name.

    marks: keys that mark a table as a value rather than a group.
    """
    found: dict[str, Any] = {}
    for key, value in tables.items():
        name = prefix + key
        inner = {name: value}
        if isinstance(value, dict) and not _known(name) and not marks & value.keys():
            if not value:
                raise InputError("is empty", path=name, value=value)
            inner = flatten(value, f"{name}.", marks=marks)
        for leaf, given in inner.items():
            if leaf in found:
                raise InputError("given twice", path=leaf, value=given)
            found[leaf] = given
    return found


def _for_lever(lever: Lever, value: Any) -> float | bool:
    return validation.boolean(value) if lever.flag else validation.number(value, lever.low, lever.high, lever.unit)


def _known(name: str) -> bool:
    return is_lever(name) or is_parameter(name)


def _names() -> list[str]:
    return [*levers(), *parameters.catalogue()]
