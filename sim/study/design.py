"""A design: the points of a study, each with a value for every varied setting.

Grids, lists and one-at-a-time designs are made here; Latin hypercubes come from SciPy's `qmc`, Sobol and Morris
from SALib, whose analysis needs the points in the order of its samplers: Saltelli et al. 2010, "Variance based
sensitivity analysis of model output", doi:10.1016/j.cpc.2009.09.018; Morris 1991, doi:10.1080/00401706.1991.10484804.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.errors import InputError
from sim.inputs.parameters import ParameterSet
from sim.inputs.scenario import Scenario
from sim.study.correlation import correlated
from sim.study.factor import Factor
from sim.study.plan import NONE, Plan

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Design:
    """The points of a plan.

    names: the settings' keys ("name" or "name@from..until"), in the plan's order; values: by key, float64
    (points,), yes and no as 1 and 0. NaN means that the point keeps the scenario's own value: in grids and lists where
    the plan says "unchanged", and in one-at-a-time, where point 0 is the base, and points 1 + 2 i and 2 + 2 i are
    setting i at its low and its high.
    """

    points: int
    names: tuple[str, ...]
    values: dict[str, Floats]

    def settings(self, point: int) -> dict[str, float]:
        """The settings of a point, by key, without those that keep the scenario's own value."""
        found = {name: float(self.values[name][point]) for name in self.names}
        return {name: value for name, value in found.items() if not math.isnan(value)}

    def where(self, name: str, value: float) -> npt.NDArray[np.bool_]:
        """Return a mask of the points at which a setting has a value, (points,); NaN: the scenario's own value."""
        return np.isnan(self.values[name]) if math.isnan(value) else self.values[name] == value

    def stretches(self, low: int, high: int) -> list[tuple[int, int]]:
        """Split points low to high - 1 into ranges [a, b) that set the same names and can run in one call."""
        if not self.names:
            return [(low, high)]
        unset = np.isnan(np.stack([self.values[name][low:high] for name in self.names]))
        cuts = np.flatnonzero((unset[:, 1:] != unset[:, :-1]).any(axis=0)) + 1
        ends = [low, *(low + cuts).tolist(), high]
        return list(pairwise(ends))

    def columns(self, low: int, high: int) -> dict[str, Floats]:
        """The values of points low to high - 1, by key, (high - low,). Raises ValueError if their names differ."""
        if len(self.stretches(low, high)) != 1:
            raise ValueError(f"points {low} to {high} do not set the same names")
        return {name: v[low:high] for name, v in self.values.items() if not np.isnan(v[low])}


def design(plan: Plan) -> Design:
    """Return the points of a plan, which are always the same. Imports SciPy or SALib for the sampling methods.

    Raises InputError if a parameter derived from the varied ones is out of bounds at some point.
    """
    table = _LAYOUTS[plan.method](plan)
    columns = {one.key: np.ascontiguousarray(_typed(one, table[:, i])) for i, one in enumerate(plan.vary)}
    made = Design(len(table), tuple(columns), columns)
    for scenario in plan.scenarios:
        _check(made, plan, scenario)
    return made


def problem(plan: Plan) -> dict[str, Any]:
    """The settings in the form that SALib needs: num_vars, names (the keys) and bounds."""
    return {
        "num_vars": len(plan.vary),
        "names": [one.key for one in plan.vary],
        "bounds": [[one.low, one.high] for one in plan.vary],
    }


def _typed(one: Factor, column: Floats) -> Floats:
    """A column clipped to the setting's bounds, rounded if the setting is an integer, and without -0."""
    inside = np.clip(column, one.low, one.high)
    return (np.rint(inside) if one.whole else inside) + 0.0


def _none(_: Plan) -> Floats:
    return np.empty((1, 0))


def _grid(plan: Plan) -> Floats:
    """Every combination; the last setting changes fastest."""
    axes = [np.array(one.numbers) for one in plan.vary]
    return np.stack([axis.reshape(-1) for axis in np.meshgrid(*axes, indexing="ij")], axis=1)


def _list(plan: Plan) -> Floats:
    """Point i has value i of every setting."""
    return np.array([one.numbers for one in plan.vary]).T


def _latin_hypercube(plan: Plan) -> Floats:
    """One point in each of `samples` equal intervals of every setting."""
    from scipy.stats import qmc

    unit = qmc.LatinHypercube(len(plan.vary), seed=np.random.default_rng(plan.sampler_seed)).random(plan.samples)
    return _quantiles(plan, correlated(unit, plan.correlations, [one.key for one in plan.vary]))


def _sobol(plan: Plan) -> Floats:
    """Saltelli's design with a scrambled Sobol sequence."""
    from SALib.sample import sobol

    asked, spread = problem(plan), any(one.distribution is not None for one in plan.vary)
    if spread:
        asked["bounds"] = [[0.0, 1.0]] * len(plan.vary)
    found = sobol.sample(asked, plan.samples, calc_second_order=plan.second_order, seed=plan.sampler_seed)
    return _quantiles(plan, found) if spread else np.asarray(found, np.float64)


def _quantiles(plan: Plan, share: Floats) -> Floats:
    """The values of all settings at shares of their distributions, both (points, settings)."""
    return np.stack([one.quantile(share[:, i]) for i, one in enumerate(plan.vary)], axis=1)


def _morris(plan: Plan) -> Floats:
    """Trajectories on a grid of `levels`; one setting changes between consecutive rows of a trajectory."""
    from SALib.sample import morris

    found = morris.sample(problem(plan), plan.samples, num_levels=plan.levels, seed=plan.sampler_seed)
    return np.asarray(found, np.float64)


def _one_at_a_time(plan: Plan) -> Floats:
    """The base, then every setting at its low and at its high while the others keep their value."""
    table = np.full((plan.points, len(plan.vary)), np.nan)
    for i, one in enumerate(plan.vary):
        table[1 + 2 * i : 3 + 2 * i, i] = one.low, one.high
    return table


_LAYOUTS: Final[Mapping[str, Callable[[Plan], Floats]]] = {
    NONE: _none,
    "grid": _grid,
    "list": _list,
    "latin-hypercube": _latin_hypercube,
    "sobol": _sobol,
    "morris": _morris,
    "one-at-a-time": _one_at_a_time,
}


def _check(made: Design, plan: Plan, scenario: Scenario) -> None:
    """Raises InputError if a derived parameter is out of bounds at some point."""
    numbers = {one.key for one in plan.vary if not one.lever and not one.flag}
    for low, high in made.stretches(0, made.points) if numbers else []:
        given = {name: column for name, column in made.columns(low, high).items() if name in numbers}
        try:
            ParameterSet.resolve({**scenario.parameters, **given})
        except InputError as error:
            problem = f"is not possible at some point of {scenario.name}, with the values that the plan gives"
            raise InputError(
                problem, file=plan.file, path=error.path, value=error.value, expected=error.expected
            ) from error
