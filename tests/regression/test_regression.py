"""Regression: no outcome of the reference scenarios moves unless somebody refreshes the baseline on purpose.

On one kind of processor the numbers are equal to the last bit. Between kinds the last bit of `exp` may differ, which
now and then turns one draw of one world and then that world; hence the tolerance: a fiftieth of the spread between
worlds, about what a single world of 128 that turns quite another way can do to a mean, and 1e-6 of the mean itself.
A change of a rule turns all worlds and moves means by a tenth of the spread and more.
"""

import pytest

from tests.regression.measured import SCENARIOS, Measured, measure, recorded

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
    moved = []
    for outcome, held in recorded()[name].items():
        now = found[name][outcome]
        if held is None or now is None:
            if held != now:
                moved.append(f"{outcome}: {held} to {now}")
            continue
        allowed = OF_SPREAD * held["spread"] + OF_MEAN * abs(held["mean"])
        if abs(now["mean"] - held["mean"]) > allowed:
            moved.append(f"{outcome}: {held['mean']:.6g} to {now['mean']:.6g}, allowed ± {allowed:.2g}")
    assert not moved, f"{name}: {moved}; {ADVICE}"
