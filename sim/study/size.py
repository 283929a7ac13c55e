"""What a study would take: worlds, units, time, memory and disk, worked out before anything runs."""

import os
import time
from dataclasses import dataclass
from typing import Final

from sim.outcomes import DAY, OUTCOMES, REACHED
from sim.series import SERIES
from sim.study.design import Design
from sim.study.plan import Plan

ROWS: Final = 1024  # worlds of points that a process computes at once, and that the quick measurement runs
_BASE: Final = 200 * 2**20  # bytes of a process with its libraries, before it runs anything
_MODEL_ROW: Final = 64 * 1024  # bytes a row that the model itself needs while it runs
_ROW: Final = 16  # bytes a row on disk for scenario, point, world and error, before compression
_SINGLE: Final = 4  # bytes of a number in single precision
_OUTCOME: Final = {REACHED: 1, DAY: 3}  # bytes on disk by kind of outcome, else 8


@dataclass(frozen=True)
class Size:
    """What a plan would take. worlds, worlds_at_most: over all scenarios and points, first and if it runs until clear.

    units: of work; seconds, seconds_at_most: of wall clock on `processes`; memory: bytes at the peak, all processes
    together; disk, disk_at_most: bytes, before compression; rate: worlds a second and process.
    """

    scenarios: int
    points: int
    worlds_a_point: int
    worlds: int
    worlds_at_most: int
    units: int
    processes: int
    rate: float
    measured: bool
    seconds: float
    seconds_at_most: float
    memory: int
    disk: int
    disk_at_most: int


def size(plan: Plan, design: Design, rate: float | None = None) -> Size:
    """What a plan would take on this machine.

    rate: worlds a second and process; if None some worlds of the plan are run to measure it, about a second. Raises
    InputError as the engine does.
    """
    found = measure(plan, design) if rate is None else rate
    processes = plan.processes or cores()
    rows = len(plan.scenarios) * design.points
    worlds, at_most = rows * plan.worlds, rows * plan.worlds_at_most
    units = len(plan.scenarios) * _units(design.points, plan.worlds)
    pace = found * min(processes, units)
    return Size(
        scenarios=len(plan.scenarios),
        points=design.points,
        worlds_a_point=plan.worlds,
        worlds=worlds,
        worlds_at_most=at_most,
        units=units,
        processes=processes,
        rate=found,
        measured=rate is None,
        seconds=worlds / pace,
        seconds_at_most=at_most / pace,
        memory=(processes + 1) * _BASE + processes * min(ROWS, worlds) * _memory_row(plan),
        disk=worlds * _disk_row(plan),
        disk_at_most=at_most * _disk_row(plan),
    )
