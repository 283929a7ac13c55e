"""Interventions: an actor's decision imposed between two dates; how they are checked, clipped and merged."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from sim.errors import InputError, nearest
from sim.inputs import setting_names
from sim.schema import arguments, validation
from sim.schema.decisions import levers

LONGEST_WHY: Final = 1000  # characters
LONGEST_SOURCE: Final = 200
DATED: Final = re.compile(r"(?P<value>[^@]*)(@(?P<start>[^@]*?)\.\.(?P<until>[^@]*))?")


@dataclass(frozen=True)
class Intervention:
    """A lever imposed from `start` (included) to `until` (not included).

    lever: its dotted name; start, until: None for the run's own first day and end; why, source: text without any
    effect on the run. Raises InputError for an unknown lever, a wrong value, or no days.
    """

    lever: str
    value: float | bool
    start: dt.date | None = None
    until: dt.date | None = None
    why: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        """Check every part. Raises InputError."""
        arguments.text("lever", self.lever, "a lever's name")
        if not setting_names.is_lever(self.lever):
            if setting_names.is_parameter(self.lever):
                raise InputError("is a parameter, not a lever: put it under [set]", path=self.lever, value=self.value)
            hint = nearest(self.lever, levers())
            raise InputError("no such lever", path=self.lever, value=self.value, nearest=hint)
        object.__setattr__(self, "value", setting_names.validate(self.lever, arguments.plain(self.value)))
        try:
            for part in ("start", "until"):
                if getattr(self, part) is not None:
                    object.__setattr__(self, part, validation.date(arguments.plain(getattr(self, part))))
            for words, longest in ((self.why, LONGEST_WHY), (self.source, LONGEST_SOURCE)):
                validation.optional_text(words, longest)
        except InputError as error:
            raise error.at(path=self.lever) from None
        if self.start is not None and self.until is not None and not self.start < self.until:
            problem = f"has no days: it must end after {self.start}, the day it starts"
            raise InputError(problem, path=self.lever, value=self.until)

    def within(self, start: dt.date, end: dt.date) -> tuple[dt.date, dt.date]:
        """Return its first day and its end (not included), in a run over [start, end)."""
        return self.start or start, self.until or end

    def clip(self, start: dt.date, end: dt.date) -> "Intervention | None":
        """Return the part of it that lies in [start, end), or None if no day does."""
        low, high = self.within(start, end)
        if max(low, start) >= min(high, end):
            return None
        cut = replace(self, start=start) if low < start else self
        return replace(cut, until=end) if high > end else cut

    def subtract(self, other: "Intervention", start: dt.date, end: dt.date) -> "list[Intervention]":
        """Return what is left of it without the days of another: itself, one or two parts, or nothing."""
        low, high = self.within(start, end)
        first, last = other.within(start, end)
        if last <= low or high <= first:
            return [self]
        before = [replace(self, until=first)] if low < first else []
        after = [replace(self, start=last)] if last < high else []
        return before + after


def read_dated(field: str, words: str) -> Intervention:
    """Return an intervention from text: "5000", or "5000@2020-03-10..2020-04-15" (either date may be left out).

    Raises InputError for text of another form, and for everything that an Intervention rejects.
    """
    form = "VALUE or VALUE@FROM..UNTIL"
    match = DATED.fullmatch(words)
    if match is None:
        raise InputError("not a value with dates", path=field, value=words, expected=form)
    days = [validation.parse_scalar(match[part]) if match[part] else None for part in ("start", "until")]
    for day in days:
        if day is not None and not isinstance(day, dt.date):
            raise InputError("not a date such as 2020-03-10", path=field, value=day, expected=form)
    start, until = days
    value: Any = validation.parse_scalar(match["value"])
    return Intervention(field, value, start, until)  # type: ignore[arg-type]


def sort_interventions(found: Iterable[Intervention], start: dt.date, end: dt.date) -> tuple[Intervention, ...]:
    """Return interventions sorted by lever, in the order of the actors, then by first day."""
    place = {name: index for index, name in enumerate(levers())}
    return tuple(sorted(found, key=lambda one: (place[one.lever], one.within(start, end))))


def check_inside(one: Intervention, start: dt.date, end: dt.date) -> None:
    """Raise InputError unless every day of an intervention is a day of the run [start, end)."""
    for key, day in (("from", one.start), ("until", one.until)):
        if day is not None and not start <= day <= end:
            raise InputError(f"{key} is outside the run", path=one.lever, value=day, expected=(start, end))
    low, high = one.within(start, end)
    if low >= high:
        raise InputError("has no days inside the run", path=one.lever, value=low, expected=(start, end))


def check_no_overlap(found: Sequence[Intervention], start: dt.date, end: dt.date) -> None:
    """Raise InputError when two interventions on one lever share a day. found: in order."""
    for one, other in pairwise(found):
        low, high = other.within(start, end)[0], one.within(start, end)[1]
        if one.lever == other.lever and low < high:
            problem = f"overlaps another on {one.lever}, which runs until {high}"
            raise InputError(problem, path=other.lever, value=low)


def merge_interventions(found: Sequence[Intervention], start: dt.date, end: dt.date) -> list[Intervention]:
    """Return interventions in order, with dates; consecutive ones with the same value are merged."""
    out: list[Intervention] = []
    for one in found:
        low, high = one.within(start, end)
        last = out[-1] if out else None
        if last and (last.lever, last.value, last.until) == (one.lever, one.value, low):
            out[-1] = replace(last, until=high)
        else:
            out.append(Intervention(one.lever, one.value, low, high))
    return out
