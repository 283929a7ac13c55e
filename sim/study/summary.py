"""Summary of a study: statistics of each cell (scenario and point), computed part by part.

Each part is read once, and memory does not grow with the number of worlds: it keeps counts, means and variances of
every cell and of its paired effects, and some worlds of each cell (the first ones, which are as good as any others)
for quantiles, distributions and daily fan charts.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sim.errors import InputError
from sim.results.intervals import Ends, cell_interval, effect_interval
from sim.results.running_moments import Moments
from sim.schema import arguments
from sim.study.design import Design
from sim.study.part import DAILY
from sim.study.plan import SAMPLED, Plan
from sim.study.unit import Unit

Array = npt.NDArray[Any]
Progress = Callable[[int, int], None]

LEVELS: Final = (0.05, 0.25, 0.5, 0.75, 0.95)  # quantiles of a cell
FEWEST: Final = 20  # smallest number of worlds of a cell for quantiles
KEPT: Final = 2_000_000  # values of worlds kept, over all cells and outcomes
SINGLE: Final = 1000  # rows kept of each daily series and scenario
MESSAGES: Final = 20  # largest number of different errors


@runtime_checkable
class Source(Protocol):
    """A study to read: `sim.study.folder.Folder`, or a synthetic one."""

    @property
    def plan(self) -> Plan:
        """The plan of the study."""

    @property
    def design(self) -> Design:
        """The points of the study."""

    def units(self) -> Sequence[Unit]:
        """All units."""

    def missing(self) -> Sequence[Unit]:
        """The units without a part."""

    def read(self, unit: Unit, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of a unit; columns: all if None."""


@dataclass(frozen=True)
class Summary:
    """Statistics of every scenario (by its index in the plan), point and outcome.

    cells: moments of the values, without NaN (days of milestones not reached) and failed rows; effects: moments of the
    paired differences from the cell given by `reference_cell`, n = 0 if there is none; both (scenarios, points,
    outcomes).
    sample: float32 (scenarios, some points, some worlds, outcomes), NaN for missing values. within: sums over the
    points by world, (scenarios, worlds, outcomes), None for too many worlds. daily: by series float32 (scenarios,
    rows, days), NaN for missing rows. units, there: the number of all units, and of existing parts.
    """

    plan: Plan
    design: Design
    outcomes: tuple[str, ...]
    cells: Moments
    effects: Moments
    sample: Array
    within: Array | None
    daily: dict[str, Array]
    units: int
    there: int
    rows: int  # existing rows, including failed ones
    failed: int
    errors: Counter[str] = field(default_factory=Counter)  # number of rows by error

    @property
    def complete(self) -> bool:
        """Whether every unit has a part."""
        return self.there == self.units

    @property
    def sampled(self) -> tuple[int, int]:
        """The number of points, and of worlds per point, in the sample."""
        return self.sample.shape[1], self.sample.shape[2]

    def column(self, outcome: str) -> int:
        """The index of an outcome on the last axis. Raises ValueError if it is not kept."""
        return self.outcomes.index(outcome)

    def cell_interval(self, outcome: str) -> Ends:
        """The ends of the 95 % interval of the mean of every cell, float64 (scenarios, points); NaN below 2 worlds."""
        return cell_interval(self.plan.outcome(outcome), self.cells[..., self.column(outcome)])

    def effect_interval(self, outcome: str) -> Ends:
        """The ends of the 95 % interval of the effect in every cell, float64 (scenarios, points); NaN if none."""
        return effect_interval(self.plan.outcome(outcome), self.effects[..., self.column(outcome)])

    def quantiles(self, outcome: str) -> Array:
        """Quantiles LEVELS of every cell over its sampled worlds, float64 (5, scenarios, points).

        NaN for fewer than FEWEST worlds with a value; all NaN if not every point is in the sample.
        """
        values = self.sample[..., self.column(outcome)]
        shape = (len(LEVELS), len(self.plan.scenarios), self.design.points)
        if values.shape[1] < self.design.points or values.shape[2] < FEWEST:
            return np.full(shape, np.nan)
        return _quantiles(values.reshape(-1, values.shape[2])).reshape(shape)

    def pooled(self, outcome: str, scenario: int) -> Array:
        """The sampled values of a scenario over all its points, float64 (values,)."""
        values = self.sample[scenario, :, :, self.column(outcome)].reshape(-1)
        return values[~np.isnan(values)].astype(np.float64)


