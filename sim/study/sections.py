"""The parts of a report about one outcome: charts, what the settings do to it, and its table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.charts.bars import Bar, Group, bars
from sim.charts.distributions import Strip, distributions
from sim.charts.estimates import Estimate, estimates
from sim.charts.heat import Axis, Map, heat
from sim.charts.theme import percent, said
from sim.moments import Moments
from sim.study import sensitivity
from sim.study.page import Figure, Folded, Part, Table, Words
from sim.study.plan import SAMPLED
from sim.study.sensitivity import UnknowableError
from sim.study.summary import FEWEST, LEVELS, Summary, against
from sim.study.told import NONE, Told, names, point, setting

Array = npt.NDArray[Any]

MOST_ROWS: Final = 40  # of a chart of estimates
MOST_SCENARIOS: Final = 6  # with maps, bars or strips of their own
MOST_CELLS: Final = 300  # rows of a table
BINS: Final = 5  # to a side of a map over sampled settings
_FEW_POINTS: Final = 100  # sampled points below which such a map is mostly empty


@dataclass(frozen=True, slots=True)
class Section:
    """One outcome of a study."""

    summary: Summary
    outcome: str

    def parts(self) -> Iterator[Part]:
        """Heading, charts, sensitivity and table."""
        told = Told.of(self.outcome)
        yield Words(told.label, 2)
        yield Words(told.outcome.about, kind="small")
        if self._cells() <= MOST_ROWS:
            yield Figure(self._estimates())
        yield from self._maps()
        yield from self._distributions()
        yield from self._sensitivity()
        yield self._table()

    @property
    def told(self) -> Told:
        """The words for its numbers."""
        return Told.of(self.outcome)

    def _cells(self) -> int:
        return len(self.summary.plan.scenarios) * self.summary.design.points

    def _moments(self, scenario: int) -> tuple[Moments, Moments]:
        """Cells and effects of a scenario, over its points."""
        column = self.summary.column(self.outcome)
        return self.summary.cells[scenario, :, column], self.summary.effects[scenario, :, column]

    def _label(self, scenario: int, index: int) -> str:
        """A cell in words: scenario and point, as far as there are several."""
        plan = self.summary.plan
        parts = [plan.scenarios[scenario].name] if len(plan.scenarios) > 1 or not plan.vary else []
        parts += [point(plan, self.summary.design, index)] if plan.vary else []
        return ": ".join(parts)

    def _estimates(self) -> Any:
        """Every cell with its interval."""
        told, plan, rows = self.told, self.summary.plan, []
        for s in range(len(plan.scenarios)):
            cells, effects = self._moments(s)
            half = np.where(cells.squares == 0, 0.0, cells.half)
            for p in range(self.summary.design.points):
                mean = float(cells.mean[p])
                if np.isnan(mean):
                    continue
                low, high = mean - half[p], mean + half[p]
                change = float(effects.mean[p])
                words = told.value(mean) + (f" ({told.change(change)})" if not np.isnan(change) else "")
                first = against(plan, s, p) is None and plan.scenarios[s].name == plan.reference and p == 0
                beyond = (
                    None if np.isnan(change) else _beyond(effects[p])
                )
                k = told.scale
                rows.append(Estimate(self._label(s, p), k * mean, k * low, k * high, words, first, beyond))
        subtitle = "Mean over the worlds, with its 95 % interval"
        if any(row.beyond_luck is not None for row in rows):
            subtitle += "; in brackets the mean difference from the reference in the same worlds"
        if not rows:
            rows = [Estimate("no world has a value", 0.0, np.nan, np.nan, NONE)]
        return estimates(rows, unit=told.unit, title=f"{told.label}, {self._what()}", subtitle=subtitle)

    def _what(self) -> str:
        several = len(self.summary.plan.scenarios) > 1
        if not self.summary.plan.vary:
            return "by scenario" if several else "over all worlds"
        return "by scenario and point" if several else "by point"

    def _maps(self) -> Iterator[Part]:
        """A map a scenario over two settings: a grid's first two, or the two that move a sampled outcome most."""
        plan = self.summary.plan
        if len(plan.vary) < 2:  # noqa: PLR2004  a map has two sides
            return
        if plan.method == "grid":
            found = [self._grid_map(s) for s in self._shown()]
        elif plan.method in {"latin-hypercube", "sobol"} and self.summary.design.points >= _FEW_POINTS:
            found = [self._sampled_map(s) for s in self._shown()]
        else:
            return
        known = np.concatenate([values[~np.isnan(values)] for values, *_ in found])
        if not known.size:
            return
        ends = float(known.min()) * self.told.scale, float(known.max()) * self.told.scale
        for s, (values, x, y, how) in zip(self._shown(), found, strict=True):
            one = plan.scenarios[s]
            marked = plan.method == "grid" and len(plan.vary) == 2 and one.name == plan.reference  # noqa: PLR2004
            subtitle = how + (". Framed: the point that the others are held against" if marked else "")
            words = [[self._brief(v) for v in row] for row in values]
            given = Map(values * self.told.scale, words, x, y, self.told.unit, (0, 0) if marked else None, ends)
            name = f", {self._named(s)}" if len(plan.scenarios) > 1 else ""
            yield Figure(heat(given, title=f"{self.told.label}{name}", subtitle=subtitle))

    def _grid_map(self, scenario: int) -> tuple[Array, Axis, Axis, str]:
        """Means over a grid's first two settings, over all others."""
        plan, design = self.summary.plan, self.summary.design
        y, x = plan.vary[1], plan.vary[0]
        means = self._moments(scenario)[0].mean
        values = np.array([
            [means[(design.values[x.key] == float(a)) & (design.values[y.key] == float(b))].mean() for a in x.values]
            for b in y.values
        ])  # fmt: skip
        called = names(plan)
        across, up = (Axis(called[one.key], [setting(one, float(v)) for v in one.values]) for one in (x, y))
        how = "Mean over the worlds" + (" and over all other settings" if len(plan.vary) > 2 else "")  # noqa: PLR2004
        return values, across, up, how

    def _sampled_map(self, scenario: int) -> tuple[Array, Axis, Axis, str]:
        """Means over the sampled points in equal steps of the two settings that move the outcome most."""
        plan, design = self.summary.plan, self.summary.design
        means = self._moments(scenario)[0].mean
        y, x = (plan.vary[i] for i in sorted(_strongest(self.summary, means)[:2], reverse=True))
        steps = [_steps(design.values[one.key], one.low, one.high) for one in (x, y)]
        values = np.full((BINS, BINS), np.nan)
        for i in range(BINS):
            for j in range(BINS):
                here = means[(steps[0] == j) & (steps[1] == i)]
                here = here[~np.isnan(here)]
                values[i, j] = here.mean() if here.size else np.nan
        called = names(plan)
        across, up = (
            Axis(called[one.key], [said(one.low + (one.high - one.low) * (k + 0.5) / BINS) for k in range(BINS)])
            for one in (x, y)
        )
        return values, across, up, "Mean over the sampled points in each fifth of the two settings that move it most"

    def _shown(self) -> range:
        return range(min(len(self.summary.plan.scenarios), MOST_SCENARIOS))

    def _named(self, scenario: int) -> str:
        """A scenario's name, the reference marked."""
        one = self.summary.plan.scenarios[scenario]
        return f"{one.name} (reference)" if one.name == self.summary.plan.reference else one.name

    def _brief(self, value: float) -> str:
        """A number short enough for a cell of a map."""
        if np.isnan(value):
            return ""
        return percent(value) if self.told.share else said(value)

    def _distributions(self) -> Iterator[Part]:
        """How the worlds spread, a strip a scenario; for shares, how the points spread."""
        plan, told = self.summary.plan, self.told
        strips = []
        for s in self._shown():
            values = self.summary.pooled(self.outcome, s)
            if told.share:
                means = self._moments(s)[0].mean
                values = 100 * means[~np.isnan(means)] if plan.method in SAMPLED else np.empty(0)
            if values.size < FEWEST:
                continue
            reference = plan.scenarios[s].name == plan.reference
            median = float(np.median(values))
            words = f"median {median:.1f} %" if told.share else f"median {told.value(median)}"
            strips.append(Strip(self._named(s), values, words, reference))
        if not strips:
            return
        what = "the sampled points" if told.share else "worlds over all points" if plan.vary else "worlds"
        title = f"{told.label}: how {what} spread"
        subtitle = "Share of them by value; the upright tick is the median, the dashed line the reference's"
        if told.share:
            subtitle = f"Each point's share of worlds. {subtitle}"
        yield Figure(distributions(strips, unit=told.unit, title=title, subtitle=subtitle))

    def _sensitivity(self) -> Iterator[Part]:
        """What the settings do, by the plan's method, and how much is luck."""
        plan = self.summary.plan
        made = {"sobol": self._sobol, "morris": self._morris, "one-at-a-time": self._tornado, "grid": self._effects}
        if plan.method not in made:
            shown = self._shown() if plan.vary else range(0)
        else:
            shown = self._shown()
            yield Words("What the settings do", 3)
        for s in shown:
            name = f"{self._named(s)}: " if len(plan.scenarios) > 1 else ""
            try:
                if plan.method in made:
                    yield from made[plan.method](s)
            except UnknowableError as error:
                if plan.method != "one-at-a-time" or plan.scenarios[s].name == plan.reference:
                    yield Words(f"{name}{self.told.label}: {error}.", kind="small")
            if plan.method != "one-at-a-time":
                yield Words(name + self._luck(s))

    def _luck(self, scenario: int) -> str:
        """How much of the variance is luck, in a sentence."""
        try:
            found = sensitivity.luck(self.summary, scenario, self.outcome)
        except UnknowableError as error:
            return f"How much of the variance is luck: {error}."
        return (
            f"{percent(found.share)} of the variance is luck ({percent(found.low)} to {percent(found.high)}): it is "
            "there between worlds in which every setting is the same. The settings account for the rest."
        )

    def _title(self, scenario: int, words: str) -> str:
        name = f", {self._named(scenario)}" if len(self.summary.plan.scenarios) > 1 else ""
        return f"{self.told.label}{name}: {words}"

    def _sobol(self, scenario: int) -> Iterator[Part]:
        called = names(self.summary.plan)
        found = sorted(sensitivity.sobol(self.summary, scenario, self.outcome), key=lambda one: -one.total)
        groups = [
            Group(called[one.setting], (
                Bar("alone", one.first, one.first - one.first_half, one.first + one.first_half,
                    f"alone {one.first:.2f}"),
                Bar("with all its interactions", one.total, one.total - one.total_half, one.total + one.total_half,
                    f"in all {one.total:.2f}"),
            ))
            for one in found
        ]  # fmt: skip
        subtitle = (
            "Sobol indices with 95 % intervals: how much of the variance between points each setting explains. "
            + self._for_which_luck()
        )
        title = self._title(scenario, "which settings move it")
        yield Figure(bars(groups, unit="share of the variance between points", title=title, subtitle=subtitle))
        rows = [
            (called[one.setting], one.setting, _plus(one.first, one.first_half), _plus(one.total, one.total_half))
            for one in found
        ]
        yield Table("Sobol indices, ± half the 95 % interval", ("setting", "name", ">alone", ">in all"), rows)

    def _morris(self, scenario: int) -> Iterator[Part]:
        called, told = names(self.summary.plan), self.told
        found = sorted(sensitivity.morris(self.summary, scenario, self.outcome), key=lambda one: -one.size)
        k = told.scale
        groups = [
            Group(called[one.setting], (
                Bar("size of its effect (mu*)", k * one.size, k * (one.size - one.size_half),
                    k * (one.size + one.size_half), f"mu* {said(k * one.size)}"),
                Bar("how it depends on the rest (sigma)", k * one.spread, np.nan, np.nan,
                    f"sigma {said(k * one.spread)}"),
            ))
            for one in found
        ]  # fmt: skip
        subtitle = f"Morris's elementary effects over each setting's whole range. {self._for_which_luck()}"
        title = self._title(scenario, "which settings move it")
        yield Figure(bars(groups, unit=told.change_unit, title=title, subtitle=subtitle))
        rows = [
            (called[one.setting], one.setting, told.change(one.mean), _plus(k * one.size, k * one.size_half),
             said(k * one.spread))
            for one in found
        ]  # fmt: skip
        heads = ("setting", "name", ">mean effect (mu)", ">size (mu*), ± half the 95 % interval", ">sigma")
        yield Table(f"Elementary effects, {told.change_unit}", heads, rows)

    def _tornado(self, scenario: int) -> Iterator[Part]:
        called, told = names(self.summary.plan), self.told
        vary = {one.key: one for one in self.summary.plan.vary}
        k = told.scale
        groups, rows = [], []
        for one in sensitivity.tornado(self.summary, scenario, self.outcome):
            ends = {"at its low": (one.low, vary[one.setting].low), "at its high": (one.high, vary[one.setting].high)}
            made = []
            for name, ((effect, low, high), value) in ends.items():
                words = f"{setting(vary[one.setting], value)}: {told.change(effect)}"
                made.append(Bar(name, k * effect, k * low, k * high, words))
                rows.append((called[one.setting], one.setting, setting(vary[one.setting], value), told.change(effect),
                             told.span(low, high, change=True)))  # fmt: skip
            groups.append(Group(called[one.setting], made))
        subtitle = "Mean difference from the base in the same worlds, with 95 % intervals; one setting moved at a time"
        title = self._title(scenario, "what each setting does alone")
        unit = f"difference, {told.change_unit}"
        yield Figure(bars(groups, unit=unit, signed=True, title=title, subtitle=subtitle))
        yield Table("One at a time", ("setting", "name", ">value", ">difference", ">95 % interval"), rows)

    def _effects(self, scenario: int) -> Iterator[Part]:
        if len(self.summary.plan.vary) < 2:  # noqa: PLR2004  a single setting's means are the estimates above
            return
        called, told = names(self.summary.plan), self.told
        vary = {one.key: one for one in self.summary.plan.vary}
        k = told.scale
        rows = [
            Estimate(f"{called[one.setting]} {setting(vary[one.setting], one.value)}", k * one.mean,
                     k * (one.mean - one.half), k * (one.mean + one.half), told.value(one.mean))
            for one in sensitivity.main_effects(self.summary, scenario, self.outcome)
        ]  # fmt: skip
        subtitle = "Mean over all values of the other settings, with its 95 % interval at most"
        title = self._title(scenario, "each setting over all others")
        yield Figure(estimates(rows[: 2 * MOST_ROWS], unit=told.unit, title=title, subtitle=subtitle))

    def _for_which_luck(self) -> str:
        worlds = int(self.summary.cells.n.max())
        return "For the luck of world 0 alone." if worlds == 1 else f"Of the mean over {worlds:,} worlds."

    def _table(self) -> Part:
        """Every cell, in full."""
        plan, design, told = self.summary.plan, self.summary.design, self.told
        called = names(plan)
        quantiles = self.summary.quantiles(self.outcome)
        rows: list[list[str]] = []
        marked = set()
        for s in range(len(plan.scenarios)):
            cells, effects = self._moments(s)
            for p in range(design.points):
                if len(rows) == MOST_CELLS:
                    break
                if against(plan, s, p) is None and plan.method not in SAMPLED:
                    marked.add(len(rows))
                n, mean, half = int(cells.n[p]), float(cells.mean[p]), float(cells.half[p])
                change, change_half = float(effects.mean[p]), float(effects.half[p])
                band = told.span(float(quantiles[0, s, p]), float(quantiles[-1, s, p])) if not told.share else ""
                rows.append([
                    plan.scenarios[s].name,
                    *(setting(one, float(design.values[one.key][p])) for one in plan.vary),
                    f"{n:,}", told.value(mean), told.span(mean - half, mean + half), band,
                    told.change(change), told.span(change - change_half, change + change_half, change=True),
                ])  # fmt: skip
        heads = ("scenario", *(f">{called[one.key]}" for one in plan.vary), ">worlds", ">mean", ">95 % interval",
                 "" if told.share else f">{percent(LEVELS[0])} to {percent(LEVELS[-1])} of worlds", ">difference",
                 ">95 % interval")  # fmt: skip
        keep = [i for i, head in enumerate(heads) if head]
        table = Table("", [heads[i] for i in keep], [[row[i] for i in keep] for row in rows], frozenset(marked))
        more = f", the first {MOST_CELLS} of {self._cells():,}" if self._cells() > MOST_CELLS else ""
        return Folded(f"Table of {told.label} ({told.unit}){more}", [table])


def _beyond(effect: Moments) -> bool:
    """Whether an effect's interval leaves 0 out; where every world moves alike, whether it moves."""
    return bool(abs(effect.mean) > (0.0 if effect.squares == 0 else effect.half))


def _plus(value: float, half: float) -> str:
    return f"{value:.3f} ± {half:.3f}"


def _steps(values: Array, low: float, high: float) -> Array:
    """Which of BINS equal steps each value is in."""
    return np.minimum(((values - low) / (high - low) * BINS).astype(int), BINS - 1)


def _strongest(summary: Summary, means: Array) -> list[int]:
    """The settings' places, the one that explains most by itself first: how far means by fifths of it spread."""
    spread = []
    for one in summary.plan.vary:
        steps = _steps(summary.design.values[one.key], one.low, one.high)
        inner = [means[(steps == k) & ~np.isnan(means)] for k in range(BINS)]
        spread.append(np.var([part.mean() for part in inner if part.size]) if any(p.size for p in inner) else 0.0)
    return [int(i) for i in np.argsort(-np.array(spread), kind="stable")]
