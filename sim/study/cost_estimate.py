"""What a study would take: units, time, memory and disk, worked out before anything runs."""

import datetime as dt
import time
from dataclasses import dataclass
from typing import Final

from sim.schema.outcomes import DAY, REACHED
from sim.schema.series import SERIES
from sim.study.design import Design
from sim.study.plan import Plan
from sim.study.processors import processors
from sim.study.unit import ROWS, UnitPlanner

# Measured with `resource.getrusage` over half a dozen units of 1,024 worlds of the baseline: 385 MiB at the peak.
_PROCESS: Final = 175 * 2**20  # bytes of a process that has loaded the engine
_MODEL: Final = 175 * 1024  # bytes that the model of a process holds for each world of a unit

_SINGLE: Final = 4  # bytes of one day of a series
_OUTCOME: Final = {REACHED: 1, DAY: 2}  # bytes by the beginning of an outcome's name, else a double's 8
_DOUBLE: Final = 8


@dataclass(frozen=True)
class CostEstimate:
    """What a plan would take.

    worlds: over all scenarios and points; most_worlds: if it runs until it is clear and never gets there. rate:
    worlds a second of one process. seconds: of wall clock, on all processes; memory: bytes at the peak of all
    processes together; disk: bytes before compression, which takes off some.
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
    """What a plan would take on this machine.

    rate: worlds a second of one process; by default one unit is run to find out, which takes seconds.
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
    """Worlds a second of one process: the first unit of the reference is computed and timed."""
    from sim.runs.runner import run_points
    from sim.study.compute import compute

    reference = plan.scenario(plan.reference)
    run_points(reference.with_dates(end=reference.start + dt.timedelta(days=1)), {}, 1)  # reads what is read only once
    work = UnitPlanner(plan, design, "")
    unit = next(one for one in work.units(0, plan.worlds) if plan.scenarios[one.scenario] is reference)
    begin = time.perf_counter()
    compute(work.task(unit))
    return unit.rows / (time.perf_counter() - begin)


def _row(plan: Plan) -> int:
    """Bytes of a world of a point on disk: its place, its outcomes and the days of its series."""
    kinds = (next((b for begin, b in _OUTCOME.items() if name.startswith(begin)), _DOUBLE) for name in plan.outcomes)
    return _DOUBLE + sum(kinds) + len(plan.series) * _SINGLE * plan.days
