"""Milestone dates: in which weeks the worlds reach each milestone, and the share of worlds that never reach it."""

from typing import TYPE_CHECKING

import numpy as np

from sim.charts import theme
from sim.charts.ridges import Dates, Ridge, in_words, ridges
from sim.charts.theme import Array, Spec
from sim.schema import formatting

if TYPE_CHECKING:
    import xarray as xr

WEEK = 7
NOT_HALF = "less than half"
_ROW = 34  # pixels


def milestone_dates(
    milestones: "xr.Dataset",
    days: Array,
    *,
    reference: "xr.Dataset | None" = None,
    title: str = "When things happen",
    subtitle: str = "",
    note: str = "",
) -> Spec:
    """Return the dates of each milestone as a histogram by week, one row per milestone.

    milestones: datetime64 variables, dims (world), NaT for never, attrs label; days: datetime64 (days,), the days of
    the run; reference: the milestones of another run over the same days, drawn as a line. A tick marks the first day by
    which half of all worlds have reached it; never is later than any. Each row has its own vertical scale, because some
    milestones happen within one week and others over half a year.
    Raises ValueError if there are no milestones.
    """
    start = days.astype("datetime64[D]")[0]
    weeks = -(-len(days) // WEEK)
    edges = start + WEEK * theme.A_DAY * np.arange(weeks + 1)
    edges[-1] = start + len(days) * theme.A_DAY
    rows = [
        _row(str(m.attrs["label"]), m.values, None if reference is None else reference[name].values, start, weeks)
        for name, m in milestones.data_vars.items()
    ]
    about = "worlds, half of all by"
    layers = ridges(rows, Dates(edges[:-1], edges[1:], days[[0, -1]]), about_right=about)
    how = (
        subtitle
        or "Share of worlds by week, each row with its own scale; the line is the day by which half of all have it"
    )
    return theme.chart(layers, title=title, subtitle=how, alt=in_words(rows), note=note, height=_ROW * len(rows))


def _row(label: str, dates: Array, known: Array | None, start: np.datetime64, weeks: int) -> Ridge:
    """Return the row of one milestone: weekly counts and those of the reference, relative to the largest of both."""
    counts = _weekly(dates, start, weeks)
    others = None if known is None else _weekly(known, start, weeks)
    most = max(counts.max(), 0 if others is None else others.max(), 1)
    line = None if others is None else others / most
    reached = np.sort(dates[~np.isnat(dates)].astype("datetime64[D]"))
    if not reached.size:
        return Ridge(label, counts / most, "in no world", theme.INNER, reference=line)
    share, place = formatting.share(len(reached) / len(dates)), (len(dates) - 1) // 2
    if place >= len(reached):
        return Ridge(label, counts / most, f"{share}, {NOT_HALF}", theme.INNER, reference=line)
    half = reached[place]
    words = f"{share}, {formatting.day(theme.date(half))}"
    return Ridge(label, counts / most, words, theme.INNER, half_by=str(half), reference=line)


def _weekly(dates: Array, start: np.datetime64, weeks: int) -> Array:
    """Return how many worlds reach the milestone in each week, (weeks,)."""
    reached = dates[~np.isnat(dates)].astype("datetime64[D]")
    return np.bincount((reached - start).astype(np.int64) // WEEK, minlength=weeks)
