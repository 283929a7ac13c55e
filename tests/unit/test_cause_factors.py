"""Factors and mechanisms: nothing is forgotten, neutral means neutral, and taking away does what it says."""

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.analysis.causes.chain import FILE as CHAINS
from sim.analysis.causes.chain import grounds, read_grounds
from sim.analysis.causes.courses import Courses
from sim.analysis.causes.factor import Factor, without_factors
from sim.analysis.causes.factor_list import (
    chosen_factors,
    differences,
    factors_of,
)
from sim.analysis.causes.neutral_levers import FILE as LEVERS
from sim.analysis.causes.neutral_levers import neutral_levers, read_neutral_levers
from sim.errors import InputError
from sim.inputs.mechanisms import FILE as MECHANISMS
from sim.inputs.mechanisms import mechanisms, no_mechanisms, read_mechanisms, without
from sim.inputs.parameters import catalogue
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario, parse_scenario
from sim.results.results import Results
from sim.runs.runner import run_scenarios, simulate
from sim.schema.assumptions import Assumptions
from sim.schema.decisions import levers
from sim.schema.milestones import MILESTONES
from sim.schema.series import CONDITIONS

BASE = load_scenario("baseline").with_dates(end=dt.date(2020, 3, 20))
OFFER = "kabul.ghani.offer"


def same_bits(one: Results, other: Results) -> bool:
    """Whether two runs have the same bits in every series and milestone."""
    daily = all(np.array_equal(one.arrays[name], other.arrays[name]) for name in one.arrays)
    return daily and all(np.array_equal(one.milestone_day[name], other.milestone_day[name]) for name in MILESTONES)


def test_every_parameter_belongs_to_one_mechanism_or_has_a_reason() -> None:
    """A new parameter fails here until sim/inputs/mechanisms.toml says of which mechanism it is part, or why none."""
    places: dict[str, list[str]] = {name: [] for name in catalogue()}
    for one in mechanisms().values():
        for name in (*one.neutral, *one.shapes):
            places[name].append(one.name)
    for other in no_mechanisms():
        for name in catalogue():
            if other.has(name):
                places[name].append(f"other: {other.reason}")
    wrong = {name: found for name, found in places.items() if len(found) != 1}
    assert not wrong, f"neither named once in a mechanism nor with a reason: {wrong}"


def test_whole_groups_are_set_aside_only_where_no_mechanism_has_a_part_in_them() -> None:
    """So a new parameter of a group that mechanisms act in is never passed over."""
    groups = {name.rpartition(".")[0] for one in mechanisms().values() for name in (*one.neutral, *one.shapes)}
    patterns = [name for one in no_mechanisms() for name in one.names if "*" in name]
    assert [name for name in patterns if name.removesuffix(".*") in groups] == []
    assert all(name.endswith(".*") for name in patterns)


def test_every_lever_has_a_neutral_value_or_a_reason() -> None:
    assert set(neutral_levers()) == set(levers())
    for name, one in neutral_levers().items():
        assert bool(one.without) != bool(one.reason), name
        assert (one.value is None) == bool(one.reason), name


def test_every_milestone_and_condition_has_a_rule_and_its_source() -> None:
    milestones, conditions = grounds()
    assert set(milestones) == set(MILESTONES)
    assert set(conditions) == set(CONDITIONS)
    assert all(one.rule and one.rests_on for one in (*milestones.values(), *conditions.values()))


