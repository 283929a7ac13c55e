"""Orders: what a group's seats impose in a round, by order or by deal, and which deals that breaks."""

from collections.abc import Collection
from dataclasses import dataclass

from sim.exercise import events as e
from sim.exercise.deals import Proposal, deals
from sim.exercise.events import Event, Scope, Value
from sim.exercise.seats import seat_of
from sim.exercise.state import State


@dataclass(frozen=True, slots=True)
class ActiveOrder:
    """What holds on a lever in a round: the latest of the orders and deals that cover it.

    seq: of the order or of the deal's acceptance; since: the round it comes from; deal: the proposal's number, None
    for an order; student: who ordered, 0 for a deal.
    """

    lever: str
    value: Value
    seq: int
    since: int
    scope: Scope
    seat: str
    deal: int | None = None
    student: int = 0


@dataclass(frozen=True, slots=True)
class Breach:
    """A deal broken in a round: a seat's later order on a lever, or its later deal, says otherwise."""

    deal: int
    round: int
    seat: str
    lever: str
    promised: Value
    done: Value


def in_force(state: State, group: int, number: int, without: Collection[int] = ()) -> dict[str, ActiveOrder]:
    """What holds in a round, by lever. without: events, by seq, that are left out, as if they had never been.

    An order for one round is an exception to one that holds until changed, which comes back after it; a deal acts like
    an order of both seats, given when it was sealed.
    """
    found: dict[str, ActiveOrder] = {}
    for one in sorted([*_ordered(state, group, number, without), *_promised(state, group, number, without)], key=_seq):
        found[one.lever] = one
    return found


def breaches(state: State, group: int, number: int) -> list[Breach]:
    """The deals broken in a round, by what its seats ordered afterwards; what an inject does is nobody's breach."""
    held = in_force(state, group, number)
    return [
        Breach(deal.number, number, seat_of(lever) or "", lever, value, held[lever].value)
        for deal in deals(state, group, number)
        for lever, value in deal.terms.items()
        if held[lever].value != value
    ]


def _ordered(state: State, group: int, number: int, without: Collection[int]) -> list[ActiveOrder]:
    """The orders that cover a round and were not taken back."""
    standing: list[ActiveOrder] = []
    for event in state.of(e.Ordered, e.Withdrawn, group=group):
        if event.round > number or event.seq in without:
            continue
        act = event.act
        if isinstance(act, e.Withdrawn):
            standing = [one for one in standing if one.lever != act.lever]
        elif isinstance(act, e.Ordered) and (act.scope == "until_changed" or event.round == number):
            standing.append(_holding(event, act))
    return standing


def _holding(event: Event, act: e.Ordered) -> ActiveOrder:
    return ActiveOrder(act.lever, act.value, event.seq, event.round, act.scope, event.seat, student=event.student)


def _promised(state: State, group: int, number: int, without: Collection[int]) -> list[ActiveOrder]:
    return [
        _term(deal, lever, value)
        for deal in deals(state, group, number, without)
        for lever, value in deal.terms.items()
    ]


def _term(deal: Proposal, lever: str, value: Value) -> ActiveOrder:
    since, sealed = deal.first or 0, deal.sealed or 0
    return ActiveOrder(lever, value, sealed, since, "round", seat_of(lever) or "", deal=deal.number)


def _seq(one: ActiveOrder) -> int:
    return one.seq
