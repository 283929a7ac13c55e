"""All 95 % intervals of means, shares and paired differences, and the tests that belong to them.

Every table, page, report and file takes its intervals from here. A share is counted (successes of n worlds), so its
interval comes from its own distribution; a mean has an interval that allows for skewness. An interval lies within the
bounds of what it estimates, and has a width, with one exception: where a mean is of values that are all the same. Such
values show no spread at all; whoever shows them says "the same in every world" (see `alike`).

- Share: Wilson's score interval (1927), with a continuity correction of CORRECTION worlds, never inside the two exact
  one-sided 95 % bounds (Clopper & Pearson 1934). Without them it misses the rarest shares (Brown, Cai & DasGupta 2001).
- Difference of two shares of the same worlds: the score interval of Tango (1998, "Equivalence test and confidence
  interval for the difference in proportions for the paired-sample design"). Where worlds change in one direction only,
  or none is unchanged, the difference is a single share, and its interval reaches as far as that of the share.
- Mean: the wider end, on each side, of Student's interval and of Hall's (1992, "On the removal of skewness by
  transformation"), which is Student's after a monotone transformation that removes skewness. Student's is right for
  symmetric values and Hall's for skewed ones, and neither for the other.
- Mean of effects between -1 and 1, such as Shapley values: the adjusted interval of Bonett & Price (2012). The
  interaction of two changes in a share lies between -2 and 2 in each world, and has this interval at twice the scale.
- Median: between two order statistics, by the binomial distribution.

`tests/verification/test_intervals.py` has their coverage.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.results.running_moments import Moments
from sim.schema.outcomes import Outcome

Array = npt.NDArray[Any]
Counts = npt.ArrayLike
Ends = tuple[Array, Array]

LEVEL: Final = 0.95  # of every interval
CORRECTION: Final = 0.25  # worlds
SHARE_UNIT: Final = "0 to 1"
_STEPS: Final = 40  # of the bisection; the ends are then exact to 1e-12
_ALIKE: Final = 1e-12  # relative spread that is rounding alone
_SYMMETRIC: Final = 1e-6  # skewness, over the root of n, below which Hall's interval is Student's
_MOST_SETS: Final = 100_000  # intervals remembered


def share_interval(n: Counts, hits: Counts) -> Ends:
    """Return the interval of a share, between 0 and 1. n: worlds; hits: in how many it is true. NaN below two worlds.

    float64 of the shape of both.
    """
    from scipy.special import betaincinv

    n, hits = np.broadcast_arrays(np.asarray(n, np.float64), np.asarray(hits, np.float64))
    size, tail = np.maximum(n, 1), 1 - LEVEL
    low = np.minimum(_wilson(size, np.maximum(hits - CORRECTION, 0), -1),
                     betaincinv(np.maximum(hits, 1), np.maximum(size - hits + 1, 1), tail))  # fmt: skip
    high = np.maximum(_wilson(size, np.minimum(hits + CORRECTION, size), 1),
                      betaincinv(hits + 1, np.maximum(size - hits, 1), 1 - tail))  # fmt: skip
    known = n > 1
    return np.where(known, np.where(hits > 0, low, 0.0), np.nan), np.where(known, np.where(hits < n, high, 1.0), np.nan)


def paired_share_interval(n: Counts, gained: Counts, lost: Counts) -> Ends:
    """Return the interval of the difference of two shares of the same worlds, between -1 and 1. NaN below two worlds.

    It contains 0 wherever the exact sign test finds no effect, so that interval and mark never contradict each other.
    n: worlds; gained, lost: in how many it is true only in the second or only in the first. float64 of their shape.
    """
    given = np.broadcast_arrays(*(np.asarray(part, np.float64) for part in (n, gained, lost)))
    rows = np.stack([part.reshape(-1) for part in given], axis=1).tolist()
    ends = np.array([_paired_share(*row) for row in rows], np.float64).reshape(-1, 2)
    low, high = ends[:, 0].reshape(given[0].shape), ends[:, 1].reshape(given[0].shape)
    sure = significant(_sign_test(given[1], given[2]))
    return np.where(sure, low, np.minimum(low, 0.0)), np.where(sure, high, np.maximum(high, 0.0))


def mean_interval(moments: Moments) -> Ends:
    """Return the interval of a mean, float64 of the moments' shape; NaN below two values, no width where all agree."""
    q = t_quantile(moments.n)
    error = np.sqrt(moments.variance / np.maximum(moments.n, 1))
    slant = moments.skewness / np.sqrt(np.maximum(moments.n, 1))
    below = np.maximum(q, _straightened(q, slant))
    above = np.minimum(-q, _straightened(-q, slant))
    still = alike(moments)
    return (
        np.where(still, moments.mean, moments.mean - error * below),
        np.where(still, moments.mean, moments.mean - error * above),
    )


