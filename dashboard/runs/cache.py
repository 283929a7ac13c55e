"""The cache of runs that all visitors share; first answers with few worlds, and more worlds in the background."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from dashboard.runs.background_job import BackgroundJob, asked
from dashboard.state.state import State
from sim.inputs.scenario import Scenario
from sim.results.comparison import Comparison
from sim.results.results import Results
from sim.runs.runner import run_scenarios
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions

FIRST: Final = 64  # worlds of the first answer: one block, large enough for NumPy to be fast
MOST_BYTES: Final = 200_000_000  # of kept runs: six of a thousand worlds, or some hundred first answers
PAIR: Final = 2  # runs that are kept however large they are: a page that shows both would never be complete
SOON: Final = 2  # likely next states whose answers must be ready; more are computed only together with one of them
TOGETHER: Final = 256  # worlds up to which several scenarios are run in one model

Key = tuple[str, int, int, str]
Progress = Callable[[int, int], None]


@dataclass
class RunCache:
    """Runs by key; the least recently used are dropped when all together need too much memory. Thread-safe.

    most: bytes; the last PAIR runs are kept even if they need more.
    """

    most: int = MOST_BYTES
    _kept: OrderedDict[Key, Results] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _running: dict[Key, tuple[threading.Lock, int]] = field(default_factory=dict)

    def get(self, key: Key) -> Results | None:
        """Return the run of a key, None if it is not kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Key, results: Results) -> None:
        """Keep a run."""
        with self._lock:
            self._kept[key] = results
            self._kept.move_to_end(key)
            while len(self._kept) > PAIR and sum(map(weight, self._kept.values())) > self.most:
                self._kept.popitem(last=False)

    def lock_for(self, key: Key) -> threading.Lock:
        """Return the lock of one run, so that only one of several threads runs it; call `release` afterwards."""
        with self._lock:
            lock, asking = self._running.get(key, (threading.Lock(), 0))
            self._running[key] = lock, asking + 1
            return lock

    def release(self, key: Key) -> None:
        """Release a lock from `lock_for`; the lock is dropped after the last thread."""
        with self._lock:
            lock, asking = self._running.pop(key)
            if asking > 1:
                self._running[key] = lock, asking - 1

    def clear(self) -> None:
        """Drop all runs."""
        with self._lock:
            self._kept.clear()

    def __len__(self) -> int:
        """Return how many runs are kept."""
        return len(self._kept)


RUN_CACHE: Final = RunCache()


def weight(results: Results) -> int:
    """Return how many bytes a run's arrays take."""
    parts = results.arrays, results.milestone_day, results.milestone_reason, results.drawn
    return sum(array.nbytes for part in parts for array in part.values())


def results(
    scenario: Scenario,
    seed: int,
    worlds: int = FIRST,
    *,
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
    progress: Progress | None = None,
) -> Results:
    """Return a run, from the cache if it is kept. Scenarios with the same effects share arrays, not their texts.

    Raises InputError as `simulate` does, and whatever `progress` raises.
    """
    key: Key = (scenario.hash(), seed, worlds, assumptions)
    (found,) = _found({key: scenario}, progress).values()
    return _named(found, scenario)


def several(
    scenarios: Sequence[Scenario],
    seed: int,
    worlds: int = FIRST,
    *,
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
    progress: Progress | None = None,
) -> list[Results]:
    """Return the run of each scenario, as `results` does; those that are not kept are run in one model, if few worlds.

    Up to about a hundred columns, one step of the model takes the same time whatever their number, so two scenarios
    over 64 worlds take as long as one. progress: over all scenarios. Raises InputError as `run_scenarios` does, and
    whatever `progress` raises.
    """
    if worlds > TOGETHER:
        parts = [_part(progress, index, len(scenarios)) for index in range(len(scenarios))]
        return [
            results(one, seed, worlds, assumptions=assumptions, progress=part)
            for one, part in zip(scenarios, parts, strict=True)
        ]
    keys: list[Key] = [(one.hash(), seed, worlds, assumptions) for one in scenarios]
    days: dict[Any, dict[Key, Scenario]] = {}
    for key, one in zip(keys, scenarios, strict=True):
        days.setdefault((one.start, one.end), {})[key] = one
    found: dict[Key, Results] = {}
    for index, group in enumerate(days.values()):
        found |= _found(group, _part(progress, index, len(days)))
    return [_named(found[key], one) for key, one in zip(keys, scenarios, strict=True)]


def _found(group: Mapping[Key, Scenario], progress: Progress | None) -> dict[Key, Results]:
    """Return the runs of scenarios over the same days; those that are not kept are run together, by one thread."""
    known = {key: RUN_CACHE.get(key) for key in group}
    missing = sorted(key for key, run in known.items() if run is None)  # in order, so that no two threads wait in turn
    with ExitStack() as turns:
        for key in missing:
            turns.enter_context(_turn(key, progress))
        known |= {key: RUN_CACHE.get(key) for key in missing}  # another thread may have run it meanwhile
        left = {key: one for key, one in group.items() if known[key] is None}
        made = _run(left, progress) if left else {}
    return {key: run if run is not None else made[key] for key, run in known.items()}