def reference_cell(plan: Plan, scenario: int, point: int) -> tuple[int, int] | None:
    """The cell that a cell is compared with, world by world: index of the scenario and point; None for none.

    Another scenario is compared with the reference at the same point. A point of the reference is compared with its
    first point: the base of one-at-a-time, or the first values of a grid or list. Sampled points of the reference are
    not compared.
    """
    reference = _reference(plan)
    if scenario != reference:
        return reference, point
    return None if point == 0 or plan.method in SAMPLED else (reference, 0)


def summarise(
    source: Source, outcomes: Iterable[str] | None = None, *, daily: bool = True, progress: Progress | None = None
) -> Summary:
    """Read a study, complete or not. outcomes: all kept ones if None; daily: whether to sample the kept series.

    progress: called with the units read and the total. Raises InputError for a part that cannot be read.
    """
    if not isinstance(source, Source):
        raise InputError("must be the Folder of a study: Folder.open(...)", path="source", value=source)
    plan = source.plan
    found = () if outcomes is None else arguments.items("outcomes", outcomes, "outcomes")
    for name in found:
        arguments.known("outcomes", name, plan.outcomes, "no such outcome in this study")
    daily = arguments.flag("daily", daily)
    arguments.callback("progress", progress)
    adding = _Adding(plan, source.design, found or plan.outcomes, daily=daily)
    units = sorted(source.units(), key=lambda u: (u.first, u.worlds, u.low, u.scenario != adding.reference, u.scenario))
    absent = set(source.missing())
    for done, unit in enumerate(units, 1):
        if unit not in absent:
            adding.add(unit, source.read(unit, adding.columns))
        if progress is not None:
            progress(done, len(units))
    return adding.summary(len(units))


