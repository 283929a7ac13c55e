"""Charts of `sim.charts` on a page: the spec stays as it is from move to move, only the data go to the browser."""

from typing import Any

import pandas as pd
import streamlit as st

from sim.charts.theme import Spec, in_dark

NARROW = 0.62  # of a label's usual room, in a browser


def draw(spec: Spec, key: str, *, height: int | None = None) -> None:
    """Draw a chart as wide as its place, in the page's light or dark.

    Title, subtitle and footer are left out: the page says them in text that can be selected and read aloud.
    key: the same from move to move, so that the browser keeps the chart and takes the new data.
    """
    made, frames = split(bare(spec))
    dark = st.context.theme.type == "dark"
    if dark:
        made = in_dark(made)
    made["datasets"] = frames
    made["width"] = "container"
    if height is not None:
        made["height"] = height
    st.vega_lite_chart(None, made, theme=None, width="stretch", key=f"{key}{'-dark' * dark}")


def bare(spec: Spec) -> Spec:
    """A chart without title and footer, on no ground of its own."""
    config = spec["config"] | {"background": "transparent", "padding": 4}
    kept = {key: part for key, part in spec.items() if key not in ("title", "description", "$schema")}
    return kept | {"layer": spec["layer"][:-1], "config": config, "autosize": {"type": "fit-x", "contains": "padding"}}


def split(spec: Spec) -> tuple[Spec, dict[str, pd.DataFrame]]:
    """A chart without its rows of data, and these as frames by name."""
    frames: dict[str, pd.DataFrame] = {}
    return _split(spec, frames), frames


def _split(part: Any, frames: dict[str, pd.DataFrame]) -> Any:
    if isinstance(part, list):
        return [_split(one, frames) for one in part]
    if not isinstance(part, dict):
        return part
    made = {}
    for key, inner in part.items():
        rows = inner.get("values") if key == "data" and isinstance(inner, dict) else None
        if rows and rows != [{}]:
            name = f"rows{len(frames)}"
            frames[name] = pd.DataFrame(rows)
            made[key] = {"name": name}
        else:
            made[key] = _split(inner, frames)
    return made
