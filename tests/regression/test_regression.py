"""Regression: no outcome of the reference scenarios changes unless somebody refreshes the baseline on purpose.

On one kind of processor the numbers are equal to the last bit. Between kinds the last bit of `exp` may differ, which
can rarely change one draw of one world and then the whole world; hence the tolerance: a fiftieth of the spread
between worlds, about the effect on a mean of a single world of 128 that takes another course, and 1e-6 of the mean
itself. A change of a rule affects all worlds and changes means by a tenth of the spread or more.
"""

import pytest

from sim.inputs.scenario_reader import load_scenario
from tests.regression.measured import SCENARIOS, TYPICAL, Measured, Moments, measure, moments, recorded

OF_SPREAD = 0.02
OF_MEAN = 1e-6
ADVICE = "if this is intended: python -m tests.regression.refresh"


@pytest.fixture(scope="module")
def found() -> Measured:
    """Return the current outcomes."""
    return measure()


@pytest.mark.slow
def test_the_baseline_has_exactly_the_scenarios_and_outcomes_of_today(found: Measured) -> None:
    held = recorded()
    assert list(held) == [*SCENARIOS, TYPICAL]
    for name in held:
        assert list(held[name]) == list(found[name]), f"{name}: {ADVICE}"


@pytest.mark.parametrize("name", [*SCENARIOS, TYPICAL])
def test_no_outcome_moves(found: Measured, name: str) -> None:
    off = moved(recorded()[name], found[name])
    assert not off, f"{name}: {off}; {ADVICE}"


@pytest.mark.slow
def test_a_slight_change_of_a_rule_would_be_noticed() -> None:
    slight = load_scenario("baseline").change({"taliban.leverage": 0.985})
    off = moved(recorded()["baseline"], moments(slight))
    assert [line for line in off if line.startswith("attacks:")], off


def moved(held: dict[str, Moments], found: dict[str, Moments]) -> list[str]:
    """Return the outcomes that differ from the record by more than is allowed."""
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
