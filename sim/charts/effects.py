"""Effects of a change on outcomes, as dots with their 95 % intervals."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.charts import theme
from sim.charts.theme import Spec
from sim.schema.formatting import signed

_ROW = 30  # pixels
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
    layers = [_zero(), _intervals(dots, x), _points(dots), _words(dots)]
    return theme.chart(layers, title=title, subtitle=text, note=note, height=_ROW * len(dots))


def _scale(dots: Sequence[Dot]) -> Spec:
    """Return a domain that contains every interval and zero, and is never empty."""
    ends = [end for d in dots for end in (d.low, d.high, d.effect) if math.isfinite(end)]
    low, high = min(0.0, *ends), max(0.0, *ends)
    return {"domain": [low, high] if low < high else [-1, 1], "nice": False, "padding": 14}


def _rows(dots: Sequence[Dot]) -> list[Spec]:
    """Return the dots as rows of data."""
    return [
        {
            "label": d.label,
            "effect": d.effect,
            "low": d.low if math.isfinite(d.low) else None,
            "high": d.high if math.isfinite(d.high) else None,
            "sure": _NAMES[0] if d.significant else _NAMES[1],
            "words": d.words or signed(d.effect),
        }
        for d in dots
    ]


def _y() -> Spec:
    """Return the y encoding: the rows, in the order given."""
    axis = {"title": None, "labelLimit": 340, "labelFontSize": 13, "ticks": False, "domain": False, "grid": True}
    return {"field": "label", "type": "nominal", "sort": None, "axis": axis}


def _colour() -> Spec:
    """Return the colour encoding: significant or not."""
    scale = {"domain": list(_NAMES), "range": [_BEYOND, _WITHIN]}
    return {"field": "sure", "type": "nominal", "scale": scale}


def _zero() -> Spec:
    """Return the line at zero."""
    mark = {"type": "rule", "color": theme.INK, "strokeWidth": 1}
    return {
        "data": {"values": [{"none": 0}]},
        "mark": mark,
        "encoding": {"x": {"field": "none", "type": "quantitative"}},
    }


def _intervals(dots: Sequence[Dot], x: Spec) -> Spec:
    """Return the layer of intervals, as bars."""
    encoding = {"x": x | {"field": "low"}, "x2": {"field": "high"}, "y": _y(), "color": _colour()}
    return {"data": {"values": _rows(dots)}, "mark": {"type": "rule", "strokeWidth": 3}, "encoding": encoding}


def _points(dots: Sequence[Dot]) -> Spec:
    """Return the layer of effects, as dots; a diamond where not significant, so that a grey print shows it too."""
    shape = {"field": "sure", "type": "nominal", "scale": {"domain": list(_NAMES), "range": ["circle", "diamond"]}}
    encoding = {"x": {"field": "effect", "type": "quantitative"}, "y": _y(), "color": _colour(), "shape": shape}
    return {
        "data": {"values": _rows(dots)},
        "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
        "encoding": encoding,
    }


def _words(dots: Sequence[Dot]) -> Spec:
    """Return the layer with the text of each effect, at the right."""
    place = {"x": {"value": {"expr": "width + 14"}}, "y": _y(), "text": {"field": "words"}}
    mark = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 13}
    return {"data": {"values": _rows(dots)}, "mark": mark, "encoding": place}
