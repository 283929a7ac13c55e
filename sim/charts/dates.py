"""Milestone dates: how many worlds have reached each milestone, week by week; all rows have one scale."""

from typing import TYPE_CHECKING

import numpy as np

from sim.charts import theme
from sim.charts.ridges import Dates, Ridge, in_words, ridges
from sim.charts.theme import Array, Spec
from sim.schema import formatting
from sim.schema.calendar import WEEK

if TYPE_CHECKING:
    import xarray as xr

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
    """Return the dates of each milestone as the share of worlds that have reached it, by week, one row per milestone.

    milestones: datetime64 variables, dims (world), NaT for never, attrs label; days: datetime64 (days,), the days of
    the run; reference: the milestones of another run over the same days, drawn as a line. A tick marks the first day by
    which half of all worlds have reached it; never is later than any. A full row is all worlds, so rows compare with
    each other, and a row with itself before a change.
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
        or "Share of worlds that have reached it; a full row is all worlds, the line the day by which half of all have"
    )
    return theme.chart(layers, title=title, subtitle=how, alt=in_words(rows), note=note, height=_ROW * len(rows))


def _row(label: str, dates: Array, known: Array | None, start: np.datetime64, weeks: int) -> Ridge:
    """Return the row of one milestone: the share of all worlds that have reached it, and of the reference's."""
    shares = _reached(dates, start, weeks)
    line = None if known is None else _reached(known, start, weeks)
    reached = np.sort(dates[~np.isnat(dates)].astype("datetime64[D]"))
    if not reached.size:
        return Ridge(label, shares, "in no world", theme.INNER, reference=line)
    share, place = formatting.share(len(reached) / len(dates)), (len(dates) - 1) // 2
    if place >= len(reached):
        return Ridge(label, shares, f"{share}, {NOT_HALF}", theme.INNER, reference=line)
    half = reached[place]
    words = f"{share}, {formatting.day(theme.date(half))}"
    return Ridge(label, shares, words, theme.INNER, half_by=str(half), reference=line)


def _reached(dates: Array, start: np.datetime64, weeks: int) -> Array:
    """Return the share of all worlds that have reached a milestone by the end of each week, (weeks,)."""
    reached = dates[~np.isnat(dates)].astype("datetime64[D]")
    weekly = np.bincount((reached - start).astype(np.int64) // WEEK, minlength=weeks)
    shares: Array = weekly.cumsum() / len(dates)
    return shares
