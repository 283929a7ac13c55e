"""Charts of a search for cliffs: the change of a share by small steps of each setting, and each lever's curve.

A cliff is a setting of which a small step changes a share of worlds by much.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sim.charts import theme
from sim.charts.dots import EffectDot
from sim.charts.theme import Spec

_ROW: Final = 40  # pixels per setting
_PANEL: Final = 124  # pixels of height per row of panels
_ACROSS: Final = 3  # panels beside each other
_TOP, _FOOT, _GAP = 0.36, 0.9, 0.06  # of a panel: where its curve begins and ends, and its side margin
_COLOURS: Final = ("#0072b2", "#d55e00", "#009e73")
_SHAPES: Final = ("triangle-left", "triangle-right", "diamond")
STEP_NAMES: Final = ("a tenth of the range down", "a tenth of the range up", "a twentieth of a lever's range")


@dataclass(frozen=True, slots=True)
class StepRow:
    """One setting with the changes by its steps, in percentage points; `EffectDot.scenario` is one of STEP_NAMES."""

    label: str
    words: str  # which share, and between which values
    dots: Sequence[EffectDot]


@dataclass(frozen=True, slots=True)
class LeverCurve:
    """The share of worlds over one lever's range. at, shares: 0 to 1, in the order of at; jump: index of its start."""

    label: str
    words: str  # which share, and where its largest jump is
    at: Sequence[float]
    shares: Sequence[float]
    jump: int


def step_chart(rows: Sequence[StepRow], *, title: str, subtitle: str = "", note: str = "") -> Spec:
    """Return one row per setting: the change of a share by each step, with its 95 % interval, on one axis.

    Raises ValueError for no row.
    """
    if not rows:
        raise ValueError("a chart of cliffs needs at least one setting")
    values = [
        {
            "at": i + 0.72, "change": d.effect, "low": _finite(d.low), "high": _finite(d.high), "step": d.scenario,
            "tip": d.words,
        }
        for i, row in enumerate(rows) for d in row.dots
    ]  # fmt: skip
    labels = [{"at": i + 0.3, "label": row.label, "words": row.words} for i, row in enumerate(rows)]
    ends = [0.0, *(v for row in rows for d in row.dots for v in (d.low, d.high, d.effect) if math.isfinite(v))]
    low, high = min(ends), max(ends)
    x = {
        "type": "quantitative",
        "scale": {"domain": [low, high] if low < high else [-1, 1], "nice": True, "padding": 8},
        "axis": {"title": "change of the share of worlds, percentage points", "tickCount": 7,
                 "labelExpr": theme.SIGNED_LABEL},
    }  # fmt: skip
    y = {"type": "quantitative", "axis": None, "scale": {"domain": [0, len(rows)], "reverse": True, "nice": False}}
    names = [name for name in STEP_NAMES if any(row["step"] == name for row in values)]
    colours = [_COLOURS[STEP_NAMES.index(name)] for name in names]
    shapes = [_SHAPES[STEP_NAMES.index(name)] for name in names]
    key = {"field": "step", "type": "nominal", "legend": {"columns": 1, "symbolStrokeWidth": 0}}
    colour = key | {"scale": {"domain": names, "range": colours}}
    shape = key | {"scale": {"domain": names, "range": shapes}}
    place = {"y": y | {"field": "at"}, "color": colour, "tooltip": [{"field": "step"}, {"field": "tip"}]}
    zeros = [{"none": 0, "top": i + 0.5, "foot": i + 0.94} for i in range(len(rows))]
    text = {"type": "text", "fontSize": 12.5, "color": theme.INK, "baseline": "middle"}
    layers: list[Spec] = [
        {
            "data": {"values": zeros},
            "mark": {"type": "rule", "color": theme.GREY, "strokeWidth": 1.2, "strokeDash": [3, 3]},
            "encoding": {"x": x | {"field": "none"}, "y": y | {"field": "top"}, "y2": {"field": "foot"}},
        },
        {
            "data": {"values": [row for row in values if row["low"] is not None]},
            "mark": {"type": "rule", "strokeWidth": 2.5, "opacity": 0.75},
            "encoding": place | {"x": x | {"field": "low"}, "x2": {"field": "high"}},
        },
        {
            "data": {"values": [{k: row[k] for k in ("at", "change", "step", "tip")} for row in values]},
            "mark": {"type": "point", "filled": True, "size": 95, "opacity": 1},
            "encoding": place | {"x": x | {"field": "change"}, "shape": shape},
        },
        {
            "data": {"values": labels},
            "mark": text | {"align": "left", "limit": theme.beside([row.words for row in rows])},
            "encoding": {"x": {"value": 2}, "y": y | {"field": "at"}, "text": {"field": "label"}},
        },
        {
            "data": {"values": labels},
            "mark": text | {"align": "right", "color": theme.GREY},
            "encoding": {"x": {"value": {"expr": "width - 2"}}, "y": y | {"field": "at"}, "text": {"field": "words"}},
        },
    ]  # fmt: skip
    return theme.chart(layers, title=title, subtitle=subtitle, note=note, height=_ROW * len(rows))


