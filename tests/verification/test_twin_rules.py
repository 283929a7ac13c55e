"""The twin and the engine give the same numbers, rule by rule and day by day.

`test_twin.py` compares distributions; this comparison is exact. At the start of each day the twin gets the state of a
world of the engine, both simulate the day with the same random numbers, and at the end of the day their situation,
decisions, expected counts and states must be equal up to the engine's single precision.
"""

import pytest

from sim import PeaceProcess, Scenario, load_scenario
from sim.schema.decisions import levers
from sim.schema.series import SERIES
from tests.repeats import repeats
from tests.verification.follower import Follower
from tests.verification.rule_gaps import Gaps, follow

pytestmark = pytest.mark.slow

SEED = 5
PAUSED = "eid-truces-extended"
FEW_WORLDS, FEW_DAYS = 1, 45  # releases begin on day 38

WORLDS = repeats("JIRGA_FOLLOWED", 6)
# Days of each. With the truce broken the agreement breaks on day 45, and little else happens later.
RUNS = {"baseline": 306, PAUSED: 306, "truce-broken": 100, "same-window-2019": 45}

# The hazards of talks that some world of a scenario must have used; otherwise they would not be compared.
HAZARDS = {name: {f"hazard {one}" for one in ("open", "breakdown", "advance")} for name in ("baseline", PAUSED)}

# A parameter of the twin that is changed by a tenth, and a rule that must then differ.
WRONG = {
    "agreement.memory": "violence",
    "us.pressure_base": "us.pressure_on_ghani",
    "taliban.prisoners_share": "taliban.intensity",
    "taliban.pledge_spread": "taliban.pledges_acceptable",
    "fronts.imitation": "fronts.intensity",
    "fronts.recruitment": "fronts.fighters",
    "kabul.ghani.posture_answer": "kabul.ghani.posture",
    "kabul.abdullah.ask_base": "kabul.abdullah.share_asked",
    "kabul.brokers.bandwagon": "brokers.lean",
    "security_forces.lethality_offensive": "expected security_forces_killed",
    "security_forces.cohesion_for_all": "custody.part",
    "prisoners.pledge_effect": "prisoners.resolve",
    "trust.us_kabul_gone": "series trust_us_kabul",
}


def followed(scenario: Scenario, worlds: int, days: int, twins: Scenario | None = None) -> Gaps:
    """Return the differences between twins and engine; twins: their scenario if it differs."""
    engine = PeaceProcess(scenario, worlds, SEED, collect=False)
    return follow(engine, [Follower(twins or scenario, engine, world) for world in range(worlds)], days)


@pytest.mark.parametrize("name", RUNS)
def test_every_rule_gives_the_same(name: str) -> None:
    gaps = followed(load_scenario(name), WORLDS, RUNS[name])
    assert not gaps.first, str(gaps)
    assert HAZARDS.get(name, set()) <= gaps.compared, "no world came that far"


@pytest.mark.parametrize("parameter", WRONG)
def test_a_wrong_number_is_seen(parameter: str) -> None:
    scenario = load_scenario("baseline")
    twins = scenario.change({parameter: 0.9 * scenario.resolved()[parameter]})
    gaps = followed(scenario, FEW_WORLDS, FEW_DAYS, twins)
    assert WRONG[parameter] in gaps.first, str(gaps)


def test_a_wrong_number_is_seen_in_one_rule_and_in_what_follows_from_it_that_day() -> None:
    """Each day starts from the engine's state, so that an error does not affect all other rules."""
    scenario = load_scenario("baseline")
    gaps = followed(scenario, FEW_WORLDS, FEW_DAYS, scenario.change({"trust.us_taliban_base": 0.21}))
    assert set(gaps.first) == {"series trust_us_taliban"}, str(gaps)


def test_everything_is_compared() -> None:
    """Every lever and every daily series."""
    scenario = load_scenario("baseline")
    gaps = followed(scenario, FEW_WORLDS, 2)
    assert gaps.compared >= {*levers(), *(f"series {name}" for name in SERIES)}
