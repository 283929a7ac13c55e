"""The section of a report about one outcome: charts, effects of the settings, and its table."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from sim.charts.distributions import Histogram, distributions
from sim.charts.estimates import Estimate, estimates
from sim.charts.theme import Spec
from sim.export.page_parts import Collapsible, Figure, Paragraph, Part, Table
from sim.results.intervals import effect_test, significant
from sim.schema.formatting import MISSING, share
from sim.study.cell_text import cell_texts
from sim.study.formatting import setting
from sim.study.influence import influence
from sim.study.maps import maps
from sim.study.outcome_view import OutcomeView
from sim.study.plan import SAMPLED
from sim.study.summary import FEWEST, LEVELS, reference_cell

MOST_ROWS: Final = 40  # rows of a chart of estimates
MOST_CELLS: Final = 300  # rows of a table


def section(subject: OutcomeView) -> Iterator[Part]:
    """Heading, charts, sensitivity and table."""
    text = subject.formats
    drawn = [Figure(spec) for spec in maps(subject)]
    yield Paragraph(text.label, 2)
    yield Paragraph(text.outcome.about, kind="small")
    shown_below = drawn or subject.summary.plan.method == "one-at-a-time"  # as maps, or as a tornado
    if not shown_below and _cells(subject) <= MOST_ROWS:
        yield Figure(_estimates(subject))
    yield from drawn
    yield from _distributions(subject)
    yield from influence(subject)
    yield _table(subject)


def _estimates(subject: OutcomeView) -> Spec:
    """The chart of all cells with their intervals."""
    text, plan, rows = subject.formats, subject.summary.plan, []
    for s in range(len(plan.scenarios)):
        cells, effects = subject.cells(s), subject.effects(s)
        lows, highs = subject.cell_ends(s)
        beyond = significant(effect_test(text.outcome, effects))
        for p in range(subject.summary.design.points):
            mean = float(cells.mean[p])
            if np.isnan(mean):
                continue
            low, high = float(lows[p]), float(highs[p])
            change = float(effects.mean[p])
            words = text.value(mean, low, high) + (f" ({text.change(change)})" if not np.isnan(change) else "")
            first = reference_cell(plan, s, p) is None and plan.scenarios[s].name == plan.reference and p == 0
            k, sure = text.scale, None if np.isnan(change) else bool(beyond[p])
            rows.append(Estimate(subject.label(s, p), k * mean, k * low, k * high, words, first, sure))
    single = subject.summary.cells.n.max() == 1
    subtitle = "One world, therefore no interval" if single else "Mean over the worlds, with its 95 % interval"
    if any(row.significant is not None for row in rows):
        subtitle += "; in brackets the difference from the reference in the same worlds"
    if not rows:
        rows = [Estimate("no world has a value", 0.0, np.nan, np.nan, MISSING)]
    return estimates(rows, unit=text.unit, title=f"{text.label}, {_what(subject)}", subtitle=subtitle)


def _what(subject: OutcomeView) -> str:
    several = len(subject.summary.plan.scenarios) > 1
    if not subject.summary.plan.vary:
        return "by scenario" if several else "over all worlds"
    return "by scenario and point" if several else "by point"


def _distributions(subject: OutcomeView) -> Iterator[Part]:
    """The distribution over the worlds, one histogram per scenario; for shares, the distribution over the points."""
    plan, text = subject.summary.plan, subject.formats
    strips = []
    for s in subject.shown:
        values = subject.summary.pooled(subject.outcome, s)
        if text.share:
            means = subject.cells(s).mean
            values = 100 * means[~np.isnan(means)] if plan.method in SAMPLED else np.empty(0)
        if values.size < FEWEST:
            continue
        reference = plan.scenarios[s].name == plan.reference
        median = float(np.median(values))
        words = f"median {share(median / 100, 1) if text.share else text.value(median)}"
        strips.append(Histogram(subject.named(s), values, words, reference))
    if not strips:
        return
    what = "the sampled points" if text.share else "the worlds of all points" if plan.vary else "worlds"
    title = f"{text.label}: distribution over {what}"
    subtitle = "Share by value; the vertical tick is the median, the dashed line the median of the reference"
    if text.share:
        subtitle = f"Each point's share of worlds. {subtitle}"
    yield Figure(distributions(strips, unit=text.unit, title=title, subtitle=subtitle))


def _table(subject: OutcomeView) -> Part:
    """The table of all cells."""
    plan, design, text = subject.summary.plan, subject.summary.design, subject.formats
    called = subject.called
    rows: list[list[str]] = []
    marked = set()
    for s in range(len(plan.scenarios)):
        for p, cell in enumerate(cell_texts(subject, s)):
            if len(rows) == MOST_CELLS:
                break
            if reference_cell(plan, s, p) is None and plan.method not in SAMPLED:
                marked.add(len(rows))
            rows.append([
                plan.scenarios[s].name,
                *(setting(one, float(design.values[one.key][p])) for one in plan.vary),
                cell.worlds, cell.value, cell.interval, cell.band, cell.change, cell.change_interval,
            ])  # fmt: skip
    heads = ("scenario", *(f">{called[one.key]}" for one in plan.vary), ">worlds", ">mean", ">95 % interval",
             "" if text.share else f">{share(LEVELS[0])} to {share(LEVELS[-1])} of worlds", ">difference",
             ">95 % interval")  # fmt: skip
    keep = [i for i, head in enumerate(heads) if head]
    table = Table("", [heads[i] for i in keep], [[row[i] for i in keep] for row in rows], frozenset(marked))
    more = f", the first {MOST_CELLS} of {_cells(subject):,}" if _cells(subject) > MOST_CELLS else ""
    return Collapsible(f"Table of {text.label} ({text.unit}){more}", [table])


def _cells(subject: OutcomeView) -> int:
    return len(subject.summary.plan.scenarios) * subject.summary.design.points
