"""The numbers of a hand-out as text, and where its curves run: everything that the page's script chooses from.

A cell is a scenario and a point: cell = scenario * points + point, the points in the order of the grid, whose last
setting changes fastest. Places are whole numbers from 0, the bottom of a chart, to TOP.
"""

import datetime as dt
import math
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.schema import formatting
from sim.schema.calendar import WEEK
from sim.schema.formatting import day, unit_label
from sim.schema.outcomes import DAY
from sim.schema.series import SERIES
from sim.study.cell_text import CellText, cell_texts
from sim.study.outcome_view import OutcomeView
from sim.study.plan import Plan
from sim.study.summary import reference_cell
from sim.study.weekly_bands import WeeklyBands

Array = npt.NDArray[Any]

TOP: Final = 1000  # the highest place of a chart
EDGES: Final = (40, 960)  # the places of an axis's ends; above and below there is room for dots
_PER_DAY: Final = "/day"
_DOMAINS: Final = {"0 to 1": (0.0, 1.0), "stage, 0 none to 4 settled": (0.0, 4.0)}  # by the unit of a series


class Texts:
    """Different texts in the order in which they come, each kept once."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def put(self, text: str) -> int:
        """Return the place of a text in `all`, added if it is new."""
        return self.places.setdefault(text, len(self.places))

    @property
    def all(self) -> list[str]:
        """All texts."""
        return list(self.places)


def outcome_data(subject: OutcomeView) -> dict[str, Any]:
    """Return one outcome in every cell.

    texts: different texts; cells: of each cell the places of its value, interval and band, of its change and the
    interval of the change, and whether the change is significant (1, 0, -1 for no change); mean, from, to: where the
    curve and its band run, null where there is no value; low, high: the ends of that axis as text.
    """
    scenarios = range(len(subject.summary.plan.scenarios))
    texts = Texts()
    means = np.concatenate([subject.cells(s).mean for s in scenarios])
    lows, highs = (np.concatenate(ends) for ends in zip(*(subject.cell_ends(s) for s in scenarios), strict=True))
    low, high = (0.0, 1.0) if subject.formats.share else _domain(means, lows, highs)
    places = formatting.decimals(low, high)
    return {
        "label": subject.formats.label.replace(": ", ", "),  # it is followed by a colon
        "share": subject.formats.share,
        "unit": _unit(subject),
        "cells": [_cell(texts, one) for s in scenarios for one in cell_texts(subject, s)],
        "texts": texts.all,
        "mean": _places(means, low, high),
        "from": _places(lows, low, high),
        "to": _places(highs, low, high),
        "low": "0 %" if subject.formats.share else formatting.number(low, places),
        "high": "100 %" if subject.formats.share else formatting.number(high, places),
    }


def _unit(subject: OutcomeView) -> str:
    """Return the unit as it follows a number, "" for a share, whose numbers have it."""
    if subject.formats.share:
        return ""
    return subject.formats.unit if subject.outcome.startswith(DAY) else unit_label(subject.formats.outcome.unit)


def _cell(texts: Texts, one: CellText) -> list[int]:
    mark = -1 if one.significant is None else int(one.significant)
    words = (one.value, one.interval, one.band, one.change, one.change_interval)
    return [*(texts.put(text) for text in words), mark]


def series_data(bands: WeeklyBands, plan: Plan) -> dict[str, Any]:
    """Return one series in every cell.

    cells: of each cell its quantiles, one list of places per quantile, null without enough worlds; compared: of each
    cell the cell that it is compared with, -1 for none; ends, texts: of each cell the last step in words; ticks: months
    as text with their place from 0 to TOP along the axis; low, high: the ends of the other axis as text.
    """
    about = SERIES[bands.series]
    weekly = bands.step == WEEK
    low, high = _DOMAINS.get(about.unit) or _domain(bands.values, zero=True)
    places = formatting.decimals(low, high)
    points = bands.values.shape[1]
    cells = bands.values.reshape(-1, *bands.values.shape[2:])
    pairs = [reference_cell(plan, cell // points, cell % points) for cell in range(len(cells))]
    texts, start = Texts(), plan.scenarios[0].start
    last = start + dt.timedelta(days=int(bands.last[-1]))
    span = f"in the week until {day(last)}" if weekly and about.kind == "count" else f"on {day(last)}"
    unit = unit_label(about.unit.removesuffix(_PER_DAY))
    return {
        "label": about.label,
        "unit": f"{unit} per {'week' if weekly else 'day'}" if about.kind == "count" else unit,
        "cells": [[_places(row, low, high) for row in cell] for cell in cells],
        "compared": [-1 if pair is None else pair[0] * points + pair[1] for pair in pairs],
        "ends": [texts.put(_end(cell[:, -1], span, unit)) for cell in cells],
        "texts": texts.all,
        "ticks": _ticks(bands, start),
        "low": formatting.number(low, places),
        "high": formatting.number(high, places),
    }


def _end(quantiles: Array, span: str, unit: str) -> str:
    """Return the quantiles of the last step in words."""
    least, low, median, high, most = map(float, quantiles)
    if math.isnan(median):
        return "Too few worlds for bands."
    places = formatting.decimals(least, most)
    half, nearly = formatting.interval(low, high, places), formatting.interval(least, most, places)
    middle = formatting.with_unit(formatting.number(median, places), unit)
    return f"{span[:1].upper()}{span[1:]}: {middle} (median); half of the worlds {half}, nine in ten {nearly}."


def _ticks(bands: WeeklyBands, start: dt.date) -> list[list[Any]]:
    """Return the first days of months as text, each with its place along the axis."""
    days = bands.last[-1] - bands.last[0]
    found = []
    for offset in range(int(bands.last[0]), int(bands.last[-1]) + 1):
        date = start + dt.timedelta(days=offset)
        if date.day == 1 and days:
            found.append([round(TOP * (offset - int(bands.last[0])) / int(days)), f"{date:%b}"])
    return found


def _domain(*values: Array, zero: bool = False) -> tuple[float, float]:
    """Return the ends of an axis that holds all values; zero: whether it begins at 0 if nothing is below it."""
    known = np.concatenate([one[np.isfinite(one)].reshape(-1) for one in values])
    if not known.size:
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    if zero and low >= 0:
        low = 0.0
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _places(values: Iterable[float], low: float, high: float) -> list[int | None]:
    """Return where values are drawn between the ends of an axis; None for NaN."""
    foot, head = EDGES
    scale = (head - foot) / (high - low)
    return [round(foot + scale * (one - low)) if math.isfinite(one) else None for one in map(float, values)]
