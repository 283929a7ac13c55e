"""All that a scenario does differently: nothing is left out, and nothing is invented."""

import pytest

from dashboard.state.differences import NOTHING, differences
from sim.inputs.scenario_reader import load_scenario, scenario_names


def test_a_scenario_does_not_differ_from_itself() -> None:
    assert differences(load_scenario("baseline"), load_scenario("baseline")) == []


@pytest.mark.parametrize("name", scenario_names())
def test_scenarios_differ_exactly_if_their_hashes_do(name: str) -> None:
    own, known = load_scenario(name), load_scenario("baseline")
    known = known.with_dates(own.start, own.end)
    assert bool(differences(own, known)) == (own.hash() != known.hash())


def test_each_is_in_words() -> None:
    own = load_scenario("baseline").with_settings(["kabul.ghani.offer=5000@2020-05-01..", "taliban.leverage=0.5"])
    offer, leverage = differences(own, load_scenario("baseline"))
    assert offer == ("Prisoners offered", "0 until 10 Mar, 1,500 from 10 Mar until 15 Apr, 5,000 from 1 May")
    assert leverage[1] == "0.5"
    free = dict(differences(load_scenario("free-run"), load_scenario("baseline")))
    assert free["Prisoners offered"] == NOTHING
