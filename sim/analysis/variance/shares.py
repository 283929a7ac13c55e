"""Sobol' indices of groups, from every exchange of their values between two samples, with bootstrap intervals.

Each group of inputs (assumptions, decisions, luck) has two independent values per row, A and B, and the model is run
for every combination of them: 2 ** groups runs. Two runs with the same values in the groups `u`, and other values
elsewhere, have a covariance which is the variance that `u` explains: its closed index (Sobol' 1993,
doi:10.1016/S0378-4754(00)00270-6; Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018). It is averaged over all such
pairs of runs, and what remains between runs with nothing in common is taken off, so that its mean is right (Owen 2013,
doi:10.1145/2457459.2457460). SALib, which studies use for many settings, reads each index off three of these runs: its
intervals are wider from the same runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from sim.results.intervals import LEVEL

RESAMPLES: Final = 1000  # of the bootstrap
_RULE_OF_THREE: Final = 3.0  # of n rows without an event, at most 3 / n have one, at about 95 %
_AT_ONCE: Final = 100  # resamples

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class VarianceShare:
    """A share of variance, 0 to 1, and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Split:
    """The variance of one outcome, by group.

    alone: what each group explains by itself (first-order index); total: with all its interactions (total index);
    together: what no group explains by itself. All alone and together make 1.
    """

    variance: float
    alone: dict[str, VarianceShare]
    total: dict[str, VarianceShare]
    together: VarianceShare


def split(runs: Array, groups: Sequence[str], seed: int = 0) -> Split | None:
    """Return the shares of variance of each group; None if the outcome is the same in every run.

    runs: float64 (2 ** groups, rows): bit g of the run's number says whether group g has its value A (0) or B (1).
    Rows are resampled for the intervals, which are percentiles between 0 and 1 and never of zero width.
    """
    values = np.asarray(runs, np.float64)
    values = values - values.mean()  # changes no index, and loses no digits
    if not values.any():
        return None
    products = products_of(values, len(groups))
    centre = indices(products.mean(axis=1), len(groups))
    spread = np.stack([indices(one, len(groups)) for one in _resampled(products, seed)])
    rows = values.shape[1]
    shares = [_share(centre[k], spread[:, k], rows) for k in range(len(centre))]
    n = len(groups)
    whole = products.mean(axis=1)
    return Split(
        float(whole[-1] - whole[0]),
        dict(zip(groups, shares[:n], strict=True)),
        dict(zip(groups, shares[n : 2 * n], strict=True)),
        shares[-1],
    )


def products_of(values: Array, groups: int) -> Array:
    """Return, for each set of groups, the products of the runs that share exactly these, (2 ** groups, rows)."""
    runs = np.arange(2**groups)
    every = len(runs) - 1
    return np.stack([(values * values[runs ^ (every ^ same)]).mean(axis=0) for same in runs])


def _resampled(products: Array, seed: int) -> Array:
    """Return the means of the products over rows drawn with replacement, (RESAMPLES, 2 ** groups)."""
    rng, rows = np.random.default_rng(seed), products.shape[1]
    found = []
    for _ in range(RESAMPLES // _AT_ONCE):
        counts = rng.multinomial(rows, np.full(rows, 1 / rows), size=_AT_ONCE)
        found.append(counts @ products.T / rows)
    return np.concatenate(found)


def indices(means: Array, groups: int) -> Array:
    """Return first-order indices, total indices and the share of interactions, (2 * groups + 1,)."""
    closed = means - means[0]
    every, own = len(means) - 1, [1 << g for g in range(groups)]
    if closed[every] <= 0:
        return np.zeros(2 * groups + 1)
    alone = [closed[one] / closed[every] for one in own]
    total = [1 - closed[every ^ one] / closed[every] for one in own]
    return np.array([*alone, *total, 1 - sum(alone)])


def _share(value: float, spread: Array, rows: int) -> VarianceShare:
    tail = (1 - LEVEL) / 2
    low, high = (float(end) for end in np.clip(np.quantile(spread, (tail, 1 - tail)), 0, 1))
    value, least = float(np.clip(value, 0, 1)), _RULE_OF_THREE / rows
    if high - low < least:  # no resample says anything else: rows alike, of which more would show some spread
        low, high = max(min(low, 1 - least), 0.0), min(max(high, least), 1.0)
    return VarianceShare(value, min(low, value), max(high, value))
