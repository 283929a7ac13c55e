"""Minimal sets: of all sets of factors with a property, those of which no smaller part has it.

Every table has one row per set of factors, in the order of their bits, and one column per world, (2**factors, worlds).
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.analysis.causes.oracle import Flags, bit

Sizes = npt.NDArray[np.int8]


def factors_of(table: npt.NDArray[Any]) -> int:
    """Return the number of factors of a table. Raises ValueError unless it has one row per set of factors."""
    factors = len(table).bit_length() - 1
    if len(table) != bit(factors):
        raise ValueError(f"a table of {len(table)} rows does not have one row per set of factors")
    return factors


def in_some_part(table: Flags) -> Flags:
    """Return whether a set, or any part of it, has the property."""
    found = table.copy()
    for factor in range(factors_of(table)):
        with_it = _halves(found, factor)
        with_it[:, 1] |= with_it[:, 0]
    return found


def in_every_part(table: Flags) -> Flags:
    """Return whether a set and every part of it have the property."""
    return np.asarray(~in_some_part(~table))


def minimal(table: Flags) -> Flags:
    """Return which sets have the property while no smaller part of them has it."""
    below = in_some_part(table)
    smaller = np.zeros_like(table)
    for factor in range(factors_of(table)):
        _halves(smaller, factor)[:, 1] |= _halves(below, factor)[:, 0]
    return np.asarray(table & ~smaller)


def smallest_with(table: Flags) -> Sizes:
    """Return the size of the smallest minimal set that has each factor, 0 for none, (factors, worlds)."""
    least = minimal(table)
    factors, worlds = factors_of(table), table.shape[1]
    found = np.zeros((factors, worlds), np.int8)
    for away in np.flatnonzero(least.any(axis=1)):
        size = int(away).bit_count()
        for factor in range(factors):
            if away >> factor & 1:
                better = least[away] & ((found[factor] == 0) | (found[factor] > size))
                found[factor, better] = size
    return found


def _halves(table: Flags, factor: int) -> Flags:
    """Return a view of a table in which axis 1 says whether the factor is in the set."""
    return table.reshape(-1, 2, bit(factor), table.shape[1])
