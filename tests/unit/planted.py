"""Toy worlds in which the causes of an event are planted, so that the right answer is known."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.analysis.causes.oracle import Days, Sets
from sim.schema.milestones import NEVER

EARLY: Final = 20  # the first day on which the event may come
LATE: Final = 120  # days by which it comes later if only the backup brings it
Present = Callable[[int], npt.NDArray[np.bool_]]


@dataclass(frozen=True)
class Planted:
    """A toy: an oracle with its number of factors and worlds, and its planted causes, shuffled among decoys.

    places: the factors that are the planted causes, in the order of the case; lucky: worlds in which they are there at
    all, (worlds,), in the others the event never comes. In these worlds a decoy is always seen together with the event:
    it only correlates.
    """

    oracle: Callable[[Sets], Days]
    factors: int
    worlds: int
    places: tuple[int, ...]
    lucky: npt.NDArray[np.bool_]


def planted(case: str, seed: int) -> Planted:
    """Return a toy of a case with random places, numbers and days. case: a name in CASES."""
    dice = np.random.default_rng([seed, len(case)])
    factors, worlds = int(dice.integers(4, 7)), int(dice.integers(8, 40))
    places = tuple(int(one) for one in dice.permutation(factors)[:2])
    lucky = dice.random(worlds) < 0.7
    lucky[0] = True
    early = dice.integers(EARLY, EARLY + 10, worlds)
    days: Any = CASES[case]

    def oracle(away: Sets) -> Days:
        first, second = ((away >> place & 1) == 0 for place in places)
        return np.where(lucky, days(first, second, early), NEVER).astype(np.int32)

    return Planted(oracle, factors, worlds, places, lucky)


def _one(first: Any, second: Any, day: Any) -> Any:
    del second
    return np.where(first, day, NEVER)


def _both(first: Any, second: Any, day: Any) -> Any:
    return np.where(first & second, day, NEVER)


def _either(first: Any, second: Any, day: Any) -> Any:
    return np.where(first | second, day, NEVER)


def _backup(first: Any, second: Any, day: Any) -> Any:
    return np.where(first, day, np.where(second, day + LATE, NEVER))


def _opponent(first: Any, second: Any, day: Any) -> Any:
    """The first brings the event, and the second prevents it unless the first is there: never without the first."""
    return np.where(first | ~second, day, NEVER)


CASES: Final = {"one": _one, "both": _both, "either": _either, "backup": _backup, "opponent": _opponent}
