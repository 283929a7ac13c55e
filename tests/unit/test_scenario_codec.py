"""A link that was cut short or changed is refused, or opens as the scenario that it was made from."""

import random
import string
from functools import lru_cache

import pytest

from dashboard.state.scenario_codec import read_form, write_form
from sim.errors import InputError
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario, parse_scenario

LETTERS = string.ascii_letters + string.digits + "-_"
CHANGES = 400  # per link, of one character

SCENARIOS = {
    "shipped": load_scenario("baseline"),
    "with interventions": load_scenario("withdrawal-stopped"),
    "short": parse_scenario('title = "Short"\nend = 2020-03-20\n'),
    "with texts": parse_scenario(
        'title = "Own"\nbase = "free-run"\nnotes = "One.\\nTwo."\n[set]\ntaliban.leverage = 0.7\n'
    ),
    "with worlds": parse_scenario('title = "Own"\nquestion = "Why?"\n[run]\nseed = 5\nworlds = 30\n'),
}
LINKS = {name: write_form(scenario) for name, scenario in SCENARIOS.items()}
NAMES = pytest.mark.parametrize("name", LINKS)


@lru_cache(maxsize=4096)
def opened(form: str) -> Scenario | None:
    """The scenario of a link, None if it is refused."""
    try:
        return read_form(form)
    except InputError:
        return None


@NAMES
def test_a_whole_link_opens(name: str) -> None:
    assert opened(LINKS[name]) == SCENARIOS[name]


@NAMES
def test_a_link_cut_short_is_refused_at_every_character(name: str) -> None:
    form = LINKS[name]
    accepted = [length for length in range(len(form)) if opened(form[:length]) is not None]
    assert not accepted, accepted


@NAMES
def test_a_link_with_anything_after_its_end_is_refused(name: str) -> None:
    accepted = [more for more in (*LETTERS, "AA", "AAA", "AAAA", LINKS["short"]) if opened(LINKS[name] + more)]
    assert not accepted, accepted


@NAMES
def test_a_link_with_one_character_changed_is_refused_or_equal(name: str) -> None:
    form, chance = LINKS[name], random.Random(name)  # noqa: S311  not a secret
    for _ in range(CHANGES):
        place, letter = chance.randrange(len(form)), chance.choice(LETTERS)
        found = opened(form[:place] + letter + form[place + 1 :])
        assert found in (None, SCENARIOS[name]), (place, letter)


@NAMES
def test_a_link_without_one_of_its_characters_is_refused(name: str) -> None:
    form, chance = LINKS[name], random.Random(name)  # noqa: S311  not a secret
    for place in (chance.randrange(len(form)) for _ in range(CHANGES)):
        assert opened(form[:place] + form[place + 1 :]) in (None, SCENARIOS[name]), place
