"""All worlds of what stands side by side on the page Compare, run in the background and kept for the visitor."""

import threading
from collections import deque
from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from dashboard.runs import cache
from dashboard.runs.cache import TURNS, BackgroundJob
from dashboard.state.state import State
from sim.inputs.scenario import Scenario
from sim.results.results import Results

NEEDED: Final = "other visitors needed the memory: choose fewer worlds or scenarios"
_WORK: Final = "compare-work"
_HELD: Final[deque["ComparisonJob"]] = deque()  # finished, the oldest first
_HOLDING: Final = threading.Lock()


class ComparisonJob(BackgroundJob):
    """All worlds of several scenarios. It holds what it ran: together they may weigh more than the shelf takes."""

    name = "several"

    def __init__(self, state: State, scenarios: Sequence[Scenario]) -> None:
        """Start at once; a turn may have to be waited for."""
        self.scenarios = tuple(scenarios)
        self.mark = mark(state, scenarios)
        self.found: tuple[Results, ...] = ()  # of all scenarios, in order; empty until all are there
        super().__init__(state)

    def release(self, why: str = "") -> None:
        """Hold the runs no longer. why: is said on the page that shows them."""
        self.found, self.error = (), why

    def _do(self) -> None:
        while not TURNS.acquire(timeout=0.05):
            self._report(0, 1)
        try:
            found = tuple(self._run(part, one) for part, one in enumerate(self.scenarios))
        finally:
            TURNS.release()
        self.found = found
        _hold(self)

    def _run(self, part: int, scenario: Scenario) -> Results:
        """The run of one of the scenarios, its progress told over all."""
        state, parts = self.state, len(self.scenarios)
        return cache.results(
            scenario, state.seed, state.worlds, assumptions=state.assumptions,
            progress=lambda done, total: self._report(part * total + done, parts * total),
        )  # fmt: skip


def mark(state: State, scenarios: Sequence[Scenario]) -> tuple[Any, ...]:
    """What is run and what it is called: two marks are equal where a page may show the same runs."""
    return [(one, one.name) for one in scenarios], state.seed, state.worlds, state.assumptions


def begun(state: State, scenarios: Sequence[Scenario]) -> ComparisonJob | None:
    """The visitor's work on these scenarios, be it under way, over, given up or failed; any other is given up."""
    found: ComparisonJob | None = st.session_state.get(_WORK)
    if found is None or found.mark == mark(state, scenarios):
        return found
    found.cancel()
    with _HOLDING:
        if found in _HELD:
            _HELD.remove(found)
    found.release()
    del st.session_state[_WORK]
    return None


def begin(state: State, scenarios: Sequence[Scenario]) -> ComparisonJob:
    """The visitor's work on these scenarios, started if there is none."""
    found = begun(state, scenarios)
    if found is None:
        found = st.session_state[_WORK] = ComparisonJob(state, scenarios)
    return found


def stop() -> None:
    """Give up the work under way and leave it so."""
    found: ComparisonJob | None = st.session_state.get(_WORK)
    if found is not None:
        found.cancel()


def _hold(made: ComparisonJob) -> None:
    """Count a finished work; the oldest of other visitors are let go where all weigh more than the shelf may."""
    with _HOLDING:
        if made.cancelled:
            made.release()
            return
        _HELD.append(made)
        while len(_HELD) > 1 and sum(cache.weight(run) for one in _HELD for run in one.found) > cache.MOST_BYTES:
            _HELD.popleft().release(NEEDED)
