"""Charts as Vega-Lite dictionaries: each function takes labelled arrays; `render` turns the result into SVG or PNG.

No plotting library and no network is needed. Every chart says that it is not a forecast.
"""

from sim.charts.dates import milestone_dates
from sim.charts.difference import difference
from sim.charts.effects import Dot, effects
from sim.charts.fan import fan
from sim.charts.gallery import comparison_charts, run_charts
from sim.charts.obstacles import obstacles
from sim.charts.render import png, svg

__all__ = [
    "Dot",
    "comparison_charts",
    "difference",
    "effects",
    "fan",
    "milestone_dates",
    "obstacles",
    "png",
    "run_charts",
    "svg",
]
