"""read_run(): a run by the aims of each reader: which are met, in one world or in how many of several."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.analysis.causes.estimate import Estimate, share_of
from sim.analysis.readings.readers import Aim, Reader, readers
from sim.results.results import Results
from sim.schema import arguments
from sim.schema.milestones import MILESTONES, NEVER
from sim.schema.series import SERIES

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One aim held against a run.

    asked: whether its date is within the run; met: share of worlds in which it is met, over 0 worlds if it is not
    asked; value: the amount, the median over the worlds, in the aim's unit; NaN for a milestone; date: of a milestone,
    in a single world, None for never.
    """

    aim: Aim
    asked: bool
    met: Estimate
    value: float
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A run as one reader sees it."""

    reader: Reader
    verdicts: tuple[Verdict, ...]


def read_run(results: Results) -> tuple[Reading, ...]:
    """Return the reading of each reader. Raises InputError for anything that is not the results of a run."""
    arguments.instance("results", results, Results, "the Results of sim.simulate(...)")
    return tuple(
        Reading(reader, tuple(_verdict(results, aim) for aim in reader.aims)) for reader in readers().values()
    )  # fmt: skip


def _verdict(results: Results, aim: Aim) -> Verdict:
    """Return one aim held against a run."""
    if aim.by not in results.calendar:
        return Verdict(aim, asked=False, met=share_of(np.zeros(0, np.bool_)), value=float("nan"))
    last = results.calendar.index(aim.by)
    if aim.measure in MILESTONES:
        day = results.milestone_day[aim.measure]
        reached = (day != NEVER) & (day <= last)
        single = results.worlds == 1 and day[0] != NEVER
        date = results.calendar.date(int(day[0])) if single else None
        met = reached if aim.want == "reached" else ~reached
        return Verdict(aim, asked=True, met=share_of(met), value=float("nan"), date=date)
    amount = _amount(results, aim.measure, last)
    wanted = float(aim.value or 0.0)
    met = amount >= wanted if aim.want == "at least" else amount <= wanted
    return Verdict(aim, asked=True, met=share_of(met), value=float(np.median(amount)))


def _amount(results: Results, series: str, last: int) -> Array:
    """Return a series up to a day: the sum of a count, the level of anything else, float64 (worlds,)."""
    values = results.arrays[series]
    if SERIES[series].kind == "count":
        return np.asarray(values[:, : last + 1].sum(axis=1, dtype=np.float64))
    return np.asarray(values[:, last], np.float64)
