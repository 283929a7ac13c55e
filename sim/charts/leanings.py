"""The brokers' leanings: one row per broker, one column per week, coloured from Abdullah's to Ghani's colour."""

import json

import numpy as np

from sim.charts import theme
from sim.charts.theme import Array, Spec
from sim.schema import formatting
from sim.schema.calendar import WEEK

ABDULLAH, NEITHER, GHANI = "#b35806", "#f2f2f2", "#1f5fa8"
_ROW = 5  # pixels


def leanings(
    days: Array, lean: Array, conviction: Array, *, title: str = "Power brokers", subtitle: str = "", note: str = ""
) -> Spec:
    """Return to which camp each broker leans in each week.

    days: datetime64 (days,); lean: -1 Abdullah to 1 Ghani, (days, brokers); conviction: each broker's own belief on
    the same scale, (brokers,), by which the rows are sorted, Ghani's firmest supporters on top.
    """
    order = np.argsort(-conviction, kind="stable")
    weeks = range(0, len(days), WEEK)
    rows = []
    for day in weeks:
        stop = min(day + WEEK, len(days))
        for row, broker in enumerate(order.tolist()):
            rows.append(
                {
                    "day": str(days[day].astype("datetime64[D]")),
                    "row": row, "next": row + 1,
                    "lean": round(float(lean[day:stop, broker].mean()), 3),
                }
            )  # fmt: skip
    labels = f"datum.value == 0 ? 'Ghani' : datum.value == {len(order)} ? 'Abdullah' : ''"
    axis = {"title": "brokers, by conviction", "values": [0, len(order)], "labelExpr": labels, "grid": False}
    scale = {"domain": [-1, 0, 1], "range": [ABDULLAH, NEITHER, GHANI]}
    says = "datum.value == -1 ? '-1 Abdullah' : datum.value == 1 ? '+1 Ghani' : datum.value"
    legend = {"title": "leans to", "gradientLength": 200,
              "values": [-1, 0, 1], "labelExpr": says}  # fmt: skip
    plot = {
        "data": {"values": rows},
        "mark": {"type": "rect", "clip": True},
        "encoding": {
            "x": _weeks(days[::WEEK].astype("datetime64[D]")),
            "y": {"field": "row", "type": "quantitative", "axis": axis,
                  "scale": {"domain": [0, len(order)], "nice": False, "reverse": True}},
            "y2": {"field": "next"},
            "color": {"field": "lean", "type": "quantitative", "scale": scale, "legend": legend},
            "tooltip": [theme.day_tip("week of"), {"field": "lean", "title": "leans (-1 to 1)"}],
        },
    }  # fmt: skip
    return theme.chart([plot], title=title, subtitle=subtitle, note=note, height=_ROW * len(order))


def _weeks(starts: Array) -> Spec:
    """Return the axis of weeks, labelled where a month begins. starts: first day of each week, datetime64[D]."""
    firsts = {str(np.datetime64(day, "M")): str(day) for day in starts[::-1]}
    names = {day: formatting.day(theme.date(np.datetime64(day)), year=False) for day in sorted(firsts.values())}
    axis = {
        "title": f"week of, {str(starts[0])[:4]}", "values": list(names), "labelAngle": 0, "labelOverlap": True,
        "labelExpr": f"{json.dumps(names)}[datum.value]", "ticks": True,
    }  # fmt: skip
    return {"field": "day", "type": "ordinal", "axis": axis, "scale": {"paddingInner": 0, "paddingOuter": 0}}
