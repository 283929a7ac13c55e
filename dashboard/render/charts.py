"""Charts of `sim.charts` on a page: the spec stays the same between changes; only the data are sent to the browser."""

from typing import Any

import pyarrow as pa
import streamlit as st

from dashboard.render import display
from sim.charts.theme import Spec, in_dark

FONT = '"Source Sans", "Liberation Sans", Arial, sans-serif'  # the page's fonts


def draw(spec: Spec, key: str, *, height: int | None = None) -> None:
    """Draw a chart as wide as its container, in the page's light or dark theme.

    Title, subtitle and footer are left out: the page shows them as text that can be selected and read aloud. The
    chart's description is its alternative text.
    key: the same between changes, so that the browser keeps the chart and only updates its data.
    """
    dark = st.context.theme.type == "dark"
    made, tables = split(bare(in_dark(spec) if dark else spec))
    names = legend(made)
    if names:
        st.html(names)
    made["datasets"] = tables
    made["width"] = "container"
    if height is not None:
        made["height"] = height
    shown = spec.get("description")
    st.vega_lite_chart(None, made, theme=None, width="stretch", key=f"{key}{'-dark' * dark}", alt=shown)


def bare(spec: Spec) -> Spec:
    """Return a chart without title and footer, on a transparent background."""
    text = spec["config"]["text"] | {"font": FONT}
    config = spec["config"] | {"background": "transparent", "padding": 4, "font": FONT, "text": text}
    kept = {key: part for key, part in spec.items() if key not in ("title", "description", "$schema")}
    return kept | {
        "layer": [_quiet(layer) for layer in spec["layer"][:-1]],
        "config": config,
        "autosize": {"type": "fit-x", "contains": "padding"},
    }


def _quiet(layer: Spec, *, tips: bool = False) -> Spec:
    """Return a layer whose marks show their tooltips; those without have no text, which would be names of fields.

    tips: whether a layer around it gives its marks a tooltip.
    """
    tips = tips or "tooltip" in layer.get("encoding", {})
    if "layer" in layer:
        return layer | {"layer": [_quiet(one, tips=tips) for one in layer["layer"]]}
    if tips or "mark" not in layer:
        return layer
    mark = layer["mark"] if isinstance(layer["mark"], dict) else {"type": layer["mark"]}
    return layer | {"mark": mark | {"tooltip": None, "aria": False}}


def legend(spec: Spec) -> str:
    """Return the legend as HTML, which wraps on a narrow screen, and remove it from the chart; "" if it has none."""
    found: dict[str, str] = {}
    for layer in (inner for outer in spec["layer"] for inner in outer.get("layer", [outer])):
        colour = layer.get("encoding", {}).get("color", {})
        if not isinstance(colour, dict) or not colour.get("legend") or "datum" not in colour:
            continue
        shades = dict(zip(colour["scale"]["domain"], colour["scale"]["range"], strict=True))
        mark = layer["mark"]
        kind = "area" if mark["type"] == "area" else "dash" if mark.get("strokeDash", [1, 0])[1] else "line"
        found[colour["datum"]] = f'<span class="key {kind}" style="--shade:{shades[colour["datum"]]}"></span>'
        colour["legend"] = None
    names = "".join(f"<span>{swatch}{display.markup(name)}</span>" for name, swatch in found.items())
    return f'<div class="legend">{names}</div>' if names else ""


def split(spec: Spec) -> tuple[Spec, dict[str, pa.Table]]:
    """Return a chart without its rows of data, and the rows as tables by name."""
    tables: dict[str, pa.Table] = {}
    return _split(spec, tables), tables


def _split(part: Any, tables: dict[str, pa.Table]) -> Any:
    if isinstance(part, list):
        return [_split(one, tables) for one in part]
    if not isinstance(part, dict):
        return part
    made = {}
    for key, inner in part.items():
        rows = inner.get("values") if key == "data" and isinstance(inner, dict) else None
        if rows and rows != [{}]:
            name = f"rows{len(tables)}"
            tables[name] = _table(rows)
            made[key] = {"name": name}
        else:
            made[key] = _split(inner, tables)
    return made


def _table(rows: list[Spec]) -> pa.Table:
    """Return rows as a table, null where a row has no value."""
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: [row.get(name) for row in rows] for name in names})


def columns(spec: Spec) -> dict[str, list[Any]]:
    """Return the first data set of a chart by column: for a series, the days with the quantiles and worlds drawn."""
    rows = next(layer["data"]["values"] for layer in spec["layer"] if layer.get("data", {}).get("values"))
    return {name: [row[name] for row in rows] for name in rows[0]}
