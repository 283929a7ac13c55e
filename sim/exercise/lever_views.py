"""The levers of a seat as its students see them: what stands, what is ordered or promised, and what undoes what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.exercise.deals import Proposal, deals
from sim.exercise.lever_terms import Bound, Value, acts, lever_terms, usual_bound
from sim.exercise.orders import DEMANDED, OFFERED, ActiveOrder, Breach, Held, breaches, held_back, in_force
from sim.exercise.rounds import last_decisions, lever_text, promise_text
from sim.exercise.seats import SEATS, in_words, seat_of
from sim.exercise.state import ExerciseState
from sim.exercise.views import LeverView, OrderView, Planned
from sim.schema.decisions import Lever, levers

if TYPE_CHECKING:
    from sim.analysis.world_history import History


@dataclass(frozen=True, slots=True)
class _Round:
    """What stands in a group's round to play."""

    active: Mapping[str, ActiveOrder]
    held: Mapping[str, Held]
    broken: Sequence[Breach]
    promised: Mapping[str, tuple[Value, Bound]]


def lever_views(state: ExerciseState, group: int, seat: str, world: "History") -> tuple[LeverView, ...]:
    """Return the levers of a seat for the round to play. world: the group's, to the end of the last round."""
    return _views(state, seat, world, _round(state, group))


def public_levers(state: ExerciseState, seat: str, world: "History") -> tuple[LeverView, ...]:
    """Return the levers of another seat: nothing of its orders and deals."""
    return _views(state, seat, world, _Round({}, {}, (), {}))


def order_views(state: ExerciseState, group: int) -> dict[str, OrderView]:
    """Return the orders in force for the round, by lever, without values that come from a deal."""
    now = _round(state, group)
    return {name: _order(one, now.broken) for name, one in now.active.items() if one.deal is None}


def warnings(state: ExerciseState, group: int, seat: str, world: "History") -> tuple[str, ...]:
    """Return what undoes what among a seat's orders and promises of the round, in words, before it is played."""
    now, own = _round(state, group), SEATS[seat].levers
    present = _present(state, world, list(own))
    found = [_broken(one) for one in now.broken if one.seat == seat]
    for one in now.active.values():
        if one.seat == seat and acts(one.lever, one.value):
            found += _undone(one, now, present)
    asked, accepted = now.active.get(DEMANDED), min(_accepted(state, group), default=None)
    if seat == seat_of(DEMANDED) and asked is not None and accepted is not None and asked.value > accepted:
        found.append(f"Your order, {lever_text(DEMANDED, asked.value)}, turns down the offer that you agreed to.")
    return tuple(dict.fromkeys(found))


def standing(state: ExerciseState, group: int, world: "History") -> dict[str, Value]:
    """Return what stands on the first day of the round to play, by lever: by order or deal, held back, or as it is."""
    now = _round(state, group)
    found = _present(state, world, list(levers()))
    found |= {name: one.value for name, one in now.held.items()}
    return found | {name: one.value for name, one in now.active.items()}


def implied(one: Proposal) -> str:
    """Return what a deal means for the Taliban beside its terms; "" for nothing."""
    if OFFERED not in one.terms or not one.sides >= {seat_of(OFFERED), seat_of(DEMANDED)} or DEMANDED in one.terms:
        return ""
    label = SEATS[str(seat_of(DEMANDED))].inside
    return (
        f"While the deal applies, {label} demands no more prisoners than are offered and lets each sign a pledge, "
        "unless it orders otherwise."
    )


def _round(state: ExerciseState, group: int) -> _Round:
    number = state.round
    promised = {
        lever: (value, deal.bounds[lever])
        for deal in deals(state, group, number)
        for lever, value in deal.terms.items()
    }
    active, held = in_force(state, group, number), held_back(state, group, number)
    return _Round(active, held, breaches(state, group, number), promised)


def _accepted(state: ExerciseState, group: int) -> Iterator[Value]:
    """Yield the prisoners offered in deals with the Taliban that apply to the round."""
    for deal in deals(state, group, state.round):
        if OFFERED in deal.terms and deal.sides >= {seat_of(OFFERED), seat_of(DEMANDED)}:
            yield deal.terms[OFFERED]