def bounded_effect_interval(effects: Array) -> tuple[float, float]:
    """Return the interval of the mean of effects that lie between -1 and 1; NaN for none, and never of zero width.

    effects: of each world, (worlds,), fractions too. One world with 1 and one with -1 are added before the usual
    interval is taken: for pairs of yes and no it is the adjusted interval of Bonett & Price (2012, "Adjusted Wald
    confidence interval for a difference of binomial proportions based on paired data").
    """
    if not len(effects):
        return float("nan"), float("nan")
    mean, total = float(effects.mean()), len(effects) + 2
    centre, square = float(effects.sum()) / total, (float((effects**2).sum()) + 2) / total
    half = normal_quantile() * float(np.sqrt((square - centre**2) / total))
    return max(min(centre - half, mean), -1.0), min(max(centre + half, mean), 1.0)


def median_interval(values: Array) -> tuple[float, float]:
    """Return the interval of a median, in the values' unit; NaN below six values, which have none at this level.

    values: (n,). For values with ties, such as days, it covers at least as often.
    """
    from scipy.special import bdtr

    n = len(values)
    order = np.arange(n)
    outside = np.flatnonzero(bdtr(order, n, 0.5) <= (1 - LEVEL) / 2)
    if not outside.size:
        return float("nan"), float("nan")
    found, place = np.sort(values), int(outside[-1])
    return float(found[place]), float(found[n - 1 - place])


def alike(moments: Moments) -> Array:
    """Return whether two or more values are all the same, bool of the moments' shape: then no spread is known."""
    n, scale = np.maximum(moments.n, 1), np.abs(moments.mean)
    return np.asarray((moments.n > 1) & (np.sqrt(moments.squares / n) <= _ALIKE * scale))


def cell_interval(outcome: Outcome, cell: Moments) -> Ends:
    """Return the interval of an outcome's mean over the worlds, within the outcome's bounds, of the moments' shape."""
    if outcome.kind == "share":
        return share_interval(cell.n, np.rint(cell.n * np.nan_to_num(cell.mean)))
    low, high = mean_interval(cell)
    low = np.where(cell.mean >= 0, np.maximum(low, 0.0), low)
    return low, np.minimum(high, 1.0) if outcome.unit == SHARE_UNIT else high


def effect_interval(outcome: Outcome, difference: Moments) -> Ends:
    """Return the interval of an outcome's mean paired difference, within its bounds, of the moments' shape."""
    if outcome.kind == "share":
        return paired_share_interval(difference.n, *changed(difference))
    low, high = mean_interval(difference)
    if outcome.unit == SHARE_UNIT:
        return np.maximum(low, -1.0), np.minimum(high, 1.0)
    return low, high


def interaction_interval(outcome: Outcome, values: Array) -> tuple[float, float]:
    """Return the interval of the mean over the worlds of a sum or difference of two paired differences.

    values: of each world, (worlds,), in the outcome's unit: such as both - a - b + base, the interaction of two
    changes, which for yes and no lies between -2 and 2. NaN below two worlds; for shares never of zero width.
    """
    if len(values) < 2:  # noqa: PLR2004  one world has no spread
        return math.nan, math.nan
    if outcome.kind == "share":
        low, high = bounded_effect_interval(values / 2)
        return 2 * low, 2 * high
    low, high = (float(end) for end in mean_interval(Moments.of(values)))
    return (max(low, -2.0), min(high, 2.0)) if outcome.unit == SHARE_UNIT else (low, high)


def effect_test(outcome: Outcome, difference: Moments) -> Array:
    """Return the p-value of no effect on an outcome, float64 of the moments' shape; NaN below two values.

    The exact sign test for a share, and where all worlds change by the same amount, which shows no spread; `mean_test`
    for other means. Where it is at most 5 %, the interval of `effect_interval` excludes 0.
    """
    if outcome.kind == "share":
        return np.where(difference.n > 1, _sign_test(*changed(difference)), np.nan)
    up = difference.n * (difference.mean > 0)
    down = difference.n * (difference.mean < 0)
    return np.where(alike(difference), _sign_test(up, down), mean_test(difference))


def significant(p: npt.ArrayLike) -> Array:
    """Return whether p-values are at most 5 %, bool of their shape; never for NaN."""
    return np.asarray(p) <= 1 - LEVEL


def changed(difference: Moments) -> Ends:
    """Return how many differences are 1 and how many are -1, the others being 0, from their moments."""
    net = difference.n * np.nan_to_num(difference.mean)
    every = difference.squares + net * np.nan_to_num(difference.mean)
    up = np.clip(np.rint((every + net) / 2), 0, difference.n)
    return up, np.clip(np.rint((every - net) / 2), 0, difference.n - up)


def sign_test(up: int, down: int) -> float:
    """Return the p-value of the exact two-sided sign test, 0 to 1.

    up, down: how many pairs increase and decrease; pairs that do not change are left out (Dixon & Mood 1946). For
    pairs of yes and no it is the exact form of McNemar's test. It equals the p-value of
    `scipy.stats.binomtest(up, up + down)`: twice the lower tail of a binomial distribution with probability one
    half. The tail comes from `scipy.special`, which is already loaded for the intervals; loading `scipy.stats`
    would delay the first answer of the command.
    """
    return float(_sign_test(np.asarray(up), np.asarray(down)))


