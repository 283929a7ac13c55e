"""The cache of runs that all visitors share; first answers with few worlds, and more worlds in the background."""

import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from dashboard.state.state import State
from sim.errors import InputError
from sim.inputs.scenario import Scenario
from sim.results.comparison import Comparison
from sim.results.results import Results
from sim.runs.parameter_sampling import Assumptions
from sim.runs.runner import simulate

FIRST: Final = 64  # worlds of the first answer: one block, large enough for NumPy to be fast
MOST_BYTES: Final = 600_000_000  # of kept runs
REFINEMENTS: Final = 2  # refinements at once, over all visitors

Key = tuple[str, int, int, str]
Progress = Callable[[int, int], None]


class Cancelled(Exception):  # noqa: N818  not an error: the visitor has moved on
    """A background run was cancelled."""


@dataclass
class RunCache:
    """Runs by key; the least recently used are dropped when all together need too much memory. Thread-safe."""

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
            while len(self._kept) > 1 and sum(map(weight, self._kept.values())) > self.most:
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
TURNS: Final = threading.BoundedSemaphore(REFINEMENTS)


def weight(results: Results) -> int:
    """Return how many bytes a run's arrays take."""
    return sum(array.nbytes for array in results.arrays.values())


def results(
    scenario: Scenario,
    seed: int,
    worlds: int = FIRST,
    *,
    assumptions: Assumptions = "point",
    progress: Progress | None = None,
) -> Results:
    """Return a run, from the cache if it is kept. Scenarios with the same effects share arrays, not their texts.

    Raises InputError as `simulate` does, and whatever `progress` raises.
    """
    key = (scenario.hash(), seed, worlds, assumptions)
    found = RUN_CACHE.get(key)
    if found is None:
        turn = RUN_CACHE.lock_for(key)
        try:
            while not turn.acquire(timeout=0.05):  # another thread computes this run: wait for its result
                if progress is not None:
                    progress(0, 1)
            try:
                found = RUN_CACHE.get(key) or _run(key, scenario, progress)
            finally:
                turn.release()
        finally:
            RUN_CACHE.release(key)
    return found if found.scenario == scenario and found.scenario.name == scenario.name else _named(found, scenario)


def keep(found: Results) -> None:
    """Put a run into the cache."""
    RUN_CACHE.put((found.scenario.hash(), found.seed, found.worlds, found.assumptions), found)


def kept(scenario: Scenario, seed: int, worlds: int, assumptions: Assumptions = "point") -> bool:
    """Return whether a run is in the cache."""
    return RUN_CACHE.get((scenario.hash(), seed, worlds, assumptions)) is not None


def _run(key: Key, scenario: Scenario, progress: Progress | None) -> Results:
    _, seed, worlds, assumptions = key
    found = simulate(scenario, worlds, seed, assumptions=assumptions, progress=progress)  # type: ignore[arg-type]
    keep(found)
    return found


def _named(found: Results, scenario: Scenario) -> Results:
    """Return the same arrays with the texts of another scenario."""
    return Results(
        scenario,
        found.seed,
        found.worlds,
        found.first,
        found.assumptions,
        found.arrays,
        found.milestone_day,
        found.milestone_reason,
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


def asked(state: State) -> tuple[str, str, int, int, Assumptions]:
    """Return the key of what a state runs: equal for two states that only show the same runs in different ways."""
    return state.scenario().hash(), state.reference().hash(), state.seed, state.worlds, state.assumptions


def ready(state: State) -> int:
    """Return how many worlds can be shown immediately: all of them if they are kept, else those of the first answer."""
    both = (state.reference(), state.scenario())
    if all(kept(one, state.seed, state.worlds, state.assumptions) for one in both):
        return state.worlds
    return min(FIRST, state.worlds)


def pair(state: State, worlds: int | None = None, *, progress: Progress | None = None) -> Pair:
    """Return both runs of a state, paired. worlds: as many as are ready if None. Raises InputError."""
    count = ready(state) if worlds is None else worlds
    reference, own = (
        results(one, state.seed, count, assumptions=state.assumptions, progress=_part(progress, index))
        for index, one in enumerate((state.reference(), state.scenario()))
    )
    return Pair(reference, own, Comparison(reference, own))


def _part(progress: Progress | None, index: int) -> Progress | None:
    """Return the progress callback of one of two runs, which reports progress over both."""
    if progress is None:
        return None
    return lambda done, total: progress(index * total + done, 2 * total)


class BackgroundJob(ABC):
    """Runs computed in a thread, which can be cancelled at any time; no page waits for it."""

    name = "work"

    def __init__(self, state: State) -> None:
        """Start at once."""
        self.state, self.asked = state, asked(state)
        self.share = 0.0  # done, 0 to 1
        self.error = ""
        self._drop = threading.Event()
        self._thread = threading.Thread(target=self._work, name=self.name, daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether the thread is still running."""
        return self._thread.is_alive()

    @property
    def cancelled(self) -> bool:
        """Whether it was cancelled."""
        return self._drop.is_set()

    def cancel(self) -> None:
        """Cancel it; it stops at its next simulated day, within some milliseconds."""
        self._drop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it is finished, at most this many seconds."""
        self._thread.join(seconds)

    def _report(self, done: int, total: int) -> None:
        if self._drop.is_set():
            raise Cancelled
        self.share = done / total

    def _work(self) -> None:
        try:
            self._do()
            self.share = 1.0
        except Cancelled:
            pass
        except MemoryError:
            self.error = "not enough memory for so many worlds"
        except InputError as error:  # such as sampled assumptions that put a derived number out of bounds in a world
            self.error = str(error)
        except Exception:
            self.error = "the run failed"
            raise  # into the log

    @abstractmethod
    def _do(self) -> None:
        """Compute the runs. Raises Cancelled when cancelled."""


class Prefetch(BackgroundJob):
    """The first answer to the visitor's likely next change, computed in advance."""

    name = "ahead"

    def _do(self) -> None:
        pair(self.state, min(FIRST, self.state.worlds), progress=self._report)


class Refinement(BackgroundJob):
    """All worlds of a state. It waits for the prefetch of the likely next change, and for other visitors' runs."""

    name = "refinement"

    def __init__(self, state: State, after: Prefetch | None = None) -> None:
        """Start the thread. after: the prefetch to wait for."""
        self._after = after
        super().__init__(state)

    def _do(self) -> None:
        while self._after is not None and self._after.running:
            self._after.wait(0.02)
            self._report(0, 1)
        while not TURNS.acquire(timeout=0.05):
            self._report(0, 1)
        try:
            pair(self.state, self.state.worlds, progress=self._report)
        finally:
            TURNS.release()
