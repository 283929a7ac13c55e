"""The Python interface given what it cannot use: an InputError that says what would be right."""

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
def test_a_name_is_no_scenario(call: Callable[[Any], Any], given: Any) -> None:
    with pytest.raises(InputError, match=r"must be a Scenario: sim\.load_scenario"):
        call(given)


@pytest.mark.parametrize(("worlds", "seed"), [(0, 0), (-1, 0), (1.5, 0), (1, -1)])
def test_a_model_of_no_worlds_is_refused(worlds: Any, seed: int) -> None:
    with pytest.raises(InputError, match="bounds"):
        sim.PeaceProcess(BASE, worlds, seed)
