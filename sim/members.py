"""Sums over the members of a population that give the same bits for any number of worlds."""

from typing import Any

import numpy as np
import numpy.typing as npt


def total(x: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Sum over members, shape (members, worlds) to (worlds,).

    NumPy adds a single column pairwise and several columns row by row, which differ in the last bit; a
    lone world is therefore summed as two equal columns.
    """
    if x.shape[-1] == 1:
        return np.repeat(x, 2, axis=-1).sum(axis=0)[:1]
    return x.sum(axis=0)  # type: ignore[no-any-return]


def mean(x: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Mean over members, shape (members, worlds) to (worlds,)."""
    return total(x) / np.float32(x.shape[0])
