"""The engine behind an exercise: worlds worked out from the log when they are wanted, and remembered for a while.

Nothing here is truth: whatever it remembers can be worked out again from the scenario.
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

HISTORIES: Final = 160  # remembered; some 0.3 MB each
ENSEMBLES: Final = 24  # some 1 MB each with 64 worlds
SMALL: Final = 4000


class WorldCache:
    """Runs of scenarios; several threads may ask, and what two want is worked out once."""

    def __init__(self) -> None:
        """With nothing remembered."""
        self._lock = threading.RLock()
        self._histories: OrderedDict[Hashable, History] = OrderedDict()
        self._ensembles: OrderedDict[Hashable, Results] = OrderedDict()
        self._small: OrderedDict[Hashable, Any] = OrderedDict()

    def cached(self, key: Hashable, make: Callable[[], T]) -> T:
        """Something small that never changes under its key, such as the scenario of a round that was played."""
        with self._lock:
            return _kept(self._small, SMALL, key, make)

    def histories(self, scenarios: Sequence[Scenario], world: int, seed: int) -> "list[History]":
        """One world in full under several scenarios over the same days, run side by side; remembered."""
        from sim.analysis.world_history import histories

        keys = [(scenario, world, seed) for scenario in scenarios]
        return self._all(self._histories, HISTORIES, keys, lambda new: histories(new, world, seed))

    def ensembles(self, scenarios: Sequence[Scenario], worlds: int, seed: int) -> "list[Results]":
        """Worlds 0 to worlds - 1 of several scenarios over the same days, run side by side; remembered."""
        keys = [(scenario, worlds, seed) for scenario in scenarios]
        return self._all(self._ensembles, ENSEMBLES, keys, lambda new: run_together(new, worlds, seed))

    def _all(
        self,
        store: "OrderedDict[Hashable, T]",
        most: int,
        keys: Sequence[tuple[Scenario, int, int]],
        run: Callable[[list[Scenario]], list[T]],
    ) -> list[T]:
        """What is remembered under some keys; what is missing is worked out in one go."""
        with self._lock:
            missing = list(dict.fromkeys(key for key in keys if key not in store))
            new = dict(zip(missing, run([key[0] for key in missing]) if missing else [], strict=True))
            return [_kept(store, most, key, lambda key=key: new[key]) for key in keys]  # type: ignore[misc]


def run_together(scenarios: Sequence[Scenario], worlds: int, seed: int, *, first: int = 0) -> "list[Results]":
    """Worlds first to first + worlds - 1 of several scenarios over the same days, in one call; none for none."""
    from sim.runs.runner import run_scenarios  # Mesa only when something is run

    return run_scenarios(scenarios, worlds, seed, first=first) if scenarios else []


def _kept(store: "OrderedDict[Hashable, Any]", most: int, key: Hashable, make: Callable[[], T]) -> T:
    """What is remembered under a key, or made and remembered; the one asked for longest ago is forgotten first."""
    if key in store:
        store.move_to_end(key)
    else:
        store[key] = make()
        if len(store) > most:
            store.popitem(last=False)
    found: T = store[key]
    return found
