"""The cache of an exercise's worlds, which are computed on demand.

Only the log is stored: everything here can be computed again from a scenario.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sim.inputs.scenario import Scenario

if TYPE_CHECKING:
    from sim.analysis.world_history import History
    from sim.results.results import Results

T = TypeVar("T")

HISTORIES: Final = 160  # cached; some 0.3 MB each
ENSEMBLES: Final = 24  # some 1 MB each with 64 worlds
SMALL: Final = 4000


class WorldCache:
    """Runs of scenarios. Thread-safe: each run is computed only once."""

    def __init__(self) -> None:
        """Start empty."""
        self._lock = threading.RLock()
        self._histories: OrderedDict[Hashable, History] = OrderedDict()
        self._ensembles: OrderedDict[Hashable, Results] = OrderedDict()
        self._small: OrderedDict[Hashable, Any] = OrderedDict()

    def cached(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return a small value that never changes for its key, such as the scenario of a round that was played."""
        with self._lock:
            return _kept(self._small, SMALL, key, make)

    def known(self, key: Hashable) -> Any:
        """Return what `cached` has made for a key; None for nothing."""
        with self._lock:
            return self._small.get(key)

    def histories(self, scenarios: Sequence[Scenario], world: int, seed: int) -> "list[History]":
        """Return one world's history under several scenarios over the same days, run in one call; cached."""
        from sim.analysis.world_history import histories

        keys = [(scenario, world, seed) for scenario in scenarios]
        return self._all(self._histories, HISTORIES, keys, lambda new: histories(new, world, seed))

    def ensembles(self, scenarios: Sequence[Scenario], worlds: int, seed: int) -> "list[Results]":
        """Return worlds 0 to worlds - 1 of several scenarios over the same days, run in one call; cached."""
        keys = [(scenario, worlds, seed) for scenario in scenarios]
        return self._all(self._ensembles, ENSEMBLES, keys, lambda new: run_together(new, worlds, seed))

    def _all(
        self,
        store: "OrderedDict[Hashable, T]",
        most: int,
        keys: Sequence[tuple[Scenario, int, int]],
        run: Callable[[list[Scenario]], list[T]],
    ) -> list[T]:
        """Return the values of some keys; missing ones are computed in one call."""
        with self._lock:
            missing = list(dict.fromkeys(key for key in keys if key not in store))
            new = dict(zip(missing, run([key[0] for key in missing]) if missing else [], strict=True))
            return [_kept(store, most, key, lambda key=key: new[key]) for key in keys]  # type: ignore[misc]


def run_together(scenarios: Sequence[Scenario], worlds: int, seed: int, *, first: int = 0) -> "list[Results]":
    """Return worlds first to first + worlds - 1 of several scenarios over the same days, run in one call."""
    from sim.runs.runner import run_scenarios  # Mesa only when something is run

    return run_scenarios(scenarios, worlds, seed, first=first) if scenarios else []


def _kept(store: "OrderedDict[Hashable, Any]", most: int, key: Hashable, make: Callable[[], T]) -> T:
    """Return the value of a key, made and stored if missing; the least recently used value is dropped first."""
    if key in store:
        store.move_to_end(key)
    else:
        store[key] = make()
        if len(store) > most:
            store.popitem(last=False)
    found: T = store[key]
    return found
