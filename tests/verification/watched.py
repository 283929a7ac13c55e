"""A run with every actor's decisions on each day, in addition to the record."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.model import PeaceProcess
from sim.engine.recorder import Record
from sim.inputs.scenario import Scenario

Array = npt.NDArray[Any]


@dataclass
class Watched:
    """A finished model, and each day's decisions after the scenario's interventions."""

    scenario: Scenario
    worlds: int
    seed: int
    first: int = 0
    decisions: list[dict[str, Any]] = field(default_factory=list)
    released_before: list[Array] = field(default_factory=list)  # prisoners released at the start of each day
    broken: list[Array] = field(default_factory=list)
    shared: list[Array] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Simulate all days."""
        self.model = PeaceProcess(self.scenario, self.worlds, self.seed, self.first, collect=False)
        for _ in range(self.scenario.days):
            self.released_before.append(self.model.prisoners.released.copy())
            self.model.step()
            self.decisions.append(self.model.state.decisions)
            self.broken.append(self.model.state.broken.copy())
            self.shared.append(self.model.state.shared.copy())

    @property
    def record(self) -> Record:
        """The record of the run."""
        record: Record = self.model.record
        return record

    def decided(self, lever: str) -> Array:
        """Return the decisions on a lever, (days, worlds)."""
        actor, _, name = lever.rpartition(".")
        return np.stack([getattr(day[actor], name) for day in self.decisions])


def lived(scenario: Scenario, worlds: int, seed: int, first: int = 0) -> Record:
    """Return the record of a run."""
    model = PeaceProcess(scenario, worlds, seed, first, collect=False)
    record: Record = model.run()
    return record


def differing(a: Record, b: Record, days: slice = slice(None)) -> list[str]:
    """Return the daily series that differ in any bit on some of the days."""
    return [name for name in a.daily if a.daily[name][days].tobytes() != b.daily[name][days].tobytes()]


def unlike(a: Record, b: Record) -> list[str]:
    """Return the series and milestones' days that differ in any bit."""
    days = [name for name, day in a.milestones.day.items() if day.tobytes() != b.milestones.day[name].tobytes()]
    return differing(a, b) + days
