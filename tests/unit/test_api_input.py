"""The Python interface with invalid input: an InputError that says what is expected."""

from collections.abc import Callable
from typing import Any

import pytest

import sim
from sim.errors import InputError

BASE = sim.load_scenario("baseline")
WRONG: dict[str, Callable[[Any], Any]] = {
    "simulate": lambda given: sim.simulate(given, 8),
    "compare": lambda given: sim.compare(BASE, given, 8),
    "compare, first": lambda given: sim.compare(given, BASE, 8),
    "PeaceProcess": lambda given: sim.PeaceProcess(given, 8),
}


@pytest.mark.parametrize("given", ["baseline", None, 3])
@pytest.mark.parametrize("call", WRONG.values(), ids=WRONG.keys())
def test_a_name_is_not_a_scenario(call: Callable[[Any], Any], given: Any) -> None:
    with pytest.raises(InputError, match=r"must be a Scenario: sim\.load_scenario"):
        call(given)


@pytest.mark.parametrize(
    ("worlds", "seed", "problem"),
    [(0, 0, "out of bounds"), (-1, 0, "out of bounds"), (1.5, 0, "whole number"), (1, -1, "out of bounds")],
)
def test_invalid_worlds_and_seeds_of_a_model_are_rejected(worlds: Any, seed: int, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        sim.PeaceProcess(BASE, worlds, seed)
