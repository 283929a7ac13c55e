"""Sensitivity: which settings influence an outcome, and how much of its variance is luck that no setting explains.

SALib computes Sobol indices and Morris's elementary effects (Herman & Usher 2017, doi:10.21105/joss.00097) from the
mean over the worlds of each point. All points share the same worlds, so the indices hold for the random numbers of this
run: with one world per point for that single world, with many worlds for the average.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.errors import JirgaError
from sim.results.intervals import LEVEL, normal_quantile
from sim.study.design import problem
from sim.study.summary import Summary

Array = npt.NDArray[Any]

RESAMPLES: Final = 200  # of SALib's bootstrap
FEWEST: Final = 10  # points for an interval of the share of luck
_SEED: Final = 1  # of the bootstrap, so that a report is reproducible; 0 means no seed in SALib


class UnknowableError(JirgaError):
    """The result cannot be computed from these parts; the message says why."""


@dataclass(frozen=True, slots=True)
class SobolIndex:
    """Sobol indices of one setting: shares of the variance between points, with half their 95 % intervals."""

    setting: str
    first: float  # what it explains alone
    first_half: float
    total: float  # with all its interactions
    total_half: float


@dataclass(frozen=True, slots=True)
class PairIndex:
    """The second-order Sobol index of two settings: what their interaction explains beyond both alone."""

    setting: str
    other: str
    second: float
    second_half: float  # half its 95 % interval


@dataclass(frozen=True, slots=True)
class MorrisIndex:
    """Morris's measures of one setting, in the outcome's unit for the setting's whole range."""

    setting: str
    mean: float  # mu: signed
    size: float  # mu*: mean of the absolute effects
    size_half: float  # half its 95 % interval
    spread: float  # sigma: how much the effect depends on the other settings


@dataclass(frozen=True, slots=True)
class TornadoBar:
    """The effects of one setting at its low and at its high: paired effects from the base, with 95 % intervals.

    The ends of an interval are NaN if there is only one world.
    """

    setting: str
    low: tuple[float, float, float]  # effect, ends of its interval
    high: tuple[float, float, float]

    @property
    def width(self) -> float:
        """The largest distance between the two effects, or of one of them from the base."""
        return max(abs(self.low[0]), abs(self.high[0]), abs(self.high[0] - self.low[0]))


@dataclass(frozen=True, slots=True)
class MainEffect:
    """The mean of an outcome over all points of a grid that have one value of one setting."""

    setting: str
    value: float
    mean: float
    low: float  # upper bound of the 95 % interval: as if luck affected all these points equally
    high: float


@dataclass(frozen=True, slots=True)
class VarianceSplit:
    """The law of total variance: variance = mean variance between worlds + variance between points."""

    within: float  # between the worlds of a point: luck
    between: float  # between the points' true means: the effect of the settings
    low: float  # 95 % interval of the share; NaN for fewer than FEWEST points
    high: float

    @property
    def share(self) -> float:
        """The share of luck in the total variance."""
        return self.within / (self.within + self.between)


def sobol(summary: Summary, scenario: int, outcome: str) -> list[SobolIndex]:
    """First-order and total indices of every setting. Raises UnknowableError unless every point has a value."""
    found = _analysed(summary, scenario, outcome)
    columns = (found[name].tolist() for name in ("S1", "S1_conf", "ST", "ST_conf"))
    return [SobolIndex(*row) for row in zip(summary.design.names, *columns, strict=True)]


def sobol_pairs(summary: Summary, scenario: int, outcome: str) -> list[PairIndex]:
    """Second-order indices of every pair of settings, the largest first; none unless the plan has `second_order`.

    Raises UnknowableError as `sobol` does.
    """
    if not summary.plan.second_order:
        return []
    found, names = _analysed(summary, scenario, outcome), summary.design.names
    pairs = [(i, j) for i in range(len(names)) for j in range(i + 1, len(names))]
    made = [PairIndex(names[i], names[j], float(found["S2"][i, j]), float(found["S2_conf"][i, j])) for i, j in pairs]
    return sorted(made, key=lambda one: -one.second)


def _analysed(summary: Summary, scenario: int, outcome: str) -> Any:
    """SALib's analysis of a Sobol plan. Raises UnknowableError unless every point has a value."""
    from SALib.analyze import sobol as analyse

    plan = summary.plan
    return analyse.analyze(
        problem(plan), _means(summary, scenario, outcome), calc_second_order=plan.second_order,
        num_resamples=RESAMPLES, conf_level=LEVEL, seed=_SEED,
    )  # fmt: skip


