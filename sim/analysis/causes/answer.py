"""The answer to a question for causes: records for tables, pages and scripts, without any text about the result."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from sim.analysis.causes.cause_tests import CauseTests
from sim.analysis.causes.estimate import Estimate, mean_effect, share_of
from sim.analysis.causes.factor import Factor
from sim.analysis.causes.oracle import Days, Flags, members
from sim.analysis.causes.screen import Screened
from sim.analysis.obstacles import Obstacle
from sim.inputs.scenario import Scenario
from sim.schema.milestones import NEVER

BAND: Final = (0.05, 0.95)
SETS: Final = 5  # of each kind that are kept


@dataclass(frozen=True, slots=True)
class FactorResult:
    """What the tests say of one factor. Each estimate says over how many worlds it is.

    In worlds where the event comes: needed, it stops without this factor alone; later, it comes, but more than GRACE
    days later; together, the factor is in a minimal set without which it stops; enough, it is in a minimal set that
    brings it without the others. In worlds where it never comes: brings, it comes without this factor alone;
    brings_together, without a minimal set that this factor is in. share: of the difference between the scenario and the
    scenario without all tested factors, over all worlds, −1 to +1; error: its standard error from sampled orders.
    responsibility: mean over all worlds, 0 to 1. moved: median days by which the event comes later without it, with
    the 5 and 95 % quantiles, over `pairs` worlds in which it comes both times; NaN for none. backup: worlds in which it
    would have come in for another one. date: without it, in a single world; None for never, and for many worlds.
    """

    factor: Factor
    needed: Estimate
    later: Estimate
    together: Estimate
    enough: Estimate
    brings: Estimate
    brings_together: Estimate
    share: Estimate
    error: float
    responsibility: float
    moved: float
    moved_low: float
    moved_high: float
    pairs: int
    backup: int
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class SetResult:
    """A minimal set of factors. worlds: in how many it is one; date: of the event without it, in a single world."""

    factors: tuple[str, ...]
    worlds: int
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One step of the chain in a single world: what happened, why, what was tested, and what it rests on.

    date: None for what acts all through the run; inputs: what the rule has read and drawn on that day, for milestones.
    """

    date: dt.date | None
    text: str
    tested: str
    rule: str
    rests_on: str
    inputs: str = ""


@dataclass(frozen=True)
class Answer:
    """Why an event comes or never comes.

    world: of a single world, else None; came: share of worlds in which it comes by the end of the run; came_without:
    without all tested factors; effect: the difference of both, which the shares of `results` add up to. orders: sampled
    in each world, 0 if every set of factors was run; courses: run in all. stops, brings, enough: the most frequent
    minimal sets. obstacles: what blocked talks, by removal, for talks_open; obstacle_sets: the minimal sets of
    conditions that kept them from opening, in worlds where they never do; chain: for a single world. alone: whether
    each factor was taken away alone and none together, so that shares are changes, and do not add up.
    """

    scenario: Scenario
    about: str
    against: Scenario | None
    world: int | None
    worlds: int
    first: int
    seed: int
    assumptions: str
    date: dt.date | None
    date_without_all: dt.date | None
    came: Estimate
    came_without: Estimate
    effect: Estimate
    results: tuple[FactorResult, ...]
    screened: tuple[Screened, ...]
    overdetermined: int
    preempted: int
    nonmonotone: int
    unexplained: int
    orders: int
    courses: int
    stops: tuple[SetResult, ...] = ()
    brings: tuple[SetResult, ...] = ()
    enough: tuple[SetResult, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    obstacle_sets: tuple[SetResult, ...] = ()
    chain: tuple[Link, ...] = field(default=())
    alone: bool = False


def factor_results(tests: CauseTests, factors: Sequence[Factor], dates: Sequence[dt.date | None]) -> list[FactorResult]:
    """Return the result of each factor, the one that matters most first. dates: without each, in a single world."""
    return [_result(tests, place, factors[place], dates[place]) for place in tests.ranking()]


def _result(tests: CauseTests, place: int, factor: Factor, date: dt.date | None) -> FactorResult:
    """Return the result of one factor."""
    came = tests.came
    needed, late, together = tests.needed[place], tests.delays[place], tests.together[place] > 0
    moved = tests.moved[place][~np.isnan(tests.moved[place])]
    spread = np.quantile(moved, (0.5, *BAND)) if moved.size else np.full(3, np.nan)
    return FactorResult(
        factor=factor,
        needed=share_of(needed[came]),
        later=share_of(late[came]),
        together=share_of(together[came]),
        enough=share_of(tests.enough[place][came] > 0),
        brings=share_of(needed[~came]),
        brings_together=share_of(together[~came]),
        share=mean_effect(tests.share[place]),
        error=float(tests.error[place]),
        responsibility=float(tests.responsibility[place].mean()),
        moved=float(spread[0]),
        moved_low=float(spread[1]),
        moved_high=float(spread[2]),
        pairs=moved.size,
        backup=int((tests.backup[place] & tests.preempted).sum()),
        date=date,
    )


def frequent_sets(
    found: Flags | None, where: Flags, factors: Sequence[Factor], dates: Sequence[dt.date | None] = ()
) -> tuple[SetResult, ...]:
    """Return the most frequent minimal sets in some worlds, the most frequent first; the empty set is left out.

    found: (sets, worlds), None where sets were sampled; where: (worlds,); dates: of the event without each set, in a
    single world.
    """
    if found is None:
        return ()
    counts = (found & where).sum(axis=1)
    order = np.argsort(-counts, kind="stable")
    some = [int(one) for one in order if counts[one] and one][:SETS]
    return tuple(
        SetResult(tuple(factors[i].name for i in members(one)), int(counts[one]), dates[one] if dates else None)
        for one in some
    )


def effect_of(day: Days, day_without: Days) -> tuple[Estimate, Estimate, Estimate]:
    """Return the share of worlds with the event as things are, without all factors, and the paired difference."""
    came, without = day != NEVER, day_without != NEVER
    return share_of(came), share_of(without), mean_effect(came.astype(np.float64) - without)
