"""Poisson counts by inverse transform: with the same uniform a higher rate never gives fewer events."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.random_streams import Floats, RandomStreams
from sim.engine.reductions import accumulate

STEPS = 8  # values of k tried for every entry by default
PANEL = 16  # values of k that the rare entries try at once
_PANEL = np.arange(PANEL, dtype=np.float64)[:, None]
DENSE_BELOW = np.float32(0.999)  # uniforms above this are handled in float64, where the tail is exact


class PoissonSampler:
    """Draws several kinds of events at once, each with its own random stream."""

    def __init__(self, streams: RandomStreams, usual: Mapping[str, npt.NDArray[np.floating]]) -> None:
        """Open the streams. usual: by stream the members' usual counts, (members,), which only affect the speed."""
        sizes = [len(counts) for counts in usual.values()]
        self._streams = {name: streams.stream(name, size) for name, size in zip(usual, sizes, strict=True)}
        ends = np.cumsum(sizes).tolist()
        self._rows = {name: slice(end - size, end) for name, size, end in zip(usual, sizes, ends, strict=True)}
        steps = np.concatenate([_steps(counts) for counts in usual.values()])
        self._order = np.argsort(-steps, kind="stable")
        self._places = np.argsort(self._order, kind="stable")
        self._luck, self._mean = np.empty((2, len(steps), streams.worlds), np.float32)
        self._reach = [int((steps > k).sum()) for k in range(1, int(steps.max()))]
        self._search = PoissonInverse(len(steps), streams.worlds, self._reach)

    def draw(self, means: Mapping[str, Floats]) -> dict[str, Floats]:
        """Return the day's counts by stream, (members, worlds). means: expected events by stream, same shape."""
        for name, rows in self._rows.items():
            self._luck[rows] = self._streams[name].draw()
            self._mean[rows] = means[name]
        # "clip" changes no index here; it lets NumPy write into `out` at once.
        self._luck.take(self._order, axis=0, out=self._search.luck, mode="clip")
        self._mean.take(self._order, axis=0, out=self._search.mean, mode="clip")
        counts = self._search.counts().take(self._places, axis=0)
        return {name: counts[rows] for name, rows in self._rows.items()}


def _steps(usual: npt.NDArray[np.floating]) -> npt.NDArray[np.intp]:
    """Return how many values of k to try for each row: its usual count and some spread above it."""
    spread = 2.5
    return np.ceil(usual + spread * np.sqrt(usual)).astype(np.intp) + 1


def poisson(u: Floats, mean: Floats, reach: Sequence[int] | None = None) -> Floats:
    """Return the Poisson quantile of u: the smallest k whose distribution function is at least u.

    u: uniforms in (0, 1); mean: expected events, 0 to 700; both float32, (rows, worlds). reach: for k = 1, 2,
    ... in how many leading rows k is tried for all entries at once, never more than for the previous k; the
    remaining entries are then handled separately. It is fixed per call site, so that an entry's count depends only
    on its own u and mean. Returns whole numbers as float32, (rows, worlds).
    """
    rows, worlds = u.shape
    search = PoissonInverse(rows, worlds, [rows] * (STEPS - 1) if reach is None else reach)
    search.luck[:], search.mean[:] = u, mean
    return search.counts()


class PoissonInverse:
    """Inversion by sequential search, Devroye 1986, chapter X.3: fill `luck` and `mean`, then call `counts`.

    All arrays have shape (rows, worlds) and are allocated once, because they are needed every day.
    """

    def __init__(self, rows: int, worlds: int, reach: Sequence[int]) -> None:
        """Allocate the arrays. reach: see `poisson`."""
        self.luck, self.mean, self._term, self._below, self._counts = np.empty((5, rows, worlds), np.float32)
        self._above, self._count = np.empty((rows, worlds), np.bool_), np.empty((rows, worlds), np.int8)
        parts = (self.luck, self.mean, self._term, self._below, self._above, self._above.view(np.int8), self._count)
        self._tries: list[tuple[Any, ...]] = [
            (np.float32(1.0 / k), *(part[:leading] for part in parts)) for k, leading in enumerate(reach, start=1)
        ]

    def counts(self) -> Floats:
        """Return the Poisson quantiles of `luck`, (rows, worlds); valid until the next call."""
        np.exp(np.negative(self.mean, out=self._term), out=self._term)
        np.copyto(self._below, self._term)
        np.greater(self.luck, self._below, out=self._above)
        np.copyto(self._count, self._above)
        for one_in_k, luck, mean, term, below, above, one_more, count in self._tries:
            np.multiply(term, mean, term)
            np.multiply(term, one_in_k, term)
            np.add(below, term, below)
            np.greater(luck, below, above)
            np.add(count, one_more, count)
        np.copyto(self._counts, self._count)
        np.logical_or(self._above, self.luck >= DENSE_BELOW, out=self._above)
        rare = self._above.reshape(-1).nonzero()[0]
        self._counts.reshape(-1)[rare] = _tail(self.luck.take(rare), self.mean.take(rare))
        return self._counts


def _tail(u: Floats, mean: Floats) -> npt.NDArray[np.float64]:
    """Return the same quantile in float64, shape (entries,), trying many values of k at once until all are found."""
    luck, rate = u.astype(np.float64), mean.astype(np.float64)
    entry = np.arange(u.size)
    term = below = np.exp(-rate)
    counts = (luck > below).astype(np.float64)
    first = 1.0
    while entry.size:
        terms = accumulate(np.multiply, rate / (first + _PANEL))  # (PANEL, entries)
        terms *= term
        term = terms[-1].copy()
        sums = accumulate(np.add, terms)
        sums += below
        below = sums[-1]
        counts[entry] += np.add.reduce(luck > sums, axis=0)
        first += PANEL
        # An entry continues while its uniform is above the sum so far and the terms still grow or matter.
        left = ((luck > below) & ((term > 0) | (rate >= first))).nonzero()[0]
        entry, luck, rate, term, below = (part.take(left) for part in (entry, luck, rate, term, below))
    return counts
