"""Heat map: an outcome over the values of two settings, with the number in every cell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.charts import theme
from sim.charts.theme import Array, Spec
from sim.charts.tiles import SHADES

_ROW = 46  # pixels
_DARK = 0.55  # above this share of the scale, text on a cell is white
_SMALL = 10.5  # size of the numbers


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of the map: the setting and its values as text, in order."""

    title: str
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class Map:
    """The content of a heat map, rows by y and columns by x.

    values: NaN for cells without a value; words: the text in each cell; mark: row and column of the reference cell,
    which gets a frame; ends: lower and upper end of the colour scale, for maps that are to be compared; None for the
    smallest and the largest value.
    """

    values: Array
    words: Sequence[Sequence[str]]
    x: Axis
    y: Axis
    unit: str
    mark: tuple[int, int] | None = None
    ends: tuple[float, float] | None = None


def heat(given: Map, *, title: str, subtitle: str = "", note: str = "") -> Spec:
    """Return a map with the number in every cell. Raises ValueError for values that do not fit the labels."""
    values, words, x, y, unit, mark = given.values, given.words, given.x, given.y, given.unit, given.mark
    if values.shape != (len(y.values), len(x.values)) or not values.size:
        raise ValueError(f"a map of shape {values.shape} does not fit {len(y.values)} by {len(x.values)} labels")
    known = values[~np.isnan(values)]
    low, high = given.ends or ((float(known.min()), float(known.max())) if known.size else (0.0, 1.0))
    high = high if high > low else low + 1.0
    rows = [
        {
            "x": x.values[j], "y": y.values[i], "value": float(values[i, j]), "tip": words[i][j],
            "strong": bool((values[i, j] - low) / (high - low) > _DARK),
        }
        for i in range(len(y.values)) for j in range(len(x.values)) if not np.isnan(values[i, j])
    ]  # fmt: skip
    place = {"x": _side(x, angle=0), "y": _side(y, angle=0, reverse=True)}
    tips = [
        {"field": "x", "type": "nominal", "title": x.title}, {"field": "y", "type": "nominal", "title": y.title},
        {"field": "tip", "type": "nominal", "title": unit},
    ]  # fmt: skip
    legend = {"title": unit, "titleLimit": 300, "gradientLength": 180, "tickCount": 3}
    colour = {
        "field": "value", "type": "quantitative", "legend": legend,
        "scale": {"domain": [low, high], "range": list(SHADES)},
    }  # fmt: skip
    framed = [] if mark is None else [{"x": x.values[mark[1]], "y": y.values[mark[0]]}]
    inks = {"condition": {"test": "datum.strong", "value": "#ffffff"}, "value": "#1b1b1c"}
    data = {"values": rows}
    layers: list[Spec] = [
        {"data": data, "mark": {"type": "rect"}, "encoding": place | {"color": colour, "tooltip": tips}},
        {
            "data": {"values": framed},
            "mark": {"type": "rect", "fill": None, "stroke": theme.ROWS[1], "strokeWidth": 3},
            "encoding": place,
        },
        {
            "data": data,
            "mark": {"type": "text", "fontSize": _SMALL, "limit": {"expr": f"width / {len(x.values)} - 4"}},
            "encoding": place | {"text": {"field": "tip"}, "color": inks, "tooltip": tips},
        },
    ]
    return theme.chart(layers, title=title, subtitle=subtitle, note=note, height=_ROW * len(y.values))


def _side(side: Axis, *, angle: int, reverse: bool = False) -> Spec:
    """Return the encoding of one axis, with its values in order; upwards along y."""
    order = list(reversed(side.values)) if reverse else list(side.values)
    axis = {"title": side.title, "labelAngle": angle, "labelOverlap": True, "ticks": False, "domain": False}
    scale = {"domain": order, "paddingInner": 0.03, "paddingOuter": 0}
    return {"field": "y" if reverse else "x", "type": "ordinal", "axis": axis, "scale": scale}
