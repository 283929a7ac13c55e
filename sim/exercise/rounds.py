"""A group's rounds: as a scenario, its public situation, and the news of each round."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sim.exercise import events as e
from sim.exercise.deals import Proposal, Removal, deals
from sim.exercise.lever_terms import Bound, Value
from sim.exercise.orders import ActiveOrder, breaches, held_back, in_force
from sim.exercise.scales import scale
from sim.exercise.seats import SEATS, as_subject, in_words
from sim.exercise.state import ExerciseState
from sim.exercise.views import Figure, News, PublicSituation
from sim.inputs.intervention import Intervention
from sim.inputs.scenario import Scenario
from sim.schema.decisions import levers
from sim.schema.formatting import setting, with_unit
from sim.schema.series import BLOCKED_BY, SERIES

if TYPE_CHECKING:
    from sim.analysis.world_history import History
    from sim.results.results import Results

FIGURES: Final = (
    "attacks", "attacks_on_coalition", "security_forces_killed", "taliban_killed", "airstrikes", "us_troops",
    "prisoners_released", "captives_released", "returned_to_fighting", "kabul_cohesion",
)  # fmt: skip
_TALKS: Final = ("no talks", "talks about procedure", "talks about an agenda", "a ceasefire", "a settlement")
_TEACHER: Final = "News"
SHARE: Final = "1"  # the unit of a share
FINEST: Final = 6  # decimals of a share in per cent


def group_scenario(state: ExerciseState, group: int, through: int, without: Collection[Removal] = ()) -> Scenario:
    """Return what a group did up to a round's end, as a scenario: the base, then deals, orders and injects, by round.

    A later intervention replaces an earlier one on the same days. What the base imposes stays until a seat orders
    something else, whoever has a seat. through: 0 for only the days before round 1. without: what to ignore.
    """
    settings = state.settings
    base, end = settings.scenario(), settings.ends(through)
    found = list(base.interventions)
    for number in range(1, through + 1):
        for new in _imposed(state, group, number, without):
            found = [part for one in found for part in (_around(one, new, base) if one.lever == new.lever else [one])]
            found.append(new)
    kept = (one.clip(base.start, end) for one in found)
    return replace(
        base,
        title=f"{settings.title}: group {group}"[:200],
        question="What did the decisions of this group change?",
        name=f"group-{group}",
        base=settings.base,
        file=None,
        end=end,
        interventions=tuple(one for one in kept if one),
    )


def _around(one: Intervention, new: Intervention, base: Scenario) -> list[Intervention]:
    return one.subtract(new, base.start, base.end)


def _imposed(state: ExerciseState, group: int, number: int, without: Collection[Removal]) -> Iterator[Intervention]:
    """Return what a round imposes, in order of application: orders and deals, what they hold back, then injects."""
    settings = state.settings
    start, end = settings.starts(number), settings.ends(number)
    for one in in_force(state, group, number, without).values():
        yield Intervention(one.lever, one.value, start, end, why=_because(one))
    for held in held_back(state, group, number, without).values():
        why = f"held back for {levers()[held.cause.lever].label}, {_because(held.cause)}"
        yield Intervention(held.lever, held.value, start, end, why=why)
    for event in injects(state, group, number):
        if event.seq not in without and isinstance(event.act, e.Injected):
            card = event.act.card
            until = min(start + dt.timedelta(days=card.days), settings.end)
            for lever, value in card.levers.items():
                yield Intervention(lever, value, start, until, why=f"inject: {card.title}")


def _because(one: ActiveOrder) -> str:
    """Return why a lever has its value, in words."""
    if one.deal is None:
        return f"ordered by {SEATS[one.seat].inside} in round {one.since}"
    return f"agreed with {in_words(one.partners)} in round {one.since}"


def injects(state: ExerciseState, group: int, number: int) -> list[e.Event]:
    """Return the injects of a round in a group, in order, without those that were taken back."""
    back = {one.act.inject for one in state.of(e.Recalled)}  # type: ignore[union-attr]
    return [
        one
        for one in state.of(e.Injected)
        if one.round == number and group in one.act.groups and one.seq not in back  # type: ignore[union-attr]
    ]


# What happened


def situation(state: ExerciseState, lived: "History") -> PublicSituation:
    """Return what everybody in a group knows after the rounds played. lived: its world to the end of the last one."""
    results, days = lived.results, state.settings.weeks * 7
    missing = [words for name, words in BLOCKED_BY.items() if results.arrays[f"blocked_by_{name}"][0, -1] > 0]
    return PublicSituation(
        date=results.calendar.end,
        figures=tuple(figure(results, name, days) for name in FIGURES),
        talks=_TALKS[int(results.arrays["talks_stage"][0, -1])],
        blocked=tuple(missing),
    )


def figure(results: "Results", name: str, days: int) -> Figure:
    """Return a series over the last days of a world, and over as many days before."""
    series, values, beside = SERIES[name], results.arrays[name][0].astype(float), scale(results, name)
    if series.kind == "level":
        before = float(values[-1 - days]) if len(values) > days else None
        return Figure(name, series.label, series.unit, float(values[-1]), before, beside)
    now, then = values[-days:], values[-2 * days : -days]
    return Figure(name, series.label, series.unit, float(now.mean()), float(then.mean()) if len(then) else None, beside)


def injected_news(state: ExerciseState, group: int, number: int) -> list[News]:
    """Return the injects of a round as news, which appear as soon as they are made, before the round is played."""
    date = state.settings.starts(number)
    return [
        News(number, date, _TEACHER, f"{one.act.card.title}. {one.act.card.text}", "", "inject")  # type: ignore[union-attr]
        for one in injects(state, group, number)
    ]


def news(state: ExerciseState, group: int, number: int, lived: "History") -> list[News]:
    """Return the news of a round that was played: injects, deals, orders, then what happened, by date.

    lived: the group's world to the end of that round.
    """
    settings = state.settings
    start, end = settings.starts(number), settings.ends(number)
    from sim.analysis.narrative import narrate  # Mesa only when a world is narrated

    shown = [
        News(number, event.date, event.who, event.text, _plain(event.why), "world")
        for event in narrate(lived)
        if start <= event.date < end and event.who not in ("Scenario", "The end")
    ]
    return [
        *injected_news(state, group, number),
        *_agreed(state, group, number),
        *_ordered(state, group, number),
        *shown,
    ]


def _plain(why: str) -> str:
    """Return a reason without the prefix for interventions."""
    return why.removeprefix("imposed by the scenario").removeprefix(": ")


def _agreed(state: ExerciseState, group: int, number: int) -> Iterator[News]:
    """Return the news of deals that begin in a round or are broken in it."""
    date = state.settings.starts(number)
    for deal in deals(state, group, number):
        if deal.first == number:
            sides = as_subject(deal.promises)
            span = "this round" if deal.rounds == 1 else f"{deal.rounds} rounds"
            yield News(number, date, sides, f"A deal for {span}: {deal_text(deal)}.", "", "deal")
    for breach in breaches(state, group, number):
        text = f"The deal with {in_words(breach.partners)} is broken: {lever_text(breach.by, breach.done)}."
        why = f"promised: {promise_text(breach.lever, breach.bound, breach.promised)}"
        yield News(number, date, SEATS[breach.seat].label, text, why, "deal")


def _ordered(state: ExerciseState, group: int, number: int) -> Iterator[News]:
    """Return the news of orders given in a round; an order until changed is news only in its first round."""
    date = state.settings.starts(number)
    for one in in_force(state, group, number).values():
        if one.deal is None and one.since == number:
            how = "this round" if one.scope == "round" else "until changed"
            yield News(number, date, SEATS[one.seat].label, f"{lever_text(one.lever, one.value)}.", how, "order")


def value_text(value: Value, unit: str) -> str:
    """Return a value with its unit; a share is in per cent, as everywhere in the exercise: "3,000 people", "40 %"."""
    if unit == SHARE and not isinstance(value, bool):
        return f"{setting(round(100 * value, FINEST))} %"
    return with_unit(setting(value), unit)


def lever_text(lever: str, value: Value) -> str:
    """Return a lever at a value, in words: "Prisoners offered: 3,000 people"."""
    known = levers()[lever]
    return f"{known.label}: {value_text(value, known.unit)}"


def promise_text(lever: str, bound: Bound, value: Value) -> str:
    """Return a promise in words: "Prisoners offered: at least 3,000 people"; an exact one has no direction."""
    known = levers()[lever]
    return f"{known.label}: {bound_text(bound)}{value_text(value, known.unit)}"


def bound_text(bound: Bound) -> str:
    """Return a direction as it stands before the value: "at least "; nothing for an exact one."""
    return "" if bound == "exactly" else f"{bound} "


def deal_text(deal: Proposal) -> str:
    """Return all promises of a deal in words."""
    return "; ".join(promise_text(lever, deal.bounds[lever], value) for lever, value in deal.terms.items())


def last_decisions(lived: "History", names: Sequence[str]) -> dict[str, Value]:
    """Return what was decided or imposed on some levers on the last day of a world."""
    flags = {name for name, lever in levers().items() if lever.flag}
    last = {name: lived.decisions[name][-1] for name in names}
    return {name: bool(value) if name in flags else float(value) for name, value in last.items()}
