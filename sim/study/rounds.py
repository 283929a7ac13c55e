"""Interim results of a study: what its worlds so far say about every effect, by the rule of `sim.runs.sequential`.

Each scenario is held against the reference at the same point; where there is one scenario alone, each point against
its first. All get the same worlds, so the widest interval decides. The parts decide alone: a study that was killed,
moved or put together from several folders takes the same rounds.
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
    """What the worlds of all rounds so far say. Every unit must be there.

    until: what the plan asks for. Raises InputError for a part that cannot be read.
    """
    found: dict[tuple[int, int], Moments] = {}
    for scenario, low, differences in _differences(folder, until.on):
        moments = Moments.of(differences)
        before = found.get((scenario, low))
        found[scenario, low] = moments if before is None else before + moments
    parts = zip(*((m.n, m.mean, m.squares) for m in found.values()), strict=True)
    return interim_analysis(until, Moments(*(np.concatenate(part) for part in parts)))


def _differences(folder: Folder, on: str) -> Iterator[tuple[int, int, Array]]:
    """Paired differences, float64 (worlds, points), with the scenario and the first point that they are of."""
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
                difference = _values(folder, unit, on) - against
                yield unit.scenario, unit.low, difference[:, 1:] if len(names) == 1 and unit == base else difference


def _values(folder: Folder, unit: Unit, on: str) -> Array:
    """An outcome, float64 (worlds, points), NaN where the model could not be run."""
    column = folder.read(unit, [on])[on].cast("float64")
    values: Array = np.asarray(column.to_numpy(), np.float64)
    return values.reshape(unit.high - unit.low, unit.worlds).T
