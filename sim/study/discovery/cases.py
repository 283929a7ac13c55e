"""Cases: what may explain an outcome, and whether it came, one row per point and world."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.inputs.parameters import ParameterSet, catalogue
from sim.inputs.scenario import Scenario
from sim.runs.parameter_sampling import sampled_parameters
from sim.study import formatting
from sim.study.design import Design
from sim.study.discovery.margins import margins
from sim.study.plan import Plan

Array = npt.NDArray[Any]

LARGEST: Final = 200_000  # rows that are looked at; the first worlds of each point, if there are more


@dataclass(frozen=True, slots=True)
class Feature:
    """What may explain an outcome. kind: a setting that the study varies, a margin, or an outcome."""

    name: str
    label: str
    unit: str
    kind: str  # "setting", "margin", "outcome"
    whole: bool = False


@dataclass(frozen=True)
class Cases:
    """Rows of a study. point, world: int (rows,); values: float64 (rows,) by name of a feature; hits: bool (rows,)."""

    features: Mapping[str, Feature]
    values: Mapping[str, Array]
    point: Array
    world: Array
    hits: Array
    point_parameters: bool = True  # whether all worlds have the same parameters

    @property
    def groups(self) -> Array | None:
        """The world of each row, where several rows are of one world that has parameters of its own; else None."""
        if self.point_parameters or len(np.unique(self.world)) == len(self.world):
            return None
        return self.world

    @property
    def groupings(self) -> list[Array]:
        """The world and the point of each row: rows of one of them are alike."""
        return [self.world, self.point]

    def without_margins(self) -> "Cases":
        """Return the cases without margins, which differ between worlds: all that is left is the same in all worlds."""
        features = {name: one for name, one in self.features.items() if one.kind != "margin"}
        values = {name: self.values[name] for name in features}
        return replace(self, features=features, values=values, point_parameters=True)

    def with_outcomes(self, features: Mapping[str, Feature], values: Mapping[str, Array]) -> "Cases":
        """Return the cases with more features."""
        return replace(self, features={**self.features, **features}, values={**self.values, **values})


def features_of(plan: Plan) -> dict[str, Feature]:
    """Return what a study varies, and the margins that it has, by name."""
    called = formatting.names(plan)
    settings = {
        one.key: Feature(one.key, called[one.key], formatting.unit(one), "setting", one.whole) for one in plan.vary
    }
    varied = [one.name for one in plan.vary if one.lever]
    return settings | {
        one.name: Feature(one.name, one.label, one.unit, "margin")
        for one in margins().values()
        if all(varied.count(lever) == 1 for lever in one.levers)
    }


def feature_values(plan: Plan, scenario: Scenario, design: Design, worlds: int, first: int) -> dict[str, Array]:
    """Return the features of every point in worlds `first` to `first + worlds - 1`, float64 (points * worlds,).

    The rows of a point follow each other. Raises InputError as `ParameterSet.resolve` does.
    """
    rows = design.points * worlds
    settings = {key: np.repeat(values, worlds) for key, values in design.values.items()}
    parameters = _parameters(plan, scenario, settings, worlds, first, design.points)
    levers = {one.name: settings[one.key] for one in plan.vary if one.lever}
    wanted = features_of(plan)
    made = {one.name: one.of(parameters, levers, rows) for one in margins().values() if one.name in wanted}
    return {name: settings.get(name, made.get(name)) for name in wanted}  # type: ignore[misc]  # one of both has it


def _parameters(
    plan: Plan, scenario: Scenario, settings: Mapping[str, Array], worlds: int, first: int, points: int
) -> Mapping[str, Any]:
    """Return the parameters of each row, scalars or (rows,), by name."""
    drawn = sampled_parameters(plan.assumptions, scenario.parameters, plan.seed, worlds, first, points)
    numbers = {name: values for name, values in settings.items() if name in catalogue()}
    floats = {name: values for name, values in numbers.items() if catalogue()[name].type == "float"}
    return ParameterSet.resolve({**drawn, **scenario.parameters, **floats}).values
