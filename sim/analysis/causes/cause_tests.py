"""The tests of every factor in every world, from courses run without each set of factors or without some of them.

A factor is a cause of an event that would not have come without it, or more than GRACE days later. Needed, alone or in
a minimal set, is actual causation after Halpern (2015, the modified Halpern-Pearl definition), with the degree of
responsibility of Chockler and Halpern (2004); that a later event counts as another one follows Paul (1998); enough
together is Wright's NESS test (1985); the share is the Shapley value. docs/why.md states them in full.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.analysis.causes.oracle import Days, Flags, RememberingOracle, bit
from sim.analysis.causes.sets import Sizes, in_every_part, in_some_part, minimal, smallest_with
from sim.analysis.causes.shapley import Floats, shapley
from sim.schema.milestones import NEVER

GRACE: Final = 14  # days by which an event may be late and still count as having come as it did
EXHAUSTIVE: Final = 9  # the largest number of factors of which every set is run


@dataclass(frozen=True)
class CauseTests:
    """What each test says. Arrays are (factors, worlds) or (worlds,).

    day: as things are, (worlds,); day_without: without each factor alone; day_without_all: (worlds,). together: the
    size of the smallest minimal set, with this factor in it, without which the event stops where it came, or comes
    where it never did; 0 for none. late: the same for an event that stops or comes more than GRACE days
    later; 0 where it never came. enough: the size of the smallest minimal set of factors, this one among them, that
    brings the event without all the others; 0 where it never came. share: the Shapley value. moved: days by which the
    event comes later without the factor alone, NaN where it does not come both times. error: the standard error of the
    mean share from the sampling of orders, (factors,); 0 if every set was run.
    """

    day: Days
    day_without: Days
    day_without_all: Days
    together: Sizes
    late: Sizes
    enough: Sizes
    share: Floats
    moved: Floats
    nonmonotone: Flags
    error: Floats
    orders: int = 0  # sampled in each world; 0 if every set was run
    flipping: Flags | None = None  # which sets are minimal to stop or bring the event, (sets, worlds)
    sufficient: Flags | None = None  # which sets are minimal to be enough, (sets, worlds)
    days: Days | None = None  # without each set, (sets, worlds)

    @property
    def came(self) -> Flags:
        """Whether the event comes as things are."""
        return np.asarray(self.day != NEVER)

    @property
    def needed(self) -> Flags:
        """Whether the factor alone makes the difference: the event stops without it, or comes without it."""
        return np.asarray(self.together == 1)

    @property
    def delays(self) -> Flags:
        """Whether the event comes without the factor, but more than GRACE days later."""
        return np.asarray((self.late == 1) & ~self.needed)

    @property
    def responsibility(self) -> Floats:
        """One by the size of the smallest set in which the factor matters for the event as it came; 0 if in none."""
        size = np.where(self.came, self.late, self.together)
        return np.where(size > 0, 1 / np.maximum(size, 1), 0.0)

    @property
    def overdetermined(self) -> Flags:
        """Whether the event comes without any one factor, at once, but not without several."""
        alone = (self.late == 1).any(axis=0)
        return np.asarray(self.came & ~alone & (self.together > 1).any(axis=0))

    @property
    def preempted(self) -> Flags:
        """Whether another factor would have brought the event, later, in place of the one that did."""
        return np.asarray(self.came & self.backup.any(axis=0))

    @property
    def backup(self) -> Flags:
        """Whether the factor would have brought the event, later, had another one not done so first."""
        first = (self.delays & (self.together > 1)).any(axis=0)
        return np.asarray(first & (self.together > 1) & (self.late == 0))

    @property
    def unexplained(self) -> Flags:
        """Whether the event comes, or never does, whatever is taken away."""
        return np.asarray((self.together == 0).all(axis=0))

    def ranking(self) -> list[int]:
        """Return the factors, the one that matters most first: by mean responsibility, then by share and by delay."""
        weight = self.responsibility.mean(axis=1)
        size = np.abs(self.share.mean(axis=1))
        delay = np.abs(np.nan_to_num(self.moved)).mean(axis=1)
        return sorted(range(len(weight)), key=lambda one: (-weight[one], -size[one], -delay[one], one))


def exhaustive_tests(oracle: RememberingOracle, factors: int) -> CauseTests:
    """Return the tests of so many factors, from courses without each of their sets, 2**factors per world."""
    days = oracle.uniform(np.arange(bit(factors)))
    came = days != NEVER
    flips = came != came[0]
    sufficient = _sufficient(came)
    alone = days[[bit(factor) for factor in range(factors)]]
    return CauseTests(
        day=days[0],
        day_without=alone,
        day_without_all=days[-1],
        together=smallest_with(flips),
        late=np.where(came[0], smallest_with(is_late(days, days[0])), 0).astype(np.int8),
        enough=smallest_with(sufficient),
        share=shapley(came),
        moved=days_moved(alone, days[0]),
        nonmonotone=np.asarray((in_some_part(flips) & ~flips).any(axis=0)),
        error=np.zeros(factors),
        flipping=minimal(flips),
        sufficient=minimal(sufficient),
        days=days,
    )


def alone_tests(oracle: RememberingOracle, factors: int) -> CauseTests:
    """Return what taking each factor away alone changes, from 2 + factors courses per world.

    No factors are taken away together, except all of them: so together and late are 1 or 0, enough is 0, and share is
    the change without the factor alone, which does not add up.
    """
    days = oracle.uniform([0, *(bit(factor) for factor in range(factors)), bit(factors) - 1])
    day, alone = days[0], days[1:-1]
    came = day != NEVER
    return CauseTests(
        day=day,
        day_without=alone,
        day_without_all=days[-1],
        together=((alone != NEVER) != came).astype(np.int8),
        late=(is_late(alone, day) & came).astype(np.int8),
        enough=np.zeros(alone.shape, np.int8),
        share=came.astype(np.float64) - (alone != NEVER),
        moved=days_moved(alone, day),
        nonmonotone=np.zeros(day.shape, np.bool_),
        error=np.zeros(factors),
    )


def is_late(days: Days, day: Days) -> Flags:
    """Return whether an event that came does not come any more, or more than GRACE days later, the shape of days."""
    return np.asarray((days == NEVER) | (days > day + GRACE)) & (day != NEVER)


def days_moved(days: Days, day: Days) -> Floats:
    """Return by how many days the event comes later than as things are; NaN unless it comes both times."""
    both = (days != NEVER) & (day != NEVER)
    return np.where(both, days.astype(np.float64) - day, np.nan)


def _sufficient(came: Flags) -> Flags:
    """Return which sets of factors are enough: the event comes whichever of the others are taken away as well.

    came: without each set; the rows of what is returned are the factors kept, so the order is reversed.
    """
    return np.asarray(in_every_part(came)[::-1] & came[0])