def mean_test(moments: Moments) -> Array:
    """Return the p-value of a mean of 0, float64 of the moments' shape; NaN below two values or where all agree.

    The larger one of Student's and Hall's tests, so that it is below 5 % if `mean_interval` excludes 0.
    """
    from scipy.special import stdtr

    known = (moments.n > 1) & ~alike(moments)
    error = np.where(known, np.sqrt(moments.variance / np.maximum(moments.n, 1)), 1.0)
    ratio = np.where(known, moments.mean / error, 0.0)
    a = np.where(known, moments.skewness, 0.0) / np.sqrt(np.maximum(moments.n, 1))
    bent = ratio + a * ratio**2 / 3 + a**2 * ratio**3 / 27 + a / 6
    least = np.minimum(np.abs(ratio), np.abs(bent))
    return np.where(known, 2 * stdtr(np.maximum(moments.n - 1, 1), -least), np.nan)


def holm(p: Sequence[float]) -> list[float]:
    """Return p-values adjusted for their number, in their order; NaN stays NaN and does not count.

    Holm (1979), "A simple sequentially rejective multiple test procedure": the chance that any of those at most 0.05
    is at most 5 % where nothing differs, whatever the dependence between the tests.
    """
    given = np.asarray(p, np.float64)
    known = np.flatnonzero(~np.isnan(given))
    order = known[np.argsort(given[known], kind="stable")]
    adjusted = given.copy()
    adjusted[order] = np.minimum(np.maximum.accumulate(given[order] * np.arange(len(order), 0, -1)), 1.0)
    return [float(value) for value in adjusted]


def t_quantile(n: Array) -> Array:
    """Return the half-width of Student's interval of a mean of n values, in standard errors; NaN below two."""
    from scipy.special import stdtrit  # imports SciPy only when an interval is needed

    return np.where(np.asarray(n) > 1, stdtrit(np.maximum(np.asarray(n) - 1, 1), (1 + LEVEL) / 2), np.nan)


def _sign_test(up: Array, down: Array) -> Array:
    from scipy.special import bdtr

    return np.minimum(2 * bdtr(np.minimum(up, down), (up + down).astype(np.int64), 0.5), 1.0)


def normal_quantile() -> float:
    """Return the half-width of an interval at LEVEL, in standard errors: 1.96."""
    from scipy.special import ndtri

    return float(ndtri((1 + LEVEL) / 2))


def _wilson(n: Array, hits: Array, side: int) -> Array:
    """Return one end of Wilson's interval, the lower for side -1 and the upper for 1."""
    z = normal_quantile()
    half = z * np.sqrt(hits * (n - hits) / n + z * z / 4)
    return np.asarray((hits + z * z / 2 + side * half) / (n + z * z))


def _straightened(t: Array, slant: Array) -> Array:
    """Return Hall's inverse transformation of a quantile t; slant: skewness over the root of n."""
    plain = np.abs(slant) < _SYMMETRIC
    a = np.where(plain, 1.0, slant)
    return np.where(plain, t, 3 / a * (np.cbrt(1 + a * (t - a / 6)) - 1))


@lru_cache(maxsize=_MOST_SETS)
def _paired_share(n: float, gained: float, lost: float) -> tuple[float, float]:
    """Return the interval of `paired_share_interval` for one pair of shares."""
    if not n > 1:
        return float("nan"), float("nan")
    low, high = _tango(n, gained, lost), -_tango(n, lost, gained)
    if lost == 0:
        high = max(high, float(share_interval(n, gained)[1]))
    if gained == 0:
        low = min(low, -float(share_interval(n, lost)[1]))
    if gained + lost == n:
        least, most = (2 * float(end) - 1 for end in share_interval(n, gained))
        low, high = min(low, least), max(high, most)
    return low, high


@lru_cache(maxsize=_MOST_SETS)
def _tango(n: float, gained: float, lost: float) -> float:
    """Return the lower end of Tango's interval, by bisection between -1 and the difference itself."""
    z = normal_quantile()
    outside, inside = -1.0, (gained - lost) / n
    for _ in range(_STEPS):
        middle = (outside + inside) / 2
        far = gained - lost - n * middle > z * _spread(n, gained, lost, middle)
        outside, inside = (middle, inside) if far else (outside, middle)
    return inside


def _spread(n: float, gained: float, lost: float, difference: float) -> float:
    """Return the standard error of gained minus lost if the true difference of the shares is `difference`.

    The share lost is the likeliest one with that difference, the root of a quadratic equation (Tango 1998).
    """
    b = (2 * n - gained + lost) * difference - gained - lost
    c = -lost * difference * (1 - difference)
    share_lost = max((max(b * b - 8 * n * c, 0.0) ** 0.5 - b) / (4 * n), 0.0)
    return float(max(n * (2 * share_lost + difference * (1 - difference)), 0.0) ** 0.5)
