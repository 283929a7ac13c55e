"""Scoring rules: how far a forecast is from what was observed, by the library scoringrules. Lower is better, 0 is best.

- CRPS, the continuous ranked probability score, in the outcome's unit: the integral of (F(x) - 1{y <= x})^2 over x, for
  a forecast F and an observation y. That of a single number is its distance from the observation (Gneiting & Raftery
  2007, "Strictly proper scoring rules, prediction, and estimation", doi:10.1198/016214506000001437).
- Brier score, 0 to 1: (p - 1{happened})^2.
- Integrated Brier score of a date, 0 to 1: the mean over days of the Brier score of "it has happened by the end of this
  day". Worlds that never get there count in every day's share (Graf et al. 1999, "Assessment and comparison of
  prognostic classification schemes for survival data"). Where it is only known that something had not happened before
  a day, the mean is over the days before that one, of which all is known.

An observation that is a range stands for all values in it, equally likely: its score is the mean over them.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

_VALUES: Final = 51  # at most so many of a range are scored


def crps(forecast: npt.ArrayLike, observed: Array) -> float:
    """Return the mean CRPS of a forecast over the values of an observation, in their unit.

    forecast: the values in each world, (worlds,), or one number; observed: (values,), equally likely.
    """
    import scoringrules

    ensemble = np.atleast_1d(np.asarray(forecast, np.float64))
    rows = np.broadcast_to(ensemble, (len(observed), len(ensemble)))
    return float(np.mean(scoringrules.crps_ensemble(observed, rows, estimator="qd", backend="numpy")))


def brier(probability: float, *, happened: bool) -> float:
    """Return the Brier score of a probability."""
    import scoringrules

    return float(scoringrules.brier_score(float(happened), probability, backend="numpy"))


def integrated_brier(probability: Array, observed: Array) -> float:
    """Return the integrated Brier score, the mean over the days observed.

    probability: that it has happened by the end of each day, (days,); observed: the index of the day on which it
    happened, (values,), equally likely; an index of `days` or more means that it had not happened by then.
    """
    import scoringrules

    happened = (np.asarray(observed)[:, np.newaxis] <= np.arange(len(probability))).astype(np.float64)
    forecasts = np.broadcast_to(probability, happened.shape)
    return float(np.mean(scoringrules.brier_score(happened, forecasts, backend="numpy")))


def values_between(low: float, high: float) -> Array:
    """Return the values of a range of whole numbers: all of them, or equally spaced ones with both ends."""
    if high - low < _VALUES:
        return np.arange(low, high + 1)
    return np.linspace(low, high, _VALUES)
