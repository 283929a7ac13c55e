"""The time line of a group's talks: what was said in public, what was offered and agreed, and what was broken."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sim.exercise import events as e
from sim.exercise.deal_views import STATUS_IN_WORDS
from sim.exercise.deals import Proposal, proposals
from sim.exercise.orders import breaches
from sim.exercise.rounds import deal_text, lever_text, promise_text
from sim.exercise.seats import SEATS, in_words
from sim.exercise.state import ExerciseState
from sim.exercise.statements import statements


@dataclass(frozen=True, slots=True)
class TimeLineEntry:
    """One entry, in the order in which it happened; a broken promise comes last in its round."""

    group: int
    round: int
    kind: Literal["statement", "offer", "broken promise"]
    who: str
    text: str
    became: str  # of an offer, in words; of a broken promise what was promised


def time_line(state: ExerciseState, group: int) -> list[TimeLineEntry]:
    """Return the entries of the rounds played."""
    found = [*_said(state, group), *_offered(state, group)]
    entries = [one for _, one in sorted(found, key=lambda pair: pair[0])]
    return sorted([*entries, *_broken(state, group)], key=lambda one: one.round)


def _said(state: ExerciseState, group: int) -> Iterator[tuple[int, TimeLineEntry]]:
    """Yield the statements that counted, each with the number of its event."""
    last = {(one.round, one.seat): one.seq for one in state.of(e.Stated, group=group)}
    for one in statements(state, group):
        if one.round <= state.played:
            entry = TimeLineEntry(group, one.round, "statement", SEATS[one.seat].label, one.text, "")
            yield last[one.round, one.seat], entry


def _offered(state: ExerciseState, group: int) -> Iterator[tuple[int, TimeLineEntry]]:
    """Yield the offers with what became of each, and the number of its event."""
    for one in proposals(state, group):
        if one.round <= state.played:
            who = f"{SEATS[one.sender].label} to {in_words(one.receivers)}"
            yield one.number, TimeLineEntry(group, one.round, "offer", who, _offer(one), STATUS_IN_WORDS[one.status])


def _offer(one: Proposal) -> str:
    span = "" if one.rounds == 1 else f" (for {one.rounds} rounds)"
    return f"{deal_text(one)}{span}"


def _broken(state: ExerciseState, group: int) -> Iterator[TimeLineEntry]:
    """Yield the promises broken in the rounds played."""
    for number in range(1, state.played + 1):
        for one in breaches(state, group, number):
            promised = f"promised: {promise_text(one.lever, one.bound, one.promised)}"
            text = lever_text(one.by, one.done)
            yield TimeLineEntry(group, number, "broken promise", SEATS[one.seat].label, text, promised)
