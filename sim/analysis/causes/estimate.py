"""A share or a mean effect over worlds with its interval."""

from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from sim.results.intervals import bounded_effect_interval, share_interval


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over worlds with its 95 % interval. of: the number of worlds; NaN for each where it is 0."""

    value: float
    low: float
    high: float
    of: int


def share_of(flags: npt.NDArray[Any]) -> Estimate:
    """Return the share of worlds with a property, and its interval as everywhere in Jirga; from 0 to 1 for one world.

    flags: (worlds,).
    """
    worlds, count = len(flags), int(flags.sum())
    if not worlds:
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    low, high = (float(end) for end in share_interval(worlds, count)) if worlds > 1 else (0.0, 1.0)
    return Estimate(count / worlds, low, high, worlds)


def mean_effect(effects: npt.NDArray[Any]) -> Estimate:
    """Return the mean of effects between −1 and +1, and its 95 % interval. effects: of each world, (worlds,)."""
    mean = float(effects.mean()) if len(effects) else float("nan")
    return Estimate(mean, *bounded_effect_interval(effects), len(effects))
