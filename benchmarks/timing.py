"""Time several functions in one process, in turn. Times vary, so results are ratios within each round."""

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

Timed = Callable[[], object]


@dataclass(frozen=True)
class Timing:
    """The seconds of one function in each round."""

    name: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median over the rounds."""
        return median(self.seconds)

    @property
    def band(self) -> tuple[float, float]:
        """The fastest and the slowest round."""
        return min(self.seconds), max(self.seconds)

    def ratio(self, other: "Timing") -> float:
        """The ratio to another timing, as the median over the rounds."""
        return median(a / b for a, b in zip(self.seconds, other.seconds, strict=True))


def side_by_side(things: Mapping[str, Timed], rounds: int) -> dict[str, Timing]:
    """Time every function once per round, in turn, after one round of warm-up. rounds: 5 or more."""
    seconds: dict[str, list[float]] = {name: [] for name in things}
    for thing in things.values():
        thing()
    for _ in range(rounds):
        for name, thing in things.items():
            gc.collect()
            start = time.perf_counter()
            thing()
            seconds[name].append(time.perf_counter() - start)
    return {name: Timing(name, tuple(found)) for name, found in seconds.items()}
