"""The answer in plain sentences: how often the event comes, what it needs, what stands in its way, what adds up."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from sim.analysis.causes.answer import Answer, FactorResult, SetResult
from sim.analysis.causes.cause_tests import GRACE
from sim.analysis.causes.chain import outcome_words
from sim.analysis.causes.estimate import Estimate
from sim.analysis.causes.factor import Factor
from sim.schema import arguments
from sim.schema.formatting import day, points, share
from sim.schema.milestones import MILESTONES
from sim.schema.series import BLOCKED_BY

MOST: Final = 3  # factors that get a sentence of their own, for and against each
NOTABLE: Final = 0.05  # share of worlds from which a factor gets a sentence
_COUNTS: Final = {
    "overdetermined": "several causes are there, each of which would have done: none of them is needed alone",
    "preempted": "one cause came first, and another would have brought it later",
    "nonmonotone": "factors work against each other: when more is taken away, the old result is back",
    "unexplained": "nothing that was tested decides whether it comes",
}


def sentences(answer: Answer) -> list[str]:
    """Return the answer as sentences, the main one first; each can be read alone.

    Raises InputError for anything that is not an answer of `why`.
    """
    arguments.instance("answer", answer, Answer, "the Answer of sim.why(...)")
    return list(_in_one_world(answer) if answer.world is not None else _in_many(answer))


def _in_many(answer: Answer) -> Iterator[str]:
    """Yield the sentences on many worlds."""
    last = day(answer.scenario.end - dt.timedelta(days=1))
    yield f"{MILESTONES[answer.about].label}: in {_share(answer.came)} of {answer.worlds:,} worlds by {last}."
    add_up = (
        "" if answer.alone else f" The shares of the factors add up to the difference, {points(answer.effect.value)}."
    )
    yield f"{_without_all(answer)} in {_share(answer.came_without)}.{add_up}"
    for one in _first(answer, needed=True):
        late = f", and comes more than {GRACE} days later in {share(one.later.value)}" if one.later.value > 0 else ""
        yield (
            f"It needs: {_away(answer, one.factor)}. Of the {one.needed.of:,} worlds in which it comes, it then no "
            f"longer comes in {_share(one.needed)}{late}."
        )
    for one in _first(answer, needed=False):
        yield (
            f"In its way: {_away(answer, one.factor)}. Of the {one.brings.of:,} worlds in which it never comes, it "
            f"then comes in {_share(one.brings)}."
        )
    yield from _sets(answer)
    yield from _obstacles(answer)
    if answer.alone:
        yield "So far each factor was taken away alone, none together."
    yield from _counts(answer)


def _in_one_world(answer: Answer) -> Iterator[str]:
    """Yield the sentences on a single world."""
    label, last = MILESTONES[answer.about].label, day(answer.scenario.end - dt.timedelta(days=1))
    when = f"on {day(answer.date)}" if answer.date else f"never, up to {last}"
    yield f"{label}: {when}, in world {answer.world}."
    yield f"{_without_all(answer)} {outcome_words(answer.date, answer.date_without_all)}."
    for one in answer.results:
        if one.responsibility == 1:
            yield f"{_away(answer, one.factor)}. Then {outcome_words(answer.date, one.date)}."
    for some in (*answer.stops, *answer.brings):
        if len(some.factors) > 1:
            changed = outcome_words(answer.date, some.date)
            yield f"Without {_together(answer, some)}, but not without fewer of them, {changed}."
    for one_set in answer.obstacle_sets:
        yield f"Lifting what blocks talks, {_conditions(one_set)}, and nothing less, opens them on {day(one_set.date)}."
    if answer.alone:
        yield "So far each factor was taken away alone, none together."
    elif not any(one.responsibility for one in answer.results):
        yield "Nothing that was tested changes that: what is left is the luck of this world and what was not tested."
    yield from _counts(answer)


def _away(answer: Answer, factor: Factor) -> str:
    """Return a factor and what the world is like without it, as the beginning of a sentence."""
    if answer.against is not None:
        return f"{factor.label}, {factor.rule}. As in {_other(answer)}: {factor.without}"
    return f"{factor.label}. Without it, {factor.without}"


def _other(answer: Answer) -> str:
    """Return the name of the scenario that the answer compares with."""
    return "" if answer.against is None else answer.against.name or answer.against.title


def _without_all(answer: Answer) -> str:
    """Return the words before what comes without all tested factors."""
    number = len(answer.results)
    if answer.against is not None:
        return f"In {_other(answer)},"
    return f"Without {'the tested factor' if number == 1 else f'all {number} tested factors'},"


def _first(answer: Answer, *, needed: bool) -> list[FactorResult]:
    """Return the factors that the event needs, or that are in its way, in the most worlds."""
    some = [one for one in answer.results if _weight(one, needed=needed) >= NOTABLE]
    return sorted(some, key=lambda one: -_weight(one, needed=needed))[:MOST]


def _weight(one: FactorResult, *, needed: bool) -> float:
    """Return in how many worlds the factor alone makes the difference, as a share; 0 where there are none."""
    if needed:
        return one.needed.value + one.later.value if one.needed.of else 0.0
    return one.brings.value if one.brings.of else 0.0


def _sets(answer: Answer) -> Iterator[str]:
    """Yield the most frequent sets of more than one factor."""
    for some, what in ((answer.stops, "it no longer comes"), (answer.brings, "it comes")):
        for one in [one for one in some if len(one.factors) > 1][:1]:
            several = f"In {_worlds(one.worlds)} it takes several"
            yield f"{several}: {what} without {_together(answer, one)}, but not without fewer of them."
    for one in [one for one in answer.enough if len(one.factors) > 1][:1]:
        yield f"Most often enough together, whatever else is away: {_together(answer, one)} ({_worlds(one.worlds)})."


def _obstacles(answer: Answer) -> Iterator[str]:
    """Yield which conditions kept talks from opening, alone or together."""
    some = [f"{_conditions(one)} in {one.worlds:,}" for one in answer.obstacle_sets[:MOST]]
    if some:
        never = answer.worlds - round(answer.came.value * answer.worlds)
        which = f"In the {_worlds(never)} in which talks never open"
        yield f"{which}, lifting these conditions would have opened them, and nothing less: {', '.join(some)}."


def _conditions(some: SetResult) -> str:
    """Return a set of conditions in words, such as "too few prisoners released with violence too high"."""
    labels = [BLOCKED_BY[name] for name in some.factors]
    return " with ".join(labels)


def _counts(answer: Answer) -> Iterator[str]:
    """Yield what makes the answer less simple: causes that stand in for each other, and worlds that nothing changes."""
    for name, text in () if answer.alone else _COUNTS.items():
        number = getattr(answer, name)
        if number and answer.world is None:
            yield f"In {_worlds(number)} {text}."
        elif number and name != "unexplained":
            yield f"In this world {text}."


def _worlds(number: int) -> str:
    return f"{number:,} world{'s' if number > 1 else ''}"


def _together(answer: Answer, some: SetResult) -> str:
    """Return the labels of a set, such as "Ripeness and Reciprocity"."""
    labels = {one.factor.name: one.factor.label for one in answer.results}
    *rest, last = (labels[name] for name in some.factors)
    return f"{', '.join(rest)} and {last}" if rest else last


def _share(one: Estimate) -> str:
    """Return a share with its interval, such as "48 % (37 % to 60 %)"."""
    return f"{share(one.value)} ({share(one.low)} to {share(one.high)})"
