"""All that a scenario does differently: nothing is left out, and nothing is invented."""

import datetime as dt

import pytest

from dashboard.state.differences import NOTHING, differences, own_days
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


@pytest.mark.parametrize(("name", "lever", "days"), [
    ("baseline", "kabul.ghani.offer", (None, None)),  # the same as in the reference
    ("baseline", "taliban.demand", (None, None)),  # nobody imposes anything
    ("all-5000-at-once", "kabul.ghani.offer", (dt.date(2020, 3, 10), None)),  # until 10 March as in the reference
    ("demand-1500", "taliban.demand", (None, None)),  # the whole run
    ("spring-offensive-by-kabul", "kabul.ghani.posture", (dt.date(2020, 4, 15), dt.date(2020, 6, 15))),
    ("eid-truces-extended", "taliban.pause", (dt.date(2020, 5, 24), dt.date(2020, 8, 31))),  # from the first on
])  # fmt: skip
def test_the_days_on_which_a_scenario_changes_a_lever(name: str, lever: str, days: tuple[object, object]) -> None:
    assert own_days(load_scenario(name), load_scenario("baseline"), lever) == days
