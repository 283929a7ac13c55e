"""The facts: all checks hold for 1,000 worlds, on the three reference scenarios.

They hold with the best estimates, and with the sets of parameters that the facts allow, one per world. JIRGA_SEEDS says
with how many seeds, see `repeats`.
"""

import pytest

from sim.analysis.fact_checks import REFERENCE, CheckResult, facts_table
from sim.schema.assumptions import Assumptions
from tests.repeats import repeats

pytestmark = pytest.mark.slow

WORLDS = 1000
SEEDS = range(1, 1 + repeats("JIRGA_SEEDS", 1))

# Which claims are checked, and in which scenarios.
ASKED = {
    "attacks": {"baseline", "free-run"},
    "attacks, 2019": {"same-window-2019"},
    "Afghan forces killed": {"baseline", "free-run"},
    "Afghan forces killed, 2019": {"same-window-2019"},
    "offensives and airstrikes, fewer": {"baseline", "free-run"},
    "offensives and airstrikes, 2019": {"same-window-2019"},
    "no attack on the coalition": {"baseline", "free-run"},
    "talks open by 10 March": {"baseline", "free-run"},
    "decree on 10 March, no release before the 14th": {"baseline"},
    "withdrawal begins on 10 March": {"baseline"},
    "the Taliban turn the offer down": {"baseline", "free-run"},
    "release put off on 14 March": {"baseline"},
    "release put off unprompted": {"free-run"},
    "no talks, no single delegation by 15 April": {"baseline", "free-run"},
    "US troops at 5,000 by 1 November": {"baseline", "free-run"},
}


def text(row: CheckResult) -> str:
    """Return a fact with the model's number, as text."""
    band = "" if row.low is None else f" (90 % band {row.low:.0f} to {row.high:.0f})"
    return f"{row.scenario}: {row.check.claim} ({row.check.sentence}): {row.target}, found {row.value:.5g}{band}"


@pytest.mark.parametrize("assumptions", ["point", "facts"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_facts_hold(seed: int, assumptions: Assumptions) -> None:
    rows = facts_table(WORLDS, seed, assumptions=assumptions)
    failing = [text(row) for row in rows if not row.holds]
    assert not failing, f"seed {seed}: {failing}"
    asked: dict[str, set[str]] = {}
    for row in rows:
        asked.setdefault(row.check.claim, set()).add(row.scenario)
    assert asked == ASKED, f"seed {seed}"
    assert {row.scenario for row in rows} == set(REFERENCE)
