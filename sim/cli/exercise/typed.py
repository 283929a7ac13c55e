"""What is typed at the table: the words of a line, whole numbers, values of levers, and the terms of an offer."""

import os
import re
import shlex
from collections.abc import Mapping
from typing import Final

from sim.errors import InputError
from sim.exercise.lever_terms import Bound
from sim.exercise.rounds import SHARE
from sim.schema import validation
from sim.schema.decisions import levers

TERM: Final = re.compile(r"(?P<lever>[^=<>]+)(?P<sign>>=|<=|==|=)(?P<value>[^=<>]+)")
SIGNS: Final[Mapping[str, Bound]] = {">=": "at least", "<=": "at most", "==": "exactly"}


def split(line: str) -> list[str]:
    """Return the words of a line up to a #; a quoted text is one word. Raises ValueError for an unclosed quote."""
    found = shlex.shlex(line, posix=True)
    found.whitespace_split = True
    if os.sep == "\\":
        found.escape = ""  # a backslash is part of paths
    return list(found)


def check_count(words: list[str], least: int, most: int, form: str) -> None:
    """Raise InputError unless a move has as many words as its form allows."""
    if not least <= len(words) <= most:
        raise InputError("not understood", value=" ".join(words), expected=form)


def whole(word: str, name: str) -> int:
    """Return a whole number. Raises InputError with the name of what it stands for."""
    value = validation.parse_scalar(word)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError("must be a whole number", path=name, value=word)
    return value


def value_of(lever: str, word: str) -> float | bool:
    """Return the value of a word: a number, yes or no, or a share in per cent, "40%" or "0.4". Raises InputError."""
    share = levers()[lever].unit == SHARE
    if word.endswith("%") and share:
        return validation.number(validation.parse_scalar(word.rstrip("%")), 0, 100, "per cent") / 100
    value = {"yes": True, "no": False}.get(word.lower(), validation.parse_scalar(word))
    if share and isinstance(value, int | float) and value > 1:
        raise InputError(
            "is a share: write it in per cent", path=lever, value=word, expected=f"0% to 100%, such as {word}%"
        )
    if not isinstance(value, bool | int | float):
        raise InputError("must be a number, or yes or no", value=word)
    return value
