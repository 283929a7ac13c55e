"""The twin and the engine give the same numbers, rule by rule and day by day.

`test_twin.py` compares distributions; here nothing is left to chance. Every morning the twin is put where a world of
the engine stands, both live the day with the same luck, and every evening they must have known, decided, expected
and become the same, as near as the engine's single precision allows.
"""

import pytest

from sim import PeaceProcess, Scenario, load_scenario
from sim.decisions import levers
from sim.series import SERIES
from tests.verification.follower import CROWDS, STATES, TRAITS, Follower, Gaps, follow

SEED = 5
WORLDS = 12
FEW_WORLDS, FEW_DAYS = 2, 60


def followed(scenario: Scenario, worlds: int, days: int, twins: Scenario | None = None) -> Gaps:
    """Where twins part from the engine; twins: their scenario, if it is another."""
    engine = PeaceProcess(scenario, worlds, SEED, collect=False)
    return follow(engine, [Follower(twins or scenario, engine, world) for world in range(worlds)], days)


@pytest.mark.parametrize("name", ["baseline", "truce-broken", "share-only-under-aid-cut", "same-window-2019"])
def test_every_rule_gives_the_same(name: str) -> None:
    scenario = load_scenario(name)
    gaps = followed(scenario, WORLDS, scenario.days)
    assert not gaps.first, gaps
