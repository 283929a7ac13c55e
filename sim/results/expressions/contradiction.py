"""Expressions that no world can fulfil: comparisons that exclude each other, and windows without a day."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from sim.errors import InputError
from sim.results.expressions.expression import SIGNS, Comparison, Expression
from sim.results.expressions.series_bounds import series_bounds

# Milestones that come in this order in every world, or on the same day.
IN_ORDER: Final = (
    ("first_release", "released_1000", "released_1500", "released_5000"),
    ("decree", "rejection"),
    ("decree", "suspension"),
    ("talks_open", "ceasefire", "settlement"),
    ("us_at_8600", "us_at_5000"),
)


def check_possible(expression: Expression) -> None:
    """Raise InputError if no day of any world can be chosen."""
    for name in dict.fromkeys(one.series for one in expression.where):
        mine = [one for one in expression.where if one.series == name]
        if not any(all(SIGNS[one.sign](value, one.value) for one in mine) for value in _candidates(name, mine)):
            raise InputError(f"contradictory: {' and '.join(one.text for one in mine)} holds on no day")
    start, until = expression.start, expression.until
    if start is not None and until is not None and start >= until:
        raise InputError(f"contradictory: no day is from {start} until {until}")
    after, before = expression.after, expression.before
    if after is not None and before is not None and _never_before(before, after):
        raise InputError(f"contradictory: no day is after {after} and before {before}")


def _candidates(name: str, comparisons: Sequence[Comparison]) -> list[float]:
    """Return values of a series among which is one that fulfils the comparisons, if any does."""
    low, high = series_bounds(name)
    ends = sorted({low, high, *(one.value for one in comparisons)})
    return [*ends, *((a + b) / 2 for a, b in pairwise(ends))]


def _never_before(one: str, other: str) -> bool:
    """Whether no day is before a milestone and after another: they are the same, or it comes first in every world."""
    return one == other or any(one in row and other in row and row.index(one) < row.index(other) for row in IN_ORDER)
