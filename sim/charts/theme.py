"""What all charts share: colours, fonts, date axes, and the footer that says that this is not a forecast.

Colours are Okabe and Ito's (2008), which readers with any common colour vision can distinguish; the two shades
of the bands differ in lightness, so they remain distinct in a grey print.
"""

import datetime as dt
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from sim.schema.disclaimer import NOT_A_FORECAST

Spec = dict[str, Any]
Array = npt.NDArray[Any]

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"  # an identifier, never downloaded
VEGA_LITE = "5.20"  # the version that the specs are written for

WIDTH, HEIGHT = 720, 340  # of the plotting area, CSS pixels
A_DAY = np.timedelta64(1, "D")  # NumPy 2.5 no longer adds plain numbers to dates
FONT = "Liberation Sans, Arial, Helvetica, DejaVu Sans, sans-serif"
INK, GREY, LINE = "#1b1b1b", "#595959", "#d9d9d9"
MEDIAN, INNER, OUTER, SINGLE = "#084b83", "#8db9dc", "#d3e4f1", "#c14a00"
ROWS = ("#0072b2", "#d55e00", "#009e73", "#a2528a", "#8a6500")  # Okabe-Ito, the last two darkened to carry text

# The colour that replaces each colour on a dark background: the same hue with the same contrast.
DARK = {
    INK: "#f0f0f0", GREY: "#b4b4b4", LINE: "#4a4a4a", "#e8e8e8": "#33363d", "#8a8a8a": "#9a9a9a",
    MEDIAN: "#8ecbff", INNER: "#2f6ea6", OUTER: "#1d4263", SINGLE: "#ff9b57",
    "#0072b2": "#4aa8e0", "#d55e00": "#ff8a3d", "#009e73": "#2cc79c", "#a2528a": "#d98cc2", "#8a6500": "#d0a43a",
}  # fmt: skip

SIGNED_LABEL = "datum.value == 0 ? '0' : format(datum.value, '+,~r')"  # for an axis of differences

_TITLE_WIDTH, _SUBTITLE_WIDTH, _NOTE_WIDTH = 78, 108, 130  # characters that fit WIDTH at the sizes below

CONFIG: Spec = {
    "font": FONT,
    "background": "#ffffff",
    "padding": 14,
    "view": {"stroke": None},
    "title": {
        "anchor": "start", "frame": "group", "fontSize": 17, "fontWeight": "bold", "color": INK, "offset": 14,
        "subtitleFontSize": 13, "subtitleColor": GREY, "subtitlePadding": 5, "subtitleLineHeight": 17, "lineHeight": 21,
    },
    "axis": {
        "labelFontSize": 12, "titleFontSize": 13, "titleFontWeight": "normal", "labelColor": INK, "titleColor": INK,
        "gridColor": "#e8e8e8", "domainColor": GREY, "tickColor": GREY, "titlePadding": 9, "labelPadding": 4,
    },
    "legend": {
        "orient": "top", "title": None, "labelFontSize": 13, "labelColor": INK, "labelLimit": 400,
        "symbolSize": 160, "columnPadding": 22, "offset": 8,
    },
    "text": {"fontSize": 12, "color": INK},
    # For screen readers, Vega would describe a path by its first point only, and compute that text for every point.
    "line": {"aria": False}, "area": {"aria": False},
}  # fmt: skip


def in_dark(part: Any) -> Any:
    """Return a chart, or a part of one, with colours for a dark background."""
    if isinstance(part, Mapping):
        return {key: in_dark(inner) for key, inner in part.items()}
    if isinstance(part, list | tuple):
        return [in_dark(inner) for inner in part]
    return DARK.get(part, part) if isinstance(part, str) else part


def footer(*, below: int = 62, note: str = "") -> Spec:
    """Return the layer with the notice that every chart has, and a note on what was run.

    below: pixels from the plotting area down to the text; note: such as the scenario and its seed.
    """
    lines = [NOT_A_FORECAST, *(_wrapped(note, _NOTE_WIDTH) if note else [])]
    mark = {"type": "text", "align": "left", "baseline": "top", "fontSize": 11, "lineHeight": 15, "color": GREY}
    place = {"x": {"value": 0}, "y": {"value": {"expr": f"height + {below}"}}, "text": {"value": lines}}
    return {"data": {"values": [{}]}, "mark": mark, "encoding": place}


