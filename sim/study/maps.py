"""Outcome maps: means of an outcome over the values of two settings, one heat map per scenario."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.charts.heat import Axis, Map, heat
from sim.charts.theme import Spec
from sim.schema.formatting import number, share
from sim.study.formatting import setting
from sim.study.outcome_view import OutcomeView

Array = npt.NDArray[Any]

BINS: Final = 5  # per side of a map over sampled settings
_FEW_POINTS: Final = 100  # with fewer sampled points such a map is mostly empty


def maps(subject: OutcomeView) -> Iterator[Spec]:
    """One map per scenario over two settings: a grid's first two, or the two with the largest effect."""
    plan = subject.summary.plan
    if len(plan.vary) < 2:  # noqa: PLR2004  a map has two sides
        return
    if plan.method == "grid":
        found = [_grid_map(subject, s) for s in subject.shown]
    elif plan.method in {"latin-hypercube", "sobol"} and subject.summary.design.points >= _FEW_POINTS:
        found = [_sampled_map(subject, s) for s in subject.shown]
    else:
        return
    known = np.concatenate([values[~np.isnan(values)] for values, *_ in found])
    if not known.size:
        return
    ends = float(known.min()) * subject.formats.scale, float(known.max()) * subject.formats.scale
    for s, (values, x, y, how) in zip(subject.shown, found, strict=True):
        one = plan.scenarios[s]
        marked = plan.method == "grid" and len(plan.vary) == 2 and one.name == plan.reference  # noqa: PLR2004
        subtitle = how + (". Framed: the reference point" if marked else "")
        words = [[_brief(subject, v) for v in row] for row in values]
        given = Map(values * subject.formats.scale, words, x, y, subject.formats.unit, (0, 0) if marked else None, ends)
        yield heat(given, title=subject.title(s), subtitle=subtitle)


def _grid_map(subject: OutcomeView, scenario: int) -> tuple[Array, Axis, Axis, str]:
    """Means over a grid's first two settings, over all others."""
    plan, design = subject.summary.plan, subject.summary.design
    y, x = plan.vary[1], plan.vary[0]
    means = subject.cells(scenario).mean
    values = np.array([
        [means[design.where(x.key, a) & design.where(y.key, b)].mean() for a in x.numbers]
        for b in y.numbers
    ])  # fmt: skip
    called = subject.called
    across, up = (Axis(called[one.key], [setting(one, value) for value in one.numbers]) for one in (x, y))
    how = "Mean over the worlds" + (" and over all other settings" if len(plan.vary) > 2 else "")  # noqa: PLR2004
    return values, across, up, how


def _sampled_map(subject: OutcomeView, scenario: int) -> tuple[Array, Axis, Axis, str]:
    """Means over the sampled points in equal bins of the two settings with the largest effect."""
    plan, design = subject.summary.plan, subject.summary.design
    means = subject.cells(scenario).mean
    y, x = (plan.vary[i] for i in sorted(_strongest(subject)[:2], reverse=True))
    steps = [_steps(design.values[one.key], one.low, one.high) for one in (x, y)]
    values = np.full((BINS, BINS), np.nan)
    for i in range(BINS):
        for j in range(BINS):
            here = means[(steps[0] == j) & (steps[1] == i)]
            here = here[~np.isnan(here)]
            values[i, j] = here.mean() if here.size else np.nan
    called = subject.called
    across, up = (
        Axis(called[one.key], [number(one.low + (one.high - one.low) * (k + 0.5) / BINS) for k in range(BINS)])
        for one in (x, y)
    )
    return values, across, up, "Mean over the sampled points in each fifth of the two settings with the largest effect"


def _brief(subject: OutcomeView, value: float) -> str:
    """A number short enough for a cell of a map."""
    if np.isnan(value):
        return ""
    return share(value) if subject.formats.share else number(value)


def _steps(values: Array, low: float, high: float) -> Array:
    """The index of the bin, of BINS equal ones, that each value is in."""
    return np.minimum(((values - low) / (high - low) * BINS).astype(int), BINS - 1)


def _strongest(subject: OutcomeView) -> list[int]:
    """The indices of the settings by the variance of the reference's means over BINS bins, largest first."""
    plan, design = subject.summary.plan, subject.summary.design
    means = subject.cells([one.name for one in plan.scenarios].index(plan.reference)).mean
    spread = []
    for one in plan.vary:
        steps = _steps(design.values[one.key], one.low, one.high)
        inner = [means[(steps == k) & ~np.isnan(means)] for k in range(BINS)]
        spread.append(float(np.var([part.mean() for part in inner if part.size] or [0.0])))
    return [int(i) for i in np.argsort(-np.array(spread), kind="stable")]
