"""Deals: proposals from one seat to another or to two, and their status."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
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
    acceptance that made it a deal; why: the reasons of answers that the model gave; third: the second receiver, "" for
    none; third_gives: what that one is asked to do; accepted: the receivers that have accepted so far.
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
    third: str = ""
    third_gives: Mapping[str, Value] = field(default_factory=dict)
    accepted: tuple[str, ...] = ()

    def covers(self, number: int) -> bool:
        """Return whether it is a deal that applies in a round."""
        return self.first is not None and self.first <= number < self.first + self.rounds

    @property
    def promises(self) -> dict[str, Mapping[str, Value]]:
        """What each side promises, by seat: the sender, then the receivers."""
        third = {self.third: self.third_gives} if self.third else {}
        return {self.sender: self.give, self.receiver: self.take, **third}

    @property
    def terms(self) -> dict[str, Value]:
        """The promised values of all sides, by lever."""
        return {lever: value for some in self.promises.values() for lever, value in some.items()}

    @property
    def sides(self) -> frozenset[str]:
        """The seats between which it is, two or three."""
        return frozenset(self.promises)

    @property
    def receivers(self) -> tuple[str, ...]:
        """The seats that have to accept it, one or two."""
        return tuple(self.promises)[1:]

    @property
    def waiting(self) -> tuple[str, ...]:
        """The receivers that have not answered it yet; none once it is decided."""
        return tuple(one for one in self.receivers if one not in self.accepted) if self.status == "open" else ()


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
    rest = {} if (one.sealed, one.third) in without else one.third_gives
    return replace(one, give=give, take=take, third_gives=rest)


def _proposal(state: ExerciseState, event: Event) -> Proposal:
    act = event.act
    assert isinstance(act, e.Proposed)  # noqa: S101  for the type checker: ExerciseState.of chose by kind
    status, answers = _fate(state, event, 2 if act.third else 1)
    sealed = answers[-1] if status == "accepted" else None
    given = [one.act for one in answers if isinstance(one.act, e.Answered)]
    return Proposal(
        number=event.seq,
        round=event.round,
        group=event.group,
        sender=event.seat,
        receiver=act.to,
        give=act.give,
        take=act.take,
        bounds={
            lever: act.bounds.get(lever) or usual_bound(lever) for lever in chain(act.give, act.take, act.third_gives)
        },
        rounds=act.rounds,
        note=act.note,
        answers=act.answers,
        status=status,
        first=sealed.round if sealed else None,
        sealed=sealed.seq if sealed else None,
        why=" ".join(one.why for one in given if one.why),
        third=act.third,
        third_gives=act.third_gives,
        accepted=tuple(one.seat for one, said in zip(answers, given, strict=True) if said.answer == "accept"),
    )


def _fate(state: ExerciseState, event: Event, receivers: int) -> tuple[Status, list[Event]]:
    """Return a proposal's status and the answers to it, the last of which may have decided it.

    It is a deal once all receivers have accepted, and expires when its round is no longer open.
    """
    answers: list[Event] = []
    for later in state.of(e.Answered, e.Retracted, e.Proposed, group=event.group):
        match later.act:
            case e.Answered(proposal=event.seq, answer="accept"):
                answers.append(later)
                if len({one.seat for one in answers}) == receivers:
                    return "accepted", answers
            case e.Answered(proposal=event.seq):
                return "declined", [*answers, later]
            case e.Retracted(proposal=event.seq):
                return "withdrawn", answers
            case e.Proposed(answers=event.seq):
                return "countered", answers
    lapsed = event.round != state.round or state.phase in ("closed", "over")
    return ("expired" if lapsed else "open"), answers
