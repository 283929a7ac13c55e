"""Charts of a search for cliffs: the change of a share by small steps of each setting, and each lever's curve.

A cliff is a setting of which a small step changes a share of worlds by much.
"""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sim.charts import theme
from sim.charts.dots import EffectDot
from sim.charts.row_labels import RowLabels, vertical
from sim.charts.theme import Spec

_ROW: Final = 40  # pixels per setting with one line of text
_UNDER, _OVER = 11, 13  # pixels: from a dot down to the end of its row, and up to its text
_CURVE: Final = 70  # pixels of height of a panel's curve
_LINE: Final = 14  # pixels from one line of a panel's text to the next
_ACROSS: Final = 2  # panels beside each other
_NARROW, _WIDE = 22, 54  # characters that fit above a panel on a phone, and on paper
_SIDE: Final = 0.04  # margin of a panel, as a share of its width
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
    texts = RowLabels([row.label for row in rows], [row.words for row in rows])
    ends_at = texts.ends(_ROW)
    values = [
        {
            "at": ends_at[i] - _UNDER, "change": d.effect, "low": _finite(d.low), "high": _finite(d.high),
            "step": d.scenario, "tip": d.words,
        }
        for i, row in enumerate(rows) for d in row.dots
    ]  # fmt: skip
    ends = [0.0, *(v for row in rows for d in row.dots for v in (d.low, d.high, d.effect) if math.isfinite(v))]
    low, high = min(ends), max(ends)
    x = {
        "type": "quantitative",
        "scale": {"domain": [low, high] if low < high else [-1, 1], "nice": True, "padding": 8},
        "axis": {"title": "change of the share of worlds, percentage points", "tickCount": 7,
                 "labelExpr": theme.SIGNED_LABEL},
    }  # fmt: skip
    y = vertical(ends_at)
    names = [name for name in STEP_NAMES if any(row["step"] == name for row in values)]
    colours = [_COLOURS[STEP_NAMES.index(name)] for name in names]
    shapes = [_SHAPES[STEP_NAMES.index(name)] for name in names]
    key = {"field": "step", "type": "nominal", "legend": {"columns": 1, "symbolStrokeWidth": 0}}
    colour = key | {"scale": {"domain": names, "range": colours}}
    shape = key | {"scale": {"domain": names, "range": shapes}}
    place = {"y": y | {"field": "at"}, "color": colour, "tooltip": [{"field": "step"}, {"field": "tip"}]}
    zeros = [{"none": 0, "top": foot - _UNDER - 9, "foot": foot - 1} for foot in ends_at]
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
        *texts.layers([foot - _UNDER - _OVER for foot in ends_at], y, ink=theme.GREY),
    ]  # fmt: skip
    return theme.chart(layers, title=title, subtitle=subtitle, note=note, height=round(ends_at[-1]))


def curve_chart(curves: Sequence[LeverCurve], *, title: str, subtitle: str = "", note: str = "") -> Spec:
    """Return one small panel per lever: the share of worlds, 0 to 100 %, over the lever's range; its jump in colour.

    Raises ValueError for no curve.
    """
    if not curves:
        raise ValueError("a chart of curves needs at least one lever")
    rows = -(-len(curves) // _ACROSS)
    texts = [[_lines((one.label, one.words), width) for width in (_NARROW, _WIDE)] for one in curves]
    most = max(len(narrow) for narrow, _ in texts)
    panel = _LINE * (most + 1) + _CURVE + 10
    start, end = _LINE * (most + 1) / panel, 1 - 10 / panel  # of the curve, as shares of the panel
    lines, jumps, frames, labels = [], [], [], []
    for i, one in enumerate(curves):
        row, column = divmod(i, _ACROSS)
        left, right = column + _SIDE, column + 1 - _SIDE
        points = [
            {"lever": i, "x": left + (right - left) * at, "y": row + end - (end - start) * share}
            for at, share in zip(one.at, one.shares, strict=True)
        ]
        lines += points
        jumps += points[one.jump : one.jump + 2]
        frames.append({"left": left, "right": right, "top": row + start, "foot": row + end})
        narrow, wide = texts[i]
        labels.append({
            "x": left, "y": row + start - 5 / panel, "narrow": "\n".join(narrow), "high": len(narrow) - 1,
            "wide": "\n".join(wide), "low": len(wide) - 1,
        })  # fmt: skip
    fits = f"width >= {theme.WIDTH}"
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
        {
            "data": {"values": labels},
            "transform": [{"calculate": f"{fits} ? datum.wide : datum.narrow", "as": "text"}],
            "mark": {
                "type": "text", "align": "left", "baseline": "alphabetic", "fontSize": 12, "color": theme.INK,
                "lineBreak": "\n", "lineHeight": _LINE,
                "dy": {"expr": f"{-_LINE} * ({fits} ? datum.low : datum.high)"},
            },
            "encoding": place | {"text": {"field": "text"}},
        },
    ]  # fmt: skip
    return theme.chart(layers, title=title, subtitle=subtitle, note=note, height=panel * rows, below=16)


def _lines(texts: Sequence[str], width: int) -> list[str]:
    """Return the lines of some texts below each other, each wrapped to so many characters."""
    return [line for text in texts for line in textwrap.wrap(text, width)]


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
