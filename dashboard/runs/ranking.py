"""Every scenario that comes with Jirga against the baseline, over the same worlds: computed once for all visitors."""

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from dashboard.runs.background_job import BackgroundJob
from dashboard.runs.cache import Progress
from dashboard.state.differences import differences
from dashboard.state.ranked import RANKED
from dashboard.state.state import REFERENCE, State, shipped
from sim.inputs.scenario_reader import scenario_names
from sim.results.comparison import Comparison, Effect
from sim.runs.runner import run_scenarios
from sim.schema.assumptions import Assumptions
from sim.schema.decisions import levers

WORLDS: Final = 128  # of each scenario, or as many as a state has if those are fewer
BATCH: Final = 8  # scenarios that are run at once: their runs are dropped, only effects are kept
MOST_KEPT: Final = 20  # rankings
_JOB: Final = "ranking"
_LABELS: Final = [[lever.label] for lever in levers().values()]
_KEPT: Final[dict[tuple[int, int, Assumptions], Mapping[str, Sequence[Effect]]]] = {}


class RankingJob(BackgroundJob):
    """The effects of all scenarios with the seed and the assumptions of a state."""

    name = "ranking"

    def _do(self) -> None:
        with self._turn():
            found = self._effects()
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        _KEPT[_key(self.state)] = found

    def _effects(self) -> Mapping[str, Sequence[Effect]]:
        found: dict[str, Sequence[Effect]] = {}
        names = what_ifs()
        for first in range(0, len(names), BATCH):
            some = names[first : first + BATCH]
            base, *others = run_scenarios(
                [shipped(REFERENCE), *map(shipped, some)], worlds(self.state), self.state.seed,
                assumptions=self.state.assumptions, progress=self._part(first, len(some), len(names)),
            )  # fmt: skip
            found |= {name: Comparison(base, run).table(RANKED) for name, run in zip(some, others, strict=True)}
        return found

    def _part(self, first: int, some: int, every: int) -> Progress:
        """Return the progress callback of one batch, which reports progress over all of them."""
        return lambda done, total: self._report(first * total + some * done, every * total)


def what_ifs() -> list[str]:
    """Return the names of the scenarios over the baseline's days that differ from it, but not in everything at once."""
    base = shipped(REFERENCE)
    return [
        name for name in scenario_names()
        if name not in (REFERENCE, "free-run") and (shipped(name).start, shipped(name).end) == (base.start, base.end)
    ]  # fmt: skip


def worlds(state: State) -> int:
    """Return over how many worlds scenarios are ranked."""
    return min(WORLDS, state.worlds)


def single(name: str) -> bool:
    """Return whether a scenario changes one lever and nothing else: a single decision."""
    return [label for label, _ in differences(shipped(name), shipped(REFERENCE))] in _LABELS


def known(state: State) -> Mapping[str, Sequence[Effect]]:
    """Return the effects by scenario, in the order of RANKED; empty until a job has computed them."""
    return _KEPT.get(_key(state), {})


def begin(state: State) -> RankingJob:
    """Return the visitor's job for a state, started if there is none; a job with another seed is cancelled."""
    found: RankingJob | None = st.session_state.get(_JOB)
    if found is not None and _key(found.state) == _key(state) and (found.running or found.error or known(state)):
        return found
    if found is not None:
        found.cancel()
    made = st.session_state[_JOB] = RankingJob(state)
    return made


def _key(state: State) -> tuple[int, int, Assumptions]:
    return state.seed, worlds(state), state.assumptions
