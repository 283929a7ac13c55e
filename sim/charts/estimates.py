"""Estimates: means of scenarios or design points, with 95 % intervals and the reference marked.

Text is above its row, inside the plotting area, so that the chart is readable on a narrow screen too.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.charts import theme
from sim.charts.row_labels import RowLabels, vertical
from sim.charts.theme import Spec

_ROW = 44  # pixels of a row with one line of text
_FOOT, _OVER = 12, 14  # pixels: from a dot down to the end of its row, and up to its text
_KINDS = ("reference", "significant difference", "not significant", "not compared")
_COLOURS = (theme.INK, theme.ROWS[1], theme.ROWS[0], theme.ROWS[0])
_SHAPES = ("diamond", "circle", "circle", "circle")


@dataclass(frozen=True, slots=True)
class Estimate:
    """One mean: its value, and the text beside its label. significant: against the reference, None if not compared."""

    label: str
    mean: float
    low: float  # end of the 95 % interval; NaN where there is none
    high: float
    words: str
    reference: bool = False
    significant: bool | None = None


def estimates(rows: Sequence[Estimate], *, unit: str, title: str, subtitle: str = "", note: str = "") -> Spec:
    """Return a dot and an interval per row; a dashed line marks the reference. Raises ValueError for no row."""
    if not rows:
        raise ValueError("a chart of estimates needs at least one estimate")
    texts = RowLabels([one.label for one in rows], [one.words for one in rows])
    ends_at = texts.ends(_ROW)
    data = [
        {
            "at": ends_at[i] - _FOOT, "label": one.label, "mean": one.mean, "low": _finite(one.low),
            "high": _finite(one.high), "words": one.words, "kind": _kind(one),
        }
        for i, one in enumerate(rows)
    ]  # fmt: skip
    ends = [v for one in rows for v in (one.low, one.high, one.mean) if math.isfinite(v)]
    spread = max(ends) - min(ends) or abs(ends[0]) or 1.0
    x = {
        "type": "quantitative",
        "scale": {"domain": [min(ends) - 0.04 * spread, max(ends) + 0.04 * spread], "zero": False, "nice": True},
        "axis": {"title": unit, "tickCount": 5},
    }
    y = vertical(ends_at)
    kinds = [kind for kind in _KINDS if any(row["kind"] == kind for row in data)]
    legend = {"columns": 1, "symbolStrokeWidth": 0} if len(kinds) > 1 else None
    colour = _nominal(kinds, _COLOURS, legend)
    place = {"y": y | {"field": "at"}, "color": colour, "tooltip": [{"field": "label"}, {"field": "words"}]}
    known = [one.mean for one in rows if one.reference][:1]  # the line is interrupted at text
    marks = [{"mean": mean, "top": foot - _FOOT - 9, "foot": foot} for mean in known for foot in ends_at]
    line = {"type": "rule", "color": theme.GREY, "strokeWidth": 1.2, "strokeDash": [4, 3]}
    layers: list[Spec] = [
        {
            "data": {"values": marks},
            "mark": line,
            "encoding": {"x": x | {"field": "mean"}, "y": y | {"field": "top"}, "y2": {"field": "foot"}},
        },
        {
            "data": {"values": data},
            "mark": {"type": "rule", "strokeWidth": 2.5},
            "encoding": place | {"x": x | {"field": "low"}, "x2": {"field": "high"}},
        },
        {
            "data": {"values": data},
            "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
            "encoding": place | {"x": x | {"field": "mean"}, "shape": _nominal(kinds, _SHAPES, legend)},
        },
        *texts.layers([foot - _FOOT - _OVER for foot in ends_at], y),
    ]
    return theme.chart(layers, title=title, subtitle=subtitle, note=note, height=round(ends_at[-1]))


def _kind(one: Estimate) -> str:
    if one.reference:
        return _KINDS[0]
    return {True: _KINDS[1], False: _KINDS[2], None: _KINDS[3]}[one.significant]


def _nominal(kinds: Sequence[str], looks: Sequence[str], legend: Spec | None) -> Spec:
    """Return the encoding of colour or shape by kind."""
    shown = [looks[_KINDS.index(kind)] for kind in kinds]
    return {"field": "kind", "type": "nominal", "scale": {"domain": list(kinds), "range": shown}, "legend": legend}


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
