"""Every lever: what an order, a deal and the model's own decisions do to each other, and what a promise is worth."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from sim.analysis.world_history import History
from sim.exercise import lever_terms
from sim.exercise.compliance import TermRecord, term_records
from sim.exercise.deals import deals, proposals
from sim.exercise.decision_effects import leave_one_out
from sim.exercise.decisions import decisions
from sim.exercise.events import RULES, Act, Answered, Closed, Event, Opened, Ordered, Played, Proposed
from sim.exercise.lever_terms import Bound, Value, meets, usual_bound
from sim.exercise.lever_views import lever_views, warnings
from sim.exercise.orders import DEMANDED, OFFERED, PLEDGED, breaches, held_back, in_force
from sim.exercise.rounds import group_scenario
from sim.exercise.seats import SEATS, seat_of
from sim.exercise.settings import ExerciseSettings
from sim.exercise.state import ExerciseState, fold
from sim.exercise.world_cache import WorldCache, run_together
from sim.exercise.worlds import group_histories, group_history
from sim.schema.decisions import levers
from sim.schema.frozen_map import FrozenMap
from tests.unit.classroom import Lesson, lesson, refused

OWN = [name for seat in SEATS.values() for name in seat.levers]
HOLDS = {
    "us.withdrawal": {"us.conditionality": 0.0},
    "kabul.ghani.offer": {"kabul.ghani.review": False},
    "kabul.ghani.pace": {"kabul.ghani.review": False},
}
ALL = [(1, seat) for seat in SEATS]


def middle(lever: str) -> Value:
    known = levers()[lever]
    return True if known.flag else (known.low + known.high) / 4


def more(lever: str, bound: Bound) -> Value:
    """A value that does more than a promise of the middle; a yes or no cannot."""
    return True if levers()[lever].flag else float(middle(lever)) * (1.5 if bound == "at least" else 0.5)


def less(lever: str, bound: Bound) -> Value:
    """A value that a promise of the middle does not allow."""
    return False if levers()[lever].flag else float(middle(lever)) * (0.5 if bound == "at least" else 1.5)


def partner_of(lever: str) -> str:
    return "us" if seat_of(lever) == "taliban" else "taliban"


def state_of(one: Lesson) -> ExerciseState:
    return one.room._log.state(one.exercise)


def promised(one: Lesson, lever: str, value: Value, rounds: int = 1, **given: Any) -> int:
    """A deal in which the lever's seat makes one promise."""
    seat, other = str(seat_of(lever)), partner_of(lever)
    number = one.room.propose(one.tokens[1, seat], other, {lever: value}, {}, rounds, **given)
    one.room.answer(one.tokens[1, other], number, "accept")
    return number


def judged(one: Lesson) -> list[TermRecord]:
    """What became of every promise of the first group."""
    state = state_of(one)
    lived = group_history(one.room._engine, state, 1, state.played)
    return [record for deal in proposals(state, 1) if deal.first for record in term_records(state, deal, lived)]


def opened(folder: Path, **given: Any) -> Lesson:
    one = lesson(folder, *ALL, groups=1, rounds=2, questions=0, **given)
    one.open()
    return one


def test_every_lever_of_a_seat_has_its_terms_and_nothing_else_has() -> None:
    assert set(lever_terms.lever_terms()) == set(OWN)
    assert {name: dict(term.holds) for name, term in lever_terms.lever_terms().items() if term.holds} == HOLDS


@dataclass
class Log:
    """An exercise as its log alone: the state without a file."""

    settings: ExerciseSettings
    name: str = "an exercise"  # worlds are kept by it
    events: list[Event] = field(default_factory=list)

    def add(self, act: Act, group: int = 0, seat: str = "") -> int:
        """One more event in round 1."""
        self.events.append(Event(len(self.events) + 1, 0.0, 1, 0, act, group, seat, 1 if seat else 0))
        return len(self.events)

    def deal(self, group: int, lever: str, value: Value) -> int:
        """A deal for one round in which the lever's seat makes one promise."""
        seat, other = str(seat_of(lever)), partner_of(lever)
        number = self.add(Proposed(other, FrozenMap({lever: value}), FrozenMap({}), 1, ""), group, seat)
        self.add(Answered(number, "accept"), group, other)
        return number

    def order(self, group: int, lever: str, value: Value) -> int:
        """An order for the round."""
        return self.add(Ordered(lever, value, "round"), group, str(seat_of(lever)))

    @property
    def state(self) -> ExerciseState:
        """The state after all events."""
        return fold(self.name, self.settings, self.events)


