"""The Shapley value: how much of a difference each factor accounts for, so that all of them add up to it.

It is the mean, over all orders in which the factors could be taken away one after the other, of what taking away this
one changes (Shapley 1953, "A value for n-person games").
"""

from math import factorial
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.analysis.causes.oracle import bit
from sim.analysis.causes.sets import factors_of

Floats = npt.NDArray[np.float64]


def shapley(table: npt.NDArray[Any]) -> Floats:
    """Return the value of each factor, float64 (factors, worlds); the sum is the first row less the last.

    table: what comes out without each set of factors, (2**factors, worlds); yes or no, or a number. Values that are
    whole are added as whole numbers and divided once, so that nothing is lost. Raises ValueError for a table of
    another length.
    """
    factors = factors_of(table)
    values = table.astype(np.int64) if table.dtype.kind in "biu" else table.astype(np.float64)
    sizes = np.array([away.bit_count() for away in range(len(table) // 2)])
    weights = np.array([factorial(size) * factorial(factors - 1 - size) for size in range(factors)])
    found = np.empty((factors, values.shape[1]))
    for factor in range(factors):
        halves = values.reshape(-1, 2, bit(factor), values.shape[1])
        lost = (halves[:, 0] - halves[:, 1]).reshape(len(table) // 2, -1)  # in the order of the other factors' bits
        found[factor] = (weights[sizes][:, None] * lost).sum(axis=0) / factorial(factors)
    return found
