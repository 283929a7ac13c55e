"""Arguments of the Python interface: what means the same is accepted, anything else is refused by its name.

A file has only the types of TOML, which `validation` checks. A caller in Python may also give the numbers of NumPy, the
dates of pandas, paths, and lists of any kind, each of which is read once.
"""

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from sim.errors import InputError, nearest
from sim.schema import validation

T = TypeVar("T")


def plain(value: Any) -> Any:
    """Return a NumPy scalar as a Python value, and a date and time at midnight as a date; anything else unchanged."""
    value = validation.as_python(value)
    if isinstance(value, np.datetime64):
        whole = value == value.astype("datetime64[D]")  # False for NaT
        return value.astype("datetime64[D]").item() if whole else value
    if isinstance(value, dt.datetime):
        after = (value.hour, value.minute, value.second, value.microsecond, getattr(value, "nanosecond", 0))
        return value if any(after) or value.tzinfo else value.date()
    return value


def whole(name: str, value: Any, low: int, high: int, unit: str = "") -> int:
    """Return a whole number within [low, high]: an int, or NumPy's. Raises InputError, also for 1.0 and true."""
    value = plain(value)
    if isinstance(value, float):
        raise InputError("must be a whole number", path=name, value=value, expected=(low, high, unit))
    return int(validation.with_path(name, validation.number, value, low, high, unit, whole=True))


def date(name: str, value: Any) -> dt.date:
    """Return a date: of Python, NumPy or pandas, without a time of day. Raises InputError."""
    found: dt.date = validation.with_path(name, validation.date, plain(value))
    return found


def text(name: str, value: Any, expected: str = "text") -> str:
    """Return text. Raises InputError for anything else, and for half of a surrogate pair, which is no character."""
    found = instance(name, value, str, expected)
    if not found.isascii() and any("\ud800" <= c <= "\udfff" for c in found):
        raise InputError("contains a character that cannot be stored", path=name, value=value, expected=expected)
    return found


def flag(name: str, value: Any) -> bool:
    """Return true or false: of Python or NumPy. Raises InputError for anything else, 0 and 1 included."""
    return bool(validation.with_path(name, validation.boolean, plain(value)))


def word(name: str, value: Any, known: Iterable[str]) -> str:
    """Return one of the known words. Raises InputError with the nearest one."""
    found: str = validation.with_path(name, validation.choice, value, tuple(known))
    return found


def path(name: str, value: Any) -> Path:
    """Return the path of a file or folder, given as text or as a path. Raises InputError."""
    expected = "a path, as text or as pathlib.Path"
    if not isinstance(value, str | os.PathLike):
        raise InputError(f"must be a path, not {validation.kind_of(value)}", path=name, value=value, expected=expected)
    found = os.fspath(value)
    if not found:
        raise InputError("empty", path=name, value=value, expected=expected)
    try:
        possible = isinstance(found, str) and "\0" not in found and bool(os.fsencode(found))
    except UnicodeEncodeError:
        possible = False
    if not possible:
        raise InputError("cannot be the name of a file", path=name, value=value, expected=expected)
    return Path(found)


def items(name: str, value: Any, expected: str) -> tuple[Any, ...]:
    """Return the items of a list of any kind, a generator included. Raises InputError for text, a table and a number.

    expected: what the list contains, such as "scenarios".
    """
    if not validation.is_list(value):
        problem = f"must be a list, not {validation.kind_of(value)}"
        raise InputError(problem, path=name, value=value, expected=f"a list of {expected}")
    return tuple(value)


def table(name: str, value: Any, expected: str) -> dict[str, Any]:
    """Return a mapping whose keys are text. Raises InputError. expected: such as "values by name"."""
    if not isinstance(value, Mapping):
        raise InputError(f"must be a table, not {validation.kind_of(value)}", path=name, value=value, expected=expected)
    found = dict(value)
    for key in found:
        if not isinstance(key, str):
            raise InputError("has a key that is not text", path=name, value=key, expected=expected)
    return found


def instance(name: str, value: Any, kind: type[T], expected: str) -> T:
    """Return a value of a type. Raises InputError for anything else. expected: how to get one."""
    if not isinstance(value, kind):
        raise InputError(f"must be {expected}, not {validation.kind_of(value)}", path=name, value=value)
    return value


def callback(name: str, value: T) -> T:
    """Return a function, or None. Raises InputError for anything else."""
    if value is not None and not callable(value):
        problem = f"must be a function or None, not {validation.kind_of(value)}"
        raise InputError(problem, path=name, value=value)
    return value


def known(name: str, value: Any, names: Iterable[str], problem: str) -> str:
    """Return a name that is in `names`. Raises InputError with the problem and the nearest name."""
    names = tuple(names)
    if not isinstance(value, str):
        raise InputError(f"must be a name, not {validation.kind_of(value)}", path=name, value=value)
    if value not in names:
        raise InputError(problem, path=value, nearest=nearest(value, names))
    return value
