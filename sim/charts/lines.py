"""Lines: a few named curves over the same dates, distinguished by colour and dash, with bands where given."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sim.charts import theme
from sim.charts.extent import extent
from sim.charts.theme import Array, Spec

DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 2])
_SHORT = 22  # characters: two names up to this length fit in one row, on a phone too


@dataclass(frozen=True, slots=True)
class Line:
    """One curve. values: (days,); low, high: the ends of its band, (days,), or None for no band."""

    name: str
    values: Array
    low: Array | None = None
    high: Array | None = None
    reference: bool = False  # drawn wider, in the text colour, behind the others


def lines(curves: Sequence[Line], days: Array, *, unit: str, title: str, subtitle: str = "", note: str = "") -> Spec:
    """Return the curves over their dates, datetime64 (days,). Raises ValueError for none or more than five curves."""
    if not 0 < len(curves) <= len(DASHES):
        raise ValueError(f"{len(curves)} lines: expected 1 to {len(DASHES)}, so that a reader can distinguish them")
    columns = {}
    for index, curve in enumerate(curves):
        columns[f"v{index}"] = curve.values
        if curve.low is not None and curve.high is not None:
            columns |= {f"l{index}": curve.low, f"h{index}": curve.high}
    colours, height = line_colours(curves), extent(unit, columns.values())
    plot = {
        "data": {"values": theme.daily_records(days, columns)},
        "encoding": {"x": theme.day_axis(days)},
        "layer": [
            *(_band(index, colours[index], unit, height) for index in range(len(curves)) if f"l{index}" in columns),
            _curves(curves, colours, unit, height),
        ],
    }
    return theme.chart([plot], title=title, subtitle=subtitle, note=note)


def line_colours(curves: Sequence[Line]) -> list[str]:
    """Return the colour of each curve: the text colour for the reference, the palette in order for the rest."""
    rest = iter(theme.ROWS)
    return [theme.INK if curve.reference else next(rest) for curve in curves]


def _y(unit: str, field: str, height: Spec) -> Spec:
    return {"field": field, "type": "quantitative", "scale": height, "axis": {"title": unit, "tickCount": 5}}


def _band(index: int, colour: str, unit: str, height: Spec) -> Spec:
    encoding = {"y": _y(unit, f"l{index}", height), "y2": {"field": f"h{index}"}}
    return {"mark": {"type": "area", "color": colour, "opacity": 0.14}, "encoding": encoding}


def _curves(curves: Sequence[Line], colours: Sequence[str], unit: str, height: Spec) -> Spec:
    """Return the layer of lines; colour and dash are one field, so that they share one legend entry."""
    keys = [f"v{index}" for index in range(len(curves))]
    names = json.dumps({key: curve.name for key, curve in zip(keys, curves, strict=True)})
    across = 2 if max(len(curve.name) for curve in curves) <= _SHORT else 1
    legend = {
        "symbolType": "stroke", "symbolStrokeWidth": 3, "symbolSize": 700, "columns": across, "rowPadding": 4,
        "labelExpr": f"{names}[datum.value]",
    }  # fmt: skip
    key = {"field": "curve", "type": "nominal", "legend": legend}
    encoding = {
        "y": _y(unit, "value", height),
        "color": key | {"scale": {"domain": keys, "range": list(colours)}},
        "strokeDash": key | {"scale": {"domain": keys, "range": [list(dash) for dash in DASHES[: len(keys)]]}},
        "strokeWidth": {"condition": {"test": _is_reference(curves), "value": 2.8}, "value": 2.2},
    }
    return {"transform": [{"fold": keys, "as": ["curve", "value"]}], "mark": {"type": "line"}, "encoding": encoding}


def _is_reference(curves: Sequence[Line]) -> str:
    """Return a Vega expression: whether a point belongs to a reference line."""
    return " || ".join(f"datum.curve == 'v{i}'" for i, curve in enumerate(curves) if curve.reference) or "false"
