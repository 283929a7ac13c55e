"""The days of a run: a half-open interval of dates, [start, end)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from sim.errors import InputError

WEEK: Final = 7  # days


@dataclass(frozen=True)
class Calendar:
    """The days from start, included, to end, not included; day 0 is the start.

    Raises InputError when the end is not after the start.
    """

    start: dt.date
    end: dt.date

    def __post_init__(self) -> None:
        """Reject a calendar without days. Raises InputError."""
        if self.end <= self.start:
            raise InputError(f"must be after the start, {self.start}", path="end", value=self.end)

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.end - self.start).days

    @cached_property
    def dates(self) -> npt.NDArray[np.datetime64]:
        """Every day, datetime64[D], shape (days,)."""
        return np.arange(np.datetime64(self.start, "D"), np.datetime64(self.end, "D"))

    def index(self, date: dt.date) -> int:
        """Return the day's index, 0 at the start; below 0 or at least `days` outside the run."""
        return (date - self.start).days

    def date(self, index: int) -> dt.date:
        """Return the date of a day's index, inside the run or not."""
        return self.start + dt.timedelta(days=index)

    def window(self, start: dt.date, end: dt.date) -> slice:
        """Return the part of the run within [start, end), as a slice of days; empty if no day is in both."""
        low, high = (min(max(self.index(day), 0), self.days) for day in (start, end))
        return slice(low, max(low, high))

    def __contains__(self, date: dt.date) -> bool:
        """Whether a date is a day of the run."""
        return self.start <= date < self.end

    def __iter__(self) -> Iterator[dt.date]:
        """Iterate over the dates."""
        return (self.date(index) for index in range(self.days))

    def __len__(self) -> int:
        """How many days there are."""
        return self.days
