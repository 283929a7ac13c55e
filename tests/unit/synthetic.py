"""Synthetic results: arrays made up for tests of what is read off a run, without an engine."""

import datetime as dt
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.inputs.scenario import Scenario
from sim.results.results import Results
from sim.schema.milestones import MILESTONES, NEVER
from sim.schema.series import SERIES

Array = npt.NDArray[Any]


def scenario(end: dt.date = dt.date(2021, 1, 1), start: dt.date = dt.date(2020, 3, 1), **parts: Any) -> Scenario:
    """A scenario that changes nothing but what is given."""
    return Scenario(title="Made up", name="made-up", start=start, end=end, **parts)


def arrays(worlds: int, days: int, seed: int = 0) -> dict[str, Array]:
    """Every series, float32 (worlds, days): counts, rising levels, flags."""
    dice = np.random.default_rng(seed)
    made = {}
    for s in SERIES.values():
        counts: Array = dice.poisson(5, (worlds, days))
        if s.kind == "level":
            counts = counts.cumsum(axis=1)
        if s.kind == "flag":
            counts = counts > 5
        made[s.name] = np.ascontiguousarray(counts, dtype=np.float32)
    return made


def results(
    worlds: int = 20,
    *,
    run: Scenario | None = None,
    seed: int = 0,
    first: int = 0,
    daily: dict[str, Array] | None = None,
    day: dict[str, Any] | None = None,
    reason: dict[str, Any] | None = None,
) -> Results:
    """Made-up results; series, milestone days and reasons replaced by those given (broadcast)."""
    run = run or scenario()
    days = (run.end - run.start).days
    given = arrays(worlds, days, seed)
    for name, values in (daily or {}).items():
        given[name] = np.array(np.broadcast_to(np.asarray(values, dtype=np.float32), (worlds, days)))
    milestone_day = {name: np.full(worlds, NEVER, np.int32) for name in MILESTONES}
    milestone_reason = {name: np.full(worlds, -1, np.int8) for name in MILESTONES}
    for name, value in (day or {}).items():
        milestone_day[name][:] = value
    for name, value in (reason or {}).items():
        milestone_reason[name][:] = value
    return Results(run, 7, worlds, first, "point", given, milestone_day, milestone_reason)
