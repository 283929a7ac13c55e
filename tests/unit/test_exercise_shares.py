"""The shares of decisions: they add up, two that were each enough share the effect, and a deal has two sides."""

from pathlib import Path

import pytest

from sim.exercise import debrief
from sim.exercise.decision_effects import WATCHED, DecisionImpact, impacts
from sim.exercise.decision_shares import EXACT, _orders, _steps, courses
from sim.exercise.decisions import Decision, decisions
from sim.exercise.rounds import group_scenario
from tests.unit.classroom import Lesson, lesson

US, TALIBAN, GHANI = (1, "us"), (1, "taliban"), (1, "ghani")
FIGHT, TROOPS = "taliban.intensity", "us.withdrawal"
WORLDS = 16
Place = tuple[int, str]
Terms = dict[str, float]


def opened(folder: Path) -> Lesson:
    one = lesson(folder, US, TALIBAN, GHANI, groups=1, questions=0, rounds=2)
    one.open()
    return one


def agreed(one: Lesson, sender: Place, to: Place, give: Terms, take: Terms) -> None:
    number = one.room.propose(one.tokens[sender], to[1], give, take)
    one.room.answer(one.tokens[to], number, "accept")


def found(one: Lesson) -> list[DecisionImpact]:
    one.play()
    state = one.room._log.state(one.exercise)
    made = impacts(state, 1, decisions(state, 1), WORLDS)
    one.room.leave()
    return made


def adds_up(made: list[DecisionImpact]) -> None:
    """The shares add up to what all decisions did together, for every outcome."""
    *each, together = made
    for name in WATCHED:
        whole = together.effect(name).effect
        assert sum(one.share(name).share for one in each) == pytest.approx(whole, rel=1e-9, abs=1e-9), name


@pytest.mark.slow
def test_two_of_which_either_was_enough_share_what_each_alone_lacks(tmp_path: Path) -> None:
    """The Taliban promise the same calm to two others: without either promise the other one still holds."""
    one = opened(tmp_path)
    for place in (US, GHANI):
        agreed(one, TALIBAN, place, {FIGHT: 0.3}, {})
    made = found(one)
    first, second, together = made
    for deal in (first, second):
        assert deal.effect("attacks").effect == 0, "taken away alone, neither changes anything"
        assert deal.share("attacks").share == pytest.approx(together.effect("attacks").effect / 2)
        assert deal.share("attacks").share < -50
        assert deal.share("attacks").significant
    adds_up(made)
    turning = debrief.turning_point([first, second])
    assert turning is not None
    assert "because others were enough; its share of what all did together is about" in debrief._difference(turning)


@pytest.mark.slow
def test_what_a_deal_did_is_told_apart_from_what_each_side_of_it_did(tmp_path: Path) -> None:
    one = opened(tmp_path)
    agreed(one, US, TALIBAN, {TROOPS: 150.0}, {FIGHT: 0.3})
    one.room.order(one.tokens[TALIBAN], FIGHT, 0.2)
    one.room.order(one.tokens[GHANI], "kabul.ghani.posture", 0.2)
    made = found(one)
    deal = next(impact for impact in made if impact.decision.kind == "deal")
    (us, troops), (taliban, calm) = deal.sides
    assert (us.who, taliban.who) == ("The United States", "The Taliban leadership")
    assert us.text == "Troops withdrawn per day: at least 150 troops/day"
    for place, name in enumerate(WATCHED):
        total = troops[place].share + calm[place].share
        assert total == pytest.approx(deal.share(name).share, rel=1e-9, abs=1e-9), name
    attacks, left = WATCHED.index("attacks"), WATCHED.index("us_troops")
    assert calm[attacks].share < 10 * abs(troops[attacks].share) * -1, "the Taliban's promise calmed the fronts"
    assert troops[left].share < -1000 < calm[left].share, "the United States' promise brought soldiers home"
    adds_up(made)


def test_without_a_side_its_promises_and_the_orders_that_keep_them_are_gone(tmp_path: Path) -> None:
    one = opened(tmp_path)
    agreed(one, US, TALIBAN, {TROOPS: 150.0}, {FIGHT: 0.3})
    one.room.order(one.tokens[TALIBAN], FIGHT, 0.2)
    one.play()
    state = one.room._log.state(one.exercise)
    (deal,) = decisions(state, 1)
    for side, gone, stays in zip(deal.halves, (150.0, 0.2), (0.2, 150.0), strict=True):
        left = {part.value for part in group_scenario(state, 1, 1, side.seqs).interventions}
        assert gone not in left
        assert stays in left
    both = deal.halves[0].seqs | deal.halves[1].seqs
    assert group_scenario(state, 1, 1, both) == group_scenario(state, 1, 1, deal.seqs)
    one.room.leave()


@pytest.mark.slow
def test_many_decisions_are_taken_away_in_drawn_orders_that_still_add_up(tmp_path: Path) -> None:
    one = opened(tmp_path)
    agreed(one, US, TALIBAN, {"us.restraint": 0.9}, {FIGHT: 0.5})
    for place, lever, value in (
        (US, TROOPS, 100.0), (GHANI, "kabul.ghani.posture", 0.1), (GHANI, "kabul.ghani.share_offered", 0.5),
        (TALIBAN, "taliban.captives_pace", 20.0),
    ):  # fmt: skip
        one.room.order(one.tokens[place], lever, value)
    made = found(one)
    adds_up(made)
    for impact in made[:-1]:
        for share in impact.shares:
            assert share.low <= share.share <= share.high


def test_orders_take_everything_once_and_keep_the_sides_of_a_deal_together() -> None:
    few = [(frozenset({1}),), (frozenset({2}), frozenset({3}))]
    orders = list(_orders(few))
    assert len(set(orders)) == len(orders) == 4 <= EXACT
    many = [(frozenset({2 * n}), frozenset({2 * n + 1})) if n % 2 else (frozenset({2 * n}),) for n in range(7)]
    drawn = list(_orders(many))
    everything = frozenset().union(*(away for some in many for away in some))
    for order in drawn:
        assert _steps(order)[-1] == everything
        places = {away: place for place, away in enumerate(order)}
        assert all(abs(places[some[0]] - places[some[1]]) == 1 for some in many if len(some) > 1)
    assert [order[::-1] for order in drawn[::2]] == drawn[1::2], "each is followed by its reverse"
    made = [Decision(1, "order", "", "", (1,), away) for some in many for away in some]
    assert len({away for order in drawn for away in _steps(order)}) <= courses(made)
