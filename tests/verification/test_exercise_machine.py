"""Any sequence of actions by students and teachers: replaying the event log always gives the same state."""

# ruff: noqa: D102  the names of the rules describe them

import dataclasses
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sim.errors import InputError
from sim.exercise import deal_rules, model_answers
from sim.exercise import events as e
from sim.exercise.act_json import read_act, write_act
from sim.exercise.deals import Proposal
from sim.exercise.model_answers import ModelAnswer
from sim.exercise.orders import breaches, in_force
from sim.exercise.quiz import read_quiz
from sim.exercise.rounds import group_scenario
from sim.exercise.service import Classroom
from sim.exercise.state import fold
from sim.schema.decisions import levers
from tests.unit.classroom import Lesson, lesson

pytestmark = pytest.mark.slow

PLACES = [(1, "us"), (1, "ghani"), (2, "taliban"), (2, "us")]
places = st.sampled_from(PLACES)
names = st.sampled_from([*levers(), "us.nothing"])
numbers = st.one_of(st.floats(allow_nan=True), st.integers(-5, 6000), st.booleans(), st.sampled_from([0.5, 1, 100]))
terms = st.dictionaries(names, numbers, max_size=2)
some = st.integers(0, 40)


def _by_number(_: Any, offer: Proposal, __: str) -> ModelAnswer:
    """An answer that needs no worlds."""
    return ModelAnswer("accept" if offer.number % 2 else "decline", "It has its reasons.")


