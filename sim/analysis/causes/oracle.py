"""The oracle that every test of causes asks: on which day an event comes in each world without some factors.

Factors are numbered from 0. What is taken away is one whole number per course: bit f is set where factor f is away, so
0 is the world as it is. The tests know nothing of the model: whatever answers that question can be tested.
"""

from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

Sets = npt.NDArray[np.int64]
Days = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

_UNKNOWN: Final = -2  # the day of a course that has not been run; NEVER is -1


class Oracle(Protocol):
    """Whatever can run the worlds again without some factors."""

    def __call__(self, away: Sets, /) -> Days:
        """Return the day on which the event comes, or NEVER. away: bits of the factors taken away, (runs, worlds)."""


class RememberingOracle:
    """Asks another oracle, but never for the same course twice.

    courses: the number of courses run so far, a course being one world without one set of factors.
    """

    def __init__(self, oracle: Oracle, worlds: int) -> None:
        """Remember nothing yet."""
        self.oracle, self.worlds, self.courses = oracle, worlds, 0
        self._known: dict[int, Days] = {}

    def __call__(self, away: Sets) -> Days:
        """Return the days, int32 (runs, worlds). away: (runs, worlds)."""
        missing = self._missing(away)
        if missing.size:
            self._store(missing, self.oracle(missing))
        found = np.empty(away.shape, np.int32)
        for one in np.unique(away):
            here = away == one
            found[here] = np.broadcast_to(self._known[int(one)], away.shape)[here]
        return found

    def uniform(self, sets: Any) -> Days:
        """Return the days without each of some sets, the same sets in every world, (sets, worlds)."""
        column = np.asarray(sets, np.int64)[:, None]
        return self(np.broadcast_to(column, (len(column), self.worlds)))

    def _missing(self, away: Sets) -> Sets:
        """Return the courses not yet run, packed into as few runs as possible, (runs, worlds)."""
        wanted: list[list[int]] = [[] for _ in range(self.worlds)]
        for one in np.unique(away):
            known = self._known.setdefault(int(one), np.full(self.worlds, _UNKNOWN, np.int32))
            for world in np.flatnonzero((away == one).any(axis=0) & (known == _UNKNOWN)):
                wanted[world].append(int(one))
        self.courses += sum(map(len, wanted))
        runs = max(map(len, wanted))
        if not runs:
            return np.empty((0, self.worlds), np.int64)
        filler = next((some[0] for some in wanted if some), 0)  # a course more of a world that needs fewer
        return np.array([some + [filler] * (runs - len(some)) for some in wanted], np.int64).reshape(-1, runs).T

    def _store(self, away: Sets, days: Days) -> None:
        """Remember the days of the courses just run, (runs, worlds)."""
        for one in np.unique(away):
            rows, worlds = np.nonzero(away == one)
            self._known.setdefault(int(one), np.full(self.worlds, _UNKNOWN, np.int32))[worlds] = days[rows, worlds]


def bit(factor: int) -> int:
    """Return the set that has one factor alone."""
    return 1 << factor


def members(away: int) -> tuple[int, ...]:
    """Return the factors of a set."""
    return tuple(place for place in range(away.bit_length()) if away >> place & 1)
