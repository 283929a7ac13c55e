"""The effect of a change on a daily series: the mean difference over pairs of worlds, with its 95 % interval."""

from typing import TYPE_CHECKING

from sim.charts import theme
from sim.charts.theme import Spec

if TYPE_CHECKING:
    import xarray as xr

_NAMES = ("mean difference", "95 % interval of the mean")
_COLOURS = {"domain": list(_NAMES), "range": [theme.MEDIAN, theme.INNER]}


def difference(daily: "xr.Dataset", *, title: str = "", subtitle: str = "", note: str = "") -> Spec:
    """Return the mean paired difference of a daily series, with a line at zero.

    daily: variables effect, low and high (day), with `day` as dates and attrs label and unit, as returned by
    `Comparison.daily`. With a single world there is no interval and only the line is drawn.
    """
    days = daily["day"].values
    columns = {name: daily[name].values for name in ("effect", "low", "high")}
    unit = str(daily.attrs["unit"])
    axis = {"title": f"difference, {unit}", "tickCount": 5, "labelExpr": theme.SIGNED_LABEL}
    y = {"type": "quantitative", "axis": axis, "scale": {"zero": True, "nice": True}}
    area = {"y": y | {"field": "low"}, "y2": {"field": "high"}, "color": _colour(_NAMES[1])}
    line = {"y": y | {"field": "effect"}, "color": _colour(_NAMES[0])}
    plot = {
        "data": {"values": theme.daily_records(days, columns)},
        "encoding": {"x": theme.day_axis(days)},
        "layer": [
            {"mark": {"type": "area"}, "encoding": area},
            {"mark": {"type": "rule", "color": theme.INK}, "encoding": {"x": None, "y": {"datum": 0}}},
            {"mark": {"type": "line", "strokeWidth": 2.2}, "encoding": line},
        ],
    }
    return theme.chart([plot], title=title or str(daily.attrs["label"]), subtitle=subtitle, note=note)


def _colour(name: str) -> Spec:
    """Return the colour encoding of a name in the legend."""
    legend = {"symbolType": "square", "symbolStrokeWidth": 0, "symbolOpacity": 1}
    return {"datum": name, "type": "nominal", "scale": _COLOURS, "legend": legend}
