"""Offers and deals as pages show them, as frozen records. Text in them is plain text, never markup."""

from dataclasses import dataclass
from typing import Final, Literal

from sim.exercise.lever_terms import Bound

Status = Literal["open", "accepted", "declined", "countered", "withdrawn", "expired"]
STATUS_IN_WORDS: Final[dict[Status, str]] = {
    "open": "not answered yet", "accepted": "a deal", "declined": "declined", "countered": "counter-offer made",
    "withdrawn": "withdrawn", "expired": "not answered in time",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """One promise of a proposal: a lever of its side, at least, at most or exactly at a value."""

    lever: str
    label: str
    value: float | bool
    unit: str
    bound: Bound


@dataclass(frozen=True, slots=True)
class ProposalView:
    """An offer from one seat to another of its group, or to two. As a deal it applies for `rounds` rounds from `first`.

    It is a deal once every receiver has accepted.
    """

    proposal: int
    round: int  # in which it was made
    sender: str  # a seat
    receiver: str
    give: tuple[Term, ...]  # what the sender does
    take: tuple[Term, ...]  # what the receiver does
    rounds: int
    note: str
    status: Status
    first: int | None  # round from which it holds, once accepted
    answers: int | None  # the proposal that this one counters
    broken: tuple[tuple[int, str, str], ...]  # (round, seat, lever) where an order broke it; all rounds so far
    implies: str  # what accepting it means for the receiver beside its terms, "" for nothing
    why: str = ""  # the reasons of answers that the model gave, each in one sentence
    third: str = ""  # the second receiver, "" for none
    third_gives: tuple[Term, ...] = ()  # what that one does
    accepted: tuple[str, ...] = ()  # the receivers that have accepted so far

    @property
    def promises(self) -> dict[str, tuple[Term, ...]]:
        """What each side does, by seat: the sender, then the receivers."""
        third = {self.third: self.third_gives} if self.third else {}
        return {self.sender: self.give, self.receiver: self.take, **third}

    @property
    def waiting(self) -> tuple[str, ...]:
        """The receivers that have not answered it yet; none once it is decided."""
        some = tuple(self.promises)[1:] if self.status == "open" else ()
        return tuple(one for one in some if one not in self.accepted)
