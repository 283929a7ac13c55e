"""The rules for offers: who may make, accept, decline, counter and withdraw one, students and the model alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sim.errors import InputError
from sim.exercise import events as e
from sim.exercise.deals import Proposal, proposals
from sim.exercise.event_store import Place
from sim.exercise.events import Act
from sim.exercise.lever_terms import BOUNDS, Bound, Value, usual_bound
from sim.exercise.rules import choice, may_act, own, placed
from sim.exercise.seats import SEATS, in_words
from sim.exercise.state import ExerciseState
from sim.schema import arguments, validation
from sim.schema.decisions import levers
from sim.schema.frozen_map import FrozenMap

LONGEST_NOTE: Final = 500  # characters
MOST_TERMS: Final = 8  # per side
MOST_RECEIVERS: Final = 2
ANSWERS: Final = ("accept", "decline")


@dataclass(frozen=True, slots=True)
class Offer:
    """What a proposal says, not checked yet. bounds: the direction of promises by lever, the usual ones if None."""

    give: Any
    take: Any
    rounds: Any = 1
    note: Any = ""
    bounds: Any = None


def propose(state: ExerciseState, who: Place, to: Any, offer: Offer, answers: int | None = None) -> e.Proposed:
    """Offer a deal to another seat of the group, or to two. answers: the proposal that it counters."""
    may_act(state, who)
    first, third = _receivers(state, who, to)
    taken = _split(offer.take, third)
    give, take = _terms(state, who.seat, offer.give, "give"), _terms(state, first, taken[0], "take")
    rest = _terms(state, third, taken[1], "take") if third else FrozenMap({})
    terms = {**give, **take, **rest}
    if not terms:
        raise InputError("a proposal needs at least one term", path="give")
    left = state.settings.rounds - state.round + 1
    span = placed("rounds", validation.number, offer.rounds, 1, left, "rounds", whole=True)
    note = placed("note", validation.optional_text, offer.note, LONGEST_NOTE)
    return e.Proposed(first, give, take, span, note, answers, _bounds(terms, offer.bounds), third, rest)


def answer(state: ExerciseState, who: Place, proposal: Any, word: Any) -> Act:
    """Accept or decline a proposal to this seat; it may still decline until every receiver has accepted."""
    may_act(state, who)
    found = _addressed(state, who, proposal)
    choice("answer", word, ANSWERS)
    if word == "accept" and who.seat not in found.waiting:
        raise InputError(
            f"you have accepted it: it waits for {in_words(found.waiting)}", path="proposal", value=found.number
        )
    return e.Answered(found.number, word)


def counter(state: ExerciseState, who: Place, proposal: Any, offer: Offer) -> Act:
    """Answer a proposal to this seat with a counter-proposal to all of its other sides."""
    found = _addressed(state, who, proposal)
    others = tuple(one for one in found.promises if one != who.seat)
    return propose(state, who, others, offer, answers=found.number)


def retract(state: ExerciseState, who: Place, proposal: Any) -> Act:
    """Withdraw a proposal of this seat."""
    may_act(state, who)
    found = _open_proposal(state, who, proposal)
    if found.sender != who.seat:
        raise InputError("that proposal is not yours", path="proposal", value=proposal)
    return e.Retracted(found.number)


def answer_by_model(state: ExerciseState, who: Place, answered: Proposal, word: Any, why: str) -> Act:
    """Answer a proposal to a seat that no student holds, if that still is to be done. Raises InputError."""
    waiting = {(one.number, seat) for one, seat in unanswered(state, who.group)}
    if state.phase != "open" or (answered.number, who.seat) not in waiting:
        raise InputError("no such proposal waits for the model", path="proposal", value=answered.number)
    choice("answer", word, ANSWERS)
    return e.Answered(answered.number, word, why)


def unanswered(state: ExerciseState, group: int) -> list[tuple[Proposal, str]]:
    """Return the open proposals of a group that the model has to answer, each with the seat that it answers for."""
    return [(one, seat) for one in proposals(state, group) for seat in one.waiting if state.answers(group, seat)]


def _receivers(state: ExerciseState, who: Place, to: Any) -> tuple[str, str]:
    """Return the seat to which an offer is made, and the second one, "" for none. Raises InputError."""
    some = (to,) if isinstance(to, str) else arguments.items("to", to, "one or two seats")
    if not 1 <= len(some) <= MOST_RECEIVERS:
        raise InputError("must be one or two seats", path="to", value=len(some), expected=f"1 to {MOST_RECEIVERS}")
    for seat in some:
        choice("to", seat, tuple(SEATS))
        if seat == who.seat:
            raise InputError("a proposal goes to another seat, not to your own", path="to", value=seat)
        if (who.group, seat) not in state.taken and not state.filled:
            raise InputError("nobody holds that seat: the model plays it and makes no deals", path="to", value=seat)
    if len(set(some)) < len(some):
        raise InputError("contains a duplicate", path="to", value=some[0])
    return (some[0], some[1]) if len(some) > 1 else (some[0], "")


def _split(take: Any, third: str) -> tuple[Any, dict[Any, Any]]:
    """Return what is asked of the first receiver, and what of the second: the values of its own levers."""
    if not third or not isinstance(take, Mapping):
        return take, {}
    rest = {lever: value for lever, value in take.items() if lever in SEATS[third].levers}
    return {lever: value for lever, value in take.items() if lever not in rest}, rest


def _addressed(state: ExerciseState, who: Place, number: Any) -> Proposal:
    """Return an open proposal to this seat. Raises InputError."""
    found = _open_proposal(state, who, number)
    if who.seat not in found.receivers:
        raise InputError("that proposal is not addressed to your seat", path="proposal", value=number)
    return found


def _terms(state: ExerciseState, seat: str, given: Any, path: str) -> FrozenMap[Value]:
    """Return the promises of one side. Raises InputError."""
    if not isinstance(given, Mapping) or len(given) > MOST_TERMS:
        raise InputError("must be values by lever", path=path, expected=f"at most {MOST_TERMS} terms")
    return FrozenMap({lever: own(state, seat, lever, value) for lever, value in given.items()})


def _bounds(terms: Mapping[str, Value], given: Any) -> FrozenMap[Bound]:
    """Return the direction of each promise; a yes or no is always exact. Raises InputError."""
    wanted = {} if given is None else arguments.table("bounds", given, "directions by lever")
    for lever in wanted:
        if lever not in terms:
            raise InputError("is not promised", path=f"bounds.{lever}")
    found: dict[str, Bound] = {}
    for lever in terms:
        word = wanted.get(lever, usual_bound(lever))
        choice(lever, word, ("exactly",) if levers()[lever].flag else BOUNDS)
        found[lever] = word
    return FrozenMap(found)


def _open_proposal(state: ExerciseState, who: Place, number: Any) -> Proposal:
    """Return an open proposal of the group in which this seat takes part. Raises InputError."""
    number = arguments.plain(number)
    for one in proposals(state, who.group):
        if not isinstance(number, bool) and one.number == number and who.seat in one.sides:
            if one.status != "open":
                raise InputError(f"that proposal is {one.status}", path="proposal", value=number)
            return one
    raise InputError("no such proposal", path="proposal", value=number)
