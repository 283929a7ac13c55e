"""discover_box(): a box found on one half of the rows, pruned and tested on the other.

Limits that are chosen among many fit chance as well as causes. So the half that chose them does not judge them: on the
other half each limit must bring something (Bryant & Lempert 2010, "Thinking inside the box", test whether a limit is
needed, doi:10.1016/j.techfore.2009.08.002), and the box must be denser than all rows at the level SIGNIFICANT. If it is
not, nothing has been found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.analysis.discovery import prim
from sim.analysis.discovery.box import Box, Limit, Tally

Array = npt.NDArray[Any]

SIGNIFICANT: Final = 0.01  # for the box, and for each of its limits
WORTH: Final = 0.05  # share of the box's accuracy that a limit must bring
FEWEST: Final = 20  # rows with the outcome, and without, on each half
HALF: Final = 0.5


@dataclass(frozen=True)
class FoundBox:
    """A box with its counts on the half of the rows that did not choose it. p: of the test that it is no denser."""

    box: Box
    held_out: Tally
    p: float


def discover_box(
    features: Mapping[str, Array], hits: Array, *, groups: Array | None = None, seed: int = 0
) -> FoundBox | None:
    """Return the conditions under which an outcome comes, or None if nothing is found.

    features: float64 (rows,) by name; hits: bool (rows,), whether the outcome came. groups: (rows,), such as the world
    of each row: rows of one group go into the same half, and in the test of a limit on what is the same in the whole
    group they count as one row. seed: of the halves.
    """
    names = [name for name, values in features.items() if len(np.unique(values)) > 1]
    hits = np.asarray(hits, np.bool_)
    groups = np.arange(len(hits)) if groups is None else np.asarray(groups)
    chooses = _half(groups, seed)
    if not names or min(_rarer(hits[chooses]), _rarer(hits[~chooses])) < FEWEST:
        return None
    rows = np.stack([np.asarray(features[name], np.float64) for name in names], axis=1)
    test = _HeldOut(rows[~chooses], hits[~chooses], groups[~chooses], _weights(rows, groups))
    box = prim.find_box(rows[chooses], hits[chooses])
    while (useless := test.useless(box)) is not None:
        box = prim.refined(box.without(*useless), rows[chooses], hits[chooses])
    tally = test.tally(box)
    p = test.chance(tally, box)
    if not box.limited() or not p <= SIGNIFICANT:
        return None
    return FoundBox(_named(box, names), tally, p)


@dataclass(frozen=True)
class _HeldOut:
    """The half that judges. weights: by which counts are multiplied in tests, float64 (features,)."""

    rows: Array
    hits: Array
    groups: Array
    weights: Array

    def tally(self, box: prim.Bounds) -> Tally:
        """Return the counts of a box."""
        return Tally.of(box.inside(self.rows), self.hits, [self.groups])

    def chance(self, tally: Tally, box: prim.Bounds) -> float:
        """Return the probability of so many hits in a box that is no denser than all rows (binomial)."""
        from scipy.special import betainc

        weight = min((self.weights[feature] for _, feature in box.limited()), default=1.0)
        hits, rows = tally.box_hits * weight, tally.box_rows * weight
        return float(betainc(hits, rows - hits + 1, tally.base)) if hits > 0 else 1.0

    def useless(self, box: prim.Bounds) -> tuple[int, int] | None:
        """Return the side of a box whose limit helps least, if it does not help at all; None if every limit does."""
        found = [(self._help(box, *side), side) for side in box.limited()]
        if not found:
            return None
        (needed, _), side = min(found)
        return None if needed else side

    def _help(self, box: prim.Bounds, side: int, feature: int) -> tuple[bool, float]:
        """Return whether a limit is needed, and the accuracy that it brings."""
        inside, wider = box.inside(self.rows), box.without(side, feature).inside(self.rows)
        own, loose = Tally.of(inside, self.hits), Tally.of(wider, self.hits)
        brought = own.accuracy - loose.accuracy
        needed = brought > WORTH * own.accuracy and _sparser(own, loose, self.weights[feature]) <= SIGNIFICANT
        return bool(needed), brought


def _sparser(own: Tally, loose: Tally, weight: float) -> float:
    """Return the probability of so few hits in what a limit cuts off, if that is as dense as the box."""
    from scipy.special import betainc

    rows, hits = loose.box_rows - own.box_rows, loose.box_hits - own.box_hits
    if rows == hits or not own.box_rows:
        return 1.0
    density = (own.box_hits + HALF) / (own.box_rows + 1)
    return float(betainc((rows - hits) * weight, hits * weight + 1, 1 - density))


def _weights(rows: Array, groups: Array) -> Array:
    """Return by which counts are multiplied in tests of each feature, float64 (features,): groups per row, or 1."""
    names, first, place = np.unique(groups, return_index=True, return_inverse=True)
    same = (rows == rows[first][place]).all(axis=0)
    return np.where(same, len(names) / len(groups), 1.0)


def _half(groups: Array, seed: int) -> Array:
    """Return which rows choose the box, bool (rows,): those of half of the groups, at random."""
    names, place = np.unique(groups, return_inverse=True)
    first = np.random.default_rng(seed).permutation(len(names)) < len(names) / 2
    return np.asarray(first[place])


def _rarer(hits: Array) -> int:
    """Return how many rows have the outcome, or have it not, whichever is less."""
    return int(min(hits.sum(), (~hits).sum()))


def _named(box: prim.Bounds, names: list[str]) -> Box:
    """Return a box with the names of its features."""
    limits = []
    for feature in sorted({feature for _, feature in box.limited()}):
        low, high = (float(side) if np.isfinite(side) else None for side in box.sides[:, feature])
        limits.append(Limit(names[feature], low, high))
    return Box(tuple(limits))
