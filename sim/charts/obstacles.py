"""What blocks talks: the share of worlds in which each condition is missing, on each day."""

from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np

from sim.charts import theme
from sim.charts.ridges import Dates, Ridge, in_words, ridges
from sim.charts.theme import Spec
from sim.schema import formatting
from sim.schema.series import BLOCKED_BY

if TYPE_CHECKING:
    import xarray as xr

_ROW = 62  # pixels


def obstacles(
    blocked: "xr.DataArray",
    *,
    reference: "xr.DataArray | None" = None,
    title: str = "What blocks talks",
    subtitle: str = "",
    note: str = "",
) -> Spec:
    """Return one row per condition for talks; a full row means that it keeps every world from talks.

    blocked: shares 0 to 1, dims (condition, day), with `day` as dates;
    reference: the same for another run over the same days, drawn as a line.
    Raises ValueError if there are no conditions.
    """
    shares = np.asarray(blocked.transpose("condition", "day").values, dtype=np.float64)
    days = blocked["day"].values.astype("datetime64[D]")
    labels = [BLOCKED_BY[str(name)] for name in blocked["condition"].values]
    known = [None] * len(labels) if reference is None else list(reference.transpose("condition", "day").values)
    rows = [
        Ridge(label[:1].upper() + label[1:], share, formatting.share(float(share[-1])), colour, reference=line)
        for label, share, colour, line in zip(labels, shares, cycle(theme.ROWS), known, strict=False)
    ]
    layers = ridges(rows, Dates(days, days + theme.A_DAY, days[[0, -1]]), about_right="on the last day")
    how = subtitle or "Share of worlds whose talks are closed and which lack a condition; a full row means every world"
    text = f"On the last day: {in_words(rows)}"
    return theme.chart(layers, title=title, subtitle=how, alt=text, note=note, height=_ROW * len(rows))