@contextmanager
def _turn(key: Key, progress: Progress | None) -> Iterator[None]:
    """Within it this thread alone runs this key. It waits for the thread that does, and reports while it waits."""
    turn = RUN_CACHE.lock_for(key)
    try:
        while not turn.acquire(timeout=0.05):
            if progress is not None:
                progress(0, 1)
        try:
            yield
        finally:
            turn.release()
    finally:
        RUN_CACHE.release(key)


def keep(found: Results) -> None:
    """Put a run into the cache."""
    RUN_CACHE.put(key_of(found), found)


def key_of(found: Results) -> Key:
    """Return the key of a run: the same for scenarios with the same effects."""
    return found.scenario.hash(), found.seed, found.worlds, found.assumptions


def kept(scenario: Scenario, seed: int, worlds: int, assumptions: Assumptions = DEFAULT_ASSUMPTIONS) -> bool:
    """Return whether a run is in the cache."""
    return RUN_CACHE.get((scenario.hash(), seed, worlds, assumptions)) is not None


def _run(group: Mapping[Key, Scenario], progress: Progress | None) -> dict[Key, Results]:
    """Run scenarios over the same days, with the same seed and worlds, and keep each of them by itself."""
    _, seed, worlds, assumptions = next(iter(group))
    made = run_scenarios(group.values(), worlds, seed, assumptions=assumptions, progress=progress)  # type: ignore[arg-type]
    found = {key: _apart(run) if len(made) > 1 else run for key, run in zip(group, made, strict=True)}
    for run in found.values():
        keep(run)
    return found


def _apart(run: Results) -> Results:
    """Return a run with arrays of its own, so that it does not keep in memory those that were run together with it."""
    parts = ({name: array.copy() for name, array in part.items()}
             for part in (run.arrays, run.milestone_day, run.milestone_reason, run.drawn))  # fmt: skip
    return Results(run.scenario, run.seed, run.worlds, run.first, run.assumptions, *parts)


def _named(found: Results, scenario: Scenario) -> Results:
    """Return the same arrays with the texts of a scenario that does the same."""
    if found.scenario == scenario and found.scenario.name == scenario.name:
        return found
    return Results(
        scenario,
        found.seed,
        found.worlds,
        found.first,
        found.assumptions,
        found.arrays,
        found.milestone_day,
        found.milestone_reason,
        found.drawn,
    )


@dataclass(frozen=True)
class Pair:
    """The reference and the visitor's own scenario over the same worlds."""

    reference: Results
    own: Results
    comparison: Comparison

    def __iter__(self) -> Iterator[Any]:
        """Return the three fields in order, for unpacking."""
        return iter((self.reference, self.own, self.comparison))


def ready(state: State) -> int:
    """Return how many worlds can be shown immediately: all of them if they are kept, else those of the first answer."""
    both = (state.reference(), state.scenario())
    if all(kept(one, state.seed, state.worlds, state.assumptions) for one in both):
        return state.worlds
    return _first(state)


def _first(state: State) -> int:
    """Return how many worlds the first answer to a state has."""
    return min(FIRST, state.worlds)


def pair(state: State, worlds: int | None = None, *, progress: Progress | None = None) -> Pair:
    """Return both runs of a state, paired. worlds: as many as are ready if None. Raises InputError."""
    count = ready(state) if worlds is None else worlds
    reference, own = several(
        (state.reference(), state.scenario()), state.seed, count, assumptions=state.assumptions, progress=progress
    )
    return Pair(reference, own, Comparison(reference, own))


def _part(progress: Progress | None, index: int, parts: int) -> Progress | None:
    """Return the progress callback of one of several runs, which reports progress over all of them."""
    if progress is None:
        return None
    return lambda done, total: progress(index * total + done, parts * total)


class Prefetch(BackgroundJob):
    """The first answers to the visitor's likely next changes, computed in advance, all in one model."""

    name = "ahead"

    def __init__(self, states: Sequence[State]) -> None:
        """Start the thread. states: of one seed, number of worlds and kind of assumptions."""
        self._states = tuple(states)
        super().__init__(self._states[0])

    def serves(self, state: State) -> bool:
        """Return whether a state is one of those."""
        return asked(state) in map(asked, self._states)

    @staticmethod
    def useful(soon: Sequence[State]) -> bool:
        """Return whether one of the next answers is still to be computed. soon: without those that can wait."""
        return not all(kept(one.scenario(), one.seed, _first(one), one.assumptions) for one in soon)

    def _do(self) -> None:
        one, scenarios = self.state, [state.scenario() for state in self._states]
        several(
            [one.reference(), *scenarios], one.seed, _first(one), assumptions=one.assumptions, progress=self._report
        )


class Refinement(BackgroundJob):
    """All worlds of a state. It waits for the prefetch of the likely next change, and for other visitors' runs."""

    name = "refinement"

    def __init__(self, state: State, after: Prefetch | None = None) -> None:
        """Start the thread. after: the prefetch to wait for."""
        self._after = after
        self.drawn = False  # whether the page shows all these worlds
        super().__init__(state)

    def _do(self) -> None:
        while self._after is not None and self._after.running:
            self._after.wait(0.02)
            self._report(0, 1)
        with self._turn():
            pair(self.state, self.state.worlds, progress=self._report)
