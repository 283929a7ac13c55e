"""Orders: what a group's seats impose in a round, what that holds back, and which deals are broken."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from sim.exercise import events as e
from sim.exercise.deals import Proposal, Removal, deals
from sim.exercise.events import Event, Scope
from sim.exercise.lever_terms import Bound, Value, acts, lever_terms, meets
from sim.exercise.seats import SEATS, seat_of
from sim.exercise.state import ExerciseState

# Who agrees to an offer of prisoners neither demands more nor refuses its pledges while the deal applies: otherwise the
# model's Taliban would turn down in public what they have just accepted.
OFFERED: Final = "kabul.ghani.offer"
DEMANDED: Final = "taliban.demand"
PLEDGED: Final = "taliban.pledges_acceptable"
_EVERYBODY: Final = 1.0


@dataclass(frozen=True, slots=True)
class ActiveOrder:
    """The value in force on a lever in a round: the latest of the orders and deals that apply to it.

    seq: of the order or of the deal's acceptance; since: the round in which it was given; deal: the proposal's number,
    None for an order; student: who ordered, 0 for a deal; partners: for a deal, the other seats.
    """

    lever: str
    value: Value
    seq: int
    since: int
    scope: Scope
    seat: str
    deal: int | None = None
    student: int = 0
    partners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A lever that the model does not decide in a round, since it would undo an order or a deal of its seat."""

    lever: str
    value: Value
    cause: ActiveOrder


@dataclass(frozen=True, slots=True)
class Breach:
    """A deal broken in a round: a seat set a lever to what the promise does not allow, or one that undoes it.

    lever: of the promise; by: the lever that was set, the same or one that undoes it; done: its value.
    """

    deal: int
    round: int
    seat: str
    partners: tuple[str, ...]
    lever: str
    bound: Bound
    promised: Value
    by: str
    done: Value


def in_force(
    state: ExerciseState, group: int, number: int, without: Collection[Removal] = ()
) -> dict[str, ActiveOrder]:
    """Return what is in force in a round, by lever. without: seqs of events to ignore, as if they had not happened.

    An order for one round is an exception to an order until changed, which applies again after it; a deal acts like an
    order of both seats, given when it was accepted, except where an earlier order or deal already keeps the promise. It
    ends earlier orders that would undo it, as long as it applies.
    """
    found: dict[str, ActiveOrder] = {}
    orders = [(one, None) for one in _ordered(state, group, number, without)]
    for one, bound in sorted([*orders, *_promised(state, group, number, without)], key=lambda pair: pair[0].seq):
        before = found.get(one.lever)
        if before is None or bound is None or not meets(before.value, bound, one.value):
            found[one.lever] = one
    for held in _by_deals(state, group, number, without):
        if held.lever in found and found[held.lever].seq < held.cause.seq:
            del found[held.lever]
    return found


def held_back(state: ExerciseState, group: int, number: int, without: Collection[Removal] = ()) -> dict[str, Held]:
    """Return the levers on which the model's own decision is held back in a round, by lever."""
    active = in_force(state, group, number, without)
    by_orders = [held for one in active.values() for held in _undone_by(one)]
    return {
        one.lever: one
        for one in [*by_orders, *_by_deals(state, group, number, without)]
        if one.lever not in active
    }  # fmt: skip


def _undone_by(one: ActiveOrder) -> Iterator[Held]:
    """Yield what an order or a promise holds back on its own side."""
    if acts(one.lever, one.value):
        yield from (Held(lever, value, one) for lever, value in lever_terms()[one.lever].holds.items())


def _by_deals(state: ExerciseState, group: int, number: int, without: Collection[Removal]) -> Iterator[Held]:
    """Yield what the deals of a round hold back, in the order of their acceptance."""
    for deal in deals(state, group, number, without):
        for term, _ in _terms(deal):
            yield from _undone_by(term)
            if term.lever == OFFERED and deal.sides >= {seat_of(OFFERED), seat_of(DEMANDED)}:
                yield Held(DEMANDED, term.value, term)
                yield Held(PLEDGED, _EVERYBODY, term)


def breaches(state: ExerciseState, group: int, number: int) -> list[Breach]:
    """Return the deals broken in a round by later orders or deals of its seats; an inject breaks no deal."""
    active = in_force(state, group, number)
    return [
        Breach(deal.number, number, term.seat, term.partners, term.lever, bound, term.value, by.lever, by.value)
        for deal in deals(state, group, number)
        for term, bound in _terms(deal)
        for by in _undoing(term, bound, active)
    ]


def _undoing(term: ActiveOrder, bound: Bound, active: dict[str, ActiveOrder]) -> Iterator[ActiveOrder]:
    """Yield what breaks a promise: its own lever at another value, else a lever that undoes it."""
    own = active[term.lever]
    if not meets(own.value, bound, term.value):
        yield own
    elif acts(term.lever, own.value):
        holds = lever_terms()[term.lever].holds
        yield from (active[lever] for lever, value in holds.items() if lever in active and active[lever].value != value)


def _ordered(state: ExerciseState, group: int, number: int, without: Collection[Removal]) -> list[ActiveOrder]:
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


def _promised(
    state: ExerciseState, group: int, number: int, without: Collection[Removal]
) -> list[tuple[ActiveOrder, Bound]]:
    return [term for deal in deals(state, group, number, without) for term in _terms(deal)]


def _terms(deal: Proposal) -> list[tuple[ActiveOrder, Bound]]:
    """Return the promises of a deal as orders, each with its direction."""
    return [(_term(deal, lever, value), deal.bounds[lever]) for lever, value in deal.terms.items()]


def _term(deal: Proposal, lever: str, value: Value) -> ActiveOrder:
    since, sealed, seat = deal.first or 0, deal.sealed or 0, seat_of(lever) or ""
    partners = tuple(one for one in SEATS if one in deal.sides - {seat})
    return ActiveOrder(lever, value, sealed, since, "round", seat, deal=deal.number, partners=partners)
