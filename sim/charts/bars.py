"""Bars from zero, with intervals: a tornado, or how much each setting explains. Labels are above their bars."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.charts import theme
from sim.charts.row_labels import RowLabels, vertical
from sim.charts.theme import Spec

_ROW = 22  # pixels per bar
_OVER = 5  # pixels from the bars of a group up to its text


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, from 0 to its value. words: its value as text, written at the right of its group."""

    name: str  # the legend entry of its colour, the same in every group
    value: float
    low: float  # ends of its 95 % interval; NaN where there is none
    high: float
    words: str


@dataclass(frozen=True, slots=True)
class BarGroup:
    """Bars under one label."""

    label: str
    bars: Sequence[Bar]


def bars(
    groups: Sequence[BarGroup], *, unit: str, signed: bool = False, title: str, subtitle: str = "", note: str = ""
) -> Spec:
    """Return groups of bars below each other. signed: whether numbers show their sign. Raises ValueError for none."""
    if not groups or not groups[0].bars:
        raise ValueError("a bar chart needs at least one bar")
    names = [one.name for one in groups[0].bars]
    texts = RowLabels(
        [group.label for group in groups], ["; ".join(one.words for one in group.bars) for group in groups]
    )
    ends_at = texts.ends(_ROW * (len(names) + 1.1))
    tops = [foot - _ROW * (len(names) + 0.1) for foot in ends_at]  # of the bars of each group
    rows = [
        {
            "top": tops[i] + _ROW * (j + 0.08), "foot": tops[i] + _ROW * (j + 0.78),
            "middle": tops[i] + _ROW * (j + 0.43), "value": one.value, "none": 0,
            "low": _finite(one.low), "high": _finite(one.high), "name": one.name,
            "tip": f"{group.label}, {one.name}: {one.words}",
        }
        for i, group in enumerate(groups) for j, one in enumerate(group.bars) if math.isfinite(one.value)
    ]  # fmt: skip
    drawn = [one for group in groups for one in group.bars]
    ends = [v for one in drawn for v in (one.low, one.high, one.value) if math.isfinite(v)]
    least, most = min(0.0, *ends, 0.0), max(0.0, *ends, 0.0)
    x = {
        "type": "quantitative",
        "scale": {"domain": [least, most] if least < most else [-1, 1], "nice": True, "padding": 6 if least < 0 else 0},
        "axis": {"title": unit, "tickCount": 5} | ({"labelExpr": theme.SIGNED_LABEL} if signed else {}),
    }
    y = vertical(ends_at)
    legend = {"columns": 1, "symbolType": "square", "symbolStrokeWidth": 0} if len(names) > 1 else None
    scale = {"domain": names, "range": list(theme.ROWS[: len(names)])}
    colour = {"field": "name", "type": "nominal", "scale": scale, "legend": legend}
    # Not one long line: it would cross the labels.
    zeros = [{"none": 0, "top": top - 1, "foot": foot} for top, foot in zip(tops, ends_at, strict=True)]
    layers: list[Spec] = [
        {
            "data": {"values": rows},
            "mark": {"type": "rect"},
            "encoding": {
                "x": x | {"field": "none"}, "x2": {"field": "value"},
                "y": y | {"field": "top"}, "y2": {"field": "foot"}, "color": colour, "tooltip": {"field": "tip"},
            },
        },
        {
            "data": {"values": rows},
            "mark": {"type": "rule", "strokeWidth": 1.8, "color": theme.INK},
            "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}, "y": y | {"field": "middle"}},
        },
        {
            "data": {"values": zeros},
            "mark": {"type": "rule", "color": theme.GREY, "strokeWidth": 1.2},
            "encoding": {"x": x | {"field": "none"}, "y": y | {"field": "top"}, "y2": {"field": "foot"}},
        },
        *texts.layers([top - _OVER for top in tops], y),
    ]  # fmt: skip
    return theme.chart(layers, title=title, subtitle=subtitle, note=note, height=round(ends_at[-1]))


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
