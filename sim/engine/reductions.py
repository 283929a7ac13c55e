"""Arithmetic over the members of a population and over worlds that gives the same bits for any number of worlds."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def total(x: Array) -> Array:
    """Return the sum over members, shape (members, worlds) to (worlds,).

    NumPy adds a single column pairwise and several columns row by row, which differ in the last bit; a
    single world is therefore summed as two equal columns.
    """
    if x.shape[-1] == 1:
        return np.add.reduce(np.repeat(x, 2, axis=-1), axis=0)[:1]
    return np.add.reduce(x, axis=0)


def mean(x: Array) -> Array:
    """Return the mean over members, shape (members, worlds) to (worlds,)."""
    return total(x) / np.float32(x.shape[0])


def clip(x: Any, low: Any, high: Any) -> Any:
    """Limit x to [low, high], of any shape; several times as fast as NumPy's own function on short arrays."""
    return np.minimum(np.maximum(x, low), high)
