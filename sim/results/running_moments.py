"""Running moments: count, mean, spread and skewness of values, in a form in which parts of a large set can be combined.

Combining follows Chan, Golub and LeVeque (1983), which keeps its precision where the mean is large against the spread;
for the third moment, Terriberry (2007). The intervals that follow from them are in `sim.results.intervals`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Moments:
    """Count, mean, and sums of the squared and cubed distances from the mean, float64 arrays of one shape.

    The mean of no value is 0.
    """

    n: Array
    mean: Array
    squares: Array
    cubes: Array

    @classmethod
    def of(cls, values: Array) -> "Moments":
        """Return the moments over the first axis, without NaN; of the shape of the remaining axes."""
        known = ~np.isnan(values)
        n = known.sum(axis=0).astype(np.float64)
        mean = np.where(known, values, 0.0).sum(axis=0, dtype=np.float64) / np.maximum(n, 1)
        away = np.where(known, values - mean, 0.0)
        square = away**2
        return cls(n, mean, square.sum(axis=0, dtype=np.float64), (square * away).sum(axis=0, dtype=np.float64))

    def __add__(self, other: "Moments") -> "Moments":
        """Return the moments of both sets together."""
        n = self.n + other.n
        apart = other.mean - self.mean
        part = other.n / np.maximum(n, 1)
        rest = 1 - part
        mean = self.mean + apart * part
        squares = self.squares + other.squares + apart**2 * self.n * part
        mixed = 3 * apart * (rest * other.squares - part * self.squares)
        cubes = self.cubes + other.cubes + apart**3 * self.n * part * (rest - part) + mixed
        return Moments(n, mean, squares, cubes)

    def __getitem__(self, key: Any) -> "Moments":
        """Return the moments of some of the cells."""
        return Moments(self.n[key], self.mean[key], self.squares[key], self.cubes[key])

    @property
    def variance(self) -> Array:
        """Sample variance, over n - 1; NaN below two values."""
        return np.where(self.n > 1, self.squares / np.maximum(self.n - 1, 1), np.nan)

    @property
    def skewness(self) -> Array:
        """Sample skewness (Fisher's G1); 0 below three values, and where there is no spread."""
        spread = np.sqrt(self.squares / np.maximum(self.n - 1, 1))
        known = (self.n > 2) & (spread > 0)  # noqa: PLR2004  a third moment needs three
        scale = np.where(known, (self.n - 1) * (self.n - 2) * spread**3, 1.0)
        return np.where(known, self.n * self.cubes / scale, 0.0)
