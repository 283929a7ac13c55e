"""PRIM: find a box by peeling, then move its limits to where they are best.

Peeling (Friedman & Fisher 1999, "Bump hunting in high-dimensional data", doi:10.1023/A:1008894516817) takes a thin
slice off one side at a time: the one whose removal raises the density most per row removed, as for data with
ties (Kwakkel & Jaxa-Rozen 2016, "Improving scenario discovery for handling heterogeneous uncertainties and multinomial
classified outcomes", doi:10.1016/j.envsoft.2015.11.020). Of the boxes on the way, the one with the highest weighted
relative accuracy is kept (Lavrac, Flach & Zupan 1999): a compromise of coverage and density without a setting of its
own. In place of pasting, each limit is then moved to the place that best separates two densities, until none moves.

Written here because no kept library serves: ema_workbench 3 needs Python 3.12 and its second edition brings a plotting
library, as does PRIM 1.0; neither may be loaded by `sim`.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

PEELED: Final = 0.05  # share of the rows inside that a peel takes off
SMALLEST: Final = 0.05  # share of all rows that a box keeps
ROUNDS: Final = 20  # of moving limits, at most
LOW, HIGH = 0, 1


@dataclass(frozen=True)
class Bounds:
    """The sides of a box, float64 (2, features): lower and upper bounds, both included; infinite where none is."""

    sides: Array

    @classmethod
    def none(cls, features: int) -> "Bounds":
        """Return a box without limits."""
        return cls(np.repeat([[-np.inf], [np.inf]], features, axis=1))

    def inside(self, rows: Array, but: int | None = None) -> Array:
        """Return whether each row is inside, bool (rows,). but: a feature whose limits do not count."""
        within = (rows >= self.sides[LOW]) & (rows <= self.sides[HIGH])
        if but is not None:
            within[:, but] = True
        return np.asarray(within.all(axis=1))

    def limited(self) -> list[tuple[int, int]]:
        """Return the sides that limit something, as pairs of LOW or HIGH and a feature."""
        return [(int(side), int(feature)) for side, feature in np.argwhere(np.isfinite(self.sides))]

    def moved(self, side: int, feature: int, bound: float) -> "Bounds":
        """Return the box with one side moved."""
        sides = self.sides.copy()
        sides[side, feature] = bound
        return Bounds(sides)

    def without(self, side: int, feature: int) -> "Bounds":
        """Return the box without the limit of one side."""
        return self.moved(side, feature, -np.inf if side == LOW else np.inf)


def find_box(rows: Array, hits: Array) -> Bounds:
    """Return the box with the highest weighted relative accuracy, refined.

    rows: float64 (rows, features); hits: bool (rows,).
    """
    worth = hits - hits.mean()
    best = max(_peeled(rows, worth), key=lambda box: float(worth[box.inside(rows)].sum()))
    return refined(best, rows, hits)


def refined(box: Bounds, rows: Array, hits: Array) -> Bounds:
    """Return a box with each of its limits where it is best given the others. rows, hits: as for `find_box`.

    Best: where rows beyond are nearer in density to those outside the box than to those inside, so that the place does
    not hang on how many are outside.
    """
    for _ in range(ROUNDS):
        before, inside = box.sides, box.inside(rows)
        if inside.all() or not inside.any():
            break
        worth = hits - (hits[inside].mean() + hits[~inside].mean()) / 2
        for side, feature in box.limited():
            box = _best_side(box, side, feature, rows, worth)
        if np.array_equal(before, box.sides):
            break
    return box


def _peeled(rows: Array, worth: Array) -> list[Bounds]:
    """Return the boxes on the way from all rows to the smallest box, each a slice smaller."""
    box, here = Bounds.none(rows.shape[1]), np.arange(len(rows))
    found = [box]
    while True:
        values = rows[here]
        bounds = np.stack(_slices(values))
        kept = np.stack([values >= bounds[LOW], values <= bounds[HIGH]])  # (side, row, feature)
        gains = _gains(kept, worth[here], SMALLEST * len(rows))
        side, feature = (int(place) for place in np.unravel_index(np.argmax(gains), gains.shape))
        if gains[side, feature] == -np.inf:
            return found
        box = box.moved(side, feature, float(bounds[side, feature]))
        here = here[kept[side, :, feature]]
        found.append(box)


def _slices(values: Array) -> tuple[Array, Array]:
    """Return the lower and the upper bound of each feature that take a slice off, two of (features,).

    values: (rows, features). NaN for a feature of which all values are the same.
    """
    ordered = np.sort(values, axis=0)
    cut = max(int(PEELED * len(values)), 1)
    low, high = ordered[cut].copy(), ordered[-1 - cut].copy()
    for feature in np.flatnonzero((low == ordered[0]) | (high == ordered[-1])):  # rows of one value go together
        different = np.unique(ordered[:, feature])
        if len(different) == 1:
            low[feature] = high[feature] = np.nan
            continue
        low[feature] = max(low[feature], different[1])
        high[feature] = min(high[feature], different[-2])
    return low, high


def _gains(kept: Array, worth: Array, fewest: float) -> Array:
    """Return the rise of the mean worth per row that is removed, (sides, features); -inf if too few rows are left.

    kept: bool (sides, rows, features); worth: (rows,).
    """
    left = kept.sum(axis=1)
    possible = (left >= max(fewest, 1)) & (left < len(worth))
    mean = np.einsum("r,srf->sf", worth, kept) / np.maximum(left, 1)
    return np.where(possible, (mean - worth.mean()) / np.maximum(len(worth) - left, 1), -np.inf)


def _best_side(box: Bounds, side: int, feature: int, rows: Array, worth: Array) -> Bounds:
    """Return a box with one limit at the value that gives the rows inside the greatest worth."""
    free = box.without(side, feature)
    here = free.inside(rows)
    values = rows[here, feature]
    order = np.argsort(values, kind="stable")
    if side == LOW:
        order = order[::-1]
    values = values[order]
    total = np.cumsum(worth[here][order])
    ends = np.append(values[1:] != values[:-1], True)  # a bound lies between different values
    place = int(np.argmax(np.where(ends, total, -np.inf)))
    return free.moved(side, feature, float(values[place]))