@pytest.fixture(scope="module")
def settings() -> ExerciseSettings:
    return ExerciseSettings(groups=9, rounds=2, weeks=2, worlds=16, questions=0)


@pytest.fixture(scope="module")
def engine() -> WorldCache:
    return WorldCache()


def held_of(state: ExerciseState) -> dict[str, Value]:
    return {name: found.value for name, found in held_back(state, 1, 1).items()}


@pytest.mark.parametrize("lever", OWN)
def test_an_order_holds_back_what_would_undo_it_and_nothing_else(
    settings: ExerciseSettings, engine: WorldCache, lever: str
) -> None:
    """An order, and the same as a deal; an order of the seat itself on what is held back comes first."""
    ordered, agreed, held = Log(settings), Log(settings), HOLDS.get(lever, {})
    ordered.order(1, lever, middle(lever))
    agreed.deal(1, lever, middle(lever))
    assert held_of(ordered.state) == held
    assert held_of(agreed.state) == held | ({DEMANDED: middle(lever), PLEDGED: 1.0} if lever == OFFERED else {})
    world, seat = group_history(engine, Log(settings).state, 1, 0), str(seat_of(lever))
    own = {view.lever: view for view in lever_views(ordered.state, 1, seat, world)}
    assert {name: view.held for name, view in own.items() if view.held is not None} == held
    assert all(own[name].notes for name in [*held, *([lever] if held else [])]), "the phone says what is held back"
    scenario = group_scenario(ordered.state, 1, 1).imposed(settings.start)
    assert {name: scenario[name] for name in (lever, *held)} == {lever: middle(lever), **held}
    for name, value in held.items():
        for log in (ordered, agreed):
            log.order(1, name, not value if isinstance(value, bool) else 1.0)
            assert name not in held_back(log.state, 1, 1), "the seat itself decides"
            warned = warnings(log.state, 1, seat, world)
            assert any(levers()[name].label in words for words in warned), warned


@pytest.mark.slow
@pytest.mark.parametrize("some", [OWN[at : at + 3] for at in range(0, len(OWN), 3)])
def test_more_than_promised_is_no_breach_and_less_is_one(
    settings: ExerciseSettings, engine: WorldCache, some: list[str]
) -> None:
    """The world agrees: what is kept or exceeded was decided so on every day, and what is broken on none.

    Each lever in three groups: the promise alone; with an order of more, for a yes or no the same; of less.
    """
    log = Log(settings, some[0])
    cases = [(lever, kind) for lever in some for kind in ("nothing", "more", "less")]
    made = [log.deal(group, lever, middle(lever)) for group, (lever, _) in enumerate(cases, 1)]
    for group, (lever, kind) in enumerate(cases, 1):
        if kind != "nothing":
            log.order(group, lever, (more if kind == "more" else less)(lever, usual_bound(lever)))
    for act in (Opened(None, ()), Closed(), Played(RULES)):
        log.add(act)
    state = log.state
    lived = group_histories(engine, state, 1)
    start = lived[0].results.calendar.index(settings.start)
    for group, ((lever, kind), number) in enumerate(zip(cases, made, strict=True), 1):
        found = breaches(state, group, 1)
        assert {one.deal for one in found} == ({number} if kind == "less" else set())
        (deal,) = deals(state, group, 1)
        (record,) = term_records(state, deal, lived[group - 1])
        exceeds = kind == "more" and not levers()[lever].flag
        expected = {"broken" if kind == "less" else "exceeded" if exceeds else "kept"}
        if kind != "less" and lever_terms.lever_terms()[lever].series:
            expected |= {"carried out in part", "not carried out"}
        assert record.verdict in expected, (lever, kind, record)
        decided = lived[group - 1].decisions[lever][start:]
        kept = [meets(done.item(), usual_bound(lever), middle(lever)) for done in decided]
        assert all(kept) if kind != "less" else not any(kept), (lever, kind)


