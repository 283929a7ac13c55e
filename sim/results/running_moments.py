"""Running moments: count, mean and spread of values, in a form in which parts of a large set can be combined.

Combining follows Chan, Golub and LeVeque (1983), which keeps its precision where the mean is large against the spread.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

LEVEL: Final = 0.95  # of every interval


@dataclass(frozen=True, slots=True)
class Moments:
    """Count, mean and sum of squared distances from the mean, float64 arrays of one shape; the mean of none is 0."""

    n: Array
    mean: Array
    squares: Array

    @classmethod
    def of(cls, values: Array) -> "Moments":
        """Return the moments over the first axis, without NaN; of the shape of the remaining axes."""
        known = ~np.isnan(values)
        n = known.sum(axis=0).astype(np.float64)
        mean = np.where(known, values, 0.0).sum(axis=0, dtype=np.float64) / np.maximum(n, 1)
        squares = (np.where(known, values - mean, 0.0) ** 2).sum(axis=0, dtype=np.float64)
        return cls(n, mean, squares)

    def __add__(self, other: "Moments") -> "Moments":
        """Return the moments of both sets together."""
        n = self.n + other.n
        apart = other.mean - self.mean
        part = other.n / np.maximum(n, 1)
        mean = self.mean + apart * part
        return Moments(n, mean, self.squares + other.squares + apart**2 * self.n * part)

    def __getitem__(self, key: Any) -> "Moments":
        """Return the moments of some of the cells."""
        return Moments(self.n[key], self.mean[key], self.squares[key])

    @property
    def variance(self) -> Array:
        """Sample variance, over n - 1; NaN below two values."""
        return np.where(self.n > 1, self.squares / np.maximum(self.n - 1, 1), np.nan)

    @property
    def half_width(self) -> Array:
        """Half the 95 % interval of the mean, t(n - 1) s / sqrt(n); NaN below two values."""
        return t_quantile(self.n) * np.sqrt(self.variance / np.maximum(self.n, 1))


def t_quantile(n: Array) -> Array:
    """Return the half-width of the 95 % interval of a mean of n values, in standard errors; NaN below two."""
    from scipy.special import stdtrit  # imports SciPy only when an interval is needed

    return np.where(n > 1, stdtrit(np.maximum(n - 1, 1), (1 + LEVEL) / 2), np.nan)
