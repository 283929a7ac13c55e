"""The record of a run: every daily series and milestone, by world."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sim.engine.random_streams import Floats
from sim.schema.milestones import MilestoneBook
from sim.schema.series import SERIES


@dataclass(slots=True)
class Record:
    """The record so far. `daily[name]` has shape (days, worlds), float32, NaN on days not yet simulated."""

    days: int
    worlds: int
    daily: dict[str, Floats] = field(init=False)
    milestones: MilestoneBook = field(init=False)

    def __post_init__(self) -> None:
        """Allocate arrays for the whole run."""
        self.daily = {name: np.full((self.days, self.worlds), np.nan, np.float32) for name in SERIES}
        self.milestones = MilestoneBook(self.worlds)

    def write(self, day: int, today: Mapping[str, Floats]) -> None:
        """Record a day. today: every series, (worlds,). Raises KeyError if a series is missing."""
        for name, rows in self.daily.items():
            rows[day] = today[name]
