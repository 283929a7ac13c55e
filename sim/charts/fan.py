"""Fan chart: a daily series over the worlds, with bands that contain 50 % and 90 % of them, and a few single worlds."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.charts import theme
from sim.charts.extent import extent
from sim.charts.theme import Array, Spec
from sim.schema import formatting

if TYPE_CHECKING:
    import xarray as xr

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
_COLUMNS = ("p05", "p25", "p50", "p75", "p95")
_NUMBERS = ("no", "one", "two", "three", "four", "five")
MOST_SINGLES = len(_NUMBERS) - 1
BASELINE = "median of the baseline"
_MEAN_DAYS = 7  # single worlds of a count are drawn as a mean over so many days: daily noise would hide the bands
_VISIBLE = 0.01  # of the largest value
_NARROW = "(The worlds differ too little to see the bands.)"


@dataclass(frozen=True, slots=True)
class _Mark:
    """One line or band: its name in the legend, its colour, columns and line width."""

    name: str
    colour: str
    low: str
    high: str = ""  # "" for a line
    width: float = 0.0
    dash: tuple[int, int] = (1, 0)  # pixels drawn and pixels skipped


def fan(
    series: "xr.DataArray",
    *,
    reference: "xr.DataArray | None" = None,
    reference_name: str = BASELINE,
    title: str = "",
    subtitle: str = "",
    note: str = "",
    singles: int = 3,
) -> Spec:
    """Return a fan chart of a daily series.

    series: dims (world, day), with `day` as dates and attrs label and unit; reference: the same series of another
    run over the same days, whose median is drawn too, with its name in the legend; title: the label if empty;
    singles: how many worlds to draw as single lines (the first ones; at most five, and no more than there are).
    Raises ValueError if the series has no worlds or days, or if singles is not 0 to 5.
    """
    values = np.asarray(series.transpose("world", "day").values)
    if not values.size:
        raise ValueError(f"{series.name}: nothing to draw, shape {values.shape}")
    if not 0 <= singles <= MOST_SINGLES:
        raise ValueError(f"singles is {singles}, must be 0 to {MOST_SINGLES}")
    days = series["day"].values
    drawn = min(singles, len(values))
    mean = _MEAN_DAYS if series.attrs.get("kind") == "count" else 1
    marks = _marks(len(values), drawn, mean)
    columns = _columns(values, drawn, mean)
    drawn_with = [columns]
    if reference is not None:
        drawn_with.append(_columns(reference.transpose("world", "day").values, drawn, mean))
        marks.append(_Mark(reference_name, theme.INK, "reference", width=1.8, dash=(5, 4)))
        columns["reference"] = drawn_with[-1]["p50"]
    if len(values) > 1 and _too_narrow(columns):
        subtitle = f"{subtitle} {_NARROW}".strip()
    unit = str(series.attrs["unit"])
    scale = extent(unit, [column for columns in drawn_with for column in columns.values()])
    plot = {
        "data": {"values": theme.daily_records(days, columns)},
        "encoding": {"x": theme.day_axis(days)},
        "layer": [_layer(mark, marks, unit, scale) for mark in marks],
    }
    text = _alt_text(days, columns, unit, len(values))
    return theme.chart([plot], title=title or str(series.attrs["label"]), subtitle=subtitle, alt=text, note=note)


def _alt_text(days: Array, columns: dict[str, Array], unit: str, worlds: int) -> str:
    """Return a text description: where the median begins, is highest and ends, and the 90 % band on the last day."""
    middle, low, high = (columns[name] for name in ("p50", "p05", "p95"))
    at = {"begins at": 0, "is highest at": int(middle.argmax()), "and ends at": len(days) - 1}
    path = ", ".join(
        f"{how} {formatting.number(middle[day])} on {formatting.day(theme.date(days[day]))}" for how, day in at.items()
    )
    if worlds == 1:
        return f"The single world ({unit}) {path}"
    spread = f"90 % of worlds are then from {formatting.interval(low[-1], high[-1])}"
    return f"The median ({unit}) {path}; {spread}"


def _columns(values: Array, singles: int, mean: int) -> dict[str, Array]:
    """Return wide columns, one row per day: the five quantiles and the single worlds."""
    quantiles = np.quantile(values.astype(np.float64), LEVELS, axis=0)
    smoothed = {f"w{k}": _smooth(values[k], mean if len(values) > 1 else 1) for k in range(singles)}
    return dict(zip(_COLUMNS, quantiles, strict=True)) | smoothed


def _too_narrow(columns: dict[str, Array]) -> bool:
    """Whether the wider band is nowhere higher than a hundredth of the axis, so that it cannot be seen."""
    low, high = columns["p05"], columns["p95"]
    return bool((high - low).max() <= _VISIBLE * max(np.abs(high).max(), np.abs(low).max()))


def _smooth(values: Array, window: int) -> Array:
    """Return the centred mean over `window` days (fewer at both ends), float64 (days,)."""
    ones = np.ones(min(window, len(values)))
    return np.convolve(values, ones, "same") / np.convolve(np.ones(len(values)), ones, "same")


def _marks(worlds: int, singles: int, mean: int) -> list[_Mark]:
    """Return what is drawn, from back to front; with one world, only its line."""
    if worlds == 1:
        return [_Mark("single world", theme.MEDIAN, "w0" if singles else "p50", width=1.6)]
    name = f"{_NUMBERS[singles]} single world{'s' if singles > 1 else ''}"
    if mean > 1:
        name += f", {mean}-day mean"
    return [
        _Mark("90 % of worlds", theme.OUTER, "p05", "p95"),
        _Mark("50 % of worlds", theme.INNER, "p25", "p75"),
        *(_Mark(name, theme.SINGLE, f"w{k}", width=1.0) for k in range(singles)),
        _Mark("median", theme.MEDIAN, "p50", width=2.6),
    ]


def _layer(mark: _Mark, marks: list[_Mark], unit: str, height: Spec) -> Spec:
    """Return a mark as a layer; all marks share one legend, in which this mark's colour has its name."""
    colours = {m.name: m.colour for m in marks}
    scale = {"domain": list(colours), "range": list(colours.values())}
    legend = {"symbolType": "square", "symbolStrokeWidth": 0, "symbolOpacity": 1}
    y = {"field": mark.low, "type": "quantitative", "scale": height, "axis": {"title": unit, "tickCount": 5}}
    encoding: Spec = {"y": y, "color": {"datum": mark.name, "type": "nominal", "scale": scale, "legend": legend}}
    if not mark.high:
        line = {"type": "line", "strokeWidth": mark.width, "strokeDash": list(mark.dash)}
        return {"mark": line, "encoding": encoding}
    return {"mark": {"type": "area"}, "encoding": encoding | {"y2": {"field": mark.high}}}
