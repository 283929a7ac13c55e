"""The part of a report about one outcome: charts, what the settings do to it, and its table."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from sim.charts.distributions import Strip, distributions
from sim.charts.estimates import Estimate, estimates
from sim.charts.theme import Spec, percent
from sim.results.running_moments import Moments
from sim.study.formatting import NONE, setting
from sim.study.influence import influence
from sim.study.maps import maps
from sim.study.outcome_view import Subject
from sim.study.page import Figure, Folded, Part, Table, Words
from sim.study.plan import SAMPLED
from sim.study.summary import FEWEST, LEVELS, against

MOST_ROWS: Final = 40  # of a chart of estimates
MOST_CELLS: Final = 300  # rows of a table


def section(subject: Subject) -> Iterator[Part]:
    """Heading, charts, sensitivity and table."""
    told = subject.told
    drawn = [Figure(spec) for spec in maps(subject)]
    yield Words(told.label, 2)
    yield Words(told.outcome.about, kind="small")
    told_below = drawn or subject.summary.plan.method == "one-at-a-time"  # by maps, or by a tornado
    if not told_below and _cells(subject) <= MOST_ROWS:
        yield Figure(_estimates(subject))
    yield from drawn
    yield from _distributions(subject)
    yield from influence(subject)
    yield _table(subject)


def _estimates(subject: Subject) -> Spec:
    """Every cell with its interval."""
    told, plan, rows = subject.told, subject.summary.plan, []
    for s in range(len(plan.scenarios)):
        cells, effects = subject.cells(s), subject.effects(s)
        half = cells.half
        for p in range(subject.summary.design.points):
            mean = float(cells.mean[p])
            if np.isnan(mean):
                continue
            low, high = mean - half[p], mean + half[p]
            change = float(effects.mean[p])
            words = told.value(mean) + (f" ({told.change(change)})" if not np.isnan(change) else "")
            first = against(plan, s, p) is None and plan.scenarios[s].name == plan.reference and p == 0
            beyond = None if np.isnan(change) else _beyond(effects[p])
            k = told.scale
            rows.append(Estimate(subject.label(s, p), k * mean, k * low, k * high, words, first, beyond))
    single = subject.summary.cells.n.max() == 1
    subtitle = "One world: there is no interval" if single else "Mean over the worlds, with its 95 % interval"
    if any(row.beyond_luck is not None for row in rows):
        subtitle += "; in brackets the difference from the reference in the same worlds"
    if not rows:
        rows = [Estimate("no world has a value", 0.0, np.nan, np.nan, NONE)]
    return estimates(rows, unit=told.unit, title=f"{told.label}, {_what(subject)}", subtitle=subtitle)


def _what(subject: Subject) -> str:
    several = len(subject.summary.plan.scenarios) > 1
    if not subject.summary.plan.vary:
        return "by scenario" if several else "over all worlds"
    return "by scenario and point" if several else "by point"


def _distributions(subject: Subject) -> Iterator[Part]:
    """How the worlds spread, a strip a scenario; for shares, how the points spread."""
    plan, told = subject.summary.plan, subject.told
    strips = []
    for s in subject.shown:
        values = subject.summary.pooled(subject.outcome, s)
        if told.share:
            means = subject.cells(s).mean
            values = 100 * means[~np.isnan(means)] if plan.method in SAMPLED else np.empty(0)
        if values.size < FEWEST:
            continue
        reference = plan.scenarios[s].name == plan.reference
        median = float(np.median(values))
        words = f"median {median:.1f} %" if told.share else f"median {told.value(median)}"
        strips.append(Strip(subject.named(s), values, words, reference))
    if not strips:
        return
    what = "the sampled points" if told.share else "worlds over all points" if plan.vary else "worlds"
    title = f"{told.label}: how {what} spread"
    subtitle = "Share of them by value; the upright tick is the median, the dashed line the reference's"
    if told.share:
        subtitle = f"Each point's share of worlds. {subtitle}"
    yield Figure(distributions(strips, unit=told.unit, title=title, subtitle=subtitle))


def _table(subject: Subject) -> Part:
    """Every cell, in full."""
    plan, design, told = subject.summary.plan, subject.summary.design, subject.told
    called, start = subject.called, plan.scenarios[0].start
    quantiles = subject.summary.quantiles(subject.outcome)
    rows: list[list[str]] = []
    marked = set()
    for s in range(len(plan.scenarios)):
        cells, effects = subject.cells(s), subject.effects(s)
        for p in range(design.points):
            if len(rows) == MOST_CELLS:
                break
            if against(plan, s, p) is None and plan.method not in SAMPLED:
                marked.add(len(rows))
            n, mean, half = int(cells.n[p]), float(cells.mean[p]), float(cells.half[p])
            change, change_half = float(effects.mean[p]), float(effects.half[p])
            ends = float(quantiles[0, s, p]), float(quantiles[-1, s, p])
            band = "" if told.share else told.span(*ends) + told.dated(start, *ends)
            rows.append([
                plan.scenarios[s].name,
                *(setting(one, float(design.values[one.key][p])) for one in plan.vary),
                f"{n:,}", told.value(mean) + told.dated(start, mean),
                told.span(mean - half, mean + half) + told.dated(start, mean - half, mean + half), band,
                told.change(change), told.span(change - change_half, change + change_half, change=True),
            ])  # fmt: skip
    heads = ("scenario", *(f">{called[one.key]}" for one in plan.vary), ">worlds", ">mean", ">95 % interval",
             "" if told.share else f">{percent(LEVELS[0])} to {percent(LEVELS[-1])} of worlds", ">difference",
             ">95 % interval")  # fmt: skip
    keep = [i for i, head in enumerate(heads) if head]
    table = Table("", [heads[i] for i in keep], [[row[i] for i in keep] for row in rows], frozenset(marked))
    more = f", the first {MOST_CELLS} of {_cells(subject):,}" if _cells(subject) > MOST_CELLS else ""
    return Folded(f"Table of {told.label} ({told.unit}){more}", [table])


def _cells(subject: Subject) -> int:
    return len(subject.summary.plan.scenarios) * subject.summary.design.points


def _beyond(effect: Moments) -> bool:
    """Whether an effect's interval leaves 0 out; never for a single world, of which the interval is NaN."""
    return bool(abs(effect.mean) > effect.half)
