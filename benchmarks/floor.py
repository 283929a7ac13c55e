"""The fastest possible move: a page whose slider only redraws one fan chart, on the same server as the dashboard.

`python -m benchmarks.floor 8600` starts it. The chart is the dashboard's own, over the same days.
"""

import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from dashboard.render.charts import bare, split
from dashboard.server.app_server import serve
from sim.charts import fan
from sim.inputs.scenario_reader import load_scenario
from sim.runs.runner import simulate

PAGE = Path(__file__).with_name("floor_page.py")
LABEL = "Height"


@lru_cache(maxsize=1)
def chart() -> tuple[dict[str, Any], pa.Table]:
    """A fan chart without its data, and the data with one row per day."""
    run = simulate(load_scenario("baseline"), 64)
    spec, tables = split(bare(fan(run.daily["attacks"], reference=run.daily["attacks"])))
    return spec | {"width": "container", "height": 320}, tables["rows0"]


def page() -> None:
    """A slider, and the chart scaled by its value."""
    spec, rows = chart()
    height = st.slider(LABEL, 10, 100, 50)
    scaled = [
        pc.multiply(column, height / 100) if pa.types.is_floating(column.type) else column for column in rows.columns
    ]
    table = pa.table(scaled, names=rows.column_names)
    st.vega_lite_chart(None, spec | {"datasets": {"rows0": table}}, theme=None, key="fan")


def prepare() -> None:
    """Prepare the page before the first visit."""
    chart()


if __name__ == "__main__":
    serve(port=int(sys.argv[1]), script=PAGE, prepare=prepare)
