"""A box: limits on some features, all of which a world inside it meets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Limit:
    """Limits of one feature, both included, in its unit; None where there is none."""

    name: str
    low: float | None
    high: float | None

    def met(self, values: Array) -> Array:
        """Return whether each value is within the limits, bool of their shape."""
        found = np.ones(np.shape(values), np.bool_)
        if self.low is not None:
            found &= values >= self.low
        return found if self.high is None else found & (values <= self.high)


@dataclass(frozen=True)
class Box:
    """Limits that a world must all meet."""

    limits: tuple[Limit, ...]

    def inside(self, features: Mapping[str, Array]) -> Array:
        """Return whether each row is inside, bool (rows,). features: (rows,) by name."""
        found = np.ones(len(next(iter(features.values()))), np.bool_)
        for one in self.limits:
            found &= one.met(features[one.name])
        return found


@dataclass(frozen=True, slots=True)
class Tally:
    """A box counted over rows. rows, hits: all, and those with the outcome; box_rows, box_hits: those inside.

    density_rows, coverage_rows: how many independent rows the density and the coverage are worth; fewer than there are
    where rows of one world or of one point are alike.
    """

    rows: int
    hits: int
    box_rows: int
    box_hits: int
    density_rows: float
    coverage_rows: float

    @classmethod
    def of(cls, inside: Array, hits: Array, groupings: Sequence[Array] = ()) -> "Tally":
        """Return the counts. inside, hits: bool (rows,); groupings: such as the world of each row, (rows,)."""
        density = effective_rows(hits[inside], [one[inside] for one in groupings])
        coverage = effective_rows(inside[hits], [one[hits] for one in groupings])
        return cls(len(hits), int(hits.sum()), int(inside.sum()), int((inside & hits).sum()), density, coverage)

    @property
    def base(self) -> float:
        """The share of all rows with the outcome; NaN without rows."""
        return self.hits / self.rows if self.rows else float("nan")

    @property
    def density(self) -> float:
        """The share of rows inside with the outcome; NaN if none is inside."""
        return self.box_hits / self.box_rows if self.box_rows else float("nan")

    @property
    def coverage(self) -> float:
        """The share of rows with the outcome that are inside; NaN if there are none."""
        return self.box_hits / self.hits if self.hits else float("nan")

    @property
    def accuracy(self) -> float:
        """Weighted relative accuracy: the share inside, times how far its density is above that of all rows."""
        return (self.box_hits - self.box_rows * self.base) / self.rows if self.rows else float("nan")


def effective_rows(true: Array, groupings: Sequence[Array]) -> float:
    """Return how many independent rows a share is worth: the rows over Kish's design effect, at least 1 of it.

    true: bool (rows,); groupings: group of each row, (rows,). The variances that each grouping causes are added up, for
    rows that are alike in several ways (Cameron, Gelbach & Miller 2011, doi:10.1198/jbes.2010.07136).
    """
    rows, share = len(true), float(true.mean()) if len(true) else 0.0
    spread = rows * share * (1 - share)
    if not spread:
        return float(min([rows, *(len(np.unique(one)) for one in groupings)]))
    design = 1.0
    for one in groupings:
        names, place = np.unique(one, return_inverse=True)
        if 1 < len(names) < rows:
            sums = np.bincount(place, weights=true - share)
            design += float((sums**2).sum()) / spread * len(names) / (len(names) - 1) - 1
    return rows / max(design, 1.0)
