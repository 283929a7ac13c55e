"""Tested factors: how much each matters, as bars with intervals; or what becomes of a date without each of them.

Labels are above their rows, inside the plotting area, so that the charts are readable on a narrow screen too.
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sim.charts import theme
from sim.charts.row_labels import RowLabels, vertical
from sim.charts.theme import Spec
from sim.schema.formatting import NEVER, day

_ROW: Final = 42  # pixels of a row with one line of text
_FOOT, _OVER = 12, 13  # pixels: from a mark down to the end of its row, and up to its text
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
    texts = RowLabels([one.label for one in rows], [one.words for one in rows])
    ends_at = texts.ends(_ROW)
    data = [
        {
            "at": ends_at[i] - _FOOT, "label": one.label, "value": one.value, "zero": 0,
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
    y = vertical(ends_at)
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
        *texts.layers([foot - _FOOT - _OVER for foot in ends_at], y),
    ]
    alt = "; ".join(f"{one.label}: {one.words}" for one in rows)
    return theme.chart(layers, title=title, subtitle=subtitle, alt=alt, note=note, height=round(ends_at[-1]))


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
    texts = RowLabels([one.label for one in rows], [one.words for one in rows])
    ends_at = texts.ends(_ROW)
    data = [
        {
            "at": ends_at[i] - _FOOT, "label": one.label, "words": one.words, "from": here,
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
    y = vertical(ends_at)
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
        *texts.layers([foot - _FOOT - _OVER for foot in ends_at], y),
    ]
    alt = "; ".join(f"without {one.label}: {one.words}" for one in rows)
    return theme.chart(layers, title=title, subtitle=subtitle, alt=alt, note=note, height=round(ends_at[-1]))


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
