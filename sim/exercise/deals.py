"""Deals: proposals from seat to seat, what became of them, and who kept them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sim.exercise import events as e
from sim.exercise.events import Event, Value
from sim.exercise.state import State
from sim.exercise.views import Status


@dataclass(frozen=True)
class Proposal:
    """An offer and what became of it.

    number: the seq of its event; sender gives, receiver is asked to give `take`; first: the round from which it holds,
    once accepted; sealed: the seq of the acceptance.
    """

    number: int
    round: int
    group: int
    sender: str
    receiver: str
    give: Mapping[str, Value]
    take: Mapping[str, Value]
    rounds: int
    note: str
    answers: int | None
    status: Status
    first: int | None = None
    sealed: int | None = None

    def covers(self, number: int) -> bool:
        """Whether it is a deal that holds in a round."""
        return self.first is not None and self.first <= number < self.first + self.rounds

    @property
    def terms(self) -> dict[str, Value]:
        """What both sides promise, by lever."""
        return {**self.give, **self.take}


def proposals(state: State, group: int) -> list[Proposal]:
    """Every proposal of a group in this take, in order."""
    return [_proposal(state, one) for one in state.of(e.Proposed, group=group)]


def deals(state: State, group: int, number: int, without: Collection[int] = ()) -> list[Proposal]:
    """The deals that hold in a round, in the order in which they were sealed. without: acceptances left out."""
    found = [one for one in proposals(state, group) if one.covers(number) and one.sealed not in without]
    return sorted(found, key=lambda one: one.sealed or 0)


def _proposal(state: State, event: Event) -> Proposal:
    act = event.act
    assert isinstance(act, e.Proposed)  # noqa: S101  for the type checker: State.of chose by kind
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
        rounds=act.rounds,
        note=act.note,
        answers=act.answers,
        status=status,
        first=sealed.round if sealed else None,
        sealed=sealed.seq if sealed else None,
    )


def _fate(state: State, event: Event) -> tuple[Status, Event | None]:
    """What became of a proposal, and the event that settled it. It lapses when its round is no longer open."""
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
