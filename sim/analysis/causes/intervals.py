"""Intervals of shares and of mean differences that have a width even where all worlds agree, and stay within bounds."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.results.intervals import LEVEL, share_interval


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
    """Return the mean of effects between −1 and +1, and its 95 % interval.

    effects: of each world, (worlds,). One world with +1 and one with −1 are added before the usual interval is taken,
    and the ends are kept within −1 and +1: for pairs of yes and no it is the adjusted interval of Bonett and Price
    (2012, "Adjusted Wald confidence interval for a difference of binomial proportions based on paired data").
    """
    worlds = len(effects)
    if not worlds:
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    mean, total = float(effects.mean()), worlds + 2
    centre, square = float(effects.sum()) / total, (float((effects**2).sum()) + 2) / total
    half = _z() * float(np.sqrt((square - centre**2) / total))
    return Estimate(mean, max(min(centre - half, mean), -1.0), min(max(centre + half, mean), 1.0), worlds)


def _z() -> float:
    """Return the quantile of the normal distribution for a two-sided interval."""
    from scipy.special import ndtri  # imports SciPy only when an interval is needed

    return float(ndtri((1 + LEVEL) / 2))
