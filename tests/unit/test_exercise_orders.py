"""What holds in a round: orders, deals, injects and the base, the later over the earlier; and who broke what."""

import datetime as dt
import itertools
from pathlib import Path

import pytest

from sim.exercise.decisions import decisions
from sim.exercise.orders import breaches, in_force
from sim.exercise.rounds import group_scenario
from sim.exercise.seats import SEATS
from sim.exercise.state import ExerciseState
from sim.exercise.world_cache import run_together
from tests.unit.classroom import Lesson, lesson

pytestmark = pytest.mark.slow

US, GHANI = (1, "us"), (1, "ghani")
OFFER, PACE = "kabul.ghani.offer", "kabul.ghani.pace"


def state_of(one: Lesson) -> ExerciseState:
    return one.room._log.state(one.exercise)


def held(one: Lesson, number: int) -> dict[str, float | bool]:
    return {name: holding.value for name, holding in in_force(state_of(one), 1, number).items()}


def test_an_order_holds_for_its_round_or_until_changed(tmp_path: Path) -> None:
    one = lesson(tmp_path, GHANI)
    ghani = one.tokens[GHANI]
    one.open()
    one.room.order(ghani, OFFER, 1000, "until_changed")
    one.room.order(ghani, PACE, 50)
    one.play()
    one.open()
    one.room.order(ghani, OFFER, 3000)  # an exception
    one.play()
    one.open()
    assert [held(one, number) for number in (1, 2, 3)] == [
        {OFFER: 1000.0, PACE: 50.0}, {OFFER: 3000.0}, {OFFER: 1000.0},
    ]  # fmt: skip
    one.room.withdraw_order(ghani, OFFER)
    assert held(one, 3) == {}
    assert held(one, 2) == {OFFER: 3000.0}, "what was played stays"


def test_a_deal_is_an_order_of_both_until_one_of_them_breaks_it(tmp_path: Path) -> None:
    one = lesson(tmp_path, US, GHANI)
    us, ghani = one.tokens[US], one.tokens[GHANI]
    one.open()
    one.room.order(ghani, PACE, 10, "until_changed")
    number = one.room.propose(us, "ghani", {"us.aid_cut": 0}, {PACE: 200}, 2)
    assert held(one, 1) == {PACE: 10.0}
    one.room.answer(ghani, number, "accept")
    assert held(one, 1) == held(one, 2) == {"us.aid_cut": 0.0, PACE: 200.0}, "what was ordered before gives way"
    assert held(one, 3) == {PACE: 10.0}, "and comes back"
    assert not breaches(state_of(one), 1, 1)
    one.play()
    one.open()
    for enough in (200, 300):  # as much as promised, or more: no breach
        one.room.order(ghani, PACE, enough)
        assert not breaches(state_of(one), 1, 2)
    one.room.order(ghani, PACE, 5)
    (breach,) = breaches(state_of(one), 1, 2)
    assert (breach.deal, breach.round, breach.seat, breach.promised, breach.done) == (number, 2, "ghani", 200.0, 5.0)
    (own,) = [lever for lever in one.seat(*GHANI).levers if lever.lever == PACE]
    assert own.promised == 200.0
    assert own.order is not None
    (words,) = own.order.breaks
    assert words == (
        "“Releases per day: 5 people/day” breaks the deal with the United States: "
        "Releases per day: at least 200 people/day."
    )
    assert words in one.seat(*GHANI).warnings, "the phone says so before the round is played"
    assert not one.seat(*US).proposals[0].broken, "nobody else hears of it before the round is played"
    one.play()
    assert one.seat(*US).proposals[0].broken == ((2, "ghani", PACE),)
    (news,) = [news for news in one.seat(*US).news if "is broken" in news.text]
    assert news.text == "The deal with the United States is broken: Releases per day: 5 people/day."
    assert news.why == "promised: Releases per day: at least 200 people/day"


def test_a_proposal_lapses_with_its_round(tmp_path: Path) -> None:
    one = lesson(tmp_path, US, GHANI)
    one.open()
    one.room.propose(one.tokens[US], "ghani", {"us.aid_cut": 0}, {})
    assert one.seat(*GHANI).proposals[0].status == "open"
    one.play()
    assert one.seat(*GHANI).proposals[0].status == "expired"


def test_who_sits_where_changes_no_bit_of_any_world_as_long_as_nobody_orders(tmp_path: Path) -> None:
    """Every combination of seats in a group of its own; taken at the start, or after a round."""
    seats = list(SEATS)
    combinations = [some for size in range(5) for some in itertools.combinations(seats, size)]
    halves = [combinations[:10], combinations[10:]]  # ten groups are the most
    bare: dict[str, bytes] = {}
    for number, part in enumerate(halves):
        folder = tmp_path / str(number)
        folder.mkdir()
        early = [(group, seat) for group, some in enumerate(part, 1) for seat in some if group % 2]
        late = [(group, seat) for group, some in enumerate(part, 1) for seat in some if not group % 2]
        one = lesson(folder, *early, groups=len(part), rounds=2, weeks=2, questions=0, base="as-recorded")
        one.open()
        one.play()
        one.sit(*late)
        one.open()
        one.play()
        state = state_of(one)
        scenarios = [group_scenario(state, group, 2) for group in range(1, len(part) + 1)]
        assert {scenario.hash() for scenario in scenarios} == {
            state.settings.scenario().with_dates(end=state.settings.end).hash()
        }
        for results in run_together(scenarios, 3, 0):
            for name, values in results.arrays.items():
                assert values.tobytes() == bare.setdefault(name, values.tobytes()), name
        assert not any(decisions(state, group) for group in range(1, len(part) + 1))


def test_an_inject_stands_over_orders_of_its_round_and_under_those_of_the_next(tmp_path: Path) -> None:
    one = lesson(tmp_path, US)
    one.open()
    one.room.inject(one.secret, "aid-cut")  # 56 days
    one.room.order(one.tokens[US], "us.aid_cut", 0)
    one.play()
    one.open()
    one.room.order(one.tokens[US], "us.aid_cut", 0.5)
    one.play()
    one.open()
    one.play()
    scenario = group_scenario(state_of(one), 1, 3)
    days = [dt.date(2020, 3, 12), dt.date(2020, 3, 26), dt.date(2020, 4, 9)]
    assert [scenario.imposed(day)["us.aid_cut"] for day in days] == [1.0, 0.5, 1.0]
    assert group_scenario(state_of(one), 1, 3).end == dt.date(2020, 4, 21)


def test_what_the_base_imposes_stays_until_somebody_orders_otherwise(tmp_path: Path) -> None:
    one = lesson(tmp_path, US, GHANI)
    one.open()
    offer = next(lever for lever in one.seat(*GHANI).levers if lever.lever == OFFER)
    assert (offer.present, [part.value for part in offer.planned]) == (1500.0, [1500.0]), (
        "the decree of the text stands"
    )
    one.room.order(one.tokens[GHANI], OFFER, 3000)
    one.play()
    first, second = (group_scenario(state_of(one), 1, 2).imposed(dt.date(2020, *day)) for day in ((3, 12), (3, 26)))
    assert (first[OFFER], second[OFFER]) == (3000.0, 1500.0), "an order for one round is an exception to the text too"
    assert first["us.withdrawal"] == 35.0


def test_a_group_that_does_nothing_lives_the_base(tmp_path: Path) -> None:
    one = lesson(tmp_path)
    one.open()
    one.play()
    settings = state_of(one).settings
    bare = group_scenario(state_of(one), 1, 1)
    assert bare.interventions == settings.scenario().with_dates(end=settings.ends(1)).interventions
