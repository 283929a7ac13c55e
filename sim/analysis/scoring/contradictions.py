"""Observations that cannot all be true, or that say the same twice."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from sim.analysis.scoring.observation import Observation
from sim.errors import InputError
from sim.schema.formatting import day, number
from sim.schema.milestones import MILESTONES
from sim.schema.series import SERIES

_NEVER_FALLS = ("prisoners_released", "captives_released", "returned_to_fighting")  # levels counted "so far"
_RELEASED = "prisoners_released"


def check_consistent(rows: Sequence[Observation]) -> None:
    """Raise InputError for the first two observations that contradict or repeat each other."""
    for name in dict.fromkeys(one.outcome for one in rows):
        same = [one for one in rows if one.outcome == name]
        for problem in _of_milestone(same) if name in MILESTONES else _of_series(same):
            raise InputError(problem, path=name)
    for problem in _of_levels(rows):
        raise InputError(problem, path=_RELEASED)


def _of_milestone(rows: Sequence[Observation]) -> Iterator[str]:
    """Yield what is wrong with the observations of one milestone, which happens once."""
    dates = [one for one in rows if one.happened]
    if len(dates) > 1:
        yield f"is given {len(dates)} dates, but it can happen only once"
    open_ = [one for one in rows if not one.happened]
    if len(open_) > 1:
        yield "is said more than once not to have happened: give only the last day"
    for one in open_:
        for other in dates:
            if other.start < one.until:
                yield f"has happened by {day(other.last)}, but is said not to have happened before {day(one.until)}"
            else:
                yield "has a date, which says when it had not happened: leave value = false out"


def _of_series(rows: Sequence[Observation]) -> Iterator[str]:
    """Yield what is wrong with the observations of one daily series."""
    days = [(one.start, one.until) for one in rows]
    for start, until in days:
        if days.count((start, until)) > 1:
            yield f"is given twice for {day(start)}"
    name = rows[0].outcome
    if SERIES[name].kind == "level":
        ordered = sorted(rows, key=lambda one: one.start)
        for one, later in pairwise(ordered if name in _NEVER_FALLS else []):
            if later.high < one.low:
                yield f"cannot fall from {number(one.low)} on {day(one.start)} to {number(later.high)} later"
        return
    for one, other in combinations(rows, 2):
        inner, outer = sorted((one, other), key=lambda row: row.until - row.start)
        if outer.start <= inner.start and inner.until <= outer.until and inner.low > outer.high:
            words = f"{day(inner.start)} and before {day(inner.until)}"
            yield f"is at least {number(inner.low)} from {words}, more than in the longer time around it"


def _of_levels(rows: Sequence[Observation]) -> Iterator[str]:
    """Yield what is wrong between the number of prisoners released and the dates on which a number is reached."""
    counts = [one for one in rows if one.outcome == _RELEASED]
    for one in rows:
        if not one.outcome.startswith("released_"):
            continue
        level = MILESTONES[one.outcome].level
        for count in counts:
            if one.happened and one.last <= count.start and count.high < level:
                yield f"is {number(count.high)} on {day(count.start)}, but {one.outcome} had happened"
            if count.low >= level and count.start < (one.start if one.happened else one.until):
                yield f"is {number(count.low)} on {day(count.start)}, but {one.outcome} had not happened"
