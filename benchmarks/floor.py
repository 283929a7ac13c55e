"""The floor under a move: a page whose slider redraws one fan chart and does nothing else, served as the dashboard is.

`python -m benchmarks.floor 8600` starts it. The chart is the dashboard's own, over the same days.
"""

import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.charts import bare, split
from dashboard.server import serve
from sim.charts import fan
from sim.ensemble import simulate
from sim.scenario_file import load_scenario

if TYPE_CHECKING:
    import pandas as pd

PAGE = Path(__file__).with_name("floor_page.py")
LABEL = "Height"


@lru_cache(maxsize=1)
def chart() -> tuple[dict[str, Any], "pd.DataFrame"]:
    """A fan without its data, and these, a row a day."""
    run = simulate(load_scenario("baseline"), 64)
    spec, frames = split(bare(fan(run.daily["attacks"], reference=run.daily["attacks"])))
    return spec | {"width": "container", "height": 320}, frames["rows0"]


def page() -> None:
    """A slider, and the chart as high as it says."""
    spec, rows = chart()
    height = st.slider(LABEL, 10, 100, 50)
    numbers = rows.select_dtypes("number") * (height / 100)
    st.vega_lite_chart(None, spec | {"datasets": {"rows0": rows.assign(**numbers)}}, theme=None, key="fan")


def prepare() -> None:
    """What can be done before the first visitor comes."""
    chart()


if __name__ == "__main__":
    serve(port=int(sys.argv[1]), script=PAGE, prepare=prepare)
