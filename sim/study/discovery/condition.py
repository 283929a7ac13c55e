"""A condition on the outcomes of a world, such as `talks_open == 0 and attacks > 30000`."""

import datetime as dt
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.errors import InputError, nearest
from sim.schema import arguments, validation
from sim.schema.outcomes import DAY, DAYS_UNTIL, OUTCOMES, REACHED, Outcome

Array = npt.NDArray[Any]

OPERATORS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "==": operator.eq, "!=": operator.ne, "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt,
}  # fmt: skip
FORM: Final = 'such as "talks_open == 0" or "attacks > 30000 and power_shared == 1"'
LONGEST: Final = 300  # characters
MOST: Final = 5  # terms
_TERM: Final = re.compile(r"([A-Za-z_]\w*)\s*(==|!=|<=|>=|<|>)\s*(\S+)")
_AND: Final = re.compile(r"\s+and\s+")


@dataclass(frozen=True)
class Term:
    """One comparison. outcome: its name; value: in its unit."""

    outcome: str
    sign: str
    value: float


@dataclass(frozen=True)
class Condition:
    """Terms that must all hold. text: as given."""

    text: str
    terms: tuple[Term, ...]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The names of the outcomes that it reads, each once."""
        return tuple(dict.fromkeys(one.outcome for one in self.terms))

    def holds(self, outcomes: Mapping[str, Array]) -> Array:
        """Return whether it holds in each world, bool (rows,). outcomes: (rows,) by name."""
        found = [OPERATORS[one.sign](outcomes[one.outcome], one.value) for one in self.terms]
        return np.logical_and.reduce(found)


def read_condition(
    text: str, kept: Sequence[str], start: dt.date, records: Mapping[str, Outcome] = OUTCOMES
) -> Condition:
    """Return a condition on outcomes that a study has kept. records: of all outcomes that there are, by name.

    A milestone's name alone means whether it is reached, 1 or 0; a date, for `days_until_*`, means the days from the
    start to it. Raises InputError for anything else, with the nearest right name.
    """
    arguments.text("outcome", text, FORM)
    if len(text) > LONGEST:
        raise InputError("too long", path="outcome", value=text, expected=f"at most {LONGEST} characters")
    parts = _AND.split(text.strip())
    if len(parts) > MOST:
        raise InputError("too many conditions", path="outcome", value=text, expected=f"at most {MOST}, joined by and")
    return Condition(text.strip(), tuple(_term(part, tuple(kept), start, records) for part in parts))


def _term(part: str, kept: Sequence[str], start: dt.date, records: Mapping[str, Outcome]) -> Term:
    """Return one comparison. Raises InputError."""
    match = _TERM.fullmatch(part.strip())
    if match is None:
        raise InputError("is no condition", path="outcome", value=part, expected=FORM)
    name, sign, value = match.groups()
    outcome = _known(name, kept, records)
    return Term(outcome, sign, _number(records[outcome], validation.parse_scalar(value), start))


def _known(name: str, kept: Sequence[str], records: Mapping[str, Outcome]) -> str:
    """Return the name of an outcome that is kept. Raises InputError."""
    found = name if name in records else REACHED + name
    if found not in records:
        names = [*records, *(one.removeprefix(REACHED) for one in records)]
        raise InputError("no such outcome", path="outcome", value=name, nearest=nearest(name, names))
    if found.startswith(DAY):
        better = DAYS_UNTIL + found.removeprefix(DAY)
        raise InputError("is empty in worlds that never get there", path="outcome", value=name, nearest=better)
    if found not in kept:
        shown = nearest(found, kept)
        raise InputError("is not kept in this study", path="outcome", value=name, nearest=shown)
    return found


def _number(outcome: Outcome, value: Any, start: dt.date) -> float:
    """Return what an outcome is compared with, in its unit. Raises InputError."""
    kind = outcome.kind
    if isinstance(value, dt.date) and kind == "until":
        return float((value - start).days)
    if isinstance(value, bool) and kind == "share":
        return float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        expected = "a number" if kind != "until" else "a number of days, or a date such as 2020-09-01"
        raise InputError("cannot be compared with this", path=outcome.name, value=value, expected=expected)
    if kind == "share" and value not in (0, 1):
        raise InputError("is 1 or 0 in each world", path=outcome.name, value=value, expected="0 or 1")
    return float(value)