def chart(
    layers: Sequence[Spec],
    *,
    title: str,
    subtitle: str = "",
    alt: str = "",
    note: str = "",
    height: int = HEIGHT,
    below: int = 62,
) -> Spec:
    """Return a complete Vega-Lite chart of these layers, with title, footer and theme; long titles are wrapped.

    alt: what the chart shows, in one sentence, for screen readers.
    """
    heading: Spec = {"text": _wrapped(title, _TITLE_WIDTH)}
    if subtitle:
        heading["subtitle"] = _wrapped(subtitle, _SUBTITLE_WIDTH)
    return {
        "$schema": SCHEMA,
        "description": " ".join(sentence(part) for part in (title, subtitle, alt, NOT_A_FORECAST) if part),
        "title": heading,
        "width": WIDTH,
        "height": height,
        "layer": [*layers, footer(below=below, note=note)],
        "config": CONFIG,
    }


def sentence(text: str) -> str:
    """Return the text, ended with a full stop if it does not end like a sentence."""
    return text if text.endswith((".", "?", "!", ")")) else f"{text}."


def bare(spec: Spec, width: int) -> Spec:
    """Return a chart of this width without title and footer, for pages that show both as text.

    width: of the plotting area, pixels; if it is less than WIDTH, of the whole chart with its labels, for a phone,
    and the legend has one column.
    """
    kept = {key: part for key, part in spec.items() if key not in ("title", "description")}
    legend = spec["config"]["legend"] | {"titleColor": INK} | ({"columns": 1} if width < WIDTH else {})
    config = spec["config"] | {"background": "transparent", "padding": 4, "legend": legend}
    fit = {"autosize": {"type": "fit-x", "contains": "padding"}} if width < WIDTH else {}
    return kept | fit | {"width": width, "layer": spec["layer"][:-1], "config": config}


def day_axis(days: Array) -> Spec:
    """Return the encoding of a column `day` as dates along x, in UTC so that no reader's time zone shifts them.

    days: datetime64 (days,), the dates shown; the axis runs from the first to the last.
    """
    dates = days.astype("datetime64[D]")
    first, last = str(dates[0]), str(max(dates[-1], dates[0] + A_DAY))
    one_year = first[:4] == last[:4]
    axis = {
        "title": f"date, {first[:4]}" if one_year else "date",
        "format": "%-d %b" if one_year else "%b %Y",
        "tickCount": 10,
        "labelOverlap": True,
        "labelSeparation": 8,  # pixels: on a narrow chart two dates would look like one
        "grid": False,
    }
    scale = {"type": "utc", "domain": [first, last], "nice": False}
    return {"field": "day", "type": "temporal", "scale": scale, "axis": axis}


def iso(days: Array) -> list[str]:
    """Return dates as text, 2020-03-01, from datetime64 of any resolution."""
    return [str(d) for d in days.astype("datetime64[D]")]


def date(day: np.datetime64) -> dt.date:
    """A datetime64 of any resolution as a date."""
    return cast("dt.date", day.astype("datetime64[D]").item())


def records(columns: Mapping[str, Sequence[Any] | Array]) -> list[Spec]:
    """Return columns of equal length as the list of rows that Vega-Lite reads; NaN becomes null."""
    lists = [_plain(values) for values in columns.values()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*lists, strict=True)]


def day_tip(title: str) -> Spec:
    """Return the part of a tooltip that shows the field `day` as a date."""
    return {"field": "day", "timeUnit": "utcyearmonthdate", "type": "temporal", "format": "%-d %b %Y", "title": title}


def daily_records(days: Array, columns: Mapping[str, Array]) -> list[Spec]:
    """Return rows with their `day`; a single day is repeated on the next, because a line needs two points."""
    rows = records({"day": iso(days), **columns})
    return rows if len(rows) > 1 else [*rows, rows[0] | {"day": iso(days + A_DAY)[0]}]


def _plain(values: Sequence[Any] | Array) -> list[Any]:
    """Return Python scalars, floats rounded to seven digits (a pixel is a thousandth of an axis)."""
    if not isinstance(values, np.ndarray):
        return list(values)
    if values.dtype.kind != "f":
        return cast("list[Any]", values.tolist())
    return [float(f"{v:.7g}") if np.isfinite(v) else None for v in values.tolist()]


def _wrapped(text: str, width: int) -> list[str]:
    """Return lines of at most `width` characters; at least one line."""
    return textwrap.wrap(text, width) or [""]
