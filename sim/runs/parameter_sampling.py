"""Assumptions: uncertain parameters are either at their best estimates or sampled per world from their ranges."""

from collections.abc import Container
from typing import Any, Literal

import numpy as np

from sim.engine.random_streams import Floats, RandomStreams
from sim.errors import InputError, nearest
from sim.inputs.parameters import ParameterSet, catalogue
from sim.inputs.scenario import Scenario

Assumptions = Literal["point", "ranges"]


def check_assumptions(assumptions: Any) -> None:
    """Raise InputError unless the word is "point" or "ranges"."""
    known = ("point", "ranges")
    if not isinstance(assumptions, str) or assumptions not in known:
        hint = nearest(assumptions, known) if isinstance(assumptions, str) else None
        raise InputError("must be point or ranges", path="assumptions", value=assumptions, nearest=hint)


def world_parameters(
    scenario: Scenario, assumptions: Assumptions, seed: int, worlds: int, first: int = 0
) -> ParameterSet:
    """Return the parameters of some worlds of a scenario, with one value per world where they are sampled.

    Parameters that the scenario sets are not sampled. Raises InputError for another word than "point" or "ranges".
    """
    check_assumptions(assumptions)
    if assumptions == "point":
        return scenario.resolved()
    drawn = draw_parameters(RandomStreams(seed, worlds, first), scenario.parameters)
    return ParameterSet.resolve({**drawn, **scenario.parameters})


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