def test_a_bound_may_be_chosen_and_a_yes_or_no_is_exact(tmp_path: Path) -> None:
    one = opened(tmp_path)
    promised(one, "us.withdrawal", 100.0, bounds={"us.withdrawal": "at most"})
    one.room.order(one.tokens[1, "us"], "us.withdrawal", 50.0)
    assert not breaches(state_of(one), 1, 1)
    one.room.order(one.tokens[1, "us"], "us.withdrawal", 150.0)
    assert len(breaches(state_of(one), 1, 1)) == 1
    send = one.room.propose
    us = one.tokens[1, "us"]
    terms: Any = {"us.withdrawal": 1.0}
    wrong: Any = {"us.withdrawal": "about"}
    refused("not a valid choice", lambda: send(us, "taliban", terms, {}, bounds=wrong))
    refused("is not promised", lambda: send(us, "taliban", terms, {}, bounds={"us.aid_cut": "at most"}))
    flag: Any = {"taliban.truce": True}
    refused("not a valid choice", lambda: send(us, "taliban", {}, flag, bounds={"taliban.truce": "at least"}))


def test_an_earlier_order_that_does_more_stands_beside_a_deal(tmp_path: Path) -> None:
    one, lever = opened(tmp_path), "taliban.intensity"
    one.room.order(one.tokens[1, "taliban"], lever, 0.3, "until_changed")
    promised(one, lever, 0.4)
    assert in_force(state_of(one), 1, 1)[lever].value == 0.3
    one.play()
    (record,) = judged(one)
    assert record.verdict == "exceeded"
    assert not [news for news in one.seat(1, "us").news if "broken" in news.text]


def test_a_promise_ends_an_earlier_order_that_would_undo_it_and_a_later_one_breaks_it(tmp_path: Path) -> None:
    one, ghani = opened(tmp_path), "kabul.ghani.review"
    token = one.tokens[1, "ghani"]
    one.room.order(token, ghani, True, "until_changed")  # noqa: FBT003
    promised(one, OFFERED, 5000.0)
    assert held_back(state_of(one), 1, 1)[ghani].value is False
    assert ghani in in_force(state_of(one), 1, 2), "after the deal the order is back"
    assert not breaches(state_of(one), 1, 1)
    one.room.order(token, ghani, True)  # noqa: FBT003
    (breach,) = breaches(state_of(one), 1, 1)
    assert (breach.lever, breach.by, breach.done) == (OFFERED, ghani, True)
    one.play()
    assert [record.verdict for record in judged(one)] == ["broken"]


def released(lived: History) -> float:
    return float(lived.daily["prisoners_released"][-1])


@pytest.mark.slow
def test_who_promises_and_orders_releases_lets_prisoners_go(tmp_path: Path) -> None:
    """The model of the same seat does not put them off for review, and "kept" says how many went."""
    one, pledge = opened(tmp_path, weeks=4), "kabul.ghani.pledge_required"
    promised(one, OFFERED, 5000.0, 2)
    one.room.order(one.tokens[1, "ghani"], pledge, False, "until_changed")  # noqa: FBT003
    one.play()
    state = state_of(one)
    lived = group_history(one.room._engine, state, 1, 1)
    days = slice(lived.results.calendar.index(state.settings.start), None)
    assert not lived.decisions["kabul.ghani.review"][days].any()
    assert released(lived) > 0
    (record,) = judged(one)
    assert record.verdict == "carried out in part", "not all 5,000 within four weeks"
    assert record.detail.startswith(f"{released(lived):,.0f} of 5,000 ")
    one.open()
    one.room.order(one.tokens[1, "ghani"], "kabul.ghani.pace", 5000.0)
    one.play()
    (record,) = judged(one)
    after = group_history(one.room._engine, state_of(one), 1, 2)
    assert (record.verdict == "kept") == (released(after) == 5000.0), record


