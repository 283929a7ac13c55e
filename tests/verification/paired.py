"""Paired worlds: runs of the same worlds under two scenarios, and the significance of their difference.

World k of both runs has the same draws, so a difference in it is an effect of the scenario. Significance is measured
by z: the mean difference over its standard error, or for dates the excess of worlds that are earlier over the square
root of the number that differ (sign test). If a scenario had no or the opposite effect, z would exceed `BEYOND` = 4
with a probability below 3.2e-5 (normal tail). The seed is fixed, so a test gives the same z every time; the tested
effects have z = 8 or more, so that with another seed a correct engine would fail a test with a probability below
3.2e-5 as well, and all of them together below 1e-3.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario
from sim.results.results import Results
from sim.runs.runner import simulate
from sim.schema.assumptions import Assumptions
from sim.schema.milestones import NEVER

Array = npt.NDArray[Any]

WORLDS = 512
SEED = 11
BEYOND = 4.0


@dataclass
class Pairs:
    """Runs of the same worlds, each cached."""

    assumptions: Assumptions = "point"  # or "ranges": each world has parameters of its own
    kept: dict[str, Results] = field(default_factory=dict)

    def run(self, scenario: str | Scenario, **changes: Any) -> Results:
        """Run a scenario, given by name or as an object, with changes: dotted names with "__" for each dot."""
        made = load_scenario(scenario) if isinstance(scenario, str) else scenario
        made = made.change({name.replace("__", "."): value for name, value in changes.items()})
        key = made.hash()
        if key not in self.kept:
            self.kept[key] = simulate(made, WORLDS, SEED, assumptions=self.assumptions)
        return self.kept[key]


@dataclass(frozen=True)
class Effect:
    """A mean paired difference, and the numbers of worlds with an increase and a decrease."""

    mean: float
    z: float
    up: int
    down: int
    a: float  # means of both runs
    b: float

    def __str__(self) -> str:
        """Return the numbers, for the message of a failing test."""
        moved = f"{self.up} of {self.up + self.down} worlds that differ move up"
        return f"{self.a:.5g} to {self.b:.5g}: {self.mean:+.5g}, z = {self.z:.1f}; {moved}"


def effect(a: Array, b: Array) -> Effect:
    """Return the paired effect b - a; a, b: (worlds,)."""
    d = b.astype(np.float64) - a.astype(np.float64)
    mean, error = float(d.mean()), float(d.std(ddof=1) / np.sqrt(len(d)))
    alike = float(np.sign(mean)) * np.inf if mean else 0.0  # where every world changes by the same amount
    z = mean / error if error > 0 else alike
    return Effect(mean, z, int((d > 0).sum()), int((d < 0).sum()), float(a.mean()), float(b.mean()))


@dataclass(frozen=True)
class Shift:
    """The change of a milestone's date; never counts as later than every date."""

    earlier: int
    later: int
    z: float  # z of the sign test: above 0 if more worlds are earlier
    median: float  # days, over the worlds that reach it in both runs
    opened: Effect  # share of worlds that reach it

    def __str__(self) -> str:
        """Return the numbers, for the message of a failing test."""
        dates = f"{self.earlier} worlds earlier, {self.later} later (z = {self.z:.1f}), median {self.median:+g} days"
        return f"{dates}; share of worlds that reach it {self.opened}"


def shift(a: Results, b: Results, milestone: str) -> Shift:
    """Return the change of a milestone from a to b."""
    day_a, day_b = (_days(run, milestone) for run in (a, b))
    earlier, later = int((day_b < day_a).sum()), int((day_b > day_a).sum())
    both = np.isfinite(day_a) & np.isfinite(day_b)
    median = float(np.median(day_b[both] - day_a[both])) if both.any() else float("nan")
    z = (earlier - later) / np.sqrt(max(earlier + later, 1))
    return Shift(earlier, later, float(z), median, effect(np.isfinite(day_a), np.isfinite(day_b)))


def _days(run: Results, milestone: str) -> Array:
    """Return the day of a milestone, infinite for never, float64 (worlds,)."""
    day = run.milestone_day[milestone]
    return np.where(day == NEVER, np.inf, day).astype(np.float64)


def total(run: Results, series: str, until: int | None = None) -> Array:
    """Return the sum of a series over the days before `until`, float64 (worlds,)."""
    return np.asarray(run.arrays[series][:, :until].sum(axis=1, dtype=np.float64))
