"""The unit of work: some points of one scenario over some worlds, about a second of computing.

The units of a study depend only on its plan, not on the number of processes.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Final

from sim.engine.random_streams import BLOCK
from sim.inputs import posterior
from sim.inputs.scenario import Scenario
from sim.study.design import Design
from sim.study.own_outcome import OwnOutcome
from sim.study.plan import Plan

ROWS: Final = 16 * BLOCK  # approximate rows per unit: as many as the engine steps at once


@dataclass(frozen=True, slots=True)
class Unit:
    """Points low to high - 1 of a scenario (by its index in the plan), worlds first to first + worlds - 1 of each."""

    scenario: int
    low: int
    high: int
    first: int
    worlds: int

    @property
    def rows(self) -> int:
        """The number of rows: worlds, over all points of the unit."""
        return (self.high - self.low) * self.worlds


@dataclass(frozen=True)
class Task:
    """All data that a process needs to compute a unit.

    points: the settings of its points; plan, model: hashes, for the metadata.
    """

    unit: Unit
    key: str
    scenario: Scenario
    points: Design
    seed: int
    assumptions: Any  # "point", "ranges" or "facts"
    outcomes: tuple[str, ...]
    series: tuple[str, ...]
    plan: str
    model: str
    own: tuple[OwnOutcome, ...] = ()


class UnitPlanner:
    """Divides a study into units: from its plan, its points and the hash of the model."""

    def __init__(self, plan: Plan, design: Design, model: str) -> None:
        """model: the hash of `sim.study.model_hash`."""
        self.plan, self.design, self.model = plan, design, model

    def units(self, begin: int, end: int) -> Iterator[Unit]:
        """The units of worlds begin to end - 1 of every point, by scenario, then point, then world.

        Points with few worlds share a unit; points with many worlds are divided at the ends of blocks, as evenly as
        possible.
        """
        together = max(1, ROWS // (end - begin))
        spans = list(_spans(begin, end))
        for scenario in range(len(self.plan.scenarios)):
            for low in range(0, self.design.points, together):
                high = min(low + together, self.design.points)
                for first, worlds in spans:
                    yield Unit(scenario, low, high, first, worlds)

    def key(self, unit: Unit) -> str:
        """SHA-256 of everything that determines a unit's rows, 64 hexadecimal digits: the name of its part."""
        found = hashlib.sha256(self._heads[unit.scenario])
        found.update(_json(asdict(unit)))
        for name, values in self._points(unit).values.items():
            found.update(name.encode() + b"\0" + values.astype("<f8").tobytes())
        return found.hexdigest()

    def task(self, unit: Unit) -> Task:
        """The task of a unit."""
        plan = self.plan
        return Task(
            unit, self.key(unit), plan.scenarios[unit.scenario], self._points(unit), plan.seed, plan.assumptions,
            plan.outcomes, plan.series, self._plan_hash, self.model,
            plan.own,
        )  # fmt: skip

    def _points(self, unit: Unit) -> Design:
        """The points of a unit."""
        here = {name: values[unit.low : unit.high] for name, values in self.design.values.items()}
        return Design(unit.high - unit.low, self.design.names, here)

    @cached_property
    def _plan_hash(self) -> str:
        return self.plan.hash()

    @cached_property
    def _heads(self) -> list[bytes]:
        """The common data of all units of a scenario, as bytes to hash."""
        shared = {
            "model": self.model, "seed": self.plan.seed, "assumptions": self.plan.assumptions,
            "outcomes": self.plan.outcomes, "series": self.plan.series,
        }  # fmt: skip
        if self.plan.own:
            shared["own_outcomes"] = {one.name: one.expression.text for one in self.plan.own}
        if self.plan.assumptions == "facts":
            shared["sets"] = posterior.shipped().seal
        forms = ((one.name, {k: v for k, v in one.canonical().items() if k != "run"}) for one in self.plan.scenarios)
        return [_json(shared | {"name": name, "scenario": form}) for name, form in forms]


def _spans(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """First world and number of worlds of each piece of [begin, end): whole blocks, except for the last."""
    blocks = -(-(end - begin) // BLOCK)
    pieces = -(-(end - begin) // ROWS)
    for piece in range(pieces):
        low, high = begin + BLOCK * (blocks * piece // pieces), begin + BLOCK * (blocks * (piece + 1) // pieces)
        yield low, min(high, end) - low


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
