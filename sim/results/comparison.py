"""Comparison of two scenarios, world by world, with the same random numbers.

World k of both runs has the same draws, so a difference in one world is the effect of the scenario there, and the
interval of the mean difference is far narrower than from two independent runs (common random numbers; Law 2015,
"Simulation Modeling and Analysis", section 11.2).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.inputs.scenario import check_same_days
from sim.results.intervals import (
    alike,
    effect_interval,
    effect_test,
    holm,
    mean_interval,
    median_interval,
    sign_test,
    significant,
)
from sim.results.milestone_summary import BAND
from sim.results.results import Results
from sim.results.running_moments import Moments
from sim.schema import arguments
from sim.schema.milestones import MILESTONES, NEVER, Milestone
from sim.schema.outcomes import OUTCOMES, REACHED, Outcome

Array = npt.NDArray[Any]
Adjust = Literal["none", "holm"]
ADJUSTMENTS: Final = ("none", "holm")
_SHIFT: Final = "shift "  # before a milestone's name, for the test of its date


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect of the second scenario on one outcome, in the outcome's unit (a share for kind "share")."""

    outcome: str
    label: str
    unit: str
    a_mean: float
    b_mean: float
    effect: float  # mean of b - a over the worlds
    low: float  # 95 % interval of that mean, see `sim.results.intervals`; NaN for a single world
    high: float
    up: float  # share of worlds in which b is above a
    same: float
    down: float
    alike: bool  # whether the difference is the same in every world: except for shares, the interval has no width
    p: float  # p-value of no effect: the exact sign test for shares and if alike, otherwise `mean_test`
    significant: bool  # whether p is at most 0.05; the interval then excludes 0


@dataclass(frozen=True, slots=True)
class MilestoneEffect:
    """The effect of the second scenario on one milestone; never counts as later than every date."""

    milestone: str
    label: str
    a_share: float  # of worlds that reach it
    b_share: float
    effect: float  # b_share - a_share
    low: float  # 95 % interval of the effect, see `paired_share_interval`; NaN for a single world
    high: float
    p: float  # of the exact sign test of gained and lost
    significant: bool  # whether p is at most 0.05
    gained: float  # share of worlds that reach it only in b
    lost: float  # share of worlds that reach it only in a
    earlier: float  # share of worlds in which b reaches it earlier
    same: float  # the same day, or never in both
    later: float
    both: float  # share of worlds that reach it in both
    median_shift: float | None  # days, b - a, over those worlds; None where there is none
    median_low: float  # 95 % interval of that median; NaN for fewer than six worlds
    median_high: float
    shift_low: float  # days, 5 and 95 % quantiles of those worlds; NaN where there is none
    shift_high: float
    shift_alike: bool  # whether two or more worlds reach it in both and all shift by the same number of days
    pairs: int  # how many worlds those are
    sooner: int  # in how many of them b reaches it earlier
    put_off: int  # in how many of them b reaches it later
    shift_p: float  # of the exact sign test of `sooner` and `put_off`
    shift_significant: bool  # whether shift_p is at most 0.05


def effect_of(outcome: Outcome, a: Array, b: Array) -> Effect:
    """Return the effect on one outcome from its values, float64 (worlds,), in both runs over the same worlds.

    For a share, and where all worlds change by the same amount, the exact sign test decides what is significant; for
    other means the interval does.
    """
    difference = b - a
    moments = Moments.of(difference)
    low, high = (float(end) for end in effect_interval(outcome, moments))
    up, down = int((difference > 0).sum()), int((difference < 0).sum())
    same = bool(alike(moments))
    p = float(effect_test(outcome, moments))
    mean = float(difference[0]) if same else float(moments.mean)
    return Effect(
        outcome=outcome.name,
        label=outcome.label,
        unit=outcome.unit,
        a_mean=float(a.mean()),
        b_mean=float(b.mean()),
        effect=mean,
        low=low,
        high=high,
        up=up / len(difference),
        same=float((difference == 0).mean()),
        down=down / len(difference),
        alike=same,
        p=p,
        significant=bool(significant(p)),
    )


