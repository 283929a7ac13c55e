"""Orders: what a group's seats impose in a round, by orders or deals, and which deals are broken."""

from collections.abc import Collection
from dataclasses import dataclass

from sim.exercise import events as e
from sim.exercise.deals import Proposal, deals
from sim.exercise.events import Event, Scope, Value
from sim.exercise.seats import seat_of
from sim.exercise.state import ExerciseState


@dataclass(frozen=True, slots=True)
class ActiveOrder:
    """The value in force on a lever in a round: the latest of the orders and deals that apply to it.

    seq: of the order or of the deal's acceptance; since: the round in which it was given; deal: the proposal's number,
    None for an order; student: who ordered, 0 for a deal.
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
    """A deal broken in a round: a later order or deal of a seat sets a lever to another value than promised."""

    deal: int
    round: int
    seat: str
    lever: str
    promised: Value
    done: Value


def in_force(state: ExerciseState, group: int, number: int, without: Collection[int] = ()) -> dict[str, ActiveOrder]:
    """Return what is in force in a round, by lever. without: seqs of events to ignore, as if they had not happened.

    An order for one round is an exception to an order until changed, which applies again after it; a deal acts like an
    order of both seats, given when it was accepted.
    """
    found: dict[str, ActiveOrder] = {}
    for one in sorted([*_ordered(state, group, number, without), *_promised(state, group, number, without)], key=_seq):
        found[one.lever] = one
    return found


def breaches(state: ExerciseState, group: int, number: int) -> list[Breach]:
    """Return the deals broken in a round by later orders or deals of its seats; an inject breaks no deal."""
    held = in_force(state, group, number)
    return [
        Breach(deal.number, number, seat_of(lever) or "", lever, value, held[lever].value)
        for deal in deals(state, group, number)
        for lever, value in deal.terms.items()
        if held[lever].value != value
    ]


def _ordered(state: ExerciseState, group: int, number: int, without: Collection[int]) -> list[ActiveOrder]:
    """Return the orders that apply to a round and were not withdrawn."""
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


def _promised(state: ExerciseState, group: int, number: int, without: Collection[int]) -> list[ActiveOrder]:
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
