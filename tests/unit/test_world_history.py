"""History: the same world as in a run of many, parts that add up to the daily series, and an ordered narrative."""

import datetime as dt

import numpy as np
import pytest

from sim.analysis.narrative import narrate
from sim.analysis.world_history import (
    COUNTS,
    DISTINGUISHING,
    History,
    histories,
    history,
    surprising_world,
    typical_world,
)
from sim.errors import InputError
from sim.inputs.scenario_reader import load_scenario
from sim.runs.runner import simulate
from sim.schema.milestones import MILESTONES, NEVER
from sim.schema.series import SERIES
from tests.unit.synthetic import results as made_up

WORLD, SEED = 17, 3


@pytest.fixture(scope="module")
def shown() -> History:
    """Return one world of the baseline."""
    return history(load_scenario("baseline"), WORLD, SEED)


@pytest.mark.slow
def test_a_single_world_equals_the_same_world_of_a_larger_run(shown: History) -> None:
    many = simulate(load_scenario("baseline"), 20, SEED)
    for name in SERIES:
        assert np.array_equal(shown.daily[name], many.arrays[name][WORLD]), name
    for name in MILESTONES:
        assert shown.results.milestone_day[name][0] == many.milestone_day[name][WORLD], name
        assert shown.results.milestone_reason[name][0] == many.milestone_reason[name][WORLD], name
    assert (shown.world, shown.seed) == (WORLD, SEED)


@pytest.mark.slow
def test_a_single_world_samples_the_same_parameters_as_a_larger_run() -> None:
    short = load_scenario("baseline").with_dates(end=dt.date(2020, 4, 15))
    one = history(short, 5, SEED, assumptions="ranges")
    many = simulate(short, 8, SEED, assumptions="ranges")
    assert np.array_equal(one.daily["attacks"], many.arrays["attacks"][5])


@pytest.mark.parametrize("name", [name for name in COUNTS if name != "returned"])
def test_the_fronts_add_up_to_the_national_total(shown: History, name: str) -> None:
    assert shown.by_front[name].shape == (306, 34)
    assert np.array_equal(shown.by_front[name].sum(axis=1), shown.daily[name])


def test_returned_prisoners_and_fighters_add_up(shown: History) -> None:
    assert np.array_equal(shown.by_front["returned"].sum(axis=1).cumsum(), shown.daily["returned_to_fighting"])
    assert shown.fighters.sum(axis=1) == pytest.approx(shown.daily["taliban_strength"], rel=1e-5)


def test_prisoners_and_brokers_are_complete(shown: History) -> None:
    assert shown.ready.sum() == 5000
    assert np.array_equal(shown.freed.sum(axis=1), shown.daily["prisoners_released"])
    assert shown.lean.shape == (306, len(shown.conviction)) == (306, 60)
    apart = 1 - np.abs(shown.lean - shown.lean.mean(axis=1, keepdims=True)).mean(axis=1)
    assert apart == pytest.approx(shown.daily["kabul_cohesion"], abs=1e-5)


def test_weeks_contain_every_day_once(shown: History) -> None:
    weeks = shown.weekly("attacks")
    assert weeks.shape == (44, 34)
    assert weeks.sum() == shown.daily["attacks"].sum()
    assert np.array_equal(weeks[0], shown.by_front["attacks"][:7].sum(axis=0))


def test_a_history_is_read_only(shown: History) -> None:
    for array in (shown.lean, shown.fighters, shown.by_front["attacks"], shown.decisions["us.aid_cut"], shown.freed):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_the_narrative_is_in_order_and_contains_every_milestone(shown: History) -> None:
    dates = [event.date for event in narrate(shown)]
    assert dates == sorted(dates)
    assert all(
        event.text.endswith(".") and (event.text[0].isupper() or event.text[0].isdigit()) for event in narrate(shown)
    )
    days = {day[0] for day in shown.results.milestone_day.values() if day[0] != NEVER}
    assert days, "no milestone is reached in this world"
    assert days <= {shown.results.calendar.index(date) for date in dates}
    assert narrate(shown)[-1].who == "The end"


