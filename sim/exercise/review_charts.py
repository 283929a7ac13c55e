"""The charts of the review."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from textwrap import shorten
from typing import Any, Final

import numpy as np

from sim.charts import Dot, effects
from sim.charts.lines import Line, lines
from sim.exercise.decision_effects import DecisionImpact
from sim.exercise.divergence import week_sums
from sim.exercise.review_records import Review
from sim.schema.calendar import WEEK
from sim.schema.formatting import day
from sim.schema.outcomes import OUTCOMES
from sim.schema.series import SERIES

MOST: Final = 12  # decisions in a chart
LONGEST: Final = 52  # characters of a label


def over_days(review: Review, name: str, groups: Sequence[int]) -> dict[str, Any]:
    """Return the chart of a series in the worlds of some groups and of the baseline."""
    curves = [Line("baseline", _weekly(review, 0, name), reference=True)]
    curves += [Line(f"group {group}", _weekly(review, group, name)) for group in groups]
    series = SERIES[name]
    counted = series.kind == "count"
    return lines(
        curves,
        review.own[0].dates,
        unit=series.unit,
        title=f"{series.label}{', mean of the last seven days' if counted else ''}",
        subtitle=f"Rounds begin on {', '.join(day(one, year=False) for one in _rounds(review))}",
        note=f"World {review.settings.world} of seed {review.settings.seed}",
    )


def _rounds(review: Review) -> list[dt.date]:
    return [review.settings.starts(number) for number in range(1, review.played + 1)]


def _weekly(review: Review, group: int, name: str) -> Any:
    values = review.own[group].arrays[name][0].astype(np.float64)
    if SERIES[name].kind != "count":
        return values
    return week_sums(values) / np.minimum(np.arange(1, len(values) + 1), WEEK)


def dots(group: int, name: str, taken: Sequence[DecisionImpact]) -> dict[str, Any]:
    """Return the chart of the decisions' effects on one outcome, the largest first."""
    found = sorted(((one.decision, one.share(name)) for one in taken), key=lambda pair: -abs(pair[1].share))[:MOST]
    drawn = [
        Dot(shorten(f"{one.span}: {one.text}", LONGEST, placeholder=" …"), e.share, e.low, e.high, sure=e.significant)
        for one, e in found
    ]
    outcome = OUTCOMES[name]
    title = f"Group {group}: shares of decisions in the effect on “{outcome.label}”"
    return effects(
        _distinct(drawn),
        unit=outcome.unit,
        title=title,
        subtitle="Shapley values, which add up to the effect of all; 95 % interval",
    )


def _distinct(drawn: Sequence[Dot]) -> list[Dot]:
    """Return dots with distinct labels, because the chart has one row per label."""
    seen: dict[str, int] = {}
    found = []
    for dot in drawn:
        seen[dot.label] = seen.get(dot.label, 0) + 1
        label = dot.label if seen[dot.label] == 1 else f"{dot.label} ({seen[dot.label]})"
        found.append(replace(dot, label=label))
    return found
