"""Dots and intervals of the effects of several scenarios, and the change in each single world.

Labels are above their rows, inside the plotting area, so that the chart is readable on a narrow screen too.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.charts import theme
from sim.charts.theme import Array, Spec
from sim.schema.formatting import signed

_ROW = 17  # pixels
_STRIP = 74  # pixels per scenario
_SPREAD = 0.618033988749895  # golden ratio: spreads worlds evenly over a strip's height by their number
MOST_WORLDS = 1000  # the largest number of worlds drawn as single dots


@dataclass(frozen=True, slots=True)
class EffectDot:
    """One scenario's effect on one outcome, with its 95 % interval and its text in its own unit."""

    scenario: str
    effect: float
    low: float
    high: float
    words: str


@dataclass(frozen=True, slots=True)
class EffectGroup:
    """One outcome with the effects on it."""

    label: str
    estimates: Sequence[EffectDot]


def dots(groups: Sequence[EffectGroup], *, unit: str, title: str, subtitle: str = "", note: str = "") -> Spec:
    """Return the effects by outcome, one colour and shape per scenario. Raises ValueError for no outcome."""
    if not groups or not groups[0].estimates:
        raise ValueError("a chart of effects needs at least one outcome and one scenario")
    names = [one.scenario for one in groups[0].estimates]
    step = len(names) + 1.6
    rows: list[Spec] = [
        {
            "at": i * step + 1.3 + j, "effect": one.effect, "low": _finite(one.low), "high": _finite(one.high),
            "scenario": one.scenario, "tip": f"{group.label}: {one.words}",
        }
        for i, group in enumerate(groups) for j, one in enumerate(group.estimates)
    ]  # fmt: skip
    labels = [{"at": i * step + 0.35, "label": group.label} for i, group in enumerate(groups)]
    ends = [v for row in rows for v in (row["low"], row["high"], row["effect"]) if v is not None]
    x = {
        "type": "quantitative",
        "scale": {"domain": _domain(ends), "nice": True, "padding": 8},
        "axis": {"title": unit, "tickCount": 5, "labelExpr": theme.SIGNED_LABEL},
    }
    y = {"type": "quantitative", "axis": None, "scale": {"domain": [0, len(groups) * step], "reverse": True}}
    colour, shape = _colours(names)
    place = {"y": y | {"field": "at"}, "color": colour, "tooltip": [{"field": "scenario"}, {"field": "tip"}]}
    data = {"values": rows}
    layers: list[Spec] = [
        _zero(x, y, [(i * step + 0.85, (i + 1) * step - 0.1) for i in range(len(groups))]),
        {
            "data": data,
            "mark": {"type": "rule", "strokeWidth": 2.5},
            "encoding": place | {"x": x | {"field": "low"}, "x2": {"field": "high"}},
        },
        {
            "data": data,
            "mark": {"type": "point", "filled": True, "size": 75, "opacity": 1},
            "encoding": place | {"x": x | {"field": "effect"}, "shape": shape},
        },
        _labels(labels, y),
    ]
    height = round(_ROW * len(groups) * step)
    return theme.chart(layers, title=title, subtitle=subtitle, note=note, height=height)


@dataclass(frozen=True, slots=True)
class WorldStrip:
    """One scenario's change of one outcome in each world. change: NaN for worlds without one, (worlds,)."""

    scenario: str
    worlds: Array  # their numbers
    change: Array


def strips(given: Sequence[WorldStrip], *, unit: str, title: str, subtitle: str = "", note: str = "") -> Spec:
    """Return one dot per world at its change; a vertical tick marks the median. Raises ValueError for no strip."""
    if not given:
        raise ValueError("a chart of changes by world needs at least one scenario")
    names = [one.scenario for one in given]
    rows, middles = [], []
    for index, one in enumerate(given):
        known = ~np.isnan(one.change)
        pairs = list(zip(one.worlds[known].tolist(), one.change[known].tolist(), strict=True))
        for world, change in pairs[:MOST_WORLDS]:
            at = index + 0.34 + 0.56 * ((world * _SPREAD) % 1)
            text = f"world {world}: {signed(change)} {unit}"
            rows.append({"at": round(at, 4), "change": change, "scenario": one.scenario, "tip": text})
        if pairs:
            middle = float(np.median(one.change[known]))
            middles.append({"top": index + 0.3, "foot": index + 0.94, "change": middle, "scenario": one.scenario})
    x = {
        "type": "quantitative",
        "scale": {"zero": True, "nice": True, "padding": 8},
        "axis": {"title": f"change in each world, {unit}", "tickCount": 5, "labelExpr": theme.SIGNED_LABEL},
    }
    y = {"type": "quantitative", "axis": None, "scale": {"domain": [0, len(given)], "reverse": True, "nice": False}}
    colour = _colours(names)[0] | {"legend": None}
    labels = [{"at": i + 0.16, "label": name} for i, name in enumerate(names)]
    layers: list[Spec] = [
        _zero(x, y, [(i + 0.28, i + 1.0) for i in range(len(given))]),
        {
            "data": {"values": rows},
            "mark": {"type": "point", "filled": True, "size": 26, "opacity": 0.55},
            "encoding": {"x": x | {"field": "change"}, "y": y | {"field": "at"}, "color": colour,
                         "tooltip": {"field": "tip"}},
        },
        {
            "data": {"values": middles},
            "mark": {"type": "rule", "strokeWidth": 3, "color": theme.INK},
            "encoding": {"x": x | {"field": "change"}, "y": y | {"field": "top"}, "y2": {"field": "foot"}},
        },
        _labels(labels, y),
    ]  # fmt: skip
    return theme.chart(layers, title=title, subtitle=subtitle, note=note, height=_STRIP * len(given))


def _colours(names: Sequence[str]) -> tuple[Spec, Spec]:
    """Colour and shape of a scenario, one legend for both."""
    colour = {"domain": list(names), "range": list(theme.ROWS[: len(names)])}
    shape = {"domain": list(names), "range": ["circle", "square", "triangle-up", "diamond", "cross"][: len(names)]}
    legend = {"columns": 1, "symbolStrokeWidth": 0}
    return (
        {"field": "scenario", "type": "nominal", "scale": colour, "legend": legend},
        {"field": "scenario", "type": "nominal", "scale": shape, "legend": legend},
    )


def _domain(ends: Sequence[float]) -> list[float]:
    """Return the smallest and the largest value, extended to include 0; never empty, even if nothing changes."""
    low, high = min(0.0, *ends), max(0.0, *ends)
    return [low, high] if low < high else [-1.0, 1.0]


def _labels(rows: Sequence[Spec], y: Spec) -> Spec:
    """Return the layer of names above their rows."""
    return {
        "data": {"values": rows},
        "mark": {"type": "text", "align": "left", "fontSize": 12.5, "color": theme.INK},
        "encoding": {"x": {"value": 2}, "y": y | {"field": "at"}, "text": {"field": "label"}},
    }


def _zero(x: Spec, y: Spec, spans: Sequence[tuple[float, float]]) -> Spec:
    """Return the line at zero, interrupted at labels so that it does not cross them. spans: from and to along y."""
    return {
        "data": {"values": [{"none": 0, "top": top, "foot": foot} for top, foot in spans]},
        "mark": {"type": "rule", "color": theme.GREY, "strokeWidth": 1.2, "strokeDash": [3, 3]},
        "encoding": {"x": x | {"field": "none"}, "y": y | {"field": "top"}, "y2": {"field": "foot"}},
    }


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
