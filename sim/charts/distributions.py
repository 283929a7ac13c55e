"""Distributions of an outcome over the worlds: one histogram per scenario, below each other on one axis."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.charts import theme
from sim.charts.row_labels import RowLabels, vertical
from sim.charts.theme import Array, Spec
from sim.schema import formatting

_STRIP = 78  # pixels per scenario with one line of text
_BINS = 40
_OVER = 8  # pixels from the top of the highest column to the text above it
_FILL = 51  # pixels of the highest column


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
    texts = RowLabels([one.label for one in strips], [one.words for one in strips])
    ends_at = texts.ends(_STRIP)
    edges = _edges(np.concatenate([one.values for one in strips]))
    shares = [np.histogram(one.values, edges)[0] / one.values.size for one in strips]
    highest = max(float(share.max()) for share in shares)
    columns, medians = [], []
    for i, (one, share) in enumerate(zip(strips, shares, strict=True)):
        foot = ends_at[i] - 2
        kind = "reference" if one.reference else "scenario"
        for low, high, part in zip(edges[:-1], edges[1:], share.tolist(), strict=True):
            if part:
                span = f"from {formatting.interval(low, high)}"
                shown = f"{one.label}: {formatting.share(part)} of worlds {span}"
                top = round(foot - _FILL * part / highest, 3)
                columns.append({"low": low, "high": high, "foot": foot, "top": top, "kind": kind, "tip": shown})
        medians.append({"at": float(np.median(one.values)), "foot": foot, "top": foot - _FILL - 3})
    x = {
        "type": "quantitative",
        "scale": {"domain": [float(edges[0]), float(edges[-1])], "nice": False, "zero": False},
        "axis": {"title": unit, "tickCount": 5, "grid": False},
    }
    y = vertical(ends_at)
    scale = {"domain": ["reference", "scenario"], "range": [theme.GREY, theme.ROWS[0]]}
    line = {"type": "rule", "color": theme.GREY, "strokeWidth": 1.2, "strokeDash": [4, 3]}
    known = [m["at"] for m, one in zip(medians, strips, strict=True) if one.reference]
    line_at = [
        {"at": at, "top": foot - _FILL - 4, "foot": foot} for at in known for foot in ends_at
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
        *texts.layers([foot - 2 - _FILL - _OVER for foot in ends_at], y),
    ]  # fmt: skip
    return theme.chart(layers, title=title, subtitle=subtitle, note=note, height=round(ends_at[-1]))


def _edges(values: Array) -> Array:
    """Return the edges of columns of equal width; for few whole numbers, one column per number."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        return np.array([low - 0.5, low + 0.5])
    if high - low <= _BINS and (values == np.rint(values)).all():
        return np.arange(low - 0.5, high + 1.0)
    return np.linspace(low, high, _BINS + 1)
