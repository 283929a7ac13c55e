"""The y axis of a daily series: the same before and after a change, unless more is needed; then it grows in steps."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from sim.charts.theme import Array, Spec

_TOPS: Final = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)  # of an axis, times a power of ten
_DOMAINS: Final = {"0 to 1": [0, 1], "yes/no": [0, 1], "share of worlds": [0, 1], "stage, 0 none to 4 settled": [0, 4]}


def extent(unit: str, columns: Iterable[Array]) -> Spec:
    """Return the scale of the y axis for all that is drawn, and all that would be drawn of other runs alone.

    unit: of the series; columns: each (days,), NaN where nothing is drawn.
    """
    if unit in _DOMAINS:
        return {"domain": _DOMAINS[unit]}
    known = [values[np.isfinite(values)] for values in columns]
    ends = [float(end) for values in known if values.size for end in (values.min(), values.max())]
    if not ends or min(ends) < 0 or max(ends) <= 0:
        return {"zero": True, "nice": True}
    size = 10.0 ** np.floor(np.log10(max(ends)))
    return {"domain": [0, next(float(size * part) for part in _TOPS if size * part >= max(ends))], "nice": False}