def curve_chart(curves: Sequence[LeverCurve], *, title: str, subtitle: str = "", note: str = "") -> Spec:
    """Return one small panel per lever: the share of worlds, 0 to 100 %, over the lever's range; its jump in colour.

    Raises ValueError for no curve.
    """
    if not curves:
        raise ValueError("a chart of curves needs at least one lever")
    rows = -(-len(curves) // _ACROSS)
    lines, jumps, frames, labels = [], [], [], []
    for i, one in enumerate(curves):
        row, column = divmod(i, _ACROSS)
        left, right = column + _GAP, column + 1 - _GAP
        points = [
            {"lever": i, "x": left + (right - left) * at, "y": row + _FOOT - (_FOOT - _TOP) * share}
            for at, share in zip(one.at, one.shares, strict=True)
        ]
        lines += points
        jumps += points[one.jump : one.jump + 2]
        frames.append({"left": left, "right": right, "top": row + _TOP, "foot": row + _FOOT})
        labels.append({"x": left, "y": row + 0.1, "text": one.label, "size": "name"})
        labels.append({"x": left, "y": row + 0.24, "text": one.words, "size": "words"})
    x = {"type": "quantitative", "axis": None, "scale": {"domain": [0, _ACROSS], "nice": False}}
    y = {"type": "quantitative", "axis": None, "scale": {"domain": [0, rows], "reverse": True, "nice": False}}
    place = {"x": x | {"field": "x"}, "y": y | {"field": "y"}}
    apart = place | {"detail": {"field": "lever", "type": "nominal"}}
    layers: list[Spec] = [
        {
            "data": {"values": frames},
            "mark": {"type": "rect", "filled": False, "stroke": theme.LINE},
            "encoding": {
                "x": x | {"field": "left"}, "x2": {"field": "right"}, "y": y | {"field": "top"},
                "y2": {"field": "foot"},
            },
        },
        {"data": {"values": lines}, "mark": {"type": "line", "color": theme.MEDIAN, "strokeWidth": 2},
         "encoding": apart},
        {"data": {"values": jumps}, "mark": {"type": "line", "color": theme.SINGLE, "strokeWidth": 3.5},
         "encoding": apart},
        *(
            {
                "data": {"values": [one for one in labels if one["size"] == size]},
                "mark": {
                    "type": "text", "align": "left", "baseline": "middle", "fontSize": pixels, "color": ink,
                    "limit": {"expr": f"width / {_ACROSS} - 8"},
                },
                "encoding": place | {"text": {"field": "text"}},
            }
            for size, pixels, ink in (("name", 12.5, theme.INK), ("words", 11.5, theme.GREY))
        ),
    ]  # fmt: skip
    return theme.chart(layers, title=title, subtitle=subtitle, note=note, height=_PANEL * rows, below=16)


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
