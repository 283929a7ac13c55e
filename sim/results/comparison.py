"""Comparison of two scenarios, world by world, with the same random numbers.

World k of both runs has the same draws, so a difference in one world is the effect of the scenario there, and the
interval of the mean difference is far narrower than from two independent runs (common random numbers; Law 2015,
"Simulation Modeling and Analysis", section 11.2).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.inputs.scenario import check_same_days
from sim.results.results import BAND, Results
from sim.results.running_moments import LEVEL
from sim.schema import arguments
from sim.schema.milestones import MILESTONES, NEVER, Milestone
from sim.schema.outcomes import OUTCOMES, REACHED, Outcome

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect of the second scenario on one outcome, in the outcome's unit (a share for kind "share")."""

    outcome: str
    label: str
    unit: str
    a_mean: float
    b_mean: float
    effect: float  # mean of b - a over the worlds
    low: float  # 95 % interval of that mean, paired t; NaN for a single world that changes
    high: float
    up: float  # share of worlds in which b is above a
    same: float
    down: float
    significant: bool  # whether the interval excludes 0; for shares and few worlds also by `sign_test`, see `effect_of`


@dataclass(frozen=True, slots=True)
class MilestoneEffect:
    """The effect of the second scenario on one milestone; never counts as later than every date."""

    milestone: str
    label: str
    a_share: float  # of worlds that reach it
    b_share: float
    effect: float  # b_share - a_share
    low: float  # 95 % interval of the effect, paired t
    high: float
    significant: bool  # whether the interval excludes 0 and gained and lost differ significantly by `sign_test`
    gained: float  # share of worlds that reach it only in b
    lost: float  # share of worlds that reach it only in a
    earlier: float  # share of worlds in which b reaches it earlier
    same: float  # the same day, or never in both
    later: float
    both: float  # share of worlds that reach it in both
    median_shift: float | None  # days, b - a, over those worlds; None where there is none
    shift_low: float  # days, 5 and 95 % quantiles of those worlds; NaN where there is none
    shift_high: float
    pairs: int  # how many worlds those are
    sooner: int  # in how many of them b reaches it earlier
    put_off: int  # in how many of them b reaches it later
    shift_significant: bool  # whether `sooner` and `put_off` differ significantly, by `sign_test`


def paired_interval(difference: Array) -> tuple[Array, Array, Array]:
    """Return the mean paired difference over the first axis and the ends of its 95 % interval, all float64.

    mean ± t(n - 1) s / sqrt(n), each of the remaining shape. Where no world changes, or every world changes by the
    same amount, the interval is that one value, except for a single world that changes: its interval is NaN.
    """
    from scipy.special import stdtrit  # imports SciPy only when an interval is needed

    n = difference.shape[0]
    mean = difference.mean(axis=0, dtype=np.float64)
    if n == 1:
        half = np.where(mean == 0, 0.0, np.nan)
    else:
        spread = difference.std(axis=0, ddof=1, dtype=np.float64)
        alike = (difference == difference[:1]).all(axis=0)
        half = np.where(alike, 0.0, stdtrit(n - 1, (1 + LEVEL) / 2) * spread / np.sqrt(n))
        mean = np.where(alike, difference[0], mean)
    return mean, mean - half, mean + half


def sign_test(up: int, down: int) -> float:
    """Return the p-value of the exact two-sided sign test, 0 to 1.

    up, down: how many pairs increase and decrease; pairs that do not change are left out (Dixon & Mood 1946). For
    pairs of yes and no it is the exact form of McNemar's test. It equals the p-value of
    `scipy.stats.binomtest(up, up + down)`: twice the lower tail of a binomial distribution with probability one
    half. The tail comes from `scipy.special`, which is already loaded for the intervals; loading `scipy.stats`
    would delay the first answer of the command.
    """
    from scipy.special import bdtr

    return min(2 * float(bdtr(min(up, down), up + down, 0.5)), 1.0)


def _beyond(low: float, high: float, up: int, down: int) -> bool:
    """Whether an effect is significant: its interval excludes 0 and the sign test rejects equal numbers up and down."""
    return (low > 0 or high < 0) and sign_test(up, down) <= 1 - LEVEL


def effect_of(outcome: Outcome, a: Array, b: Array) -> Effect:
    """Return the effect on one outcome from its values, float64 (worlds,), in both runs over the same worlds.

    A share's interval is too short where few worlds change, and where all change by the same amount it has no width;
    significant then requires the sign test too. For a mean with a spread the interval alone decides.
    """
    difference = b - a
    mean, low, high = (float(x) for x in paired_interval(difference))
    up, down = float((difference > 0).mean()), float((difference < 0).mean())
    same = float((difference == 0).mean())
    means = float(a.mean()), float(b.mean())
    beyond = low > 0 or high < 0
    if outcome.kind == "share" or low == high:
        beyond = _beyond(low, high, int((difference > 0).sum()), int((difference < 0).sum()))
    return Effect(outcome.name, outcome.label, outcome.unit, *means, mean, low, high, up, same, down, beyond)


