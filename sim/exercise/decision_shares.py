"""The share of each decision in what a group's decisions did together: its Shapley value, by outcome and world.

The decisions of a group are taken away one after the other, in every order or, if those are many, in orders drawn at
random, each followed by its reverse. What an outcome loses when a decision goes, averaged over the orders, is its
share. The shares add up to the difference between the world that was played and the same without any decision (Shapley
1953; Castro, Gómez & Tejada 2009). So two decisions of which either was enough share the effect, which taken away one
at a time both seem to lack. The promises of the sides of a deal go one directly after the other: their shares add
up to the deal's (Owen 1977, "Values of games with a priori unions").
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from math import factorial, prod
from typing import Final

import numpy as np
import numpy.typing as npt

from sim.analysis.causes.sampled_tests import draw_orders
from sim.exercise.deals import Removal
from sim.exercise.decisions import Decision
from sim.exercise.rounds import group_scenario
from sim.exercise.state import ExerciseState
from sim.exercise.world_cache import run_together
from sim.inputs.scenario import Scenario
from sim.results.intervals import alike, bounded_effect_interval, mean_interval, t_quantile
from sim.results.running_moments import Moments
from sim.schema.outcomes import OUTCOMES

Floats = npt.NDArray[np.float64]
Away = frozenset[Removal]
Order = tuple[Away, ...]  # what goes in each step

EXACT: Final = 24  # orders; if there are no more, all of them are taken
ORDERS: Final = 6  # drawn if there are more
AT_ONCE: Final = 48  # scenarios run in one call, to bound the memory


@dataclass(frozen=True, slots=True)
class Share:
    """The share of a decision, or of one side of a deal, in the effect on one outcome: the mean over the worlds.

    low, high: its 95 % interval, over worlds and drawn orders; NaN for a single world; alike: the same in every world.
    """

    outcome: str
    share: float
    low: float
    high: float
    alike: bool
    significant: bool


Shares = dict[Away, tuple[Share, ...]]


def shares(state: ExerciseState, group: int, found: Sequence[Decision], worlds: int, names: Sequence[str]) -> Shares:
    """Return the shares of every decision of a group and of the sides of its deals, by what is taken away.

    names: of the outcomes.
    """
    parts = [tuple(one.seqs for one in decision.halves) or (decision.seqs,) for decision in found]
    orders = list(_orders(parts))
    values = _values(state, group, orders, worlds, names)
    exact = _count(parts) <= EXACT
    return {
        away: tuple(_share(name, along[place], exact=exact) for place, name in enumerate(names))
        for away, along in _along(orders, values, found).items()
    }


def courses(found: Sequence[Decision]) -> int:
    """Return how many scenarios the shares of some decisions need at most."""
    steps = sum(len(one.halves) or 1 for one in found)
    return min(2**steps, ORDERS * steps + 1)


def _count(parts: Sequence[Sequence[Away]]) -> int:
    return factorial(len(parts)) * prod(factorial(len(some)) for some in parts)


def _orders(parts: Sequence[tuple[Away, ...]]) -> Iterator[Order]:
    """Yield orders in which everything goes, the parts of one decision directly after each other."""
    if _count(parts) <= EXACT:
        for order in permutations(parts):
            for turned in product(*(tuple(permutations(some)) for some in order)):
                yield tuple(away for some in turned for away in some)
        return
    for turn, drawn in enumerate(draw_orders(ORDERS, len(parts), 1, 0)[::2, :, 0]):
        forward = tuple(away for place in drawn for away in _turned(parts[place], turn))
        yield forward
        yield forward[::-1]


def _turned(some: tuple[Away, ...], turn: int) -> tuple[Away, ...]:
    """Return the parts of a decision in an order of their own: with its reverse, three turns take all six of three."""
    half = max(factorial(len(some)) // 2, 1)
    return tuple(permutations(some))[turn % half]


def _steps(order: Order) -> list[Away]:
    """Return all that is away before the first step of an order, and after each."""
    gone: list[Away] = [frozenset()]
    for away in order:
        gone.append(gone[-1] | away)
    return gone


def _values(
    state: ExerciseState, group: int, orders: Sequence[Order], worlds: int, names: Sequence[str]
) -> dict[Away, Floats]:
    """Return the outcomes without each set that the orders pass, (outcomes, worlds)."""
    wanted = dict.fromkeys(away for order in orders for away in _steps(order))
    scenarios = {away: group_scenario(state, group, state.played, away) for away in wanted}
    known: dict[Scenario, Floats] = {}
    new = list(dict.fromkeys(scenarios.values()))
    for begin in range(0, len(new), AT_ONCE):
        some = new[begin : begin + AT_ONCE]
        for scenario, results in zip(some, run_together(some, worlds, state.settings.seed), strict=True):
            known[scenario] = np.stack([results.outcomes[name].values for name in names])
    return {away: known[scenario] for away, scenario in scenarios.items()}


def _along(orders: Sequence[Order], values: dict[Away, Floats], found: Sequence[Decision]) -> dict[Away, Floats]:
    """Return what goes with each decision and each side of a deal, (outcomes, orders, worlds)."""
    lost: dict[Away, list[Floats]] = {}
    for order in orders:
        gone = _steps(order)
        for away, before, after in zip(order, gone, gone[1:], strict=False):
            lost.setdefault(away, []).append(values[before] - values[after])
    single = {away: np.stack(some, axis=1) for away, some in lost.items()}
    whole = {one.seqs: np.sum([single[half.seqs] for half in one.halves], axis=0) for one in found if one.halves}
    return single | whole


def _share(name: str, along: Floats, *, exact: bool) -> Share:
    """Return a share from what goes along each order, (orders, worlds)."""
    each = along.mean(axis=0)
    moments = Moments.of(each)
    shared = OUTCOMES[name].kind == "share"
    low, high = bounded_effect_interval(each) if shared else (float(end) for end in mean_interval(moments))
    same, mean = bool(alike(moments)), float(each.mean())
    if not exact:
        pairs = along.mean(axis=1).reshape(-1, 2).mean(axis=1)
        error = float(t_quantile(np.asarray(len(pairs))) * pairs.std(ddof=1) / np.sqrt(len(pairs)))
        low, high = mean - float(np.hypot(mean - low, error)), mean + float(np.hypot(high - mean, error))
    return Share(name, mean, low, high, same, low > 0 or high < 0)
