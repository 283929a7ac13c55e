"""Errors about user input: one line that says where the problem is and what was expected.

A message contains the file, the dotted path, the value, what was expected and the nearest right name, as far as
each is known. It never contains a line break: text from a user is escaped and shortened.
"""

import datetime as dt
import difflib
from collections.abc import Iterable
from enum import Enum
from typing import Any, Final

LONGEST_PART: Final = 120  # characters of user input that a message repeats
JOINERS = "\u200c\u200d"  # invisible, but letters of a word: the zero-width non-joiner and joiner
LONGEST_PROBLEM: Final = 400  # characters of the sentence that says what is wrong
LARGEST_WHOLE: Final = 1e12  # a round number up to this is written without its ".0"

Expected = tuple[Any, Any] | tuple[Any, Any, str] | str


class Missing(Enum):
    """The type of MISSING, which means that there is no value; None could be a value."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


class JirgaError(Exception):
    """Base class of the errors that Jirga raises."""


class InputError(JirgaError):
    """A user's input is invalid.

    problem: what is wrong, as text; file: where it was read; path: the dotted name or position in the file;
    value: the invalid value; expected: (low, high), (low, high, unit) or text; nearest: the most similar right
    name. `str()` is one line. Can be pickled, so that a worker process can return it.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: object = None,
        path: str | None = None,
        value: Any = MISSING,
        expected: Expected | None = None,
        nearest: str | None = None,
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.file = None if file is None else str(file)
        self.path = path
        self.value = value
        self.expected = expected
        self.nearest = nearest

    def at(self, *, file: object = None, path: str | None = None) -> "InputError":
        """Return the same error with file and path added where it has none."""
        return InputError(
            self.problem,
            file=self.file if self.file is not None else file,
            path=self.path if self.path is not None else path,
            value=self.value,
            expected=self.expected,
            nearest=self.nearest,
        )

    def __str__(self) -> str:
        """One line, such as `x.toml: a.b = 7: out of bounds (expected 0 to 5 people); did you mean a.c?`."""
        parts = [] if self.file is None else [one_line(self.file, LONGEST_PROBLEM)]
        if self.path is not None:
            given = "" if self.value is MISSING else f" = {show(self.value)}"
            parts.append(one_line(self.path) + given)
        elif self.value is not MISSING:
            parts.append(show(self.value))
        parts.append(one_line(self.problem, LONGEST_PROBLEM))
        text = ": ".join(parts)
        if self.expected is not None:
            text += f" (expected {show_expected(self.expected)})"
        return text if self.nearest is None else f"{text}; did you mean {one_line(self.nearest)}?"


def one_line(text: str, longest: int = LONGEST_PART) -> str:
    """Return text without line breaks, control or invisible characters, cut to `longest` characters.

    Joiners stay: Dari and Pashto are not spelt right without them.
    """
    cut = text if len(text) <= longest else text[: longest - 3] + "..."
    return "".join(c if c.isprintable() or c in JOINERS else c.encode("unicode_escape").decode("ascii") for c in cut)


def show(value: Any) -> str:
    """Return a value as in a scenario file, on one line and shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, str):
        return f'"{one_line(value)}"'
    if isinstance(value, dict):
        return f"a table of {len(value)}"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    try:
        return one_line(str(value))
    except ValueError:  # Python does not print whole numbers of more than 4,300 digits
        return "a number of thousands of digits"


def show_expected(expected: Expected) -> str:
    """Return what is allowed, as text: "0 to 5000 people", "2020-03-01 to 2021-01-01"."""
    if isinstance(expected, str):
        return one_line(expected)
    low, high, *unit = (_short(part) for part in expected)
    words = f"{low} to {high}"
    return f"{words} {unit[0]}" if unit and unit[0] not in ("", "1") else words


def _short(part: Any) -> str:
    if isinstance(part, float) and part.is_integer() and abs(part) <= LARGEST_WHOLE:
        return str(int(part))
    return part if isinstance(part, str) else show(part)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the known name that is most similar to a wrong one, or None if none is similar.

    The whole dotted name is compared first, then its last part alone ("offer" finds "kabul.ghani.offer").
    """
    known = list(names)
    wanted = name[:LONGEST_PART].strip().lower()
    close = difflib.get_close_matches(wanted, known, n=1, cutoff=0.75)
    if close:
        return close[0]
    last: dict[str, str] = {}
    for other in known:
        last.setdefault(other.rpartition(".")[2], other)
    close = difflib.get_close_matches(wanted.rpartition(".")[2], list(last), n=1, cutoff=0.75)
    if close:
        return last[close[0]]
    close = difflib.get_close_matches(wanted, known, n=1, cutoff=0.6)
    return close[0] if close else None
