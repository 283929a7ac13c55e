"""Arithmetic on the members of a population and on worlds that gives the same bits for any number of worlds."""

from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.inputs.parameters import constant

Array = npt.NDArray[Any]

ZERO: Final = constant(0)
ONE: Final = constant(1)
TINY: Final = constant(float(np.finfo(np.float32).tiny))  # the least that is divided by
_MANY = 128  # columns from which a loop over rows is faster than NumPy's own over columns


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


def accumulate(ufunc: np.ufunc, x: Array) -> Array:
    """Return the running result of a function of two arrays down the members, (members, columns); x may be overwritten.

    Row by row where there are many columns: NumPy's own `accumulate` goes down one column at a time.
    """
    if x.shape[1] < _MANY:
        return ufunc.accumulate(x, axis=0)
    for before, row in pairwise(x):
        ufunc(before, row, out=row)
    return x


def clip(x: Any, low: Any, high: Any) -> Any:
    """Limit x to [low, high], of any shape; several times as fast as NumPy's own function on short arrays."""
    return np.minimum(np.maximum(x, low), high)


def clip_unit(x: Any) -> Any:
    """Limit x to [0, 1], of any shape."""
    return np.minimum(np.maximum(x, ZERO), ONE)


def positive_part(x: Any) -> Any:
    """Return x where it is above 0, and 0 elsewhere, of any shape."""
    return np.maximum(x, ZERO)
