"""What the facts say about each parameter: its range beside the values that the facts allow, moved or unmoved.

A parameter counts as moved if its kept values differ from an even spread over the range by more than chance would allow
(Kolmogorov-Smirnov), at a level that is divided by the number of parameters (Bonferroni).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.inputs.parameters import catalogue
from sim.inputs.posterior import Posterior

LEVEL: Final = 0.05  # chance that any parameter counts as moved if none is
QUANTILES: Final = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Learned:
    """One parameter: its range, and the quantiles of the values that the facts allow."""

    name: str
    label: str
    low: float
    high: float
    q05: float
    median: float
    q95: float
    distance: float  # largest difference from the even distribution function, 0 to 1
    moved: bool


def learned(posterior: Posterior) -> list[Learned]:
    """Return what the facts say about each parameter, the one that they moved most first."""
    from scipy import stats

    known, found = catalogue(), []
    for name, values in zip(posterior.names, posterior.values, strict=True):
        record = known[name]
        low, high = record.range or (float(values.min()), float(values.max()))
        test = stats.kstest((values.astype(np.float64) - low) / (high - low), "uniform")
        q05, median, q95 = (float(q) for q in np.quantile(values, QUANTILES))
        moved = bool(test.pvalue < LEVEL / len(posterior.names))
        found.append(Learned(name, record.label, low, high, q05, median, q95, float(test.statistic), moved))
    return sorted(found, key=lambda one: -one.distance)