def _views(state: ExerciseState, seat: str, world: "History", now: _Round) -> tuple[LeverView, ...]:
    own = SEATS[seat].ordered(state.settings.levers)
    present = _present(state, world, list(own))
    return tuple(_view(state, lever, present, now) for lever in own.values())


def _view(state: ExerciseState, lever: Lever, present: Mapping[str, Value], now: _Round) -> LeverView:
    name, term = lever.name, lever_terms()[lever.name]
    active, held = now.active.get(name), now.held.get(name)
    promised, bound = now.promised.get(name, (None, usual_bound(name)))
    return LeverView(
        lever=name,
        label=lever.label,
        unit=lever.unit,
        low=lever.low,
        high=lever.high,
        flag=lever.flag,
        about=lever.about,
        rests_on=lever.rests_on,
        present=present[name],
        planned=_planned(state, name),
        order=_order(active, now.broken) if active is not None and active.deal is None else None,
        promised=promised,
        promise=bound,
        held=None if held is None else held.value,
        notes=(*_notes(name, now), *_limited(name, now, present)),
        least=term.low,
        most=term.high,
        risk=term.risk,
    )


def _present(state: ExerciseState, world: "History", names: Sequence[str]) -> dict[str, Value]:
    """Return what stands on the morning of the round if nobody orders anything, by lever."""
    planned = {name: _planned(state, name) for name in names}
    start = state.settings.starts(state.round)
    today = {name: some[0].value for name, some in planned.items() if some and some[0].start <= start}
    return last_decisions(world, names) | today


def _planned(state: ExerciseState, name: str) -> tuple[Planned, ...]:
    """Return what the base imposes on a lever in the round, by date; nothing after the last round."""
    if state.phase == "over":
        return ()
    settings = state.settings
    base, start, end = settings.scenario(), settings.starts(state.round), settings.ends(state.round)
    some = (one.clip(start, end) for one in base.interventions if one.lever == name)
    return tuple(
        sorted((Planned(one.value, *one.within(start, end)) for one in some if one), key=lambda one: one.start)
    )


def _order(one: ActiveOrder, broken: Sequence[Breach]) -> OrderView:
    words = tuple(_broken(b) for b in broken if b.by == one.lever)
    return OrderView(one.lever, one.value, one.scope, one.since, one.student, words)


def _broken(one: Breach) -> str:
    """Return a breach in words, before the round is played."""
    promised = promise_text(one.lever, one.bound, one.promised)
    return f"“{lever_text(one.by, one.done)}” breaks the deal with {in_words(one.partners)}: {promised}."


def _undone(one: ActiveOrder, now: _Round, present: Mapping[str, Value]) -> Iterator[str]:
    """Yield what of the same seat undoes its order or promise."""
    term, words = lever_terms()[one.lever], lever_text(one.lever, one.value)
    for other, value in term.holds.items():
        if other in now.active and now.active[other].value != value:
            yield f"“{lever_text(other, now.active[other].value)}” undoes your own “{words}”."
    for other in term.needs:
        stands = now.active[other].value if other in now.active else present[other]
        if not acts(other, stands):
            yield f"“{words}” does nothing as long as it is “{lever_text(other, stands)}”."


def _limited(name: str, now: _Round, present: Mapping[str, Value]) -> Iterator[str]:
    """Yield which levers of the same seat leave an order in force, but less of it carried out."""
    for other in lever_terms()[name].limits if name in now.active else ():
        stands = now.active[other].value if other in now.active else present[other]
        if acts(other, stands):
            exact = other in now.active or levers()[other].flag  # what the model decides has many decimals
            words = lever_text(other, stands) if exact else levers()[other].label
            yield f"“{words}” may limit what comes of it."


def _notes(name: str, now: _Round) -> Iterator[str]:
    """Yield what is held back on a lever, and what an order on it holds back."""
    if name in now.held:
        cause = now.held[name].cause
        why = "your order" if cause.deal is None else f"your deal with {in_words(cause.partners)}"
        held = lever_text(name, now.held[name].value)
        if seat_of(cause.lever) != seat_of(name):
            why = f"your deal with {SEATS[cause.seat].inside}"
        yield f"“{held}” in this round, because of {why}: {levers()[cause.lever].label}. You can order otherwise."
    for other, held_one in now.held.items():
        if held_one.cause.lever == name and seat_of(other) == seat_of(name):
            yield f"As long as this stands, your side does not undo it: “{lever_text(other, held_one.value)}”."
