"""The answer to a guided question: computed in the background while the reader reads, also over whole ranges."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import streamlit as st

from dashboard.runs import cache
from dashboard.runs.background_job import BackgroundJob
from dashboard.runs.cache import Pair
from dashboard.state import questions
from dashboard.state.questions import Question
from dashboard.state.state import REFERENCE, State, shipped
from sim.analysis.obstacles import Obstacle, find_obstacles

PARTS: Final = 3  # of a job: the runs as the facts allow, the test by removal, the runs over the ranges
TESTED: Final = 256  # worlds in which each condition is lifted
_JOB: Final = "guided"
_TESTING: Final = threading.Lock()
_TESTED: Final[list[Obstacle]] = []  # of the baseline, once they are tested

Progress = Callable[[int, int], None]


class GuidedJob(BackgroundJob):
    """All that the answer to one question needs; what is finished is in the cache of runs."""

    name = "guided"

    def _do(self) -> None:
        with self._turn():
            cache.pair(self.state, self.state.worlds, progress=self._part(0))
            _test(self._part(1))
            cache.pair(over_ranges(self.state), self.state.worlds, progress=self._part(2))

    def _part(self, index: int) -> Progress:
        """Return the progress callback of one of the three parts, which reports progress over all of them."""
        return lambda done, total: self._report(index * total + done, PARTS * total)


def over_ranges(state: State) -> State:
    """Return the same question with every assumption sampled per world from its range."""
    return replace(state, assumptions="ranges")


def asked(question: Question) -> State:
    """Return the state that answers this question, over `questions.WORLDS` worlds."""
    return question.state(questions.WORLDS)


def begin(question: Question) -> GuidedJob:
    """Return the visitor's job for a question, started if there is none; the job of another question is cancelled.

    A finished job starts again if its runs are no longer in the cache; a cancelled or failed one does not.
    """
    state = asked(question)
    found: GuidedJob | None = st.session_state.get(_JOB)
    if found is not None and found.state == state and (found.running or found.error or _complete(state)):
        return found
    if found is not None:
        found.cancel()
    made = st.session_state[_JOB] = GuidedJob(state)
    return made


def leave() -> None:
    """Cancel the visitor's job: the page Explore needs the processor."""
    found: GuidedJob | None = st.session_state.pop(_JOB, None)
    if found is not None:
        found.cancel()


def shown(state: State) -> Pair:
    """Return both runs over all worlds if they are ready, else over the first few."""
    return cache.pair(state)


def obstacles() -> tuple[Obstacle, ...]:
    """Return what blocks talks in the baseline, tested by removal; empty until a job has tested it."""
    return tuple(_TESTED)


def _test(progress: Progress) -> None:
    """Test each condition of the baseline by removal, once for all visitors. Raises whatever `progress` raises."""
    with _TESTING:
        if not _TESTED:
            _TESTED.extend(find_obstacles(shipped(REFERENCE), TESTED, progress=progress))


def _complete(state: State) -> bool:
    """Return whether the runs of an answer are in the cache."""
    both = (state, over_ranges(state))
    return all(cache.ready(one) >= one.worlds for one in both)
