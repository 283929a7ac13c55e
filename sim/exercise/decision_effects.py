"""The effect of each decision: it is removed, everything else is kept, and the same worlds are run again.

The effect is the group's scenario minus the same scenario without the decision, world by world with common random
numbers, with the paired 95 % interval of `sim.results.comparison`; and the difference in the group's own world. The
effect of one decision depends on the other decisions, so effects do not add up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from sim.exercise import events as e
from sim.exercise.deals import deals
from sim.exercise.lever_terms import meets
from sim.exercise.orders import ActiveOrder, in_force
from sim.exercise.rounds import deal_text, group_scenario, injects, lever_text
from sim.exercise.seats import SEATS
from sim.exercise.state import ExerciseState
from sim.exercise.world_cache import run_together
from sim.results.comparison import effect_of
from sim.results.results import Results
from sim.schema.outcomes import OUTCOMES

WATCHED: Final = (
    "attacks", "security_forces_killed", "taliban_killed", "prisoners_released", "returned_to_fighting", "us_troops",
    "kabul_cohesion", "reached_power_shared", "reached_talks_open", "reached_ceasefire",
)  # fmt: skip
MOST: Final = 60  # decisions per group; if there are more, the orders on each lever are joined
WORLD_DAYS: Final = 3_000_000  # the limit for the effects of a whole class: about half a minute of one core
FEWEST: Final = 16  # worlds


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a group. kind: order, deal or inject; rounds: in which it applied; seqs: of its events."""

    group: int
    kind: str
    who: str
    text: str
    rounds: tuple[int, ...]
    seqs: frozenset[int]

    @property
    def span(self) -> str:
        """Its rounds in words: "1 to 3, 5"."""
        ends = [r for r in self.rounds if r - 1 not in self.rounds or r + 1 not in self.rounds]
        parts: list[str] = []
        for number in ends:
            if number - 1 in self.rounds:
                parts[-1] += f" to {number}"
            else:
                parts.append(str(number))
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class DecisionEffect:
    """The effect of a decision on one outcome: with it minus without it."""

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
    """A decision and its effects, in the order of WATCHED; worlds: over how many they are computed."""

    decision: Decision
    worlds: int
    effects: tuple[DecisionEffect, ...]


def decisions(state: ExerciseState, group: int) -> list[Decision]:
    """Return the decisions of a group in the rounds played, in order; the same order in successive rounds is one.

    If there are more than MOST, all orders of a seat on one lever are joined into one.
    """
    orders = _orders(state, group)
    others = [*_deals(state, group), *_injects(state, group)]
    if len(orders) + len(others) > MOST:
        orders = [_joined(list(some)) for _, some in groupby(sorted(orders, key=_lever), key=_lever)]
    return sorted([*orders, *others], key=lambda one: (one.rounds[0], min(one.seqs)))


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


def worlds_for(state: ExerciseState, number: int) -> int:
    """Return the number of worlds per decision: that of the exercise, or fewer if there are very many decisions."""
    settings = state.settings
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


def _orders(state: ExerciseState, group: int) -> list[Decision]:
    """Return the orders with the rounds in which they applied; the same order in successive rounds is one.

    An order that keeps a promise belongs to the deal: without one of them alone the other would still hold.
    """
    runs: dict[str, list[Decision]] = {}
    for number in range(1, state.played + 1):
        keeping = {one.seq for some in _keeping(state, group, number).values() for one in some}
        for one in in_force(state, group, number).values():
            if one.deal is None and one.seq not in keeping:
                text = lever_text(one.lever, one.value)
                new = Decision(group, "order", SEATS[one.seat].label, text, (number,), frozenset({one.seq}))
                _append(runs.setdefault(one.lever, []), new)
    return [one for some in runs.values() for one in some]


def _keeping(state: ExerciseState, group: int, number: int) -> dict[int, list[ActiveOrder]]:
    """Return the orders of a round that keep or exceed a promise, by the number of its deal."""
    active = in_force(state, group, number)
    return {
        deal.number: [
            active[lever]
            for lever, value in deal.terms.items()
            if active[lever].deal is None and meets(active[lever].value, deal.bounds[lever], value)
        ]
        for deal in deals(state, group, number)
    }


def _append(runs: list[Decision], new: Decision) -> None:
    """Add a round to the decision that it continues, or append a new decision."""
    for place, old in enumerate(runs):
        again = old.text == new.text and old.rounds[-1] == new.rounds[0] - 1
        if again or old.seqs & new.seqs:
            runs[place] = replace(old, rounds=old.rounds + new.rounds, seqs=old.seqs | new.seqs)
            return
    runs.append(new)


def _lever(one: Decision) -> tuple[str, str]:
    """Return the seat's label and the lever's label."""
    return one.who, one.text.partition(":")[0]


def _joined(some: list[Decision]) -> Decision:
    """Return all orders on a lever as one decision."""
    first = some[0]
    if len(some) == 1:
        return first
    seqs = frozenset().union(*(one.seqs for one in some))
    text = f"{_lever(first)[1]}: all {len(some)} orders"
    return replace(first, text=text, rounds=tuple(sorted({r for one in some for r in one.rounds})), seqs=seqs)


def _deals(state: ExerciseState, group: int) -> list[Decision]:
    """Return the deals that applied in a round played, each with the orders that kept its promises."""
    found: dict[int, Decision] = {}
    for number in range(1, state.played + 1):
        keeping = _keeping(state, group, number)
        for deal in deals(state, group, number):
            who = f"{SEATS[deal.sender].label} and {SEATS[deal.receiver].inside}"
            new = Decision(group, "deal", who, deal_text(deal), (), frozenset({deal.sealed or 0}))
            old = found.get(deal.number, new)
            seqs = old.seqs | {one.seq for one in keeping[deal.number]}
            found[deal.number] = replace(old, rounds=(*old.rounds, number), seqs=seqs)
    return list(found.values())


def _injects(state: ExerciseState, group: int) -> list[Decision]:
    """Return the injects that imposed something."""
    found = []
    for number in range(1, state.played + 1):
        for event in injects(state, group, number):
            if isinstance(event.act, e.Injected) and event.act.card.levers:
                card = event.act.card
                found.append(Decision(group, "inject", "News", card.title, (number,), frozenset({event.seq})))
    return found
