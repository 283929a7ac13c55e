"""Charts of `sim.charts` on a page: the spec stays as it is from move to move, only the data go to the browser."""

from typing import Any

import pyarrow as pa
import streamlit as st

from dashboard.render import display
from sim.charts.theme import Spec, in_dark

FONT = '"Source Sans", "Liberation Sans", Arial, sans-serif'  # the page's own


def draw(spec: Spec, key: str, *, height: int | None = None) -> None:
    """Draw a chart as wide as its place, in the page's light or dark.

    Title, subtitle and footer are left out: the page says them in text that can be selected and read aloud. The
    chart's description goes with it for those who cannot see it.
    key: the same from move to move, so that the browser keeps the chart and takes the new data.
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
    """A chart without title and footer, on no ground of its own."""
    text = spec["config"]["text"] | {"font": FONT}
    config = spec["config"] | {"background": "transparent", "padding": 4, "font": FONT, "text": text}
    kept = {key: part for key, part in spec.items() if key not in ("title", "description", "$schema")}
    return kept | {"layer": spec["layer"][:-1], "config": config, "autosize": {"type": "fit-x", "contains": "padding"}}


def legend(spec: Spec) -> str:
    """The names of colours as HTML, which wraps on a narrow screen; taken out of the chart. "" where it has none."""
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
    """A chart without its rows of data, and these as tables by name."""
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
    """Rows as a table, null where a row lacks a value."""
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: [row.get(name) for row in rows] for name in names})


def columns(spec: Spec) -> dict[str, list[Any]]:
    """The first rows of a chart by column: for a series, the days with the quantiles and single worlds drawn."""
    rows = next(layer["data"]["values"] for layer in spec["layer"] if layer.get("data", {}).get("values"))
    return {name: [row[name] for row in rows] for name in rows[0]}
