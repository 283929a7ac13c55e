"""Runs that all visitors share: kept by what was run, first answers at once, more worlds in the background."""

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

FIRST: Final = 64  # worlds of the first answer: one block, as wide as NumPy needs to be quick
MOST_BYTES: Final = 600_000_000  # of kept runs
REFINEMENTS: Final = 2  # refinements at once, over all visitors

Key = tuple[str, int, int, str]
Progress = Callable[[int, int], None]


class Cancelled(Exception):  # noqa: N818  not a fault: a new move made the work pointless
    """A refinement was given up."""


@dataclass
class RunCache:
    """Runs by what was run, the least used dropped when they weigh too much. Safe for many threads."""

    most: int = MOST_BYTES
    _kept: OrderedDict[Key, Results] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _running: dict[Key, tuple[threading.Lock, int]] = field(default_factory=dict)

    def get(self, key: Key) -> Results | None:
        """The run, if it is kept."""
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
        """A lock for one run, so that of those who ask for it at once one runs it; `over` gives it back."""
        with self._lock:
            lock, asking = self._running.get(key, (threading.Lock(), 0))
            self._running[key] = lock, asking + 1
            return lock

    def release(self, key: Key) -> None:
        """Nobody waits for a run any more who did; the last one takes its lock along."""
        with self._lock:
            lock, asking = self._running.pop(key)
            if asking > 1:
                self._running[key] = lock, asking - 1

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._kept.clear()

    def __len__(self) -> int:
        """How many runs are kept."""
        return len(self._kept)


RUN_CACHE: Final = RunCache()
TURNS: Final = threading.BoundedSemaphore(REFINEMENTS)


def weight(results: Results) -> int:
    """How many bytes a run's arrays take."""
    return sum(array.nbytes for array in results.arrays.values())


def results(
    scenario: Scenario,
    seed: int,
    worlds: int = FIRST,
    *,
    assumptions: Assumptions = "point",
    progress: Progress | None = None,
) -> Results:
    """A run, from the shelf where it is kept. Two scenarios that do the same share arrays and keep their own words.

    Raises InputError as `simulate` does, and whatever progress raises.
    """
    key = (scenario.hash(), seed, worlds, assumptions)
    found = RUN_CACHE.get(key)
    if found is None:
        turn = RUN_CACHE.lock_for(key)
        try:
            while not turn.acquire(timeout=0.05):  # someone else is at it: their run will do
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
    """Put a run on the shelf."""
    RUN_CACHE.put((found.scenario.hash(), found.seed, found.worlds, found.assumptions), found)


def kept(scenario: Scenario, seed: int, worlds: int, assumptions: Assumptions = "point") -> bool:
    """Whether a run is on the shelf."""
    return RUN_CACHE.get((scenario.hash(), seed, worlds, assumptions)) is not None


def _run(key: Key, scenario: Scenario, progress: Progress | None) -> Results:
    _, seed, worlds, assumptions = key
    found = simulate(scenario, worlds, seed, assumptions=assumptions, progress=progress)  # type: ignore[arg-type]
    keep(found)
    return found


def _named(found: Results, scenario: Scenario) -> Results:
    """The same arrays under another scenario's words."""
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
        """The three, in order, to unpack."""
        return iter((self.reference, self.own, self.comparison))


def asked(state: State) -> tuple[str, str, int, int, Assumptions]:
    """What is run for a state: two states that only look at their runs in other ways ask for the same."""
    return state.scenario().hash(), state.reference().hash(), state.seed, state.worlds, state.assumptions


def ready(state: State) -> int:
    """How many worlds of a state can be shown at once: all of them if they are kept, else those of the first answer."""
    both = (state.reference(), state.scenario())
    if all(kept(one, state.seed, state.worlds, state.assumptions) for one in both):
        return state.worlds
    return min(FIRST, state.worlds)


def pair(state: State, worlds: int | None = None, *, progress: Progress | None = None) -> Pair:
    """Both runs of a state, paired. worlds: as many as are ready if left out. Raises InputError."""
    count = ready(state) if worlds is None else worlds
    reference, own = (
        results(one, state.seed, count, assumptions=state.assumptions, progress=_part(progress, index))
        for index, one in enumerate((state.reference(), state.scenario()))
    )
    return Pair(reference, own, Comparison(reference, own))


def _part(progress: Progress | None, index: int) -> Progress | None:
    """Progress of one of two runs, told over both."""
    if progress is None:
        return None
    return lambda done, total: progress(index * total + done, 2 * total)


class BackgroundJob(ABC):
    """Runs computed in a thread, that can be given up at any moment; nothing waits for it."""

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
        """Whether it is still under way."""
        return self._thread.is_alive()

    @property
    def cancelled(self) -> bool:
        """Whether it was given up."""
        return self._drop.is_set()

    def cancel(self) -> None:
        """Give it up; it stops within a day of its worlds, some milliseconds."""
        self._drop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it is over."""
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
        except InputError as error:  # such as drawn assumptions that leave a derived number's bounds in some world
            self.error = str(error)
        except Exception:
            self.error = "the run failed"
            raise  # into the log

    @abstractmethod
    def _do(self) -> None:
        """The work itself. Raises Cancelled when it is given up."""


class Prefetch(BackgroundJob):
    """The first answer to the move that is likely next, so that it is there when the move comes."""

    name = "ahead"

    def _do(self) -> None:
        pair(self.state, min(FIRST, self.state.worlds), progress=self._report)


class Refinement(BackgroundJob):
    """All worlds of a state. It waits for the first answer to the likely next move, and for other visitors' turns."""

    name = "refinement"

    def __init__(self, state: State, after: Prefetch | None = None) -> None:
        """Start once what is under way lets it."""
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