@pytest.mark.parametrize(
    ("source", "read", "change", "message"),
    [
        (MECHANISMS, read_mechanisms, ("shapes = ", "shape = "), "no such key; did you mean"),
        (
            MECHANISMS,
            read_mechanisms,
            ('"taliban.attend_waiting" =', '"taliban.attend_wait" ='),
            "is no parameter that",
        ),
        (MECHANISMS, read_mechanisms, ('"fronts.autonomy" = 0.0', '"fronts.autonomy" = 3.0'), "out of bounds"),
        (MECHANISMS, read_mechanisms, ('"trust.us_taliban_start"\n', '"trust.us_start"\n'), "no such parameter"),
        (MECHANISMS, read_mechanisms, ('"season.*"', '"seasons.*"'), "fits no parameter"),
        (MECHANISMS, read_mechanisms, ('rests_on = ["S1", "S2"', 'rests_on = ["S1", "S99"'), "no such name"),
        (MECHANISMS, read_mechanisms, ('theory = "Putnam 1988"\n', ""), "has no theory"),
        (LEVERS, read_neutral_levers, ('["us.aid_cut"]', '["us.aid_cuts"]'), "did you mean us.aid_cut?"),
        (LEVERS, read_neutral_levers, ("neutral = true", "neutral = 1"), "must be true or false"),
        (LEVERS, read_neutral_levers, ('["council.backing"]\nreason', '["council.backing"]\nwhy'), "no such key"),
        (CHAINS, read_grounds, ("[milestones.decree]", "[milestones.decrees]"), "did you mean decree?"),
        (CHAINS, read_grounds, ('after = ["us_at_8600"]', 'after = ["us_at_8601"]'), "no such name"),
    ],
)
def test_a_wrong_entry_gets_one_clear_line(
    source: Path, read: object, change: tuple[str, str], message: str, tmp_path: Path
) -> None:
    text = source.read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / source.name
    path.write_text(text.replace(change[0], change[1], 1), encoding="utf-8")
    assert callable(read)
    with pytest.raises(InputError, match=message.replace("?", r"\?")) as caught:
        read(path)
    assert str(caught.value).startswith(f"{source.name}: "), caught.value
    assert "\n" not in str(caught.value)


