"""Seats played by the model answer offers by its actors' rules, and change no world until a deal is made."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.exercise import model_answers
from sim.exercise.deal_views import ProposalView
from sim.exercise.events import Answered
from sim.exercise.orders import OFFERED, in_force
from sim.exercise.rounds import group_scenario
from sim.exercise.service import Classroom
from sim.exercise.state import fold
from sim.exercise.world_cache import run_together
from sim.schema.milestones import NEVER
from sim.schema.series import SERIES
from tests.unit.classroom import Lesson, lesson, refused

GHANI = (1, "ghani")


def alone(folder: Path, **given: Any) -> Lesson:
    """A student in the seat of Ghani's camp, and the model in the other three."""
    one = lesson(folder, GHANI, **({"groups": 1, "questions": 0} | given))
    one.room.fill(one.secret)
    one.open()
    return one


def asked(one: Lesson, to: str, give: dict[str, float], take: dict[str, float], rounds: int = 1) -> ProposalView:
    """The offer, with its answer."""
    number = one.room.propose(one.tokens[GHANI], to, give, take, rounds)
    return next(offer for offer in one.seat(*GHANI).proposals if offer.proposal == number)


def test_nobody_answers_until_the_teacher_says_so(tmp_path: Path) -> None:
    one = lesson(tmp_path, GHANI, groups=1, questions=0)
    one.open()
    assert one.seat(*GHANI).partners == ()
    refused("nobody holds that seat", one.room.propose, one.tokens[GHANI], "us", {"kabul.ghani.pace": 10.0}, {})
    one.room.fill(one.secret)
    assert [name for name, _, _ in one.seat(*GHANI).partners] == ["us", "taliban", "abdullah"]
    assert all("played by the model" in label for _, label, _ in one.seat(*GHANI).partners)
    assert [seat.answers for seat in one.teacher().groups[0].seats] == [True, True, False, True]
    refused("answers offers already", one.room.fill, one.secret)
    one.room.fill(one.secret, on=False)
    assert not one.teacher().filled
    assert one.seat(*GHANI).partners == ()
    one.room.leave()


@pytest.mark.slow
def test_worlds_are_the_same_bits_whoever_answers(tmp_path: Path) -> None:
    """With model players and without: nobody orders, nobody offers, and what is offered is declined."""
    worlds = []
    for name, filled in (("empty", False), ("filled", True)):
        (tmp_path / name).mkdir()
        one = lesson(tmp_path / name, GHANI, groups=1, questions=0)
        if filled:
            one.room.fill(one.secret)
        one.open()
        if filled:
            assert asked(one, "taliban", {OFFERED: 100.0}, {}).status == "declined"
        one.play()
        state = one.room._log.state(one.exercise)
        (found,) = run_together([group_scenario(state, 1, 1)], 1, 0)
        worlds.append((group_scenario(state, 1, 1).hash(), found))
        one.room.leave()
    (hash_a, a), (hash_b, b) = worlds
    assert hash_a == hash_b
    for series in SERIES:
        np.testing.assert_array_equal(a.arrays[series], b.arrays[series])


@pytest.mark.slow
def test_an_offer_is_turned_down_when_the_model_itself_turns_it_down(tmp_path: Path) -> None:
    """The same prisoners imposed, without any deal: in the model's own worlds the milestone says the same."""
    one = alone(tmp_path, weeks=4)
    for people in (100.0, 2000.0, 3500.0, 5000.0):
        state = one.room._log.state(one.exercise)
        offer = asked(one, "taliban", {OFFERED: people, "kabul.ghani.pledge_required": False}, {})
        base = state.settings.scenario().with_dates(end=state.settings.ends(1))
        free = base.change({OFFERED: people, "kabul.ghani.pledge_required": False})
        (many,) = run_together([free], model_answers.WORLDS, 0)
        rejected = (many.milestone_day["rejection"] != NEVER).mean() >= model_answers.ENOUGH
        assert (offer.status == "declined") is bool(rejected), (people, offer.why)
    one.room.leave()


@pytest.mark.slow
def test_the_answer_is_what_the_actors_own_rule_would_do(tmp_path: Path) -> None:
    """Abdullah's camp asks for a share by its own rule: what lies beyond it is accepted, what lies within is not."""
    one = alone(tmp_path)
    lever = "kabul.abdullah.share_asked"
    base = one.room._log.state(one.exercise)
    own = model_answers._own_rule(group_scenario(base, 1, 1), base.settings.starts(1), base.settings.seed)
    middle = float(np.median(own.decided[lever]))
    more, less = (asked(one, "abdullah", {}, {lever: round(value, 3)}) for value in (middle + 0.2, middle - 0.2))
    assert (more.status, less.status) == ("accepted", "declined")
    assert f"{100 * middle:.0f} %" in less.why
    assert less.why.startswith("Abdullah's camp declines: by its own rules it would be “Share of power asked: ")
    assert lever in in_force(one.room._log.state(one.exercise), 1, 1)
    for why in (more.why, less.why):
        assert why.endswith(".")
        assert why.count(". ") == 0, "one sentence"
    one.room.leave()


@pytest.mark.slow
def test_a_promise_moves_the_answer(tmp_path: Path) -> None:
    """Captives come home in proportion to prisoners: none for nothing, some for many."""
    one = alone(tmp_path, weeks=4)
    wanted = {"taliban.captives_pace": 3.0}
    nothing = asked(one, "taliban", {}, wanted)
    given = {OFFERED: 5000.0, "kabul.ghani.pledge_required": False, "kabul.ghani.pace": 300.0}
    much = asked(one, "taliban", given, wanted)
    assert (nothing.status, much.status) == ("declined", "accepted"), (nothing.why, much.why)
    assert "even with your promise kept" not in nothing.why
    assert "with your promise kept" in much.why
    one.room.leave()


@pytest.mark.slow
def test_the_same_offer_has_the_same_answer_and_the_log_keeps_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = alone(tmp_path)
    first, again = (asked(one, "us", {}, {"us.aid_cut": 0.0}) for _ in range(2))
    assert first.why == again.why != ""
    state = one.room._log.state(one.exercise)
    assert all(event.student == 0 and event.seat == "us" for event in state.of(Answered))
    monkeypatch.setattr(model_answers, "model_answer", lambda *_: pytest.fail("a replay asks nobody"))
    other = Classroom(one.room._book.path, clock=one.clock)
    assert other._log.state(one.exercise) == state
    log = one.room._book.events(one.exercise)
    assert fold(one.exercise, state.settings, log) == state
    other.leave()
    one.room.leave()


@pytest.mark.slow
def test_a_student_who_joins_takes_the_seat_over(tmp_path: Path) -> None:
    one = alone(tmp_path)
    one.sit((1, "us"))
    assert asked(one, "us", {}, {"us.aid_cut": 0.0}).status == "open"
    one.room.remove(one.secret, 2)
    one.play()
    (offer,) = one.seat(*GHANI).proposals
    assert (offer.status, bool(offer.why)) == ("accepted", True), "the model answers what the student left open"
    one.room.leave()


@pytest.mark.slow
def test_the_model_answers_for_seats_that_no_student_may_take(tmp_path: Path) -> None:
    one = alone(tmp_path, seats=("ghani",))
    assert asked(one, "abdullah", {}, {"kabul.abdullah.share_asked": 1.0}).status == "accepted"
    one.play()
    review = one.room.review(one.secret)
    assert [deal.receiver for deal in review.deals] == ["abdullah"]
    one.room.leave()