@pytest.mark.slow
def test_an_order_that_keeps_a_promise_is_one_decision_with_its_deal(tmp_path: Path) -> None:
    """Removed alone, neither would change anything; an order that breaks it stands for itself."""
    one, lever = opened(tmp_path), "taliban.intensity"
    promised(one, lever, 0.4)
    token = one.tokens[1, "taliban"]
    one.room.order(token, lever, 0.3)
    one.play()
    ((deal,), state) = decisions(state_of(one), 1), state_of(one)
    assert (deal.kind, deal.rounds) == ("deal", (1,))
    assert not [part for part in group_scenario(state, 1, 1, without=deal.seqs).interventions if part.lever == lever]
    (impact,) = leave_one_out(state, 1, [deal], 16)
    assert next(effect for effect in impact.effects if effect.outcome == "attacks").effect < 0
    one.open()
    promised(one, lever, 0.4)
    one.room.order(token, lever, 2.0)
    one.play()
    assert [found.kind for found in decisions(state_of(one), 1)] == ["deal", "deal", "order"]


def test_an_event_may_prevent_what_was_promised_and_that_is_no_breach(tmp_path: Path) -> None:
    one = opened(tmp_path)
    promised(one, "us.withdrawal", 120.0)
    one.room.inject(one.secret, "airlift-stops")
    one.play()
    (record,) = judged(one)
    assert record.verdict == "not carried out"
    assert "an event set it: Troops withdrawn per day: 0" in record.detail
    assert not breaches(state_of(one), 1, 1)


@pytest.mark.parametrize("offer", [100.0, 1500.0, 2400.0])
def test_the_taliban_do_not_turn_down_what_they_have_just_agreed_to(tmp_path: Path, offer: float) -> None:
    """In many worlds; without the deal they do."""
    one = opened(tmp_path)
    number = one.room.propose(one.tokens[1, "ghani"], "taliban", {OFFERED: offer}, {})
    (seen,) = one.seat(1, "taliban").proposals
    assert "demands no more prisoners than are offered" in seen.implies, "the phone says so before it is accepted"
    one.room.answer(one.tokens[1, "taliban"], number, "accept")
    state = replace(state_of(one), phase="closed")
    sealed = next(deal.sealed for deal in deals(state, 1, 1))
    agreed, ordered = (group_scenario(state, 1, 1, without) for without in ((), (sealed or 0,)))
    assert agreed.interventions != ordered.interventions
    met, turned = (many.milestone_day["rejection"] >= 0 for many in run_together([agreed, ordered], 64, 0))
    assert not met.any()
    assert turned.all()


def test_what_needs_another_lever_warns_while_that_one_does_nothing(tmp_path: Path) -> None:
    one = opened(tmp_path, base="free-run")
    token = one.tokens[1, "ghani"]
    one.room.order(token, "kabul.ghani.pace", 100.0)
    (words,) = one.seat(1, "ghani").warnings
    assert words == "“Releases per day: 100 people/day” does nothing as long as it is “Prisoners offered: 0 people”."
    one.room.order(token, OFFERED, 1000.0)
    assert not one.seat(1, "ghani").warnings


def test_what_limits_an_order_is_said_on_its_card_before_the_round(tmp_path: Path) -> None:
    one, pledge = opened(tmp_path), "kabul.ghani.pledge_required"
    token = one.tokens[1, "ghani"]

    def notes() -> tuple[str, ...]:
        return next(view.notes for view in one.seat(1, "ghani").levers if view.lever == OFFERED)

    assert notes() == ()
    one.room.order(token, OFFERED, 5000.0)
    assert "“Pledge required: yes” may limit what comes of it." in notes()
    one.room.order(token, pledge, False)  # noqa: FBT003
    assert not [words for words in notes() if "limit" in words]


def test_a_demand_above_what_was_agreed_is_warned_of(tmp_path: Path) -> None:
    one = opened(tmp_path)
    promised(one, OFFERED, 1500.0)
    one.room.order(one.tokens[1, "taliban"], DEMANDED, 5000.0)
    (words,) = one.seat(1, "taliban").warnings
    assert "turns down the offer that you agreed to" in words
