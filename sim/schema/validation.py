"""Checks of the five types of a value: number, whole number, yes or no, date, choice.

A number is never accepted as a yes or no, nor the other way round; NaN and infinity are not accepted as numbers.
"""

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from sim.errors import JOINERS, InputError, nearest, show

Scalar = float | int | bool | str | dt.date

NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?(inf|nan)", re.IGNORECASE)
WHOLE: Final = re.compile(r"[+-]?\d{1,30}")
DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def as_python(value: Any) -> Any:
    """Return a NumPy scalar, or an array without axes, as a Python value; anything else unchanged."""
    if isinstance(value, np.ndarray) and not value.ndim:
        value = value[()]
    if isinstance(value, np.datetime64 | np.timedelta64):
        return value  # its Python value may be a number of nanoseconds
    return value.item() if isinstance(value, np.generic) else value


def number(value: Any, low: float, high: float, unit: str = "", *, whole: bool = False) -> float | int:
    """Return a finite number within [low, high]: a float, or an int if whole. -0.0 becomes 0.0.

    Raises InputError, to which the caller adds the file.
    """
    value, bounds = as_python(value), (low, high, unit)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"must be a number, not {kind_of(value)}", value=value, expected=bounds)
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError("must be a finite number", value=value, expected=bounds)
    if not low <= value <= high:
        raise InputError("out of bounds", value=value, expected=bounds)
    if not whole:
        return float(value) + 0.0
    if value != int(value):
        raise InputError("must be a whole number", value=value, expected=bounds)
    return int(value)


def boolean(value: Any) -> bool:
    """Return true or false. Raises InputError for anything else."""
    value = as_python(value)
    if not isinstance(value, bool):
        raise InputError(f"must be true or false, not {kind_of(value)}", value=value, expected="true or false")
    return value


def date(value: Any, low: dt.date | None = None, high: dt.date | None = None) -> dt.date:
    """Return a date without a time of day, within [low, high] where given. Raises InputError."""
    bounds = None if low is None or high is None else (low, high)
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        problem = f"must be a date such as 2020-03-10, not {kind_of(value)}"
        raise InputError(problem, value=value, expected=bounds)
    if bounds is not None and not bounds[0] <= value <= bounds[1]:
        raise InputError("out of bounds", value=value, expected=bounds)
    return value


def choice(value: Any, choices: Sequence[str]) -> str:
    """Return one of the choices. Raises InputError with the nearest one."""
    words = "one of " + ", ".join(choices)
    if not isinstance(value, str):
        raise InputError(f"must be text, not {kind_of(value)}", value=value, expected=words)
    if value not in choices:
        raise InputError("not a valid choice", value=value, expected=words, nearest=nearest(value, choices))
    return value


def text(value: Any, longest: int, *, lines: bool = False) -> str:
    """Return text of 1 to `longest` characters, on one line unless `lines` is true. Raises InputError."""
    bounds = f"1 to {longest} characters"
    if not isinstance(value, str):
        raise InputError(f"must be text, not {kind_of(value)}", value=value, expected=bounds)
    if not value.strip() or len(value) > longest:
        raise InputError("empty" if not value.strip() else "too long", value=value, expected=bounds)
    if not all(c.isprintable() or c in JOINERS or (lines and c in "\n\t\r") for c in value):
        raise InputError("must be plain text without line breaks or control characters", value=value)
    return value


def optional_text(value: Any, longest: int, *, lines: bool = False) -> str:
    """Return text of at most `longest` characters, which may be empty. Raises InputError as `text` does."""
    return value if isinstance(value, str) and not value else text(value, longest, lines=lines)


def is_list(value: Any) -> bool:
    """Whether a value is a list of some kind: not text or a table, through which Python goes as well."""
    one = isinstance(value, str | bytes | bytearray | Mapping) or getattr(value, "ndim", 1) == 0
    return isinstance(value, Iterable) and not one


def with_path(path: str, check: Any, *arguments: Any, **options: Any) -> Any:
    """Return the result of a check, and add the path to its error."""
    try:
        return check(*arguments, **options)
    except InputError as error:
        raise error.at(path=path) from None


def check_names(key: str, given: Any, known: Iterable[str], bounds: str) -> tuple[str, ...]:
    """Return the names if all are known and different. Raises InputError with the nearest name."""
    known = tuple(known)
    if not is_list(given):
        raise InputError(f"must be a list of names, not {kind_of(given)}", path=key, value=given, expected=bounds)
    given = tuple(given)
    for name in given:
        if not isinstance(name, str) or name not in known:
            hint = nearest(name, known) if isinstance(name, str) else None
            raise InputError("no such name", path=key, value=name, expected=bounds, nearest=hint)
    if len(set(given)) < len(given):
        raise InputError("contains a duplicate", path=key, value=next(n for n in given if given.count(n) > 1))
    return given


def table(given: Any, path: str) -> dict[str, Any]:
    """Return a TOML table. Raises InputError for anything else."""
    if not isinstance(given, dict):
        raise InputError(f"must be a table, not {kind_of(given)}", path=path, value=given)
    return given


def check_keys(tables: Mapping[str, Any], known: tuple[str, ...], prefix: str = "") -> None:
    """Raise InputError for an unknown key of a table, with the nearest key. prefix: the path of the table."""
    for key, value in tables.items():
        if key not in known:
            raise InputError("no such key", path=f"{prefix}{key}", value=value, nearest=nearest(key, known))


def check_required(tables: Mapping[str, Any], needed: tuple[str, ...], path: str) -> None:
    """Raise InputError for a required key that a table does not have."""
    for key in needed:
        if key not in tables:
            raise InputError(f"has no {key}; required: {', '.join(needed)}", path=path or key)


def parse_scalar(words: str) -> Scalar:
    """Parse a value of a command line or link: true, false, a number, a date, else text."""
    words = words.strip()
    if words.lower() in ("true", "false"):
        return words.lower() == "true"
    if WHOLE.fullmatch(words):
        return int(words)
    if NUMBER.fullmatch(words):
        return float(words)
    if DATE.fullmatch(words):
        try:
            return dt.date.fromisoformat(words)
        except ValueError:
            return words
    return words


def format_scalar(value: Scalar) -> str:
    """Return a value as a command line or a link gives it; `parse_scalar` reads the same value back."""
    return value if isinstance(value, str) else show(value)


def kind_of(value: Any) -> str:
    """Return the kind of a value, as text."""
    if isinstance(value, bool):
        return "true or false"
    if value is None:
        return "None"
    if isinstance(value, dt.datetime):
        return "a date with a time of day"
    kinds = {str: "text", dict: "a table", list: "a list", tuple: "a list", dt.date: "a date", dt.time: "a time of day"}
    for known, words in kinds.items():
        if isinstance(value, known):
            return words
    return "a number" if isinstance(value, int | float) else f"a {type(value).__name__}"
