"""Estimates: means of scenarios or design points, with 95 % intervals and the reference marked.

Text is above its row, inside the plotting area, so that the chart is readable on a narrow screen too.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.charts import theme
from sim.charts.theme import Spec

_ROW = 44  # pixels
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
    data = [
        {
            "at": i + 0.72, "above": i + 0.3, "label": one.label, "mean": one.mean, "low": _finite(one.low),
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
    y = {"type": "quantitative", "axis": None, "scale": {"domain": [0, len(rows)], "reverse": True, "nice": False}}
    kinds = [kind for kind in _KINDS if any(row["kind"] == kind for row in data)]
    legend = {"columns": 1, "symbolStrokeWidth": 0} if len(kinds) > 1 else None
    colour = _nominal(kinds, _COLOURS, legend)
    place = {"y": y | {"field": "at"}, "color": colour, "tooltip": [{"field": "label"}, {"field": "words"}]}
    text = {"type": "text", "fontSize": 12.5, "color": theme.INK, "baseline": "middle"}
    over = {"y": y | {"field": "above"}}
    known = [one.mean for one in rows if one.reference][:1]  # the line is interrupted at text
    marks = [{"mean": mean, "top": i + 0.5, "foot": i + 1} for mean in known for i in range(len(rows))]
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
        {
            "data": {"values": data},
            "mark": text | {"align": "left", "limit": theme.beside([one.words for one in rows])},
            "encoding": over | {"x": {"value": 2}, "text": {"field": "label"}},
        },
        {
            "data": {"values": data},
            "mark": text | {"align": "right"},
            "encoding": over | {"x": {"value": {"expr": "width - 2"}}, "text": {"field": "words"}},
        },
    ]
    return theme.chart(layers, title=title, subtitle=subtitle, note=note, height=_ROW * len(rows))


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
