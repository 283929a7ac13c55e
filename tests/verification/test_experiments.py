"""Experiments in one model: each gives the same bits as in a run of its own."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.inputs.parameters import catalogue
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario
from sim.results.results import Results
from sim.runs import runner
from sim.runs.runner import run_points, run_scenarios, simulate
from sim.schema.assumptions import Assumptions

pytestmark = pytest.mark.slow

END = dt.date(2020, 5, 1)
OFFER, DATED = "kabul.ghani.offer", "kabul.ghani.offer@2020-03-10..2020-04-10"


@pytest.fixture(scope="module")
def base() -> Scenario:
    return load_scenario("baseline").with_dates(end=END)


def same(found: Results, alone: Results) -> None:
    """Check that two runs are the same to the last bit."""
    for name, values in alone.arrays.items():
        assert found.arrays[name].tobytes() == values.tobytes(), name
    for name, days in alone.milestone_day.items():
        np.testing.assert_array_equal(found.milestone_day[name], days, err_msg=name)
        np.testing.assert_array_equal(found.milestone_reason[name], alone.milestone_reason[name], err_msg=name)


def check_points(
    scenario: Scenario, design: Mapping[str, list[Any]], worlds: int, first: int, assumptions: Assumptions = "point"
) -> None:
    """Check that every point of a design equals the separate run with its settings."""
    batch = run_points(
        scenario,
        {key: np.array(values, float) for key, values in design.items()},
        worlds,
        3,
        first=first,
        assumptions=assumptions,
    )
    for point in range(batch.number):
        lines = [_line(key, values[point]) for key, values in design.items()]
        alone = scenario.with_settings(lines)
        expected = simulate(alone, worlds, 3, first=first, assumptions=assumptions)
        same(batch.results(point, alone, 3, assumptions), expected)


def _line(key: str, value: Any) -> str:
    name, at, days = key.partition("@")
    return f"{name}={str(value).lower()}{at}{days}"


@pytest.mark.parametrize("assumptions", ["point", "ranges"])
@pytest.mark.parametrize(("worlds", "first"), [(1, 0), (1, 63), (5, 62), (70, 0)])
def test_every_point_of_a_design_is_the_run_it_would_be_alone(
    base: Scenario, worlds: int, first: int, assumptions: Assumptions
) -> None:
    design: Mapping[str, list[Any]] = {
        "taliban.leverage": [0.2, 0.5, 0.98],
        DATED: [1500.0, 3000.0, 5000.0],
        "taliban.truce": [True, False, True],
        "us.withdrawal@2020-04-01..": [0.0, 40.0, 100.0],
    }
    check_points(base, design, worlds, first, assumptions)


def test_a_parameter_that_others_are_derived_from_gives_the_same_bits(base: Scenario) -> None:
    check_points(base, {"security_forces.taliban_share_in_attacks": [0.1, 0.3, 0.123456789]}, 3, 0)


def test_points_that_differ_in_flags_and_whole_numbers_run_apart(base: Scenario) -> None:
    design: Mapping[str, list[Any]] = {"kabul.contested": [True, False, True], "prisoners.listed": [4000, 5000, 5000]}
    check_points(base, design, 2, 0)


def test_no_settings_are_one_point(base: Scenario) -> None:
    batch = run_points(base, {}, 3)
    assert batch.number == 1
    same(batch.results(0, base, 0, "point"), simulate(base, 3))


def test_more_points_than_lie_side_by_side_are_cut_in_pieces(base: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "CHUNK", 64)
    short = base.with_dates(end=dt.date(2020, 3, 20))
    check_points(short, {"taliban.leverage": [0.1 * k for k in range(9)]}, 20, 0)
    check_points(short, {"taliban.leverage": [0.1, 0.2]}, 100, 5)


NUMBERS = [n for n, p in catalogue().items() if p.type == "float" and p.range and p.range[0] < p.range[1]]


@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_any_numbers_of_any_parameters_lie_side_by_side(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=6, unique=True))
    design = {}
    for name in names:
        low, high = catalogue()[name].range or (0, 0)
        design[name] = data.draw(st.lists(st.floats(low, high), min_size=3, max_size=3))
    check_points(load_scenario("baseline").with_dates(end=dt.date(2020, 4, 1)), design, 2, 0)


def test_scenarios_side_by_side_are_the_runs_they_would_be_alone() -> None:
    names = ("baseline", "free-run", "one-president", "truce-broken", "all-5000-at-once", "share-only-under-aid-cut")
    scenarios = [load_scenario(name).with_dates(end=dt.date(2020, 7, 1)) for name in names]
    for assumptions in ("point", "ranges"):
        found = run_scenarios(scenarios, 6, 2, first=60, assumptions=assumptions)
        for scenario, results in zip(scenarios, found, strict=True):
            same(results, simulate(scenario, 6, 2, first=60, assumptions=assumptions))


def test_reasons_say_who_imposed_what_in_each_course(base: Scenario) -> None:
    offered = base.change({OFFER: 2000})
    own = base.change({OFFER: "2000@2020-04-20.."})
    given, free = run_scenarios([offered, own], 2)
    assert given.reasons["decree"].values[0] == "imposed by the scenario"
    same(free, simulate(own, 2))


def test_progress_ends_with_all(base: Scenario) -> None:
    seen: list[tuple[int, int]] = []
    run_points(base, {"taliban.leverage": np.array([0.1, 0.2])}, 3, progress=lambda *step: seen.append(step))
    assert seen[-1] == (2 * 3 * base.days, 2 * 3 * base.days)
    assert seen == sorted(seen)


@pytest.mark.parametrize(
    ("design", "words"),
    [
        ({"taliban.leverag": [0.1]}, "did you mean taliban.leverage"),
        ({"taliban.leverage": [0.1, 1e9]}, "out of bounds"),
        ({"taliban.leverage": [0.1, np.nan]}, "finite"),
        ({"taliban.leverage@2020-03-10..": [0.1]}, "cannot have dates"),
        ({"taliban.truce": [0.5]}, "0 for no or 1 for yes"),
        ({"us.election_date": [1.0]}, "cannot vary"),
        ({DATED: [1.0], OFFER: [2.0]}, "overlaps"),
        ({f"{OFFER}@2021-03-10..": [1.0]}, "outside the run"),
        ({f"{OFFER}@soon": [1.0]}, "VALUE@FROM..UNTIL"),
        ({OFFER: [1.0], "taliban.leverage": [0.1, 0.2]}, "one value per point"),
        ({OFFER: []}, "one value per point"),
        ({"prisoners.listed": [1000.5]}, "whole"),
    ],
)
def test_what_cannot_be_varied_is_refused(base: Scenario, design: dict[str, list[float]], words: str) -> None:
    with pytest.raises(InputError, match=words):
        run_points(base, {key: np.array(values) for key, values in design.items()}, 1)


def test_scenarios_over_different_days_are_refused(base: Scenario) -> None:
    with pytest.raises(InputError, match="same days"):
        run_scenarios([base, base.with_dates(end=dt.date(2020, 6, 1))], 1)
    with pytest.raises(InputError, match="no scenarios"):
        run_scenarios([], 1)
