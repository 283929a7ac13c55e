"""Effects of a change on outcomes, as dots with their 95 % intervals, each below its label."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.charts import theme
from sim.charts.row_labels import RowLabels, vertical
from sim.charts.theme import Spec
from sim.schema.formatting import signed

_ROW = 38  # pixels of a row with one line of text
_FOOT, _OVER = 11, 12  # pixels: from a dot down to the end of its row, and up to its text
_BEYOND, _WITHIN = theme.MEDIAN, "#8a8a8a"
_NAMES = ("significant", "not significant")


@dataclass(frozen=True, slots=True)
class Dot:
    """One effect: its position on the axis, and the text beside it."""

    label: str
    effect: float
    low: float  # end of the 95 % interval; NaN where there is none
    high: float
    words: str = ""  # such as "+1,240 attacks"; the effect as a number if empty
    sure: bool | None = None  # whether it is significant; None if its interval decides

    @property
    def significant(self) -> bool:
        """Whether it is significant: as given, or whether the interval excludes zero."""
        return self.low > 0 or self.high < 0 if self.sure is None else self.sure


def effects(
    dots: Sequence[Dot], *, unit: str, title: str = "What the change does", subtitle: str = "", note: str = ""
) -> Spec:
    """Return dots and intervals with a line at zero, one row per effect, all in one unit.

    unit: unit of the axis, such as "percentage points" or "% of the first scenario's mean".
    Raises ValueError if there are no dots.
    """
    if not dots:
        raise ValueError("a chart of effects needs at least one effect")
    text = subtitle or "Mean difference between pairs of worlds with the same random numbers, and its 95 % interval"
    axis = {"title": unit, "tickCount": 7, "labelExpr": theme.SIGNED_LABEL, "labelFlush": False}
    x = {"type": "quantitative", "axis": axis, "scale": _scale(dots)}
    labels = RowLabels([d.label for d in dots], [d.words or signed(d.effect) for d in dots])
    ends = labels.ends(_ROW)
    rows, y = _rows(dots, [end - _FOOT for end in ends]), vertical(ends)
    layers = [
        _zero(x, y, [(end - _FOOT - 9, end) for end in ends]),
        _intervals(rows, x, y),
        _points(rows, x, y),
        *labels.layers([end - _FOOT - _OVER for end in ends], y),
    ]
    return theme.chart(layers, title=title, subtitle=text, note=note, height=round(ends[-1]))


def _scale(dots: Sequence[Dot]) -> Spec:
    """Return a domain that contains every interval and zero, and is never empty."""
    ends = [end for d in dots for end in (d.low, d.high, d.effect) if math.isfinite(end)]
    low, high = min(0.0, *ends), max(0.0, *ends)
    return {"domain": [low, high] if low < high else [-1, 1], "nice": False, "padding": 14}


def _rows(dots: Sequence[Dot], places: Sequence[float]) -> list[Spec]:
    """Return the dots as rows of data. places: of the dots, pixels from the top."""
    return [
        {
            "at": place,
            "label": d.label,
            "effect": d.effect,
            "low": d.low if math.isfinite(d.low) else None,
            "high": d.high if math.isfinite(d.high) else None,
            "sure": _NAMES[0] if d.significant else _NAMES[1],
            "words": d.words or signed(d.effect),
        }
        for d, place in zip(dots, places, strict=True)
    ]


def _colour() -> Spec:
    """Return the colour encoding: significant or not."""
    scale = {"domain": list(_NAMES), "range": [_BEYOND, _WITHIN]}
    return {"field": "sure", "type": "nominal", "scale": scale}


def _zero(x: Spec, y: Spec, spans: Sequence[tuple[float, float]]) -> Spec:
    """Return the line at zero, interrupted at labels so that it does not cross them. spans: from and to along y."""
    return {
        "data": {"values": [{"none": 0, "top": top, "foot": foot} for top, foot in spans]},
        "mark": {"type": "rule", "color": theme.INK, "strokeWidth": 1},
        "encoding": {"x": x | {"field": "none"}, "y": y | {"field": "top"}, "y2": {"field": "foot"}},
    }


def _intervals(rows: list[Spec], x: Spec, y: Spec) -> Spec:
    """Return the layer of intervals, as bars."""
    encoding = {"x": x | {"field": "low"}, "x2": {"field": "high"}, "y": y | {"field": "at"}, "color": _colour()}
    return {"data": {"values": rows}, "mark": {"type": "rule", "strokeWidth": 3}, "encoding": encoding}


def _points(rows: list[Spec], x: Spec, y: Spec) -> Spec:
    """Return the layer of effects, as dots; a diamond where not significant, so that a grey print shows it too."""
    shape = {"field": "sure", "type": "nominal", "scale": {"domain": list(_NAMES), "range": ["circle", "diamond"]}}
    encoding = {"x": x | {"field": "effect"}, "y": y | {"field": "at"}, "color": _colour(), "shape": shape}
    return {
        "data": {"values": rows},
        "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
        "encoding": encoding,
    }
