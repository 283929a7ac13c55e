"""The milestones' dates: how the worlds spread over the weeks, and the share that never gets there."""

from typing import TYPE_CHECKING

import numpy as np

from sim.charts import theme
from sim.charts.ridges import Dates, Ridge, ridges
from sim.charts.theme import Array, Spec

if TYPE_CHECKING:
    import xarray as xr

WEEK = 7
_ROW = 34  # pixels


def milestone_dates(
    milestones: "xr.Dataset", days: Array, *, title: str = "When things happen", subtitle: str = "", note: str = ""
) -> Spec:
    """The dates of each milestone as a histogram by week, one row a milestone.

    milestones: datetime64 variables, dims (world), NaT for never, attrs label; days: datetime64 (days,), the run's.
    Each row is drawn to its own height, since some happen in one week and others over half a year.
    Raises ValueError if there are no milestones.
    """
    start = days.astype("datetime64[D]")[0]
    weeks = -(-len(days) // WEEK)
    edges = start + WEEK * np.arange(weeks + 1)
    edges[-1] = start + len(days)
    rows = [_row(str(m.attrs["label"]), m.values, start, weeks) for m in milestones.data_vars.values()]
    about = "worlds, median date"
    layers = ridges(rows, Dates(edges[:-1], edges[1:], days[[0, -1]]), about_right=about)
    told = subtitle or "Share of worlds by week, each row to its own height; the upright line is the median date"
    return theme.chart(layers, title=title, subtitle=told, note=note, height=_ROW * len(rows))


def _row(label: str, dates: Array, start: np.datetime64, weeks: int) -> Ridge:
    """One milestone: its weekly counts relative to the fullest week."""
    never = np.isnat(dates)
    if never.all():
        return Ridge(label, np.zeros(weeks), "in no world", theme.INNER)
    reached = np.sort(dates[~never].astype("datetime64[D]"))
    week = (reached - start).astype(np.int64) // WEEK
    counts = np.bincount(week, minlength=weeks)
    median = reached[(len(reached) - 1) // 2]
    words = f"{theme.percent(float((~never).mean()))}, {theme.short_date(median)}"
    return Ridge(label, counts / counts.max(), words, theme.INNER, median=str(median))