def _milestone_effect(milestone: Milestone, a: Array, b: Array) -> MilestoneEffect:
    """Return the effect on one milestone from its days in both runs, int32 (worlds,), NEVER for never."""
    reached_a, reached_b = a != NEVER, b != NEVER
    share = effect_of(OUTCOMES[REACHED + milestone.name], reached_a.astype(np.float64), reached_b.astype(np.float64))
    day_a, day_b = np.where(reached_a, a, np.inf), np.where(reached_b, b, np.inf)
    both = reached_a & reached_b
    shift = day_b[both] - day_a[both]
    sooner, put_off = int((shift < 0).sum()), int((shift > 0).sum())
    spread = np.quantile(shift, BAND) if shift.size else (math.nan, math.nan)
    middle = median_interval(shift)
    p = sign_test(sooner, put_off)
    return MilestoneEffect(
        milestone=milestone.name,
        label=milestone.label,
        a_share=share.a_mean,
        b_share=share.b_mean,
        effect=share.effect,
        low=share.low,
        high=share.high,
        p=share.p,
        significant=share.significant,
        gained=share.up,
        lost=share.down,
        earlier=float((day_b < day_a).mean()),
        same=float((day_b == day_a).mean()),
        later=float((day_b > day_a).mean()),
        both=float(both.mean()),
        median_shift=float(np.median(shift)) if shift.size else None,
        median_low=middle[0],
        median_high=middle[1],
        shift_low=float(spread[0]),
        shift_high=float(spread[1]),
        shift_alike=shift.size > 1 and bool((shift == shift[0]).all()),
        pairs=shift.size,
        sooner=sooner,
        put_off=put_off,
        shift_p=p,
        shift_significant=bool(significant(p)),
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
        self._effects: dict[str, Effect] = {}
        self._dates: dict[str, MilestoneEffect] = {}

    def __repr__(self) -> str:
        """Return a one-line description."""
        return f"<Comparison of {self.a.scenario.name} with {self.b.scenario.name}: {self.a.worlds} worlds>"

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The outcomes that both runs have and `table` lists: all but the days of milestones."""
        shared = [str(name) for name in self.a.outcomes.data_vars if name in self.b.outcomes.data_vars]
        return tuple(name for name in shared if OUTCOMES[name].kind != "day")

    def table(self, on: Sequence[str] | None = None, *, adjust: Adjust = "none") -> list[Effect]:
        """Return one row per outcome, in their order, or for those in `on`.

        `reached_*` rows contain shares of worlds; for the dates see `milestones`. adjust: "holm" adjusts `p` and
        `significant` for the number of tests: all outcomes and all shifts of dates, or those in `on`. Raises
        InputError for a name that is not in `names`, and for another adjustment.
        """
        wanted = arguments.word("adjust", adjust, ADJUSTMENTS)
        names = self.names if on is None else self._known(on, self.names)
        rows = [self._effect(name) for name in names]
        if wanted == "none":
            return rows
        p = self._adjusted if on is None else dict(zip(names, holm([row.p for row in rows]), strict=True))
        return [replace(row, p=p[row.outcome], significant=bool(significant(p[row.outcome]))) for row in rows]

    def milestones(self, on: Sequence[str] | None = None, *, adjust: Adjust = "none") -> list[MilestoneEffect]:
        """Return one row per milestone, in their order, or for those in `on`.

        adjust: as in `table`; the tests are those of `table()` without `on`, or the two of each milestone in `on`.
        Raises InputError for an unknown name or adjustment.
        """
        wanted = arguments.word("adjust", adjust, ADJUSTMENTS)
        names = tuple(MILESTONES) if on is None else self._known(on, MILESTONES)
        rows = [self._date(name) for name in names]
        if wanted == "none":
            return rows
        p = self._adjusted
        if on is not None:
            keys = [key for name in names for key in (REACHED + name, _SHIFT + name)]
            p = dict(zip(keys, holm([value for row in rows for value in (row.p, row.shift_p)]), strict=True))
        return [_with_p(row, p[REACHED + row.milestone], p[_SHIFT + row.milestone]) for row in rows]

    def _effect(self, name: str) -> Effect:
        """The effect on one outcome of `names`, computed once."""
        if name not in self._effects:
            self._effects[name] = effect_of(OUTCOMES[name], *(one.outcomes[name].values for one in (self.a, self.b)))
        return self._effects[name]

    def _date(self, name: str) -> MilestoneEffect:
        """The effect on one milestone, computed once."""
        if name not in self._dates:
            days = (one.milestone_day[name] for one in (self.a, self.b))
            self._dates[name] = _milestone_effect(MILESTONES[name], *days)
        return self._dates[name]

    @cached_property
    def _adjusted(self) -> dict[str, float]:
        """The p-value of every outcome and of every shift, adjusted for their number."""
        p = {name: self._effect(name).p for name in self.names}
        p |= {_SHIFT + name: self._date(name).shift_p for name in MILESTONES}
        return dict(zip(p, holm(list(p.values())), strict=True))

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

        float64 (day), in the series' unit. On a day that is the same in every world, or differs by the same amount in
        every world, the interval has no width. Raises InputError for an unknown series.
        """
        a, b = self.a.series(name), self.b.series(name)
        moments = Moments.of(b.astype(np.float64) - a)
        low, high = mean_interval(moments)
        values = {"effect": moments.mean, "low": low, "high": high}
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


def _with_p(row: MilestoneEffect, p: float, shift_p: float) -> MilestoneEffect:
    """Return a row with other p-values."""
    sure, shift_sure = bool(significant(p)), bool(significant(shift_p))
    return replace(row, p=p, significant=sure, shift_p=shift_p, shift_significant=shift_sure)