def _milestone_effect(milestone: Milestone, a: Array, b: Array) -> MilestoneEffect:
    """Return the effect on one milestone from its days in both runs, int16 (worlds,), NEVER for never."""
    reached_a, reached_b = a != NEVER, b != NEVER
    mean, low, high = (float(x) for x in paired_interval(reached_b.astype(np.float64) - reached_a.astype(np.float64)))
    day_a, day_b = np.where(reached_a, a, np.inf), np.where(reached_b, b, np.inf)
    both = reached_a & reached_b
    gained, lost = int((reached_b & ~reached_a).sum()), int((reached_a & ~reached_b).sum())
    shift = day_b[both] - day_a[both]
    sooner, put_off = int((shift < 0).sum()), int((shift > 0).sum())
    spread = np.quantile(shift, BAND) if shift.size else (math.nan, math.nan)
    return MilestoneEffect(
        milestone=milestone.name,
        label=milestone.label,
        a_share=float(reached_a.mean()),
        b_share=float(reached_b.mean()),
        effect=mean,
        low=low,
        high=high,
        significant=_beyond(low, high, gained, lost),
        gained=gained / len(a),
        lost=lost / len(a),
        earlier=float((day_b < day_a).mean()),
        same=float((day_b == day_a).mean()),
        later=float((day_b > day_a).mean()),
        both=float(both.mean()),
        median_shift=float(np.median(shift)) if shift.size else None,
        shift_low=float(spread[0]),
        shift_high=float(spread[1]),
        pairs=shift.size,
        sooner=sooner,
        put_off=put_off,
        shift_significant=sign_test(sooner, put_off) <= 1 - LEVEL,
    )


class Comparison:
    """Two runs, paired by world; an effect is always b minus a.

    Raises InputError when the runs differ in days, and ValueError when they differ in seed, worlds or assumptions,
    because then world k is not the same world in both.
    """

    def __init__(self, a: Results, b: Results) -> None:
        """Pair two runs."""
        for key, one in (("a", a), ("b", b)):
            arguments.instance(key, one, Results, "the Results of a run")
        check_same_days((a.scenario, b.scenario))
        for name in ("seed", "worlds", "first", "assumptions"):
            if getattr(a, name) != getattr(b, name):
                raise ValueError(f"not paired: {name} is {getattr(a, name)!r} and {getattr(b, name)!r}")
        self.a = a
        self.b = b

    def __repr__(self) -> str:
        """Return a one-line description."""
        return f"<Comparison of {self.a.scenario.name} with {self.b.scenario.name}: {self.a.worlds} worlds>"

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The outcomes that both runs have and `table` lists: all but the days of milestones."""
        shared = [str(name) for name in self.a.outcomes.data_vars if name in self.b.outcomes.data_vars]
        return tuple(name for name in shared if OUTCOMES[name].kind != "day")

    def table(self, on: Sequence[str] | None = None) -> list[Effect]:
        """Return one row per outcome, in their order, or for those in `on`.

        `reached_*` rows contain shares of worlds; for the dates see `milestones`. Raises InputError for a name
        that is not in `names`.
        """
        names = self.names if on is None else self._known(on, self.names)
        return [effect_of(OUTCOMES[n], self.a.outcomes[n].values, self.b.outcomes[n].values) for n in names]

    def milestones(self, on: Sequence[str] | None = None) -> list[MilestoneEffect]:
        """Return one row per milestone, in their order, or for those in `on`. Raises InputError for an unknown name."""
        names = tuple(MILESTONES) if on is None else self._known(on, MILESTONES)
        return [_milestone_effect(MILESTONES[n], self.a.milestone_day[n], self.b.milestone_day[n]) for n in names]

    def difference(self, outcome: str) -> xr.DataArray:
        """Return the difference b - a in each world, float64 (world), in the outcome's unit.

        NaN for `day_*` where either run never reaches the milestone. Raises InputError for an unknown outcome.
        """
        known = [str(name) for name in self.a.outcomes.data_vars]
        name = arguments.known("outcome", outcome, known, "no such outcome")
        made = OUTCOMES[name]
        values = self.b.outcomes[name].values - self.a.outcomes[name].values
        unit = "yes/no" if name.startswith(REACHED) else made.unit
        attrs = {"unit": unit, "label": f"{made.label}, difference"}
        return xr.DataArray(values, dims="world", coords={"world": self.a.world_ids}, name=name, attrs=attrs)

    def daily(self, name: str) -> xr.Dataset:
        """Return the mean paired difference of a daily series: `effect`, `low`, `high`, and the means `a` and `b`.

        float64 (day), in the series' unit. Raises InputError for an unknown series.
        """
        a, b = self.a.series(name), self.b.series(name)
        mean, low, high = paired_interval(b - a)
        values = {"effect": mean, "low": low, "high": high}
        values |= {"a": a.mean(axis=0, dtype=np.float64), "b": b.mean(axis=0, dtype=np.float64)}
        attrs = dict(self.a.daily[name].attrs)
        made = {key: ("day", value, {"unit": attrs["unit"]}) for key, value in values.items()}
        return xr.Dataset(made, coords={"day": self.a.daily["day"].values}, attrs=attrs)

    @staticmethod
    def _known(on: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
        """Return the names if all are known. Raises InputError otherwise."""
        return tuple(
            arguments.known("on", name, names, "no such outcome") for name in arguments.items("on", on, "names")
        )
