"""Estimate what a study needs before it runs: units, time, memory and disk space."""

import datetime as dt
import time
from dataclasses import dataclass
from typing import Final

from sim.schema.outcomes import DAY, DAYS_UNTIL, REACHED
from sim.schema.series import SERIES
from sim.study.design import Design
from sim.study.plan import Plan
from sim.study.processors import processors
from sim.study.unit import ROWS, UnitPlanner

# Measured with `resource.getrusage` over half a dozen units of 1,024 worlds of the baseline: 385 MiB at the peak.
_PROCESS: Final = 175 * 2**20  # bytes of a process that has imported the engine
_MODEL: Final = 175 * 1024  # bytes of the model in a process, per world of a unit

_SINGLE: Final = 4  # bytes of one day of a series
_OUTCOME: Final = {REACHED: 1, DAY: 4, DAYS_UNTIL: 4}  # bytes by the prefix of an outcome's name, otherwise 8
_DOUBLE: Final = 8


@dataclass(frozen=True)
class CostEstimate:
    """What a plan needs.

    worlds: over all scenarios and points; most_worlds: the maximum with adaptive stopping. rate: worlds per second
    of one process. seconds: wall-clock time with all processes; memory: peak of all processes together, in bytes;
    disk: bytes before compression.
    """

    points: int
    units: int
    worlds: int
    most_worlds: int
    processes: int
    rate: float
    seconds: float
    most_seconds: float
    memory: int
    disk: int
    most_disk: int


def estimate_cost(plan: Plan, design: Design, rate: float | None = None) -> CostEstimate:
    """Estimate what a plan needs on this machine.

    rate: worlds per second of one process; by default one unit is run to measure it, which takes some seconds.
    """
    rows = len(plan.scenarios) * design.points
    worlds, most = rows * plan.worlds, rows * plan.worlds_at_most
    units = sum(1 for _ in UnitPlanner(plan, design, "").units(0, plan.worlds))
    processes = plan.processes or processors()
    found = measured(plan, design) if rate is None else rate
    pace = found * min(processes, units)
    unit = _PROCESS + min(ROWS, plan.worlds * design.points) * (_MODEL + len(SERIES) * _SINGLE * plan.days)
    row = _row(plan)
    return CostEstimate(
        points=design.points,
        units=units,
        worlds=worlds,
        most_worlds=most,
        processes=processes,
        rate=found,
        seconds=worlds / pace,
        most_seconds=most / pace,
        memory=_PROCESS + min(processes, units) * unit,
        disk=worlds * row,
        most_disk=most * row,
    )


def measured(plan: Plan, design: Design) -> float:
    """Worlds per second of one process, measured with the first unit of the reference."""
    from sim.runs.runner import run_points
    from sim.study.compute import compute

    reference = plan.scenario(plan.reference)
    run_points(
        reference.with_dates(end=reference.start + dt.timedelta(days=1)), {}, 1
    )  # loads what is loaded only once
    work = UnitPlanner(plan, design, "")
    unit = next(one for one in work.units(0, plan.worlds) if plan.scenarios[one.scenario] is reference)
    begin = time.perf_counter()
    compute(work.task(unit))
    return unit.rows / (time.perf_counter() - begin)


def _row(plan: Plan) -> int:
    """Bytes on disk per world and point: ids, outcomes and the days of the series."""
    kinds = (next((b for begin, b in _OUTCOME.items() if name.startswith(begin)), _DOUBLE) for name in plan.outcomes)
    return _DOUBLE + sum(kinds) + len(plan.series) * _SINGLE * plan.days
