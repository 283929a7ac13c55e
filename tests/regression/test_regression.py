"""Regression: no outcome of the reference scenarios moves unless somebody refreshes the baseline on purpose.

On one kind of processor the numbers are equal to the last bit. Between kinds the last bit of `exp` may differ, which
now and then turns one draw of one world and then that world; hence the tolerance: a fiftieth of the spread between
worlds, about what a single world of 128 that turns quite another way can do to a mean, and 1e-6 of the mean itself.
A change of a rule turns all worlds and moves means by a tenth of the spread and more.
"""

import pytest

from sim.inputs.scenario_reader import load_scenario
from tests.regression.measured import SCENARIOS, Measured, Moments, measure, moments, recorded

OF_SPREAD = 0.02
OF_MEAN = 1e-6
ADVICE = "if that is meant: python -m tests.regression.refresh"


@pytest.fixture(scope="module")
def found() -> Measured:
    """The outcomes as they are now."""
    return measure()


def test_the_baseline_has_exactly_the_scenarios_and_outcomes_of_today(found: Measured) -> None:
    held = recorded()
    assert list(held) == list(SCENARIOS)
    for name in SCENARIOS:
        assert list(held[name]) == list(found[name]), f"{name}: {ADVICE}"


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_outcome_moves(found: Measured, name: str) -> None:
    off = moved(recorded()[name], found[name])
    assert not off, f"{name}: {off}; {ADVICE}"


def test_a_slight_change_of_a_rule_would_be_noticed() -> None:
    slight = load_scenario("baseline").change({"taliban.leverage": 0.985})
    off = moved(recorded()["baseline"], moments(slight))
    assert [line for line in off if line.startswith("attacks:")], off


def moved(held: dict[str, Moments], found: dict[str, Moments]) -> list[str]:
    """The outcomes that lie further from the record than is allowed."""
    off = []
    for outcome, before in held.items():
        now = found[outcome]
        if before is None or now is None:
            if before != now:
                off.append(f"{outcome}: {before} to {now}")
            continue
        allowed = OF_SPREAD * before["spread"] + OF_MEAN * abs(before["mean"])
        if abs(now["mean"] - before["mean"]) > allowed:
            off.append(f"{outcome}: {before['mean']:.6g} to {now['mean']:.6g}, allowed ± {allowed:.2g}")
    return off
