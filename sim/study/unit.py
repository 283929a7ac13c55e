"""The unit of work: some points of one scenario over some worlds, about a second of computing.

Which units a study has follows from its plan alone, never from how many processes there are.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Final

from sim.engine.random_streams import BLOCK
from sim.inputs.scenario import Scenario
from sim.study.design import Design
from sim.study.plan import Plan

ROWS: Final = 16 * BLOCK  # worlds of points a unit, about: as many as the engine steps at once


@dataclass(frozen=True, slots=True)
class Unit:
    """Points low to high - 1 of a scenario (by its place in the plan), worlds first to first + worlds - 1 of each."""

    scenario: int
    low: int
    high: int
    first: int
    worlds: int

    @property
    def rows(self) -> int:
        """How many worlds of points it computes."""
        return (self.high - self.low) * self.worlds


@dataclass(frozen=True)
class Task:
    """All that a process needs to compute a unit, wherever it runs.

    points: what each of its points sets; plan, model: hashes, to stand on record.
    """

    unit: Unit
    key: str
    scenario: Scenario
    points: Design
    seed: int
    assumptions: Any  # "point" or "ranges"
    outcomes: tuple[str, ...]
    series: tuple[str, ...]
    plan: str
    model: str


class UnitPlanner:
    """The work that a study is: its plan, its points and the model that computes them."""

    def __init__(self, plan: Plan, design: Design, model: str) -> None:
        """model: the hash of `sim.study.model_hash`."""
        self.plan, self.design, self.model = plan, design, model

    def units(self, begin: int, end: int) -> Iterator[Unit]:
        """The units of worlds begin to end - 1 of every point, by scenario, then point, then world.

        A point with few worlds shares its unit with others; one with many is cut into whole blocks, as evenly
        as they allow.
        """
        together = max(1, ROWS // (end - begin))
        spans = list(_spans(begin, end))
        for scenario in range(len(self.plan.scenarios)):
            for low in range(0, self.design.points, together):
                high = min(low + together, self.design.points)
                for first, worlds in spans:
                    yield Unit(scenario, low, high, first, worlds)

    def key(self, unit: Unit) -> str:
        """SHA-256 of all that decides a unit's rows, 64 hexadecimal digits: the name of its part."""
        found = hashlib.sha256(self._heads[unit.scenario])
        found.update(_json(asdict(unit)))
        for name, values in self._points(unit).values.items():
            found.update(name.encode() + b"\0" + values.astype("<f8").tobytes())
        return found.hexdigest()

    def task(self, unit: Unit) -> Task:
        """A unit with all that is needed to compute it."""
        plan = self.plan
        return Task(
            unit, self.key(unit), plan.scenarios[unit.scenario], self._points(unit), plan.seed, plan.assumptions,
            plan.outcomes, plan.series, self._plan_hash, self.model,
        )  # fmt: skip

    def _points(self, unit: Unit) -> Design:
        """The unit's own points."""
        here = {name: values[unit.low : unit.high] for name, values in self.design.values.items()}
        return Design(unit.high - unit.low, self.design.names, here)

    @cached_property
    def _plan_hash(self) -> str:
        return self.plan.hash()

    @cached_property
    def _heads(self) -> list[bytes]:
        """What all units of a scenario share, as bytes to hash."""
        shared = {
            "model": self.model, "seed": self.plan.seed, "assumptions": self.plan.assumptions,
            "outcomes": self.plan.outcomes, "series": self.plan.series,
        }  # fmt: skip
        forms = ((one.name, {k: v for k, v in one.canonical().items() if k != "run"}) for one in self.plan.scenarios)
        return [_json(shared | {"name": name, "scenario": form}) for name, form in forms]


def _spans(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """First world and number of worlds of each piece of [begin, end): whole blocks but for the last."""
    blocks = -(-(end - begin) // BLOCK)
    pieces = -(-(end - begin) // ROWS)
    for piece in range(pieces):
        low, high = begin + BLOCK * (blocks * piece // pieces), begin + BLOCK * (blocks * (piece + 1) // pieces)
        yield low, min(high, end) - low


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
