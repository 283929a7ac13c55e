"""What each decision did: its share in what all decisions did together, and what changes without it alone.

Without it alone: the decision is removed, everything else is kept, and the same worlds are run again. The effect is the
group's scenario minus the same scenario without the decision, world by world with common random numbers, with the
paired 95 % interval of `sim.results.comparison`; and the difference in the group's own world. Such effects do not add
up, and of two decisions of which either was enough both have none: see `decision_shares` for the shares, which do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sim.exercise.decision_shares import Share, courses, shares
from sim.exercise.decisions import Decision
from sim.exercise.rounds import group_scenario
from sim.exercise.state import ExerciseState
from sim.exercise.world_cache import run_together
from sim.results.comparison import effect_of
from sim.results.results import Results
from sim.schema.outcomes import OUTCOMES

WATCHED: Final = (
    "attacks", "security_forces_killed", "taliban_killed", "prisoners_released", "returned_to_fighting", "us_troops",
    "kabul_cohesion", "reached_power_shared", "reached_talks_open", "reached_ceasefire",
)  # fmt: skip
WORLD_DAYS: Final = 3_000_000  # the limit for the effects of a whole class: about half a minute of one core
FEWEST: Final = 16  # worlds
ALL: Final = "all"  # the kind of all decisions of a group together


@dataclass(frozen=True, slots=True)
class DecisionEffect:
    """What one outcome changes without a decision alone: with it minus without it."""

    outcome: str
    label: str
    unit: str
    effect: float  # mean over the worlds
    low: float  # 95 % interval
    high: float
    alike: bool  # whether it is the same in every world: except for shares, the interval then has no width
    significant: bool
    own: float  # in the group's own world


@dataclass(frozen=True, slots=True)
class DecisionImpact:
    """A decision, its effects and its shares, in the order of WATCHED; worlds: over how many they are computed.

    shares: empty for all decisions together; sides: of a deal with promises on both sides, the share of each side.
    """

    decision: Decision
    worlds: int
    effects: tuple[DecisionEffect, ...]
    shares: tuple[Share, ...] = ()
    sides: tuple[tuple[Decision, tuple[Share, ...]], ...] = ()

    def share(self, outcome: str) -> Share:
        """Return the share in the effect on an outcome. Raises KeyError if there is none."""
        return {one.outcome: one for one in self.shares}[outcome]

    def effect(self, outcome: str) -> DecisionEffect:
        """Return what an outcome changes without the decision alone. Raises KeyError if there is none."""
        return {one.outcome: one for one in self.effects}[outcome]


def impacts(state: ExerciseState, group: int, found: Sequence[Decision], worlds: int) -> list[DecisionImpact]:
    """Return what every decision of a group did, and last, if there are several, what all of them did together."""
    together = [_together(group, found)] if len(found) > 1 else []
    alone = leave_one_out(state, group, [*found, *together], worlds)
    by_away = shares(state, group, found, worlds, WATCHED)
    return [
        replace(
            one,
            shares=by_away.get(one.decision.seqs, ()),
            sides=tuple((half, by_away[half.seqs]) for half in one.decision.halves),
        )
        for one in alone
    ]


def _together(group: int, found: Sequence[Decision]) -> Decision:
    """Return all decisions as one."""
    seqs = frozenset().union(*(one.seqs for one in found))
    rounds = tuple(sorted({number for one in found for number in one.rounds}))
    return Decision(group, ALL, "All together", f"all {len(found)} decisions and events", rounds, seqs)


def leave_one_out(state: ExerciseState, group: int, found: Sequence[Decision], worlds: int) -> list[DecisionImpact]:
    """Return the effects of every decision of a group, each removed in turn, all run in one call."""
    if not found:
        return []
    settings = state.settings
    whole = group_scenario(state, group, state.played)
    scenarios = [whole, *(group_scenario(state, group, state.played, without=one.seqs) for one in found)]
    many = run_together(scenarios, worlds, settings.seed)
    own = run_together(scenarios, 1, settings.seed, first=settings.world)
    return [
        DecisionImpact(one, worlds, _effects((many[0], many[place]), (own[0], own[place])))
        for place, one in enumerate(found, start=1)
    ]


def worlds_for(state: ExerciseState, found: Sequence[Sequence[Decision]]) -> int:
    """Return the number of worlds: that of the exercise, or fewer if there are very many decisions. found: by group."""
    settings, number = state.settings, sum(len(some) + courses(some) for some in found)
    days = (settings.ends(state.played) - settings.scenario().start).days
    return max(FEWEST, min(settings.worlds, WORLD_DAYS // max(number * days, 1)))


def _effects(many: tuple[Results, Results], own: tuple[Results, Results]) -> tuple[DecisionEffect, ...]:
    """Return the differences, with minus without the decision, for every outcome of WATCHED."""
    found = []
    for name in WATCHED:
        one = effect_of(OUTCOMES[name], many[1].outcomes[name].values, many[0].outcomes[name].values)
        here = float(own[0].outcomes[name].values[0] - own[1].outcomes[name].values[0])
        found.append(
            DecisionEffect(name, one.label, one.unit, one.effect, one.low, one.high, one.alike, one.significant, here)
        )
    return tuple(found)
