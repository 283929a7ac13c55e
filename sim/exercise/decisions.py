"""The decisions of a group: its orders, deals and the events brought in, with the rounds in which they applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from sim.exercise import events as e
from sim.exercise.deals import Proposal, Removal, deals
from sim.exercise.lever_terms import Value, meets
from sim.exercise.orders import ActiveOrder, in_force
from sim.exercise.rounds import deal_text, injects, lever_text, promise_text
from sim.exercise.seats import SEATS, as_subject
from sim.exercise.state import ExerciseState

MOST: Final = 60  # decisions per group; if there are more, the orders on each lever are joined


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a group. kind: order, deal or inject; rounds: in which it applied.

    seqs: what to ignore of the log; halves: of a deal with promises of several sides, those of each.
    """

    group: int
    kind: str
    who: str
    text: str
    rounds: tuple[int, ...]
    seqs: frozenset[Removal]
    halves: tuple["Decision", ...] = ()

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


def decisions(state: ExerciseState, group: int) -> list[Decision]:
    """Return the decisions of a group in the rounds played, in order; the same order in successive rounds is one.

    If there are more than MOST, all orders of a seat on one lever are joined into one.
    """
    orders = _orders(state, group)
    others = [*_deals(state, group), *_injects(state, group)]
    if len(orders) + len(others) > MOST:
        orders = [_joined(list(some)) for _, some in groupby(sorted(orders, key=_lever), key=_lever)]
    return sorted([*orders, *others], key=lambda one: (one.rounds[0], min(map(_seq, one.seqs))))


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
            who = as_subject(deal.promises)
            new = Decision(group, "deal", who, deal_text(deal), (), frozenset({deal.sealed or 0}), _halves(group, deal))
            old = found.get(deal.number, new)
            found[deal.number] = replace(
                _longer(old, number, keeping[deal.number]),
                halves=tuple(
                    _longer(half, number, [one for one in keeping[deal.number] if SEATS[one.seat].label == half.who])
                    for half in old.halves
                ),
            )
    return list(found.values())


def _halves(group: int, deal: Proposal) -> tuple[Decision, ...]:
    """Return what each side of a deal promises; nothing if only one side does."""
    sides = {seat: terms for seat, terms in deal.promises.items() if terms}
    return tuple(
        Decision(group, "promise", SEATS[seat].label, _promises(deal, terms), (), frozenset({(deal.sealed or 0, seat)}))
        for seat, terms in sides.items()
        if len(sides) > 1
    )


def _promises(deal: Proposal, terms: Mapping[str, Value]) -> str:
    return "; ".join(promise_text(lever, deal.bounds[lever], value) for lever, value in terms.items())


def _longer(one: Decision, number: int, keeping: Sequence[ActiveOrder]) -> Decision:
    """Return a decision that applies in one more round. keeping: orders that keep its promises there."""
    return replace(one, rounds=(*one.rounds, number), seqs=one.seqs | {order.seq for order in keeping})


def _seq(one: Removal) -> int:
    return one if isinstance(one, int) else one[0]


def _injects(state: ExerciseState, group: int) -> list[Decision]:
    """Return the injects that imposed something."""
    found = []
    for number in range(1, state.played + 1):
        for event in injects(state, group, number):
            if isinstance(event.act, e.Injected) and event.act.card.levers:
                card = event.act.card
                found.append(Decision(group, "inject", "News", card.title, (number,), frozenset({event.seq})))
    return found
