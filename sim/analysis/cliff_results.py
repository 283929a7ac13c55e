"""The results of a search for cliffs: how much each small step of a setting changes the share of worlds.

All shares are of the same worlds with the same random numbers, so a difference is caused by the step alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy.typing as npt

from sim.analysis.cliff_sweeps import Kind, Sweep
from sim.inputs.scenario import Scenario
from sim.results.intervals import LEVEL, paired_share_interval, sign_test
from sim.schema.milestones import MILESTONES

if TYPE_CHECKING:
    import pandas as pd

Array = npt.NDArray[Any]

LIMITS: Final[Mapping[Kind, float]] = {"parameter": 10.0, "lever": 25.0}  # percentage points per step
PERCENT: Final = 100.0


@dataclass(frozen=True, slots=True)
class Jump:
    """The change of one share between two values of one setting, everything else the same.

    start, end: the values, in the setting's unit; before, after: the shares of worlds that reach the milestone, 0 to 1;
    change, low, high: after minus before and its 95 % paired interval, in percentage points.
    """

    kind: Kind
    name: str
    label: str
    unit: str
    start: float
    end: float
    part: float  # of the setting's range, between start and end; 0 to 1
    milestone: str
    before: float
    after: float
    change: float
    low: float  # NaN for a single world
    high: float
    significant: bool  # whether the exact sign test rejects equal numbers up and down; the interval then excludes 0

    @property
    def limit(self) -> float:
        """The largest acceptable change, in percentage points."""
        return LIMITS[self.kind]

    @property
    def crosses(self) -> bool:
        """Whether the change is at least the limit."""
        return abs(self.change) >= self.limit

    @property
    def certain(self) -> bool:
        """Whether the change is significant and its whole interval is at or beyond the limit, on one side of 0."""
        return self.significant and (self.low >= self.limit or self.high <= -self.limit)

    def row(self) -> dict[str, Any]:
        """Return the columns of a table: names with units, flags last."""
        same = {key: getattr(self, key) for key in ("kind", "name", "label", "unit", "start", "end", "part")}
        words = {"milestone": self.milestone, "milestone_label": MILESTONES[self.milestone].label}
        shares = {"before": self.before, "after": self.after}
        changes = {f"{key}_points": getattr(self, key) for key in ("change", "low", "high", "limit")}
        return {**same, **words, **shares, **changes, **{k: getattr(self, k) for k in _FLAGS}}


_FLAGS: Final = ("significant", "crosses", "certain")


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The share of worlds that reach a milestone with a lever imposed at one value for the whole run.

    share: 0 to 1; change, low, high: from the scenario without the lever imposed anew, and the 95 % paired interval, in
    percentage points.
    """

    name: str
    label: str
    unit: str
    value: float
    milestone: str
    share: float
    change: float
    low: float
    high: float


@dataclass(frozen=True)
class Cliffs:
    """What a search for cliffs found.

    base: share of worlds, 0 to 1, that reach each milestone in the scenario itself; jumps: every step of every setting
    for every milestone; curve: every value of every lever; left_out: values that cannot be run, with the reason.
    """

    scenario: Scenario
    worlds: int
    seed: int
    base: Mapping[str, float]
    jumps: tuple[Jump, ...]
    curve: tuple[CurvePoint, ...]
    left_out: tuple[str, ...] = ()

    @property
    def largest(self) -> tuple[Jump, ...]:
        """The largest jump of each setting, the largest of all first; equal ones in the order of the settings."""
        found: dict[str, Jump] = {}
        for one in self.jumps:
            if one.name not in found or abs(one.change) > abs(found[one.name].change):
                found[one.name] = one
        return tuple(sorted(found.values(), key=lambda one: -abs(one.change)))

    @property
    def crossing(self) -> tuple[Jump, ...]:
        """The settings whose largest jump is at least their limit, in the order of `largest`."""
        return tuple(one for one in self.largest if one.crosses)

    def table(self) -> "pd.DataFrame":
        """Return one row per setting, with its largest jump; the largest of all first. Columns as `Jump.row`."""
        return _frame([one.row() for one in self.largest])

    def all_jumps(self) -> "pd.DataFrame":
        """Return one row per step and milestone of each setting. Columns as `Jump.row`."""
        return _frame([one.row() for one in self.jumps])

    def curves(self) -> "pd.DataFrame":
        """Return one row per value and milestone of each lever: the share, and its change from the scenario."""
        names = {"change": "change_points", "low": "low_points", "high": "high_points"}
        rows = [{names.get(key, key): getattr(one, key) for key in CurvePoint.__slots__} for one in self.curve]
        return _frame(rows)


def jumps_of(sweep: Sweep, reached: Array, base: Array, milestones: Sequence[str]) -> list[Jump]:
    """Return the jumps of one sweep: of a parameter from its base value, of a lever between neighbouring values.

    reached: bool (values, milestones, worlds), whether a world reaches a milestone at each value; base: the same for
    the scenario itself, bool (milestones, worlds).
    """
    if sweep.base is not None:
        pairs = [((sweep.base, base), (value, there)) for value, there in zip(sweep.values, reached, strict=True)]
    else:
        pairs = list(pairwise(zip(sweep.values, reached, strict=True)))
    return [
        _jump(sweep, (start, end), milestone, before[place], after[place])
        for (start, before), (end, after) in pairs
        for place, milestone in enumerate(milestones)
    ]


def curve_of(sweep: Sweep, reached: Array, base: Array, milestones: Sequence[str]) -> list[CurvePoint]:
    """Return the curves of one lever, of each milestone. reached, base: as in `jumps_of`."""
    return [
        CurvePoint(
            sweep.name, sweep.label, sweep.unit, value, milestone, float(there[place].mean()),
            *_change(base[place], there[place]),
        )
        for value, there in zip(sweep.values, reached, strict=True)
        for place, milestone in enumerate(milestones)
    ]  # fmt: skip


def _jump(sweep: Sweep, ends: tuple[float, float], milestone: str, before: Array, after: Array) -> Jump:
    """Return one jump. before, after: whether each world reaches the milestone, bool (worlds,)."""
    change, low, high = _change(before, after)
    gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
    return Jump(
        sweep.kind, sweep.name, sweep.label, sweep.unit, *ends, sweep.part(*ends), milestone,
        float(before.mean()), float(after.mean()), change, low, high,
        significant=sign_test(gained, lost) <= 1 - LEVEL,
    )  # fmt: skip


def _change(before: Array, after: Array) -> tuple[float, float, float]:
    """Return the paired difference of two shares and its 95 % interval, in percentage points."""
    gained, lost = (after & ~before).sum(), (before & ~after).sum()
    ends = paired_share_interval(len(before), gained, lost)
    mean, low, high = (PERCENT * float(one) for one in ((gained - lost) / len(before), *ends))
    return mean + 0.0, low + 0.0, high + 0.0  # never −0


def _frame(rows: Sequence[Mapping[str, Any]]) -> "pd.DataFrame":
    import pandas as pd  # loaded only when a table is asked for

    return pd.DataFrame(list(rows))
