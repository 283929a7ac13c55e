"""The calendar of the war: the fighting season and the holidays, which everybody knows beforehand."""

from typing import Any

import numpy as np

from sim.engine.base import WorldsModel
from sim.engine.reductions import clip


class Season:
    """How much more is fought on a day because of the time of year, and whether it is a holiday."""

    def __init__(self, model: WorldsModel) -> None:
        """Convert the dates to days of the run, and calculate each day's factor once."""
        self.p = model.parameters.group("season")
        self.first = model.day_of(self.p.start)
        self.eids = [model.day_of(date) for date in (self.p.eid_fitr, self.p.eid_adha)]
        self._factors = [self._factor(day) for day in range(model.calendar.days)]

    def factor(self, day: int) -> Any:
        """Return the usual violence on a day of the run, ratio to March, scalar or (worlds,)."""
        return self._factors[day]

    def _factor(self, day: int) -> Any:
        """Return the same.

        It rises from the start of the fighting season to its middle and falls until its end, as half a sine wave.
        """
        part = clip((day - self.first) / self.p.days, 0, 1)
        return np.asarray(1 + self.p.rise * np.sin(np.pi * part), np.float32)

    def eid(self, day: int) -> bool:
        """Return whether a day is one of the days of Eid on which a truce is usual."""
        return any(first <= day < first + self.p.eid_days for first in self.eids)
