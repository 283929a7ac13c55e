"""The screen: which of many factors are worth running in every combination.

Each factor is taken away alone, and left alone while all others are away: the first finds what is needed, the second
what is enough by itself, such as each of two causes either of which would do. A factor that acts in neither may still
matter in between; it is then reported as screened only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.analysis.causes.cause_tests import is_late
from sim.analysis.causes.estimate import Estimate, share_of
from sim.analysis.causes.factor import Factor
from sim.analysis.causes.oracle import RememberingOracle, bit
from sim.schema.milestones import NEVER

COURSES: Final = 4096  # of the worlds without every set of the factors chosen
MOST, FEWEST = 8, 4  # factors of which every set is run


@dataclass(frozen=True, slots=True)
class Screened:
    """A factor that was only taken away alone, and left alone."""

    factor: Factor
    changed: Estimate  # share of worlds in which the event stops, comes late or comes without it alone
    alone: Estimate  # share of worlds in which it changes whether the event comes while all others are away


def most_tested(worlds: int) -> int:
    """Return the number of factors of which every set is run for so many worlds, FEWEST to MOST."""
    return max(FEWEST, min(MOST, (COURSES // worlds).bit_length() - 1))


def screen(oracle: RememberingOracle, factors: Sequence[Factor]) -> list[Screened]:
    """Return the factors, the one that changes most first. Runs two courses per world and factor, and two more."""
    number = len(factors)
    full = bit(number) - 1
    days = oracle.uniform([0, full, *(bit(one) for one in range(number)), *(full ^ bit(one) for one in range(number))])
    came, without = days[2 : 2 + number] != NEVER, days[2 + number :] != NEVER
    late = is_late(days[2 : 2 + number], days[0])
    changed = late | (came & (days[0] == NEVER))
    alone = without != (days[1] != NEVER)
    shift = np.abs(days[2 : 2 + number].astype(float) - days[0]).mean(axis=1)
    weight = changed.mean(axis=1) + alone.mean(axis=1)
    order = sorted(range(number), key=lambda one: (-weight[one], -shift[one], one))
    return [Screened(factors[one], share_of(changed[one]), share_of(alone[one])) for one in order]
