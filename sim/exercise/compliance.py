"""Whether promises were kept, read off what was carried out in the group's world, not off the orders alone.

A promise is broken by a choice of its seat: a later order or deal that does not allow it or that undoes it. It is not
carried out, or in part, if nobody chose so: an event prevented it, or Kabul managed less than it had ordered. Otherwise
it is kept, or exceeded if the seat ordered more than it had promised.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from sim.exercise.deals import Proposal
from sim.exercise.lever_terms import Bound, LeverTerm, Value, acts, lever_terms, meets
from sim.exercise.orders import Breach, breaches, in_force
from sim.exercise.rounds import lever_text, promise_text
from sim.exercise.seats import SEATS, seat_of
from sim.exercise.state import ExerciseState
from sim.inputs import setting_names
from sim.schema.formatting import day, number, unit_label
from sim.schema.series import SERIES

if TYPE_CHECKING:
    from sim.analysis.world_history import History

Verdict = Literal["kept", "exceeded", "broken", "carried out in part", "not carried out"]
ROUNDING: Final = 1.0  # people, soldiers: the model counts whole ones


@dataclass(frozen=True, slots=True)
class TermRecord:
    """What became of one promise of a deal in the rounds played."""

    seat: str
    lever: str
    text: str  # the promise in words
    verdict: Verdict
    detail: str  # the round and the order that broke it, or how much was carried out; "" for nothing to say


def term_records(state: ExerciseState, deal: Proposal, lived: "History") -> tuple[TermRecord, ...]:
    """Return what became of each promise of a deal. lived: the group's world to the end of the last round played."""
    return tuple(_record(state, deal, lever, value, lived) for lever, value in deal.terms.items())


def _record(state: ExerciseState, deal: Proposal, lever: str, value: Value, lived: "History") -> TermRecord:
    bound = deal.bounds[lever]
    rounds = [number for number in range(1, state.played + 1) if deal.covers(number)]
    broken = [
        one for r in rounds for one in breaches(state, deal.group, r) if (one.deal, one.lever) == (deal.number, lever)
    ]
    verdict: Verdict
    if broken:
        verdict, detail = "broken", "; ".join(_broken(one) for one in broken)
    else:
        start, end = (lived.results.calendar.index(d) for d in _days(state, rounds))
        verdict, detail = _carried_out(lever, value, bound, lived, slice(start, end))
        set_to = [in_force(state, deal.group, r)[lever].value for r in rounds]
        if verdict == "kept" and any(done != value for done in set_to):
            verdict = "exceeded"
    return TermRecord(seat_of(lever) or "", lever, promise_text(lever, bound, value), verdict, detail)


def _days(state: ExerciseState, rounds: list[int]) -> tuple[Any, Any]:
    return state.settings.starts(rounds[0]), state.settings.ends(rounds[-1])


def _broken(one: Breach) -> str:
    return f"in round {one.round}, {SEATS[one.seat].inside}: {lever_text(one.by, one.done)}"


def _carried_out(lever: str, value: Value, bound: Bound, lived: "History", days: slice) -> tuple[Verdict, str]:
    """Return whether a promise that nobody broke was carried out on some days, and how much of it."""
    decided = lived.decisions[lever][days]
    promised = value if isinstance(value, bool) else float(np.float32(value))  # as precise as the model
    missed = [index for index, done in enumerate(decided) if not meets(done.item(), bound, promised)]
    if missed:
        date, done = lived.results.calendar.date(days.start + missed[0]), decided[missed[0]]
        shown = lever_text(lever, done.item())
        return "not carried out", f"from {day(date, year=False)} an event set it: {shown}"
    term = lever_terms()[lever]
    if not term.series or bound == "at most" or not acts(lever, value):
        return "kept", ""
    return _delivered(term, float(value), lived, days)


def _delivered(term: LeverTerm, value: float, lived: "History", days: slice) -> tuple[Verdict, str]:
    """Return how much of a promise the series that it moves shows."""
    series, count = lived.daily[term.series], days.stop - days.start
    before, after = float(series[days.start - 1]), float(series[days.stop - 1])
    if term.moves == "reaches":
        done, promised = after, value
    else:
        done, promised = abs(after - before), value * count
    detail = f"{number(done, 0)} of {number(promised, 0)} {unit_label(SERIES[term.series].unit)}"
    if done + ROUNDING > promised or any(after == end for end in _ends(term, lived, days)):
        return "kept", detail
    return ("carried out in part" if done > 0 else "not carried out"), detail


def _ends(term: LeverTerm, lived: "History", days: slice) -> Iterator[float]:
    """Yield the value at which nothing is left to carry out, if there is one."""
    if term.moves == "falls":
        yield 0.0
    if setting_names.is_lever(term.until):
        yield float(lived.decisions[term.until][days.stop - 1])
    elif term.until:
        yield float(lived.parameter(term.until))