def test_the_narrative_contains_the_reasons_of_the_text(shown: History) -> None:
    first = {event.text: event for event in reversed(narrate(shown))}
    decree = first["A decree orders the release of 1,500 prisoners, but only of those who sign a pledge."]
    assert decree.imposed
    assert decree.why == "imposed by the scenario: the decree of 10 March (S10)"
    rejection = first["The Taliban turn the offer down."]
    assert rejection.date == dt.date(2020, 3, 11)
    assert rejection.why == "fewer offered than demanded: 1,500 offered, 5,000 demanded"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["same-window-2019", "truce-broken", "free-run", "all-5000-at-once"])
def test_every_kind_of_scenario_has_a_narrative(name: str) -> None:
    story = narrate(history(load_scenario(name), 1))
    assert story[-1].text.startswith("The run ends with")
    if name == "truce-broken":
        assert any(event.text == "The agreement with the United States is broken permanently." for event in story)


def test_a_run_of_one_day_has_a_narrative() -> None:
    one = load_scenario("baseline").with_dates(end=dt.date(2020, 3, 2))
    assert narrate(history(one, 0))[-1].date == dt.date(2020, 3, 1)


@pytest.mark.parametrize(("world", "seed"), [(-1, 0), (0, -1), (10**6, 0), (0.5, 0), (True, 0)])
def test_worlds_and_seeds_out_of_bounds_are_rejected(world: int, seed: int) -> None:
    with pytest.raises(InputError):
        history(load_scenario("baseline"), world, seed)


def test_unknown_assumptions_are_rejected() -> None:
    with pytest.raises(InputError, match="facts, ranges or point"):
        history(load_scenario("baseline"), 0, 0, assumptions="guess")  # type: ignore[arg-type]


def test_the_typical_world_is_close_to_the_medians_and_the_surprising_one_is_not() -> None:
    level = np.arange(9, dtype=np.float32)[:, None]
    level[8] = 40
    found = made_up(9, daily={"attacks": level, "taliban_killed": level, "security_forces_killed": level})
    assert typical_world(found).world != 8
    assert surprising_world(found).world == 8
    assert surprising_world(found).distance > typical_world(found).distance


def test_the_largest_deviation_comes_first_and_never_counts_as_after_the_run() -> None:
    flat = dict.fromkeys(SERIES, np.ones(1, np.float32))
    day = np.array([10, 10, 10, NEVER], np.int16)
    odd = surprising_world(made_up(4, daily=flat, day={"talks_open": day}))
    assert odd.world == 3
    assert odd.marks[0].outcome == "day_talks_open"
    assert np.isnan(odd.marks[0].value)
    assert odd.marks[0].median == 10
    assert len(odd.marks) == len(DISTINGUISHING)


def test_worlds_keep_their_ids() -> None:
    assert typical_world(made_up(5, first=100)).world >= 100


@pytest.mark.slow
def test_several_scenarios_at_once_equal_separate_runs() -> None:
    """Each history is bit for bit the one of its own run."""
    base = load_scenario("baseline").with_dates(end=dt.date(2020, 5, 1))
    scenarios = [
        base,
        base.change({"kabul.ghani.offer": 3000, "kabul.ghani.review": False}),
        base.change({"us.withdrawal": 90}),
    ]
    for scenario, found in zip(scenarios, histories(scenarios, 70, 4), strict=True):
        alone = history(scenario, 70, 4)
        assert found.scenario == scenario
        for name, values in alone.results.arrays.items():
            np.testing.assert_array_equal(values, found.results.arrays[name])
        for one, other in ((alone.by_front, found.by_front), (alone.decisions, found.decisions)):
            for name in one:
                np.testing.assert_array_equal(one[name], other[name])
        for field in ("fighters", "lean", "conviction", "grounds", "ready", "freed"):
            np.testing.assert_array_equal(getattr(alone, field), getattr(found, field))
        assert narrate(found) == narrate(alone)
    with pytest.raises(InputError, match="same days"):
        histories([base, base.with_dates(end=dt.date(2020, 4, 1))])
