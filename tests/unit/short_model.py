"""A short model for tests with Mesa: twenty days of the baseline, with all its agents."""

import datetime as dt

from sim.engine.recorder import Record
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario
from sim.schema.series import SERIES

DAYS = 20
ACTORS = 9  # agents of a model: four camps, the Council and four populations


def twenty_days() -> Scenario:
    """The scenario."""
    return load_scenario("baseline").with_dates(end=dt.date(2020, 3, 21))


def differing(a: Record, b: Record) -> list[str]:
    """The daily series and milestones of which a bit differs."""
    series = [name for name in SERIES if a.daily[name].tobytes() != b.daily[name].tobytes()]
    book, other = a.milestones, b.milestones
    return series + [name for name, day in book.day.items() if day.tobytes() != other.day[name].tobytes()]
