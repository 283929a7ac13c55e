"""Ridge chart: one row per subject, each with its own small curve over the same dates and text at its right end.

Rows do not cross, so five conditions that are all at 100 % remain readable, which lines would not.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sim.charts import theme
from sim.charts.theme import Array, Spec

_FILL = 0.86  # share of a row's height that a full curve takes
_RIGHT = 14  # pixels between the plotting area and the text beside it


@dataclass(frozen=True, slots=True)
class Ridge:
    """One row. heights: share of the row's height, 0 to 1, one per x; words: the text at the right end."""

    label: str
    heights: Array
    words: str
    colour: str
    half_by: str = ""  # a date to mark with a tick, "" for none
    reference: Array | None = None  # heights to draw as a line over the curve, such as those of the baseline


@dataclass(frozen=True, slots=True)
class Dates:
    """Where the columns of every row start and stop, and the first and last date of the axis; all datetime64."""

    start: Array
    stop: Array
    span: Array


def ridges(rows: Sequence[Ridge], dates: Dates, *, about_right: str) -> list[Spec]:
    """Return the layers of a ridge chart: columns, base lines, text at the right; the first row is on top.

    about_right: the heading of the text. Raises ValueError if there are no rows.
    """
    if not rows:
        raise ValueError("a ridge chart needs at least one row")
    marked = [_ticks(rows)] if any(row.half_by for row in rows) else []
    lines = [_references(rows, dates)] if any(row.reference is not None for row in rows) else []
    return [_curves(rows, dates), *lines, *marked, _words(rows, about_right)]


def in_words(rows: Sequence[Ridge]) -> str:
    """Return every row with its text, for screen readers."""
    return "; ".join(f"{row.label}: {row.words}" for row in rows)


def _base(rows: Sequence[Ridge], index: int) -> float:
    """Return the height of a row's base line: the first row is the highest."""
    return float(len(rows) - 1 - index)


def _corners(tops: Sequence[float | None]) -> list[int]:
    """Return the indices of a stepped curve that are needed to draw it: both ends, and either side of each step."""
    last = len(tops) - 1
    return [at for at, top in enumerate(tops) if at in (0, last) or top != tops[at - 1] or top != tops[at + 1]]


def _axis(rows: Sequence[Ridge]) -> Spec:
    """Return the y axis: a label beside each row, a line at its bottom."""
    names = json.dumps([row.label for row in reversed(rows)])
    place = {
        "labelBaseline": "bottom",
        "labelOffset": -2,
        "labelLimit": 320,
        "labelFontSize": 13,
        "labelOverlap": False,
    }
    lines = {"labelOverlap": False, "ticks": False, "domain": False, "grid": True}
    return {"title": None, "values": list(range(len(rows))), "labelExpr": f"{names}[datum.value]", **place, **lines}


def _y(rows: Sequence[Ridge], field: str) -> Spec:
    """Return the encoding of a height."""
    scale = {"domain": [0, len(rows)], "nice": False, "zero": True}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": _axis(rows)}


def _curves(rows: Sequence[Ridge], dates: Dates) -> Spec:
    """Return the curves, as stepped areas; each ends on the day after its last column."""
    edges = [*theme.iso(dates.start), theme.iso(dates.stop[-1:])[0]]
    values = []
    for index, row in enumerate(rows):
        foot = _base(rows, index)
        heights = row.heights.tolist()
        tops = [round(foot + _FILL * height, 5) for height in (*heights, heights[-1])]
        values += [{"day": edges[at], "foot": foot, "top": tops[at], "row": index} for at in _corners(tops)]
    colours = {"domain": list(range(len(rows))), "range": [row.colour for row in rows]}
    return {
        "data": {"values": values},
        "mark": {"type": "area", "interpolate": "step-after", "clip": True},
        "encoding": {
            "x": theme.day_axis(dates.span),
            "y": _y(rows, "top"),
            "y2": {"field": "foot"},
            "color": {"field": "row", "type": "nominal", "scale": colours, "legend": None},
        },
    }


def _references(rows: Sequence[Ridge], dates: Dates) -> Spec:
    """Return the heights of the reference, as a stepped line over each curve."""
    edges = [*theme.iso(dates.start), theme.iso(dates.stop[-1:])[0]]
    values = []
    for index, row in enumerate(rows):
        heights = [] if row.reference is None else row.reference.tolist()
        around = [0.0, *heights, *heights[-1:], 0.0]
        tops = [
            round(_base(rows, index) + _FILL * height, 5) if max(around[at : at + 3]) > 0 else None
            for at, height in enumerate(around[1:-1])
        ]  # not drawn at zero, where it would only be clutter
        values += [{"day": edges[at], "top": tops[at], "row": index} for at in _corners(tops)]
    line = {
        "type": "line",
        "strokeDash": [4, 3],
        "invalid": "break-paths-show-domains",
        "interpolate": "step-after",
        "color": theme.INK,
        "strokeWidth": 1.3,
    }
    encoding = {"x": theme.day_axis(dates.span), "y": _y(rows, "top"), "detail": {"field": "row", "type": "nominal"}}
    return {"data": {"values": values}, "mark": line | {"clip": True}, "encoding": encoding}


def _ticks(rows: Sequence[Ridge]) -> Spec:
    """Return a tick at each row's date `half_by`."""
    values = [
        {"day": row.half_by, "foot": _base(rows, i), "top": _base(rows, i) + 0.95}
        for i, row in enumerate(rows)
        if row.half_by
    ]
    encoding = {
        "x": {"field": "day", "type": "temporal"},
        "y": _y(rows, "top"),
        "y2": {"field": "foot"},
    }
    mark = {"type": "rule", "color": theme.INK, "strokeWidth": 2}
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}


def _words(rows: Sequence[Ridge], about: str) -> Spec:
    """Return the text at the right end of each row, below its heading."""
    values = [{"at": _base(rows, i) + 0.05, "words": row.words} for i, row in enumerate(rows)]
    mark = {"type": "text", "align": "left", "baseline": "bottom", "fontSize": 13}
    place = {"x": {"value": {"expr": f"width + {_RIGHT}"}}}
    words = {
        "data": {"values": values},
        "mark": mark,
        "encoding": place | {"y": _y(rows, "at"), "text": {"field": "words"}},
    }
    heading = {
        "data": {"values": [{}]},
        "mark": mark | {"color": theme.GREY},
        "encoding": place | {"y": {"value": {"expr": f"height / {len(rows)} - 26"}}, "text": {"value": about}},
    }
    return {"layer": [words, heading]}
