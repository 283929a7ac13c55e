"""What the model without each mechanism says about a scenario: computed once for all visitors."""

from collections import OrderedDict
from typing import Final

import streamlit as st

from dashboard.runs.background_job import BackgroundJob
from dashboard.state.state import State
from sim.analysis.theories import Theories, compare_theories
from sim.inputs.scenario import Scenario
from sim.schema.assumptions import Assumptions

WORLDS: Final = 128  # of each course
MOST_KEPT: Final = 20
_JOB: Final = "theories-job"

Key = tuple[Scenario, int, Assumptions]

_KEPT: Final[OrderedDict[Key, Theories]] = OrderedDict()


class TheoriesJob(BackgroundJob):
    """The theories on the scenario of a state, and on its effect against the baseline where it differs from it."""

    name = "theories"

    def _do(self) -> None:
        with self._turn():
            state = self.state
            found = compare_theories(
                state.scenario(), None if state.unchanged else state.reference(), WORLDS, state.seed,
                assumptions=state.assumptions, progress=self._report,
            )  # fmt: skip
        _KEPT[key_of(state)] = found
        while len(_KEPT) > MOST_KEPT:
            _KEPT.popitem(last=False)


def key_of(state: State) -> Key:
    """Return what the theories depend on."""
    return state.scenario(), state.seed, state.assumptions


def known(state: State) -> Theories | None:
    """Return the theories on a state's scenario, None until a job has computed them."""
    return _KEPT.get(key_of(state))


def begin(state: State) -> TheoriesJob:
    """Return the visitor's job for a state, started if there is none; the job of another scenario is cancelled."""
    found: TheoriesJob | None = st.session_state.get(_JOB)
    if found is not None and key_of(found.state) == key_of(state) and (found.running or found.error):
        return found
    if found is not None:
        found.cancel()
    made = st.session_state[_JOB] = TheoriesJob(state)
    return made
