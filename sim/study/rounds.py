"""Interim results of a study with adaptive stopping: all effects so far, by the rule of `sim.runs.sequential`.

Each scenario is compared with the reference at the same point; with only one scenario, each point with the first. All
get the same worlds, so the widest interval decides. The rounds depend only on the parts: a study that was killed, moved
or merged from several folders has the same rounds.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.results.running_moments import Moments
from sim.runs.sequential import InterimResult, StoppingRule, interim_analysis
from sim.study.folder import Folder
from sim.study.unit import Unit

Array = npt.NDArray[Any]


def interim_result(folder: Folder, until: StoppingRule) -> InterimResult:
    """The interim result after all rounds so far. Every unit must exist.

    until: the stopping rule of the plan. Raises InputError for a part that cannot be read.
    """
    found: dict[tuple[int, int], Moments] = {}
    for scenario, low, differences in _differences(folder, until.on):
        for column in range(differences.shape[1]):  # by point: units of a later round may hold fewer points
            place, moments = (scenario, low + column), Moments.of(differences[:, [column]])
            found[place] = found[place] + moments if place in found else moments
    parts = zip(*((m.n, m.mean, m.squares, m.cubes) for m in found.values()), strict=True)
    return interim_analysis(until, Moments(*(np.concatenate(part) for part in parts)))


def _differences(folder: Folder, on: str) -> Iterator[tuple[int, int, Array]]:
    """Yield scenario, first point and paired differences, float64 (worlds, points)."""
    names = [one.name for one in folder.plan.scenarios]
    reference = names.index(folder.plan.reference)
    alongside: dict[tuple[int, ...], list[Unit]] = defaultdict(list)
    for unit in folder.units():
        place = (unit.low, unit.first) if len(names) > 1 else (unit.first,)
        alongside[place].append(unit)
    for units in alongside.values():
        base = next(unit for unit in units if unit.scenario == reference)
        against = _values(folder, base, on)
        if len(names) == 1:
            against = against[:, :1]
        for unit in units:
            if len(names) == 1 or unit != base:
                own = int(len(names) == 1 and unit == base)  # the point that all others are compared with
                yield unit.scenario, unit.low + own, (_values(folder, unit, on) - against)[:, own:]


def _values(folder: Folder, unit: Unit, on: str) -> Array:
    """The values of an outcome, float64 (worlds, points), NaN for failed runs."""
    column = folder.read(unit, [on])[on].cast("float64")
    values: Array = np.asarray(column.to_numpy(), np.float64)
    return values.reshape(unit.high - unit.low, unit.worlds).T