class Class(RuleBasedStateMachine):
    """Any actions in any order, without simulating rounds: a played round is recorded as an event without worlds."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.patched = pytest.MonkeyPatch()
        self.patched.setattr(model_answers, "model_answer", _by_number)  # which runs no worlds

    @initialize()
    def begin(self) -> None:
        self.one: Lesson = lesson(Path(self.folder.name), *PLACES, groups=2, minutes=10, questions=0, quiz=read_quiz())
        self.room = self.one.room

    def teardown(self) -> None:
        self.patched.undo()
        self.folder.cleanup()

    def tried(self, act: Any, *given: Any) -> None:
        """Do it, or get a one-line error without any recorded event."""
        before = self.room.version(self.one.exercise)
        refusal = ""
        try:
            act(*given)
        except InputError as error:
            refusal = str(error)
        if refusal:
            entered = self.room._book.events(self.one.exercise, before)
            assert "\n" not in refusal
            assert all(isinstance(one.act, e.Closed) for one in entered), "a refused act only lets a deadline pass"

    @rule(place=places, lever=names, value=numbers, scope=st.sampled_from(["round", "until_changed", "ever"]))
    def order(self, place: Any, lever: str, value: Any, scope: Any) -> None:
        self.tried(self.room.order, self.one.tokens[place], lever, value, scope)

    @rule(place=places, answer=st.integers(0, 4), question=st.sampled_from(["pledge", "attacks", "none"]))
    def quiz(self, place: Any, answer: int, question: str) -> None:
        self.tried(self.room.answer_quiz, self.one.tokens[place], {question: answer})

    @rule(place=places, text=st.sampled_from(["", "The decree.", "two\nlines"]))
    def reflect(self, place: Any, text: str) -> None:
        self.tried(self.room.reflect, self.one.tokens[place], "mattered", text)

    @rule(place=places, lever=names)
    def undo(self, place: Any, lever: str) -> None:
        self.tried(self.room.withdraw_order, self.one.tokens[place], lever)

    @rule(place=places, to=st.sampled_from(["us", "ghani", "taliban", "abdullah"]), give=terms, take=terms, rounds=some)
    def propose(self, place: Any, to: str, give: Any, take: Any, rounds: int) -> None:
        self.tried(self.room.propose, self.one.tokens[place], to, give, take, rounds)

    @rule(cut=st.booleans(), rounds=st.integers(1, 2), value=st.floats(0, 2))
    def agree(self, cut: bool, rounds: int, value: float) -> None:  # noqa: FBT001
        self.tried(
            self.room.propose,
            self.one.tokens[1, "us"],
            "ghani",
            {"us.aid_cut": value},
            {"kabul.ghani.review": cut},
            rounds,
        )
        self.tried(self.room.answer, self.one.tokens[1, "ghani"], self.room.version(self.one.exercise), "accept")

    @rule(value=st.floats(0, 2), first=st.sampled_from(["accept", "decline"]), pace=st.floats(0, 100))
    def agree_among_three(self, value: float, first: Any, pace: float) -> None:
        terms = {"kabul.ghani.pace": pace, "taliban.intensity": 0.5}
        self.tried(self.room.propose, self.one.tokens[1, "us"], ("taliban", "ghani"), {"us.aid_cut": value}, terms, 2)
        offer = self.room.version(self.one.exercise)
        self.tried(self.room.answer, self.one.tokens[1, "ghani"], offer, first)

    @rule(place=places, number=some, word=st.sampled_from(["accept", "decline", ""]))
    def answer(self, place: Any, number: int, word: Any) -> None:
        self.tried(self.room.answer, self.one.tokens[place], number, word)

    @rule(place=places, number=some)
    def retract(self, place: Any, number: int) -> None:
        self.tried(self.room.withdraw_proposal, self.one.tokens[place], number)

    @rule(place=places, words=st.sampled_from(["We want peace.", ""]))
    def say(self, place: Any, words: str) -> None:
        self.tried(self.room.statement, self.one.tokens[place], words)

    @rule()
    def open(self) -> None:
        self.tried(self.room.open_round, self.one.secret)

    @rule()
    def close_and_play(self) -> None:
        self.tried(self.room.close, self.one.secret)
        self.tried(
            self.room._log.act,
            self.one.exercise,
            lambda state, _: [e.Played(e.RULES)] if state.phase == "closed" else [],
        )

    @rule(on=st.booleans())
    def fill(self, on: bool) -> None:  # noqa: FBT001
        self.tried(lambda: self.room.fill(self.one.secret, on=on))

    @rule(on=st.booleans())
    def freeze(self, on: bool) -> None:  # noqa: FBT001
        self.tried(self.room.freeze if on else self.room.thaw, self.one.secret)

    @rule(seconds=st.floats(-1e6, 1e6))
    def clock(self, seconds: float) -> None:
        self.one.clock.now += seconds

    @rule(card=st.sampled_from(["aid-cut", "rumour", "meteor"]), groups=st.lists(st.integers(0, 3), max_size=2))
    def inject(self, card: str, groups: list[int]) -> None:
        self.tried(self.room.inject, self.one.secret, card, groups)

    @rule(to=st.integers(0, 4))
    def rewind(self, to: int) -> None:
        self.tried(self.room.rewind, self.one.secret, to)

    @rule(place=st.sampled_from([(1, "abdullah"), (2, "us"), (2, "ghani")]))
    def join(self, place: Any) -> None:
        self.tried(self.room.join, self.one.codes[place])

    @invariant()
    def the_log_is_the_truth(self) -> None:
        state = self.room._log.state(self.one.exercise)
        log = self.room._book.events(self.one.exercise)
        assert fold(self.one.exercise, state.settings, log) == state
        other = Classroom(self.room._book.path, clock=self.one.clock)
        assert other._log.state(self.one.exercise) == state, "another server sees the same"
        other._book.close()
        assert [read_act(one.kind, write_act(one.act)) for one in log] == [one.act for one in log]
        played = [(one.take, one.round) for one in log if one.kind == "played"]
        assert len(set(played)) == len(played)

    @invariant()
    def the_model_answers_every_offer_to_its_seats_and_no_other(self) -> None:
        state = self.room._log.state(self.one.exercise)
        assert [one for group in (1, 2) for one in deal_rules.unanswered(state, group)] == []
        for answer in state.of(e.Answered):
            act: Any = answer.act
            assert (answer.student == 0) is bool(act.why)

    @invariant()
    def rounds_are_whole(self) -> None:
        state = self.room._log.state(self.one.exercise)
        assert 1 <= state.round <= state.settings.rounds
        assert 0 <= state.played <= state.settings.rounds
        assert [one.round for one in state.of(e.Played)] == list(range(1, state.played + 1))
        assert all(one.round <= state.round for one in state.log)
        assert (state.deadline is None) or state.phase == "open"

    @invariant()
    def every_group_has_a_scenario(self) -> None:
        state = self.room._log.state(self.one.exercise)
        for group in (1, 2):
            for number in range(1, state.settings.rounds + 1):
                held = in_force(state, group, number)
                assert all((group, one.seat) in state.taken or state.of(e.Filled) for one in held.values())
                for breach in breaches(state, group, number):
                    assert held[breach.lever].value == breach.done != breach.promised
            whole = group_scenario(state, group, state.settings.rounds)
            for number in range(1, state.settings.rounds):
                part = group_scenario(state, group, number)
                assert part.interventions == whole.with_dates(end=part.end).interventions, (
                    "later rounds change no earlier"
                )


Class.TestCase.settings = settings(
    max_examples=15, stateful_step_count=25, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
TestClass = Class.TestCase


def test_events_are_frozen() -> None:
    for kind in e.KINDS.values():
        assert dataclasses.fields(kind) is not None
        assert kind.__dataclass_params__.frozen
