"""Counts by inverse transform: under the same luck a higher rate never gives fewer events."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sim.dice import Dice, Floats

Flags = npt.NDArray[np.bool_]
Signs = npt.NDArray[np.int8]
Rows = npt.NDArray[np.intp]

STEPS = 5  # values of k tried for every entry
BUSY_STEPS = 32  # and for the entries of busy rows
PANEL = 16  # values of k that the rare entries try at once
DENSE_BELOW = np.float32(0.999)  # luck beyond this is worked out in float64, where the tail is exact


class Counter:
    """Draws several kinds of events at once, each with the luck of its own stream."""

    def __init__(self, dice: Dice, streams: Mapping[str, int], busy: Rows | None = None) -> None:
        """Open the streams. streams: name to members, in order; busy: see poisson, rows of all members in order."""
        self._streams = {name: dice.stream(name, members) for name, members in streams.items()}
        ends = np.cumsum(list(streams.values()))
        self._rows = {name: slice(end - streams[name], end) for name, end in zip(streams, ends, strict=True)}
        shape = (int(ends[-1]), dice.worlds)
        self._luck, self._mean = np.empty(shape, np.float32), np.empty(shape, np.float32)
        self._busy = busy

    def draw(self, means: Mapping[str, Floats]) -> dict[str, Floats]:
        """The day's counts by stream, (members, worlds). means: events expected, by stream, likewise."""
        for name, rows in self._rows.items():
            self._luck[rows] = self._streams[name].draw()
            self._mean[rows] = means[name]
        counts = poisson(self._luck, self._mean, busy=self._busy)
        return {name: counts[rows] for name, rows in self._rows.items()}


def poisson(u: Floats, mean: Floats, steps: int = STEPS, busy: Rows | None = None) -> Floats:
    """The Poisson quantile of u: the smallest k whose distribution function is at least u.

    u: uniforms in (0, 1); mean: expected events, 0 to 700; both float32 and of one shape. steps: values of
    k tried for every entry at once before the few still open go on alone. busy: rows of large means, for
    which `BUSY_STEPS` values are tried. Both are fixed a call site, so that an entry's count follows from its
    own u and mean alone. Returns whole numbers as float32, of the same shape.
    Inversion by sequential search, Devroye 1986, chapter X.3.
    """
    pmf = np.exp(-mean)
    cdf = pmf.copy()
    more = np.greater(u, cdf)
    count = more.astype(np.int8)
    term = np.empty_like(pmf)
    for k in range(1, steps):
        np.multiply(mean, np.float32(1.0 / k), out=term)
        np.multiply(pmf, term, out=pmf)
        np.add(cdf, pmf, out=cdf)
        np.greater(u, cdf, out=more)
        np.add(count, more.view(np.int8), out=count)
    if busy is not None:
        _go_on(u, mean, busy, steps, pmf, cdf, count, more)
    counts = count.astype(np.float32)
    np.logical_or(more, u >= DENSE_BELOW, out=more)
    rare = np.flatnonzero(more)
    if rare.size:
        counts.reshape(-1)[rare] = _tail(u.reshape(-1)[rare], mean.reshape(-1)[rare])
    return counts


def _go_on(
    u: Floats, mean: Floats, busy: Rows, steps: int, pmf: Floats, cdf: Floats, count: Signs, more: Flags
) -> None:
    """Try further values of k for the busy rows. Changes `count` and `more` in those rows."""
    luck, rate, term, below = u[busy], mean[busy], pmf[busy], cdf[busy]
    found, above = count[busy], more[busy]
    for k in range(steps, BUSY_STEPS):
        term *= rate * np.float32(1.0 / k)
        below += term
        np.greater(luck, below, out=above)
        found += above.view(np.int8)
    count[busy], more[busy] = found, above


def _tail(u: Floats, mean: Floats) -> npt.NDArray[np.float64]:
    """The same quantile in float64, shape (entries,): many values of k at once, until every entry is settled."""
    counts = np.zeros(u.shape)
    entry = np.arange(u.size)
    left, rate = u.astype(np.float64)[:, None], mean.astype(np.float64)[:, None]
    term = np.exp(-rate)
    below, first = term, 1.0
    counts += left[:, 0] > below[:, 0]
    while True:
        # An entry stays open while its luck lies above all that was summed and the terms still grow or count.
        last = term[:, -1]
        still = (left[:, 0] > below[:, -1]) & ((last > 0) | (rate[:, 0] >= first))
        if not still.any():
            return counts
        entry, left, rate = entry[still], left[still], rate[still]
        ratios = rate / np.arange(first, first + PANEL)
        term = term[still, -1:] * np.multiply.accumulate(ratios, axis=1)
        below = below[still, -1:] + np.add.accumulate(term, axis=1)
        counts[entry] += (left > below).sum(axis=1)
        first += PANEL
