"""Tested factors: how much each matters, as bars with intervals; or what becomes of a date without each of them.

Labels are above their rows, inside the plotting area, so that the charts are readable on a narrow screen too.
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sim.charts import theme
from sim.charts.theme import Spec
from sim.schema.formatting import NEVER, day

_ROW: Final = 42  # pixels
_FOR, _AGAINST, _NEITHER = theme.ROWS[0], theme.ROWS[1], "#8a8a8a"
_BAR: Final = 9  # pixels
_AFTER: Final = 30  # days after the run at which "never" stands


@dataclass(frozen=True, slots=True)
class FactorBar:
    """One factor: its value and interval in the unit of the axis, and the text beside its label. NaN: no interval."""

    label: str
    value: float
    low: float
    high: float
    words: str


@dataclass(frozen=True, slots=True)
class FactorDate:
    """The date of the event without one factor; None for never. words: the text beside its label."""

    label: str
    date: dt.date | None
    words: str


def factor_bars(rows: Sequence[FactorBar], *, unit: str, title: str, subtitle: str = "", note: str = "") -> Spec:
    """Return one bar with its interval per factor, from zero. Raises ValueError for no row."""
    if not rows:
        raise ValueError("a chart of factors needs at least one factor")
    data = [
        {
            "at": i + 0.72, "above": i + 0.3, "label": one.label, "value": one.value, "zero": 0,
            "low": _finite(one.low), "high": _finite(one.high), "words": one.words, "kind": _kind(one.value),
        }
        for i, one in enumerate(rows)
    ]  # fmt: skip
    ends = [v for one in rows for v in (one.low, one.high, one.value, 0.0) if math.isfinite(v)]
    span = max(ends) - min(ends) or 1.0
    x = {
        "type": "quantitative",
        "scale": {"domain": [min(ends) - 0.02 * span, max(ends) + 0.02 * span], "nice": True},
        "axis": {"title": unit, "tickCount": 5, "labelExpr": theme.SIGNED_LABEL},
    }
    y = _vertical(len(rows))
    tips = [{"field": "label"}, {"field": "words"}]
    scale = {"domain": ["for", "against", "neither"], "range": [_FOR, _AGAINST, _NEITHER]}
    colour = {"field": "kind", "type": "nominal", "scale": scale, "legend": None}
    bar = {"y": y | {"field": "at"}, "x": x | {"field": "zero"}, "x2": {"field": "value"}, "color": colour}
    interval = {"y": y | {"field": "at"}, "x": x | {"field": "low"}, "x2": {"field": "high"}}
    values = {"values": data}
    layers: list[Spec] = [
        {"data": values, "mark": {"type": "rule", "strokeWidth": _BAR}, "encoding": bar | {"tooltip": tips}},
        {
            "data": values,
            "mark": {"type": "rule", "strokeWidth": 2, "color": theme.INK},
            "encoding": interval | {"tooltip": tips},
        },
        {
            "data": {"values": [{"none": 0}]},
            "mark": {"type": "rule", "color": theme.GREY, "strokeWidth": 1},
            "encoding": {"x": {"field": "none", "type": "quantitative"}},
        },
        *_texts(data, y),
    ]
    alt = "; ".join(f"{one.label}: {one.words}" for one in rows)
    return theme.chart(layers, title=title, subtitle=subtitle, alt=alt, note=note, height=_ROW * len(rows))


def factor_dates(
    rows: Sequence[FactorDate], date: dt.date | None, days: tuple[dt.date, dt.date], *,
    title: str, subtitle: str = "", note: str = "",
) -> Spec:  # fmt: skip
    """Return the date without each factor beside the date as things are. Raises ValueError for no row.

    date: as things are, None for never; days: the first and the last of the run. Never stands to the right of them.
    """
    if not rows:
        raise ValueError("a chart of factors needs at least one factor")
    beyond = days[1] + dt.timedelta(days=_AFTER)
    here = (date or beyond).isoformat()
    data = [
        {
            "at": i + 0.72, "above": i + 0.3, "label": one.label, "words": one.words, "from": here,
            "day": (one.date or beyond).isoformat(), "kind": _moved(date, one.date),
        }
        for i, one in enumerate(rows)
    ]  # fmt: skip
    last = (beyond + dt.timedelta(days=_AFTER // 3)).isoformat()
    scale = {"type": "utc", "domain": [days[0].isoformat(), last], "nice": False}
    edge = f"toNumber(datum.value) > {_milliseconds(days[1])}"
    axis = {
        "title": f"date; to the right of {day(days[1])}: {NEVER}", "tickCount": 8, "grid": False, "labelOverlap": True,
        "labelExpr": f"{edge} ? '' : timeFormat(datum.value, '%b %Y')",
    }  # fmt: skip
    x = {"type": "temporal", "scale": scale, "axis": axis}
    y = _vertical(len(rows))
    kinds = {"domain": ["later or never", "earlier", "the same"], "range": [_FOR, _AGAINST, _NEITHER]}
    colour = {"field": "kind", "type": "nominal", "scale": kinds, "legend": None}
    place = {"y": y | {"field": "at"}, "color": colour, "tooltip": [{"field": "label"}, {"field": "words"}]}
    values = {"values": data}
    layers: list[Spec] = [
        {
            "data": {"values": [{"day": here}]},
            "mark": {"type": "rule", "color": theme.INK, "strokeWidth": 1.4, "strokeDash": [4, 3]},
            "encoding": {"x": x | {"field": "day"}},
        },
        {
            "data": values,
            "mark": {"type": "rule", "strokeWidth": 3},
            "encoding": place | {"x": x | {"field": "from"}, "x2": {"field": "day"}},
        },
        {
            "data": values,
            "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
            "encoding": place | {"x": x | {"field": "day"}},
        },
        *_texts(data, y),
    ]
    alt = "; ".join(f"without {one.label}: {one.words}" for one in rows)
    return theme.chart(layers, title=title, subtitle=subtitle, alt=alt, note=note, height=_ROW * len(rows))


def _texts(data: list[Spec], y: Spec) -> list[Spec]:
    """Return the layers of labels at the left and of words at the right, above each row."""
    mark = {"type": "text", "fontSize": 12.5, "color": theme.INK, "baseline": "middle"}
    over, values = {"y": y | {"field": "above"}}, {"values": data}
    return [
        {
            "data": values,
            "mark": mark | {"align": "left", "limit": theme.beside([str(row["words"]) for row in data])},
            "encoding": over | {"x": {"value": 2}, "text": {"field": "label"}},
        },
        {
            "data": values,
            "mark": mark | {"align": "right"},
            "encoding": over | {"x": {"value": {"expr": "width"}}, "text": {"field": "words"}},
        },
    ]


def _vertical(rows: int) -> Spec:
    """Return the y encoding: places from the top."""
    scale = {"domain": [0, rows], "reverse": True, "nice": False}
    return {"type": "quantitative", "axis": None, "scale": scale}


def _kind(value: float) -> str:
    return "for" if value > 0 else "against" if value < 0 else "neither"


def _moved(date: dt.date | None, other: dt.date | None) -> str:
    """Return whether the event comes later without a factor; never is later than every date."""
    if date == other:
        return "the same"
    return "earlier" if other is not None and (date is None or other < date) else "later or never"


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _milliseconds(date: dt.date) -> int:
    return int(dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC).timestamp() * 1000)