def test_a_missing_lever_gets_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "levers.toml"
    path.write_text('["us.aid_cut"]\nneutral = 0\nwithout = "no aid is withheld"\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"levers\.toml: levers: has no us\.withdrawal"):
        read_neutral_levers(path)


@pytest.mark.parametrize("name", mechanisms())
def test_switching_off_what_is_neutral_already_changes_nothing(name: str) -> None:
    """The scenario has the same hash, so it is the same run; a mechanism that is off is no factor any more."""
    once = without(BASE, [name])
    twice = without(once, [name])
    assert once.hash() != BASE.hash()
    assert twice.hash() == once.hash()
    assert name in factors_of(BASE)
    assert name not in factors_of(once)


@pytest.mark.slow
def test_every_mechanism_that_is_neutral_by_hand_is_the_same_run_to_the_last_bit() -> None:
    by_hand = [BASE.change(one.settings(BASE)) for one in mechanisms().values()]
    switched = [without(one, [name]) for one, name in zip(by_hand, mechanisms(), strict=True)]
    runs = run_scenarios([*by_hand, *switched], 4, 3)
    for name, one, other in zip(mechanisms(), runs, runs[len(by_hand) :], strict=False):
        assert same_bits(one, other), name


@pytest.mark.slow
def test_switching_a_mechanism_off_changes_no_bit_where_it_has_no_part() -> None:
    """Nobody is released, so nobody returns; no broker can be swayed; without an agreement nothing is at stake."""
    quiet = BASE.change({OFFER: 0})
    undecided = BASE.change({"kabul.brokers.conviction": 1.0, "kabul.brokers.conviction_spread": 0.0})
    unsigned = BASE.change({"agreement.signed": False})
    pairs = [(quiet, "returns"), (undecided, "bandwagon"), (unsigned, "commitment"), (unsigned, "backing")]
    for scenario, name in pairs:
        plain, off = run_scenarios([scenario, without(scenario, [name])], 8, 3)
        assert same_bits(plain, off), name
    plain, off = run_scenarios([BASE, without(BASE, ["leverage"])], 8, 3)
    assert not same_bits(plain, off), "the comparison can fail"


def test_mechanisms_are_switched_off_in_a_file_as_by_hand() -> None:
    text = 'title = "No spoilers"\nbase = "baseline"\nwithout = ["spoilers", "bandwagon"]\n'
    by_file, by_hand = parse_scenario(text), without(load_scenario("baseline"), ["bandwagon", "spoilers"])
    assert by_file.hash() == by_hand.hash()
    assert by_file.title == "No spoilers"
    assert by_file.parameters["fronts.autonomy"] == 0
    assert without(BASE, []) is BASE
    with pytest.raises(InputError, match=r'without = "spoiler"|spoiler: no such mechanism; did you mean spoilers\?'):
        parse_scenario(text.replace("spoilers", "spoiler"))
    with pytest.raises(InputError, match="must be a list"):
        parse_scenario(text.replace('["spoilers", "bandwagon"]', '"spoilers"'))
    with pytest.raises(InputError, match="must be a Scenario"):
        without("baseline", ["spoilers"])  # type: ignore[arg-type]


def named(scenario: Scenario, *names: str) -> list[Factor]:
    return chosen_factors(factors_of(scenario), names)


def test_taking_away_what_a_scenario_imposes_leaves_the_lever_to_its_actor() -> None:
    freed = without_factors(BASE, named(BASE, OFFER))
    assert OFFER not in {one.lever for one in freed.interventions}
    assert len(freed.interventions) == sum(one.lever != OFFER for one in BASE.interventions)


def test_a_neutral_decision_stands_only_where_nothing_is_imposed() -> None:
    assert f"decided.{OFFER}" not in factors_of(BASE), "imposed all through the short run"
    longer = load_scenario("baseline")
    held = without_factors(longer, named(longer, f"decided.{OFFER}"))
    assert held.imposed(dt.date(2020, 4, 14))[OFFER] == 1500
    assert held.imposed(dt.date(2020, 4, 15))[OFFER] == 0
    both = without_factors(longer, named(longer, f"decided.{OFFER}", f"imposed.{OFFER}"))
    assert both.imposed(dt.date(2020, 4, 1))[OFFER] == 0
    assert both.imposed(dt.date(2020, 3, 5))["us.withdrawal"] == 0, "other levers are as they were"


def test_a_parameter_that_the_scenario_sets_is_a_factor() -> None:
    scenario = BASE.change({"talks.slope": 0.25, "kabul.contested": False})
    known = factors_of(scenario)
    assert known["set.talks.slope"].without == "it is 0.3"
    restored = without_factors(scenario, named(scenario, "talks.slope", "kabul.contested"))
    assert restored.hash() == BASE.hash()
    off = without_factors(without(BASE, ["spoilers"]), named(without(BASE, ["spoilers"]), "imposed"))
    assert not off.interventions
    assert off.hash() == Scenario("free", BASE.start, BASE.end).hash(), "what a scenario sets counts as imposed"


def test_names_of_factors_stand_for_one_or_for_a_group() -> None:
    known = factors_of(BASE)
    usual = chosen_factors(known, None)
    assert {one.kind for one in usual} == {"imposed", "mechanism"}
    assert usual == chosen_factors(known, ["mechanisms", "imposed"])
    assert [one.name for one in chosen_factors(known, ["us.aid_cut", OFFER])] == [
        f"imposed.{OFFER}",
        "decided.us.aid_cut",
    ]
    wrong: list[tuple[Any, str]] = [
        (["spoiler"], r"spoiler: no such factor here; did you mean spoilers\?"),
        (["us.aid_cuts"], "no such factor here"),
        ([], "at least one factor"),
        ("spoilers", "must be a list"),
        ([3], "must be a name"),
    ]
    for names, problem in wrong:
        with pytest.raises(InputError, match=problem):
            chosen_factors(known, names)
    with pytest.raises(InputError, match="imposed: is a group without any factor here"):
        chosen_factors(factors_of(Scenario("free")), ["imposed"])


def test_taking_all_differences_away_gives_the_other_scenario() -> None:
    other = BASE.change({OFFER: 4000, "us.aid_cut": 1.0, "talks.slope": 0.25})
    for one, two in ((other, BASE), (BASE, other)):
        found = differences(one, two)
        assert list(found) == ["us.aid_cut", OFFER, "talks.slope"]
        assert without_factors(one, list(found.values())).hash() == two.hash()
    with pytest.raises(InputError, match="against: does the same as the scenario itself"):
        differences(BASE, BASE.change({}, title="Another title"))


@pytest.mark.slow
@pytest.mark.parametrize("assumptions", ["point", "ranges", "facts"])
def test_courses_have_the_bits_of_their_own_runs(assumptions: Assumptions) -> None:
    """Different sets of factors in each world, flags and dates among what is taken away, and worlds from the middle."""
    scenario = load_scenario("baseline").with_dates(end=dt.date(2020, 4, 5)).change({"kabul.contested": False})
    some = named(scenario, OFFER, "kabul.ghani.review", "leverage", "reciprocity", "kabul.contested", "us.aid_cut")
    away = np.random.default_rng(5).integers(0, 2 ** len(some), (3, 2))
    courses = Courses(scenario, some, "first_release", 2, 9, first=70, assumptions=assumptions)
    days = courses(away)
    for run, world in np.ndindex(days.shape):
        alone = without_factors(scenario, [one for place, one in enumerate(some) if away[run, world] >> place & 1])
        found = simulate(alone, 1, 9, first=70 + world, assumptions=assumptions).milestone_day["first_release"][0]
        assert days[run, world] == found, (run, world)
