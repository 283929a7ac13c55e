"""The inputs of the twin from Jirga: the scenario, its parameter values as plain floats, and the provinces."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sim.inputs.provinces import attack_shares, prisoner_homes, provinces
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario


@dataclass(frozen=True)
class Province:
    """The home of a front."""

    name: str
    share: float  # of the country's attacks
    neighbours: tuple[str, ...]


@dataclass(frozen=True)
class Inputs:
    """All inputs of a run. `imposed` has one entry per day: the imposed levers, by dotted name."""

    start: dt.date
    days: int
    groups: dict[str, SimpleNamespace]
    imposed: list[dict[str, Any]]
    provinces: tuple[Province, ...]
    homes: tuple[str, ...]  # province of each prisoner, in the order of the list

    def day(self, date: dt.date) -> int:
        """Return the index of a date, 0 at the start."""
        return (date - self.start).days


def read(scenario: str | Scenario) -> Inputs:
    """Return the inputs of a scenario, which is given by name or as an object."""
    return _by_name(scenario) if isinstance(scenario, str) else _inputs(scenario)


@lru_cache(maxsize=32)
def _by_name(name: str) -> Inputs:
    return _inputs(load_scenario(name))


def _inputs(scenario: Scenario) -> Inputs:
    dates = [scenario.start + dt.timedelta(days=n) for n in range(scenario.days)]
    places = provinces()
    shares = [float(share) for share in attack_shares()]
    names = [place.name for place in places]
    return Inputs(
        start=scenario.start,
        days=scenario.days,
        groups=_grouped(scenario),
        imposed=[scenario.imposed(date) for date in dates],
        provinces=tuple(
            Province(place.name, share, tuple(place.neighbours)) for place, share in zip(places, shares, strict=True)
        ),
        homes=tuple(names[home] for home in prisoner_homes()),
    )


def _grouped(scenario: Scenario) -> dict[str, SimpleNamespace]:
    """Return parameters by group: `groups["taliban"].leverage`."""
    groups: dict[str, SimpleNamespace] = {}
    for name, value in scenario.resolved().values.items():
        group, _, leaf = name.rpartition(".")
        setattr(groups.setdefault(group, SimpleNamespace()), leaf, value)
    return groups
