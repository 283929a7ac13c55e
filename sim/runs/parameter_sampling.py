"""Assumptions: uncertain parameters at their best estimates, sampled per world, or of the sets that the facts allow."""

from collections.abc import Container
from typing import Any, Final, Literal, get_args

import numpy as np

from sim.engine.random_streams import Floats, RandomStreams
from sim.errors import InputError, nearest
from sim.inputs import posterior
from sim.inputs.parameters import ParameterSet, catalogue
from sim.inputs.scenario import Scenario

Assumptions = Literal["point", "ranges", "facts"]
MEANINGS: Final[dict[Assumptions, str]] = {
    "point": "best estimates",
    "ranges": "sampled per world from their ranges",
    "facts": "sampled per world from the sets that the text's facts allow",
}


def check_assumptions(assumptions: Any) -> None:
    """Raise InputError unless the word is one of MEANINGS, or if the sets that the facts allow cannot be read."""
    known = get_args(Assumptions)
    if not isinstance(assumptions, str) or assumptions not in known:
        hint = nearest(assumptions, known) if isinstance(assumptions, str) else None
        raise InputError("must be point, ranges or facts", path="assumptions", value=assumptions, nearest=hint)
    if assumptions == "facts":
        posterior.shipped()


def world_parameters(
    scenario: Scenario, assumptions: Assumptions, seed: int, worlds: int, first: int = 0
) -> ParameterSet:
    """Return the parameters of some worlds of a scenario, with one value per world where they are sampled.

    Parameters that the scenario sets are not sampled. Raises InputError as `check_assumptions` does.
    """
    check_assumptions(assumptions)
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
