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

    features: float64 (rows,) by name; hits: bool (rows,), whether the outcome came. groups: (rows,), rows of one group
    belong together, such as several rows of one world: they go into the same half and count as one row in a test.
    seed: of the halves.
    """
    names = [name for name, values in features.items() if len(np.unique(values)) > 1]
    hits = np.asarray(hits, np.bool_)
    groups = np.arange(len(hits)) if groups is None else np.asarray(groups)
    chooses = _half(groups, seed)
    if not names or min(_rarer(hits[chooses]), _rarer(hits[~chooses])) < FEWEST:
        return None
    rows = np.stack([np.asarray(features[name], np.float64) for name in names], axis=1)
    test = _HeldOut(rows[~chooses], hits[~chooses], len(np.unique(groups)) / len(groups))
    box = prim.find_box(rows[chooses], hits[chooses])
    while (pruned := test.pruned(box)).limited() != box.limited():
        box = prim.refined(pruned, rows[chooses], hits[chooses])
    tally = test.tally(box)
    p = test.chance(tally)
    if not box.limited() or not p <= SIGNIFICANT:
        return None
    return FoundBox(_named(box, names), tally, p)


@dataclass(frozen=True)
class _HeldOut:
    """The half that judges. weight: by which counts are multiplied in tests, groups per row."""

    rows: Array
    hits: Array
    weight: float

    def tally(self, box: prim.Bounds) -> Tally:
        """Return the counts of a box."""
        return Tally.of(box.inside(self.rows), self.hits)

    def chance(self, tally: Tally) -> float:
        """Return the probability of so many hits in a box that is no denser than all rows (binomial)."""
        from scipy.special import betainc

        hits, rows = tally.box_hits * self.weight, tally.box_rows * self.weight
        return float(betainc(hits, rows - hits + 1, tally.base)) if hits > 0 else 1.0

    def pruned(self, box: prim.Bounds) -> prim.Bounds:
        """Return a box without the limits that do not help, the least helpful first."""
        while sides := box.limited():
            found = [(self._help(box, *side), side) for side in sides]
            (needed, _), side = min(found)
            if needed:
                break
            box = box.without(*side)
        return box

    def _help(self, box: prim.Bounds, side: int, feature: int) -> tuple[bool, float]:
        """Return whether a limit is needed, and the accuracy that it brings."""
        inside, wider = box.inside(self.rows), box.without(side, feature).inside(self.rows)
        own, loose = Tally.of(inside, self.hits), Tally.of(wider, self.hits)
        brought = own.accuracy - loose.accuracy
        needed = brought > WORTH * own.accuracy and self._sparser(own, loose) <= SIGNIFICANT
        return bool(needed), brought

    def _sparser(self, own: Tally, loose: Tally) -> float:
        """Return the probability of so few hits in what a limit cuts off, if that is as dense as the box."""
        from scipy.special import betainc

        rows, hits = loose.box_rows - own.box_rows, loose.box_hits - own.box_hits
        if not rows or not own.box_rows:
            return 1.0
        density = (own.box_hits + HALF) / (own.box_rows + 1)
        rows, few = rows * self.weight, hits * self.weight
        return float(betainc(max(rows - few, 0), few + 1, 1 - density)) if rows > few else 1.0


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
