"""Lever usage: an unchanged run, and the usual values of every lever."""

import datetime as dt

import numpy as np
import pytest

from sim.errors import InputError
from sim.inputs.scenario_reader import load_scenario
from sim.runs.lever_usage import run_with_usage
from sim.runs.runner import simulate
from sim.schema.decisions import levers

END = dt.date(2020, 4, 15)


def test_a_logged_run_has_the_bits_of_an_ordinary_run() -> None:
    scenario = load_scenario("baseline").with_dates(end=END)
    found, _ = run_with_usage(scenario, 5, 3)
    same = simulate(scenario, 5, 3, assumptions="point")
    for name, array in same.arrays.items():
        np.testing.assert_array_equal(found.arrays[name], array, err_msg=name)
    assert (found.scenario, found.seed, found.worlds) == (scenario, 3, 5)


def test_every_lever_has_usual_values_within_its_bounds() -> None:
    scenario = load_scenario("all-5000-at-once").with_dates(end=END)
    _, usual = run_with_usage(scenario, 4)
    assert list(usual) == list(levers())
    for name, lever in levers().items():
        mark = usual[name]
        low, high = (0, 1) if lever.flag else (lever.low, lever.high)
        assert low <= mark.low <= mark.median <= mark.high <= high, mark
    assert usual["kabul.ghani.offer"].imposed
    assert not usual["taliban.intensity"].imposed


@pytest.mark.parametrize(("worlds", "seed"), [(0, 0), (1, -1)])
def test_worlds_and_seed_out_of_bounds_are_rejected(worlds: int, seed: int) -> None:
    with pytest.raises(InputError, match="out of bounds"):
        run_with_usage(load_scenario("baseline"), worlds, seed)
