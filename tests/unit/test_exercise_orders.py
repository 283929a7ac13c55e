"""What holds in a round: orders, deals, injects and the base, the later over the earlier; and who broke what."""

import datetime as dt
from pathlib import Path

from sim.exercise.orders import breaches, in_force
from sim.exercise.rounds import group_scenario
from sim.exercise.state import ExerciseState
from sim.inputs.scenario_reader import load_scenario
from tests.unit.classroom import Lesson, lesson

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
    one.room.order(ghani, PACE, 200)  # the same: no breach
    assert not breaches(state_of(one), 1, 2)
    one.room.order(ghani, PACE, 5)
    (breach,) = breaches(state_of(one), 1, 2)
    assert (breach.deal, breach.round, breach.seat, breach.promised, breach.done) == (number, 2, "ghani", 200.0, 5.0)
    (own,) = [lever for lever in one.seat(*GHANI).levers if lever.lever == PACE]
    assert own.promised == 200.0
    assert own.order is not None
    assert own.order.breaks == (number,)
    assert not one.seat(*US).proposals[0].broken, "nobody else hears of it before the round is played"
    one.play()
    assert one.seat(*US).proposals[0].broken == ((2, "ghani", PACE),)
    assert any(f"Deal {number} is broken" in news.text for news in one.seat(*US).news)


def test_a_proposal_lapses_with_its_round(tmp_path: Path) -> None:
    one = lesson(tmp_path, US, GHANI)
    one.open()
    one.room.propose(one.tokens[US], "ghani", {"us.aid_cut": 0}, {})
    assert one.seat(*GHANI).proposals[0].status == "open"
    one.play()
    assert one.seat(*GHANI).proposals[0].status == "expired"


def test_a_taken_seat_is_free_of_the_base_and_an_empty_one_is_not(tmp_path: Path) -> None:
    one = lesson(tmp_path, US, groups=2)
    one.open()
    one.play()
    state, base = state_of(one), load_scenario("baseline")
    day = dt.date(2020, 3, 12)
    empty, taken = group_scenario(state, 2, 1), group_scenario(state, 1, 1)
    assert empty.imposed(day) == base.imposed(day)
    assert taken.imposed(day) == {name: v for name, v in base.imposed(day).items() if not name.startswith("us.")}
    before = dt.date(2020, 3, 9)
    assert taken.imposed(before) == base.imposed(before), "what came before round 1 stays as the text has it"


def test_who_joins_late_takes_over_from_the_coming_round(tmp_path: Path) -> None:
    one = lesson(tmp_path, US)
    one.open()
    one.play()
    one.sit(GHANI)
    one.open()
    one.play()
    scenario = group_scenario(state_of(one), 1, 2)
    first, second = (scenario.imposed(day) for day in (dt.date(2020, 3, 23), dt.date(2020, 3, 24)))
    assert first[OFFER] == 1500.0
    assert OFFER not in second


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


def test_a_group_that_does_nothing_lives_the_free_base(tmp_path: Path) -> None:
    one = lesson(tmp_path)
    one.open()
    one.play()
    settings = state_of(one).settings
    bare = group_scenario(state_of(one), 1, 1)
    assert bare.interventions == settings.scenario().with_dates(end=settings.ends(1)).interventions
