"""Counts by inverse transform: under the same luck a higher rate never gives fewer events."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from sim.dice import Dice, Floats

STEPS = 8  # values of k tried for every entry unless told otherwise
PANEL = 16  # values of k that the rare entries try at once
DENSE_BELOW = np.float32(0.999)  # luck beyond this is worked out in float64, where the tail is exact


class Counter:
    """Draws several kinds of events at once, each with the luck of its own stream."""

    def __init__(self, dice: Dice, usual: Mapping[str, npt.NDArray[np.floating]]) -> None:
        """Open the streams. usual: stream to its members' usual counts, (members,), which only set what is quick."""
        self._streams = {name: dice.stream(name, len(counts)) for name, counts in usual.items()}
        steps = np.concatenate([_steps(counts) for counts in usual.values()])
        order = np.argsort(-steps, kind="stable")
        places = np.argsort(order, kind="stable")
        ends = np.cumsum([len(counts) for counts in usual.values()])[:-1]
        self._places = dict(zip(usual, np.split(places, ends), strict=True))
        self._reach = [int((steps > k).sum()) for k in range(1, int(steps.max()))]
        self._luck = np.empty((len(steps), dice.worlds), np.float32)
        self._mean = np.empty_like(self._luck)

    def draw(self, means: Mapping[str, Floats]) -> dict[str, Floats]:
        """The day's counts by stream, (members, worlds). means: events expected, by stream, likewise."""
        for name, places in self._places.items():
            self._luck[places] = self._streams[name].draw()
            self._mean[places] = means[name]
        counts = poisson(self._luck, self._mean, self._reach)
        return {name: counts[places] for name, places in self._places.items()}


def _steps(usual: npt.NDArray[np.floating]) -> npt.NDArray[np.intp]:
    """How many values of k are worth trying for each row: its usual count and some spread above it."""
    spread = 2.5
    return np.ceil(usual + spread * np.sqrt(usual)).astype(np.intp) + 1


def poisson(u: Floats, mean: Floats, reach: Sequence[int] | None = None) -> Floats:
    """The Poisson quantile of u: the smallest k whose distribution function is at least u.

    u: uniforms in (0, 1); mean: expected events, 0 to 700; both float32, (rows, worlds). reach: for k = 1, 2,
    ... in how many leading rows k is tried for all entries at once, never more than for the k before; the
    entries still open then go on alone. It is fixed a call site, so that an entry's count follows from its
    own u and mean. Returns whole numbers as float32, (rows, worlds).
    Inversion by sequential search, Devroye 1986, chapter X.3.
    """
    pmf = np.exp(-mean)
    cdf = pmf.copy()
    more = np.greater(u, cdf)
    count = more.astype(np.int8)
    for k, rows in enumerate([len(u)] * (STEPS - 1) if reach is None else reach, start=1):
        luck, rate, term, below, above = u[:rows], mean[:rows], pmf[:rows], cdf[:rows], more[:rows]
        np.multiply(term, rate, out=term)
        np.multiply(term, np.float32(1.0 / k), out=term)
        np.add(below, term, out=below)
        np.greater(luck, below, out=above)
        np.add(count[:rows], above.view(np.int8), out=count[:rows])
    counts = count.astype(np.float32)
    np.logical_or(more, u >= DENSE_BELOW, out=more)
    rare = np.flatnonzero(more)
    if rare.size:
        counts.reshape(-1)[rare] = _tail(u.reshape(-1)[rare], mean.reshape(-1)[rare])
    return counts


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
