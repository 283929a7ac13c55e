"""The same tests where there are too many factors to run every set: along orders drawn at random.

In each world the factors are taken away one after the other, in orders drawn for this world; every second order is the
one before it reversed (antithetic pairs). What each factor changes on the way, averaged over the orders, estimates its
Shapley value without bias, and in every world the values add up exactly (Castro, Gómez & Tejada 2009). Sets are
reduced along the same orders, one factor at a time, until no factor can be left out: what is found is minimal in that
sense, and there may be smaller sets that no order led to. Needed and moved are exact: every factor is taken away alone.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.analysis.causes.cause_tests import CauseTests, days_moved, is_late
from sim.analysis.causes.oracle import Flags, RememberingOracle, Sets, bit
from sim.analysis.causes.sets import Sizes
from sim.analysis.causes.shapley import Floats
from sim.schema.milestones import NEVER

MOST_FACTORS: Final = 60  # bits of a set
ORDERS: Final = 4  # in each world, if not given

Orders = npt.NDArray[np.int64]
Holds = Callable[[Sets], Flags]


def sampled_tests(oracle: RememberingOracle, factors: int, orders: int = ORDERS, seed: int = 0) -> CauseTests:
    """Return the tests along so many orders in each world. orders: an even number, 2 at least; seed: of the orders.

    Runs at most 1 + factors + 4 * orders * factors courses in each world.
    """
    drawn = draw_orders(orders, factors, oracle.worlds, seed)
    single = oracle.uniform([0, *(bit(factor) for factor in range(factors))])
    day, alone = single[0], single[1:]
    path = np.cumsum(np.left_shift(np.int64(1), drawn), axis=1)  # sets along each order, (orders, factors, worlds)
    days = oracle(path.reshape(-1, oracle.worlds)).reshape(path.shape)
    came = day != NEVER
    share, error = _along(came, days != NEVER, drawn)
    everything = np.full_like(drawn[:, 0], bit(factors) - 1)
    flips = lambda away: (oracle(away) != NEVER) != came  # noqa: E731  a property of sets, as the two below
    late = lambda away: is_late(oracle(away), day)  # noqa: E731
    enough = lambda kept: (oracle(everything[: len(kept)] ^ kept) != NEVER) & came  # noqa: E731
    return CauseTests(
        day=day,
        day_without=alone,
        day_without_all=days[0, -1],
        together=_with_alone((alone != NEVER) != came, _reduced(flips, everything, drawn)),
        late=_with_alone(is_late(alone, day), _reduced(late, everything, drawn)),
        enough=_reduced(enough, everything, drawn),
        share=share,
        moved=days_moved(alone, day),
        nonmonotone=_returns(came, days != NEVER),
        error=error,
        orders=orders,
    )


def draw_orders(orders: int, factors: int, worlds: int, seed: int) -> Orders:
    """Return orders of the factors, each pair one order and its reverse, (orders, factors, worlds)."""
    dice = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, factors])))
    forward = np.argsort(dice.random((worlds, orders // 2, factors)), axis=2, kind="stable")
    both = np.stack([forward, forward[:, :, ::-1]], axis=2).reshape(worlds, orders, factors)
    return np.ascontiguousarray(both.transpose(1, 2, 0))


def _along(came: Flags, path: Flags, drawn: Orders) -> tuple[Floats, Floats]:
    """Return each factor's mean change along the orders, (factors, worlds), and its standard error over them.

    came: as things are, (worlds,); path: after each step of each order, (orders, factors, worlds).
    """
    before = np.concatenate([np.broadcast_to(came, path[:, :1].shape), path[:, :-1]], axis=1)
    change = np.zeros(path.shape)
    np.put_along_axis(change, drawn, before.astype(np.float64) - path, axis=1)
    pairs = change.reshape(len(change) // 2, 2, *change.shape[1:]).mean(axis=1)
    if len(pairs) == 1:
        return pairs[0], np.full(pairs.shape[1], np.nan)
    worlds = pairs.shape[2]
    spread = pairs.var(axis=0, ddof=1).mean(axis=1) / (len(pairs) * worlds)
    return pairs.mean(axis=0), np.sqrt(spread)


def _reduced(holds: Holds, everything: Sets, drawn: Orders) -> Sizes:
    """Return the size of the smallest set found with each factor in it, 0 for none, (factors, worlds).

    holds: whether sets have the property, (orders, worlds); everything: all factors. From all of them, one factor after
    the other is left out, in each order, wherever the rest still has the property.
    """
    kept, possible = everything.copy(), holds(everything)
    for step in range(drawn.shape[1]):
        less = kept & ~np.left_shift(np.int64(1), drawn[:, step])
        kept = np.where(holds(np.where(possible, less, kept)) & possible, less, kept)
    sizes = np.bitwise_count(kept.astype(np.uint64)).astype(np.int64)
    return np.array([_least(sizes, possible & (kept >> factor & 1 > 0)) for factor in range(drawn.shape[1])], np.int8)


def _least(sizes: npt.NDArray[Any], where: Flags) -> npt.NDArray[Any]:
    """Return the smallest size over the orders where a factor is in the set, 0 for none, (worlds,)."""
    most = np.iinfo(np.int64).max
    found = np.where(where, sizes, most).min(axis=0)
    return np.where(found == most, 0, found)


def _with_alone(alone: Flags, sizes: Sizes) -> Sizes:
    """Return the sizes, 1 where the factor alone is enough and never 1 elsewhere."""
    return np.where(alone, 1, sizes).astype(np.int8)


def _returns(came: Flags, path: Flags) -> Flags:
    """Return whether, along some order, a change was undone by taking away more, (worlds,)."""
    changed = path != came
    return np.asarray((changed[:, :-1] & ~changed[:, 1:]).any(axis=(0, 1)))
