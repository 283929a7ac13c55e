"""All worlds of the scenarios on the page Compare, run in the background and kept for the visitor."""

import threading
from collections import deque
from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from dashboard.runs import cache
from dashboard.runs.background_job import BackgroundJob
from dashboard.state.state import State
from sim.inputs.scenario import Scenario
from sim.results.results import Results

NEEDED: Final = "other visitors needed the memory: choose fewer worlds or scenarios"
_WORK: Final = "compare-work"
_HELD: Final[deque["ComparisonJob"]] = deque()  # finished, the oldest first
_HOLDING: Final = threading.Lock()
HELD_BYTES: Final = 120_000_000  # of the runs of finished jobs, each counted once; the last job stays in any case


class ComparisonJob(BackgroundJob):
    """All worlds of several scenarios. It keeps its runs itself: together they may be too large for the cache."""

    name = "several"

    def __init__(self, state: State, scenarios: Sequence[Scenario]) -> None:
        """Start at once; the thread may wait for its turn."""
        self.scenarios = tuple(scenarios)
        self.mark = mark(state, scenarios)
        self.found: tuple[Results, ...] = ()  # of all scenarios, in order; empty until all are finished
        super().__init__(state)

    def release(self, why: str = "") -> None:
        """Drop the runs. why: the reason that the page shows."""
        self.found, self.error = (), why

    def _do(self) -> None:
        with self._turn():
            state = self.state
            found = tuple(cache.several(
                self.scenarios, state.seed, state.worlds, assumptions=state.assumptions, progress=self._report
            ))  # fmt: skip
        self.found = found
        _keep_result(self)


def mark(state: State, scenarios: Sequence[Scenario]) -> tuple[Any, ...]:
    """Return the key of a comparison: equal where a page can show the same runs under the same names."""
    return [(one, one.name) for one in scenarios], state.seed, state.worlds, state.assumptions


def begun(state: State, scenarios: Sequence[Scenario]) -> ComparisonJob | None:
    """Return the visitor's job for these scenarios, running, finished, cancelled or failed; cancel any other job."""
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
    """Return the visitor's job for these scenarios; start one if there is none."""
    found = begun(state, scenarios)
    if found is None:
        found = st.session_state[_WORK] = ComparisonJob(state, scenarios)
    return found


def stop() -> None:
    """Cancel the visitor's job and do not start it again."""
    found: ComparisonJob | None = st.session_state.get(_WORK)
    if found is not None:
        found.cancel()


def _keep_result(made: ComparisonJob) -> None:
    """Keep a finished job; drop the runs of the oldest jobs if all together need too much memory."""
    with _HOLDING:
        if made.cancelled:
            made.release()
            return
        _HELD.append(made)
        while len(_HELD) > 1 and _held_bytes() > HELD_BYTES:
            _HELD.popleft().release(NEEDED)


def _held_bytes() -> int:
    """Return how many bytes the runs of all kept jobs take. Jobs of one seed share runs, such as the baseline's."""
    runs = {cache.key_of(run): run for one in _HELD for run in one.found}
    return sum(map(cache.weight, runs.values()))