def morris(summary: Summary, scenario: int, outcome: str) -> list[MorrisIndex]:
    """Elementary effects of every setting. Raises UnknowableError unless every point has a value."""
    from SALib.analyze import morris as analyse

    means = _means(summary, scenario, outcome)
    points = np.stack([summary.design.values[name] for name in summary.design.names], axis=1)
    found = analyse.analyze(
        problem(summary.plan), points, means, num_levels=summary.plan.levels, num_resamples=RESAMPLES,
        conf_level=LEVEL, seed=_SEED,
    )  # fmt: skip
    columns = (np.asarray(found[name]).tolist() for name in ("mu", "mu_star", "mu_star_conf", "sigma"))
    return [MorrisIndex(*row) for row in zip(summary.design.names, *columns, strict=True)]


def tornado(summary: Summary, scenario: int, outcome: str) -> list[TornadoBar]:
    """The effects of each setting of a one-at-a-time plan, the largest first.

    Only for the reference: other scenarios are compared with the reference at the same point, not with their own base.
    Raises UnknowableError for another scenario, and if a point has no value.
    """
    if summary.plan.scenarios[scenario].name != summary.plan.reference:
        raise UnknowableError("a tornado is drawn for the reference scenario only")
    _means(summary, scenario, outcome, constant=True)
    effects = summary.effects.mean[scenario, :, summary.column(outcome)]
    low, high = (end[scenario] for end in summary.effect_interval(outcome))
    ends = list(zip(effects.tolist(), low.tolist(), high.tolist(), strict=True))
    names = summary.design.names
    found = [TornadoBar(name, ends[1 + 2 * i], ends[2 + 2 * i]) for i, name in enumerate(names)]
    return sorted(found, key=lambda one: -one.width)


def main_effects(summary: Summary, scenario: int, outcome: str) -> list[MainEffect]:
    """The mean at every value of every setting of a grid, over all others.

    Raises UnknowableError if a point has none.
    """
    means = _means(summary, scenario, outcome, constant=True)
    ends = [end[scenario] for end in summary.cell_interval(outcome)]
    found = []
    for one in summary.plan.vary:
        for value in one.numbers:
            here = summary.design.where(one.key, value)
            found.append(MainEffect(one.key, value, *(float(part[here].mean()) for part in (means, *ends))))
    return found


def variance_split(summary: Summary, scenario: int, outcome: str) -> VarianceSplit:
    """The share of the variance that is luck, without bias, from the variance between the worlds within points.

    Points share their worlds, so variation common to all points does not affect their differences: only the variance
    that differs between points (the residual of points by worlds) is subtracted from the variance between the points.
    Raises UnknowableError for one point, fewer than 2 worlds per point, or a point without a value.
    """
    means = _means(summary, scenario, outcome, constant=True)
    cells = summary.cells[scenario, :, summary.column(outcome)]
    points = len(means)
    if points < 2:  # noqa: PLR2004  a variance needs two
        raise UnknowableError("there is one point: all variance is luck")
    if cells.n.min() < 2:  # noqa: PLR2004
        raise UnknowableError("with one world per point luck and settings cannot be separated; 2 or more are needed")
    variances = cells.variance
    blur = _residual(summary, scenario, summary.column(outcome)) / cells.n.min()
    within, between = float(variances.mean()), float(max(means.var(ddof=1) - blur, 0.0))
    if within + between == 0:
        raise UnknowableError("is the same in every world")
    share = within / (within + between)
    of_point = (means - means.mean()) ** 2 * points / (points - 1) - blur
    pull = ((1 - share) * variances - share * of_point) / (within + between)  # of each point on the share
    half = normal_quantile() * float(np.sqrt(pull.var(ddof=1) / points)) if points >= FEWEST else np.nan
    return VarianceSplit(within, between, float(np.maximum(share - half, 0.0)), float(np.minimum(share + half, 1.0)))


def _residual(summary: Summary, scenario: int, column: int) -> float:
    """The variance between worlds that differs between points; all of it if the worlds cannot be matched."""
    cells = summary.cells[scenario, :, column]
    points, worlds = len(cells.n), int(cells.n.min())
    if summary.within is None or cells.n.max() != worlds:
        return float(cells.variance.mean())
    by_world = summary.within[scenario, :worlds, column] / points
    common = points * float(((by_world - by_world.mean()) ** 2).sum())
    return max(float(cells.squares.sum()) - common, 0.0) / ((points - 1) * (worlds - 1))


def _means(summary: Summary, scenario: int, outcome: str, *, constant: bool = False) -> Array:
    """The mean at each point, float64 (points,).

    Raises UnknowableError for a point without a mean and, unless `constant`, if all means are equal.
    """
    column = summary.column(outcome)
    means = np.asarray(summary.cells.mean[scenario, :, column])
    absent = int(np.isnan(means).sum())
    if absent:
        raise UnknowableError(
            f"{absent:,} of {len(means):,} points have no value (not run yet, failed, or never reached)"
        )
    if not constant and (means == means[0]).all():
        raise UnknowableError("is the same at every point")
    return means