class _Adding:
    """Builds a summary. Units are added by worlds, then points, the reference first, so that its rows are available."""

    def __init__(self, plan: Plan, design: Design, outcomes: tuple[str, ...], *, daily: bool) -> None:
        self.plan, self.design, self.outcomes = plan, design, outcomes
        self.series = plan.series if daily else ()
        self.columns = ["point", "world", *outcomes, *(DAILY + s for s in self.series), "error"]
        self.reference = _reference(plan)
        self.there = self.rows = self.failed = 0
        self.errors: Counter[str] = Counter()
        scenarios, points, width = len(plan.scenarios), design.points, len(outcomes)
        self.cells, self.effects = (_Sums((scenarios, points, width)) for _ in range(2))
        per_point = scenarios * width
        self.stride = -(-points * per_point // KEPT)
        some = len(range(0, points, self.stride))
        worlds = max(1, min(plan.worlds_at_most, KEPT // (some * per_point)))
        self.sample = np.full((scenarios, some, worlds, width), np.nan, np.float32)
        small = plan.worlds_at_most * per_point <= KEPT
        self.within = np.zeros((scenarios, plan.worlds_at_most, width)) if small and points > 1 else None
        each = max(1, SINGLE // points)  # worlds of a point whose series are kept
        self.daily_points = range(0, points, max(1, points * each // SINGLE))
        self.daily_worlds = min(each, plan.worlds_at_most)
        rows = len(self.daily_points) * self.daily_worlds
        self.daily = {s: np.full((scenarios, rows, plan.days), np.nan, np.float32) for s in self.series}
        self.beside: tuple[Unit, Array] | None = None  # the reference over the same points and worlds
        self.base: tuple[Unit, Array] | None = None  # the reference's first point over the same worlds

    def add(self, unit: Unit, table: pa.Table) -> None:
        """Add a part."""
        self.there += 1
        self.rows += len(table)
        self._count_errors(table)
        shape = (unit.high - unit.low, unit.worlds)
        values = np.stack([column_floats(table[name]) for name in self.outcomes], axis=-1).reshape(*shape, -1)
        self.cells.add(unit, values)
        self._compare(unit, values)
        worlds = slice(unit.first, unit.first + unit.worlds)
        if self.within is not None:
            self.within[unit.scenario, worlds] += values.sum(axis=0)
        if unit.first < self.sample.shape[2]:
            self._sample(unit, values)
        if self.series and unit.first < self.daily_worlds:
            self._keep_daily(unit, table)

    def _compare(self, unit: Unit, values: Array) -> None:
        """Add the differences, world by world, from the reference if it exists."""
        if unit.scenario == self.reference:
            self.beside = unit, values
            if unit.low == 0:
                self.base = unit, values[:1]
            if self.plan.method in SAMPLED or self.base is None or not _same_worlds(unit, self.base[0]):
                return
            difference = values - self.base[1]
            if unit.low == 0:
                difference[0] = np.nan  # the first point has no reference
            self.effects.add(unit, difference)
        elif self.beside is not None and _same_worlds(unit, self.beside[0]) and unit.low == self.beside[0].low:
            self.effects.add(unit, values - self.beside[1])

    def _sample(self, unit: Unit, values: Array) -> None:
        """Keep the first worlds of every `stride`-th point."""
        points = np.arange(unit.low, unit.high)
        some = points % self.stride == 0
        stop = min(unit.first + unit.worlds, self.sample.shape[2])
        rows = values[some, : stop - unit.first]
        self.sample[unit.scenario, points[some] // self.stride, unit.first : stop] = rows

    def _keep_daily(self, unit: Unit, table: pa.Table) -> None:
        """Keep the series of the first worlds of the points in `daily_points`."""
        wanted = [
            (self.daily_points.index(point) * self.daily_worlds + world, (point - unit.low) * unit.worlds + i)
            for point in range(unit.low, unit.high)
            if point in self.daily_points
            for i, world in enumerate(range(unit.first, min(unit.first + unit.worlds, self.daily_worlds)))
        ]
        for name in self.series if wanted else ():
            for (to, _), days in zip(wanted, table[DAILY + name].take([row for _, row in wanted]), strict=True):
                if days.is_valid:
                    self.daily[name][unit.scenario, to] = days.values.to_numpy(zero_copy_only=False)

    def _count_errors(self, table: pa.Table) -> None:
        """Count the rows that failed, by message."""
        messages = table["error"].drop_null()
        self.failed += len(messages)
        if len(messages):
            self.errors.update({one["values"]: one["counts"] for one in messages.value_counts().to_pylist()})

    def summary(self, units: int) -> Summary:
        """The summary of all added units."""
        return Summary(
            self.plan, self.design, self.outcomes, self.cells.moments(), self.effects.moments(), self.sample,
            self.within, self.daily, units, self.there, self.rows, self.failed,
            Counter(dict(self.errors.most_common(MESSAGES))),
        )  # fmt: skip


class _Sums:
    """Moments of all cells, updated in place."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.n, self.mean, self.squares, self.cubes = (np.zeros(shape) for _ in range(4))

    def add(self, unit: Unit, values: Array) -> None:
        """Add the rows (points, worlds, outcomes) of a unit."""
        here = unit.scenario, slice(unit.low, unit.high)
        both = self._all()[here] + Moments.of(values.swapaxes(0, 1))
        self.n[here], self.mean[here], self.squares[here], self.cubes[here] = (
            both.n,
            both.mean,
            both.squares,
            both.cubes,
        )

    def moments(self) -> Moments:
        """The moments; the mean of an empty cell is NaN."""
        return replace(self._all(), mean=np.where(self.n > 0, self.mean, np.nan))

    def _all(self) -> Moments:
        return Moments(self.n, self.mean, self.squares, self.cubes)


def _reference(plan: Plan) -> int:
    """The index of the reference scenario."""
    return [one.name for one in plan.scenarios].index(plan.reference)


def _same_worlds(a: Unit, b: Unit) -> bool:
    return (a.first, a.worlds) == (b.first, b.worlds)


def column_floats(column: pa.ChunkedArray) -> Array:
    """A column as float64, NaN for null."""
    found = pc.cast(column, pa.float64()) if not pa.types.is_boolean(column.type) else pc.cast(column, pa.uint8())
    return np.asarray(found.to_numpy(), dtype=np.float64)


def _quantiles(rows: Array) -> Array:
    """Quantiles LEVELS of each row without NaN, (5, rows); NaN for rows with fewer than FEWEST values."""
    known = (~np.isnan(rows)).sum(axis=1)
    found = np.full((len(LEVELS), len(rows)), np.nan)
    enough = known >= FEWEST
    if enough.any():
        found[:, enough] = np.nanquantile(rows[enough].astype(np.float64), LEVELS, axis=1)
    return found
