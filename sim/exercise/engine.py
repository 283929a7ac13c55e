"""The engine behind an exercise: worlds worked out from the log when they are wanted, and remembered for a while.

Nothing here is truth: whatever it remembers can be worked out again from the scenario.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.history import History
    from sim.results import Results

T = TypeVar("T")

HISTORIES: Final = 160  # remembered; some 0.3 MB each
ENSEMBLES: Final = 24  # some 1 MB each with 64 worlds
SMALL: Final = 4000


class Engine:
    """Runs of scenarios; several threads may ask, and what two want is worked out once."""

    def __init__(self) -> None:
        """With nothing remembered."""
        self._lock = threading.RLock()
        self._histories: OrderedDict[Hashable, History] = OrderedDict()
        self._ensembles: OrderedDict[Hashable, Results] = OrderedDict()
        self._small: OrderedDict[Hashable, Any] = OrderedDict()

    def remembered(self, key: Hashable, make: Callable[[], T]) -> T:
        """Something small that never changes under its key, such as the scenario of a round that was played."""
        with self._lock:
            return _kept(self._small, SMALL, key, make)

    def history(self, scenario: Scenario, world: int, seed: int) -> "History":
        """One world in full."""
        from sim.history import history

        with self._lock:
            key = (scenario, world, seed)
            return _kept(self._histories, HISTORIES, key, lambda: history(scenario, world, seed))

    def ensembles(self, scenarios: Sequence[Scenario], worlds: int, seed: int) -> "list[Results]":
        """Worlds 0 to worlds - 1 of several scenarios over the same days, run side by side; remembered."""
        with self._lock:
            keys = [(scenario, worlds, seed) for scenario in scenarios]
            missing = list({key: None for key in keys if key not in self._ensembles})
            found = dict(zip(missing, run_abreast([key[0] for key in missing], worlds, seed), strict=True))
            found |= {key: self._ensembles[key] for key in keys if key not in found}
            for key in keys:
                _kept(self._ensembles, ENSEMBLES, key, lambda key=key: found[key])
            return [found[key] for key in keys]


def run_abreast(scenarios: Sequence[Scenario], worlds: int, seed: int, *, first: int = 0) -> "list[Results]":
    """Worlds first to first + worlds - 1 of several scenarios over the same days, in one call; none for none."""
    from sim.abreast import run_scenarios  # Mesa only when something is run

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
