"""Deals: proposals from seat to seat, and their status."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from sim.exercise import events as e
from sim.exercise.deal_views import Status
from sim.exercise.events import Event
from sim.exercise.lever_terms import Bound, Value, usual_bound
from sim.exercise.state import ExerciseState

# What is ignored, as if it had not happened: the seq of an event, or of a deal's acceptance the promises of one seat.
Removal = int | tuple[int, str]


@dataclass(frozen=True)
class Proposal:
    """An offer and its status.

    number: the seq of its event; give: what the sender does; take: what the receiver is asked to do; bounds: the
    direction of each promise, by lever; first: the round from which it applies, once accepted; sealed: the seq of the
    acceptance; why: the reason of an answer that the model gave.
    """

    number: int
    round: int
    group: int
    sender: str
    receiver: str
    give: Mapping[str, Value]
    take: Mapping[str, Value]
    bounds: Mapping[str, Bound]
    rounds: int
    note: str
    answers: int | None
    status: Status
    first: int | None = None
    sealed: int | None = None
    why: str = ""

    def covers(self, number: int) -> bool:
        """Return whether it is a deal that applies in a round."""
        return self.first is not None and self.first <= number < self.first + self.rounds

    @property
    def terms(self) -> dict[str, Value]:
        """The promised values of both sides, by lever."""
        return {**self.give, **self.take}

    @property
    def sides(self) -> frozenset[str]:
        """Both seats."""
        return frozenset((self.sender, self.receiver))


def proposals(state: ExerciseState, group: int) -> list[Proposal]:
    """Return every proposal of a group in this take, in order."""
    return [_proposal(state, one) for one in state.of(e.Proposed, group=group)]


def deals(state: ExerciseState, group: int, number: int, without: Collection[Removal] = ()) -> list[Proposal]:
    """Return the deals that apply in a round, in the order of their acceptance. without: what to ignore of them."""
    found = [one for one in proposals(state, group) if one.covers(number) and one.sealed not in without]
    return sorted((_less(one, without) for one in found), key=lambda one: one.sealed or 0)


def _less(one: Proposal, without: Collection[Removal]) -> Proposal:
    """Return a deal without the promises of the seats that are to be ignored."""
    give = {} if (one.sealed, one.sender) in without else one.give
    take = {} if (one.sealed, one.receiver) in without else one.take
    return replace(one, give=give, take=take)


def _proposal(state: ExerciseState, event: Event) -> Proposal:
    act = event.act
    assert isinstance(act, e.Proposed)  # noqa: S101  for the type checker: ExerciseState.of chose by kind
    status, answer = _fate(state, event)
    sealed = answer if status == "accepted" else None
    return Proposal(
        number=event.seq,
        round=event.round,
        group=event.group,
        sender=event.seat,
        receiver=act.to,
        give=act.give,
        take=act.take,
        bounds={lever: act.bounds.get(lever) or usual_bound(lever) for lever in chain(act.give, act.take)},
        rounds=act.rounds,
        note=act.note,
        answers=act.answers,
        status=status,
        first=sealed.round if sealed else None,
        sealed=sealed.seq if sealed else None,
        why=answer.act.why if answer and isinstance(answer.act, e.Answered) else "",
    )


def _fate(state: ExerciseState, event: Event) -> tuple[Status, Event | None]:
    """Return a proposal's status and the event that decided it. It expires when its round is no longer open."""
    for later in state.of(e.Answered, e.Retracted, e.Proposed, group=event.group):
        match later.act:
            case e.Answered(proposal=event.seq, answer="accept"):
                return "accepted", later
            case e.Answered(proposal=event.seq):
                return "declined", later
            case e.Retracted(proposal=event.seq):
                return "withdrawn", later
            case e.Proposed(answers=event.seq):
                return "countered", later
    lapsed = event.round != state.round or state.phase in ("closed", "over")
    return ("expired" if lapsed else "open"), None
