"""The parameters of each world: of the sets that the facts allow, drawn from their ranges, or typical ones."""

from collections.abc import Container
from typing import Any

import numpy as np

from sim.engine.random_streams import Floats, RandomStreams
from sim.inputs import posterior
from sim.inputs.parameters import ParameterSet, catalogue
from sim.inputs.scenario import Scenario
from sim.schema.assumptions import Assumptions, check_assumptions


def check_readable(assumptions: Any) -> None:
    """Raise InputError unless the word is one of the three, and the sets that the facts allow can be read."""
    if check_assumptions(assumptions) == "facts":
        posterior.shipped()


def world_parameters(
    scenario: Scenario, assumptions: Assumptions, seed: int, worlds: int, first: int = 0
) -> ParameterSet:
    """Return the parameters of some worlds of a scenario, with one value per world where they are sampled.

    Parameters that the scenario sets are not sampled. Raises InputError as `check_readable` does.
    """
    check_readable(assumptions)
    if assumptions == "point":
        return scenario.resolved()
    drawn = sampled_parameters(assumptions, scenario.parameters, seed, worlds, first)
    return ParameterSet.resolve({**drawn, **scenario.parameters})


def sampled_parameters(
    assumptions: Assumptions, fixed: Container[str], seed: int, worlds: int, first: int = 0, copies: int = 1
) -> dict[str, Floats]:
    """Return each world's own parameters, (copies * worlds,), by name; none at the point.

    fixed: names not sampled; copies: how often the worlds are repeated, one copy after the other. With "facts" world k
    carries draw k of the sets that the facts allow, whatever the seed.
    """
    if assumptions == "point":
        return {}
    if assumptions == "ranges":
        return draw_parameters(RandomStreams(seed, worlds, first, copies), fixed)
    sets = posterior.shipped().of_worlds(worlds, first)
    return {name: np.tile(values, copies) for name, values in sets.items() if name not in fixed}


def draw_parameters(dice: RandomStreams, fixed: Container[str]) -> dict[str, Floats]:
    """Return a value of every uncertain parameter in each world, uniform over its range, (worlds,).

    Each parameter draws from its own stream, so that fixing one changes no other. fixed: names not sampled.
    """
    drawn = {}
    for name, record in catalogue().items():
        if not record.uncertain or record.range is None or name in fixed:
            continue
        low, high = record.range
        if high > low:
            drawn[name] = np.float32(low) + np.float32(high - low) * dice.draw_once(f"parameter.{name}")[0]
    return drawn
