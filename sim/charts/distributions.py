"""Distributions of an outcome over the worlds: one histogram per scenario, below each other on one axis."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.charts import theme
from sim.charts.theme import Array, Spec
from sim.schema import formatting

_STRIP = 78  # pixels per scenario
_BINS = 40
_FILL = 0.66  # share of a strip's height that the highest column takes


@dataclass(frozen=True, slots=True)
class Histogram:
    """One scenario's values, float64 (values,), and whether it is the reference."""

    label: str
    values: Array
    words: str = ""
    reference: bool = False


def distributions(strips: Sequence[Histogram], *, unit: str, title: str, subtitle: str = "", note: str = "") -> Spec:
    """Return shares of worlds by value; a vertical tick marks each median, a dashed line the reference's median.

    Raises ValueError unless every strip has values.
    """
    if not strips or any(not one.values.size for one in strips):
        raise ValueError("distributions need values")
    edges = _edges(np.concatenate([one.values for one in strips]))
    shares = [np.histogram(one.values, edges)[0] / one.values.size for one in strips]
    highest = max(float(share.max()) for share in shares)
    columns, medians, labels = [], [], []
    for i, (one, share) in enumerate(zip(strips, shares, strict=True)):
        foot = i + 0.97
        kind = "reference" if one.reference else "scenario"
        for low, high, part in zip(edges[:-1], edges[1:], share.tolist(), strict=True):
            if part:
                span = f"from {formatting.interval(low, high)}"
                shown = f"{one.label}: {formatting.share(part)} of worlds {span}"
                top = round(foot - _FILL * part / highest, 5)
                columns.append({"low": low, "high": high, "foot": foot, "top": top, "kind": kind, "tip": shown})
        medians.append({"at": float(np.median(one.values)), "foot": foot, "top": foot - _FILL - 0.04})
        labels.append({"at": i + 0.14, "label": one.label, "words": one.words})
    x = {
        "type": "quantitative",
        "scale": {"domain": [float(edges[0]), float(edges[-1])], "nice": False, "zero": False},
        "axis": {"title": unit, "tickCount": 5, "grid": False},
    }
    y = {"type": "quantitative", "axis": None, "scale": {"domain": [0, len(strips)], "reverse": True, "nice": False}}
    scale = {"domain": ["reference", "scenario"], "range": [theme.GREY, theme.ROWS[0]]}
    text = {"type": "text", "fontSize": 12.5, "color": theme.INK, "baseline": "middle"}
    line = {"type": "rule", "color": theme.GREY, "strokeWidth": 1.2, "strokeDash": [4, 3]}
    known = [m["at"] for m, one in zip(medians, strips, strict=True) if one.reference]
    line_at = [
        {"at": at, "top": i + 0.28, "foot": i + 1} for at in known for i in range(len(strips))
    ]  # interrupted at the labels
    layers: list[Spec] = [
        {
            "data": {"values": columns},
            "mark": {"type": "rect"},
            "encoding": {
                "x": x | {"field": "low"}, "x2": {"field": "high"}, "y": y | {"field": "top"}, "y2": {"field": "foot"},
                "color": {"field": "kind", "type": "nominal", "scale": scale, "legend": None},
                "tooltip": {"field": "tip"},
            },
        },
        {
            "data": {"values": line_at},
            "mark": line,
            "encoding": {"x": x | {"field": "at"}, "y": y | {"field": "top"}, "y2": {"field": "foot"}},
        },
        {
            "data": {"values": medians},
            "mark": {"type": "rule", "color": theme.INK, "strokeWidth": 2.5},
            "encoding": {"x": x | {"field": "at"}, "y": y | {"field": "top"}, "y2": {"field": "foot"}},
        },
        {
            "data": {"values": labels},
            "mark": text | {"align": "left", "limit": theme.beside([one.words for one in strips])},
            "encoding": {"x": {"value": 2}, "y": y | {"field": "at"}, "text": {"field": "label"}},
        },
        {
            "data": {"values": labels},
            "mark": text | {"align": "right"},
            "encoding": {"x": {"value": {"expr": "width - 2"}}, "y": y | {"field": "at"}, "text": {"field": "words"}},
        },
    ]  # fmt: skip
    return theme.chart(layers, title=title, subtitle=subtitle, note=note, height=_STRIP * len(strips))


def _edges(values: Array) -> Array:
    """Return the edges of columns of equal width; for few whole numbers, one column per number."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        return np.array([low - 0.5, low + 0.5])
    if high - low <= _BINS and (values == np.rint(values)).all():
        return np.arange(low - 0.5, high + 1.0)
    return np.linspace(low, high, _BINS + 1)
