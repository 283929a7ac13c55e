"""Answers to "Why?": a first one within seconds and a whole one later, computed once for all visitors."""

import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import streamlit as st

from dashboard.runs.background_job import BackgroundJob
from dashboard.state.asked import read_asked
from dashboard.state.state import State
from sim.analysis.causes.amounts import Amount, why_amount
from sim.analysis.causes.answer import Answer
from sim.analysis.causes.why import answered, check_question
from sim.analysis.reasons.record import Reasons, reasons
from sim.errors import InputError
from sim.inputs.scenario import Scenario
from sim.schema.assumptions import Assumptions

FIRST: Final = 12  # worlds of the first answer about many of them
WORLDS: Final = 48  # of the whole answer
MOST_KEPT: Final = 60  # answers, for all visitors
_JOB: Final = "why-job"

Key = tuple[Scenario, int, Assumptions, int | None, str]


@dataclass(frozen=True)
class Found:
    """An answer. whole: whether nothing more is to come; problem: why there is none."""

    answer: Answer | Amount | None
    whole: bool
    problem: str = ""


_KEPT: Final[OrderedDict[Key, Found]] = OrderedDict()
_LOCK: Final = threading.Lock()


class WhyJob(BackgroundJob):
    """The first and the whole answer to a visitor's question, about one world or about many (None)."""

    name = "why"

    def __init__(self, state: State, world: int | None) -> None:
        """Start at once."""
        self.world, self.key = world, key_of(state, world)
        super().__init__(state)

    def _do(self) -> None:
        if known(self.state, self.world) is None:
            with suppress(InputError):  # a few worlds may all agree where more of them do not
                self._keep(self._answer(FIRST, first=True), whole=False)
        with self._turn():
            try:
                self._keep(self._answer(WORLDS, first=False), whole=True)
            except InputError as error:
                _keep(self.key, Found(None, whole=True, problem=str(error)))

    def _answer(self, worlds: int, *, first: bool) -> Answer | Amount:
        """Return an answer. Raises InputError where there is nothing to explain."""
        state, asked = self.state, read_asked(self.state.why)
        if asked.kind == "amount":
            return why_amount(
                state.scenario(), asked.name, world=self.world, worlds=worlds, seed=state.seed,
                assumptions=state.assumptions, progress=self._report,
            )  # fmt: skip
        number = None if self.world is not None else worlds
        question = check_question(
            state.scenario(), asked.name, self.world, None, None, number, state.seed, state.assumptions
        )
        return answered(question, self._report, alone=first)

    def _keep(self, answer: Answer | Amount, *, whole: bool) -> None:
        _keep(self.key, Found(answer, whole))


def key_of(state: State, world: int | None) -> Key:
    """Return what an answer depends on."""
    return state.scenario(), state.seed, state.assumptions, world, state.why


def known(state: State, world: int | None) -> Found | None:
    """Return the best answer so far, None if there is none yet."""
    with _LOCK:
        return _KEPT.get(key_of(state, world))


def _keep(key: Key, found: Found) -> None:
    with _LOCK:
        _KEPT[key] = found
        _KEPT.move_to_end(key)
        while len(_KEPT) > MOST_KEPT:
            _KEPT.popitem(last=False)


def begin(state: State, world: int | None) -> WhyJob | None:
    """Return the visitor's job for a question, started if there is none; None if the whole answer is known.

    The job of another question is cancelled; one that was cancelled or failed is not started again.
    """
    found: WhyJob | None = st.session_state.get(_JOB)
    if found is not None and found.key != key_of(state, world):
        leave()
        found = None
    so_far = known(state, world)
    if so_far is not None and so_far.whole:
        return None
    if found is not None and (found.running or found.cancelled or found.error):
        return found
    made = st.session_state[_JOB] = WhyJob(state, world)
    return made


def leave() -> None:
    """Cancel the visitor's job: the question is closed."""
    found: WhyJob | None = st.session_state.pop(_JOB, None)
    if found is not None:
        found.cancel()


@lru_cache(maxsize=32)
def record(scenario: Scenario, world: int, seed: int, assumptions: Assumptions) -> Reasons:
    """Return the record of one world, cached. Raises InputError as `reasons` does."""
    return reasons(scenario, world, seed, assumptions=assumptions)
