"""The debrief that a teacher reads aloud: per group three sentences, the decision and the promise that mattered.

The sentences say only what the review has tested: a decision made a difference if the worlds without it are different.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.exercise.decision_effects import DecisionImpact
from sim.exercise.decision_shares import Share
from sim.exercise.seats import SEATS, in_words
from sim.schema.formatting import day, number, share
from sim.schema.series import BLOCKED_BY, CONDITIONS

if TYPE_CHECKING:
    from sim.exercise.review_records import DealRecord, Review
    from sim.exercise.views import ClassForecast
    from sim.results.results import Results

SPOKEN: Final = 2  # significant figures of a number that is read aloud
TALKS: Final = "reached_talks_open"
VIOLENCE: Final = "attacks"
EVENT: Final = "inject"  # the kind of a decision that is none of the group's
UNDONE: Final = ("not carried out", "carried out in part")

# The card of the teaching kit that fits, and the question to ask.
COMMITMENT: Final = ("1, Commitment problems", "Which promise did you believe, and what made it easy to break?")
SPOILERS: Final = ("2, Spoilers", "Who, inside or outside your group, could stop a deal that most people wanted?")
TWO_LEVEL: Final = ("3, Two-level games", "What did you say to one party that you could not say to another?")
LUCK: Final = ("5, Common luck and counterfactuals", "Which of your decisions mattered, and did you know it then?")
RIPENESS: Final = ("7, Ripeness", "Why did both sides want talks on that day, and not four weeks earlier?")
ORDERS: Final = ("8, Orders and how they are carried out", "What did you order that was not carried out, and by whom?")
CARDS: Final = (COMMITMENT, SPOILERS, TWO_LEVEL, LUCK, RIPENESS, ORDERS)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is read aloud about a group. sentences: what happened, the decision, the promise; card: and its question."""

    group: int
    sentences: tuple[str, str, str]
    question: str
    card: str


def debrief(review: "Review") -> list[Spoken]:
    """Return what is read aloud, by group."""
    return [_spoken(review, group) for group in review.groups]


def surprise(review: "Review") -> str:
    """Return the forecast of the class that was farthest from what happened, in words; "" if there is none."""
    known = [one for one in review.forecasts if one.happened is not None and one.count]
    if not known:
        return ""
    one = max(known, key=lambda one: abs(one.mean - float(bool(one.happened))))
    return (
        f"The class's surprise, in round {one.round}: “{one.text}” Group {one.group} thought a yes {share(one.mean)} "
        f"likely, and the answer was {'yes' if one.happened else 'no'}.{_elsewhere(one)}"
    )


def _elsewhere(one: "ClassForecast") -> str:
    if one.ensemble is None:
        return ""
    return f" With the same orders it was yes in {share(one.ensemble)} of the other worlds."


def _spoken(review: "Review", group: int) -> Spoken:
    deals = [one for one in review.deals if one.group == group]
    taken = [one for one in review.taken if one.decision.group == group]
    impact = turning_point(taken)
    card, question = _card(review, group, deals)
    difference = _difference(impact) if taken else "You took no decision."
    sentences = (_happened(review, group), difference, _promise(deals))
    return Spoken(group, sentences, question, card)


def _happened(review: "Review", group: int) -> str:
    """Return how the group's world ended, beside the baseline."""
    own, base = review.own[group], review.own[0]
    opened = next(one.date for one in review.reached if (one.group, one.milestone) == (group, "talks_open"))
    talks = f"talks opened on {day(opened)}" if opened else f"talks did not open ({_missing(own)})"
    released, usual = (number(float(one.arrays["prisoners_released"][0, -1]), 0) for one in (own, base))
    attacks, without = (_last_round(review, one) for one in (own, base))
    return (
        f"In your world {talks}, {released} prisoners were released, and in the last round there were {attacks} "
        f"attacks per day. Without any decision or event it would have been {usual} prisoners and {without} attacks."
    )


def _last_round(review: "Review", results: "Results") -> str:
    days = review.settings.weeks * 7
    return number(float(results.arrays[VIOLENCE][0, -days:].mean()), 0)


def _missing(results: "Results") -> str:
    """Return the conditions for talks that are not met on the last day, in words."""
    blocked = [one for one in CONDITIONS if results.arrays[f"blocked_by_{one}"][0, -1] > 0]
    return (
        f"at the end: {'; '.join(BLOCKED_BY[one] for one in blocked)}"
        if blocked
        else "although nothing stood in their way at the end"
    )


def turning_point(taken: Sequence[DecisionImpact]) -> tuple[DecisionImpact, Share] | None:
    """Return the decision that made the most difference, and its share; None if none is significant.

    Talks come before violence: the largest significant share in the effect on how many worlds open talks, else in that
    on attacks. A group's own decisions come before events that its teacher brought in.
    """
    own = [one for one in taken if one.decision.kind != EVENT]
    events = [one for one in taken if one.decision.kind == EVENT]
    for some, outcome in ((own, TALKS), (own, VIOLENCE), (events, TALKS), (events, VIOLENCE)):
        clear = [(one, one.share(outcome)) for one in some if one.share(outcome).significant]
        if clear:
            return max(clear, key=lambda pair: abs(pair[1].share))
    return None


def _difference(found: tuple[DecisionImpact, Share] | None) -> str:
    if found is None:
        return "No single decision made a difference that can be distinguished from luck."
    one, share_ = found
    where = f"rounds {one.decision.span}" if len(one.decision.rounds) > 1 else f"round {one.decision.span}"
    head = f"The decision that made the most difference came from {one.decision.who} in {where}: {one.decision.text}."
    if one.decision.kind == EVENT:
        head = f"No decision of yours made a clear difference, but an event in {where} did: {one.decision.text}."
    alone = one.effect(share_.outcome)
    if alone.significant and alone.effect * share_.share > 0:
        return f"{head} Without it, {_would(share_.outcome, alone.effect)}."
    enough = "Taken away alone it would hardly be missed, because others were enough"
    return f"{head} {enough}; its share of what all did together is {_did(share_.outcome, share_.share)}."


def _would(outcome: str, effect: float) -> str:
    """Return what would be without a decision, in words."""
    way = "fewer" if effect > 0 else "more"
    if outcome == TALKS:
        return f"talks would open in {_of_hundred(effect)} {way} of a hundred worlds"
    return f"there would be about {_about(abs(effect))} {way} attacks in all"


def _did(outcome: str, share_: float) -> str:
    """Return what the share of a decision is, in words."""
    way = "more" if share_ > 0 else "fewer"
    if outcome == TALKS:
        return f"talks in {_of_hundred(share_)} {way} of a hundred worlds"
    return f"about {_about(abs(share_))} {way} attacks in all"


def _of_hundred(effect: float) -> str:
    """Return a difference of shares as it is read aloud: worlds of a hundred."""
    return f"{max(round(100 * abs(effect)), 1)}"


def _about(value: float) -> str:
    """Return a number as it is read aloud: two significant figures."""
    return f"{float(f'{value:.{SPOKEN}g}'):,.0f}" if math.isfinite(value) else "some"


def _promise(deals: Sequence["DealRecord"]) -> str:
    """Return the promise that broke, else one that was not carried out, else that all were kept or none was made."""
    if not deals:
        return "No deal was made."
    terms = [(deal, term) for deal in deals for term in deal.terms]
    for words, verdicts in (("was broken", ("broken",)), ("was not fully carried out", UNDONE)):
        found = next(((deal, term) for deal, term in terms if term.verdict in verdicts), None)
        if found is not None:
            deal, term = found
            other = in_words(deal.others(term.seat))
            detail = f" ({term.detail})" if term.detail else ""
            return f"A promise {words}. {SEATS[term.seat].label} promised {other}: {term.text}{detail}."
    many = f"All {len(deals)} deals were" if len(deals) > 1 else "The one deal was"
    return f"{many} kept."


def _card(review: "Review", group: int, deals: Sequence["DealRecord"]) -> tuple[str, str]:
    """Return the first card that fits what happened in a group, and its question."""
    verdicts: set[str] = {term.verdict for deal in deals for term in deal.terms}
    own = review.own[group]
    return next(card for fits, card in _fitting(own, verdicts) if fits)


def _fitting(own: "Results", verdicts: set[str]) -> Iterator[tuple[bool, tuple[str, str]]]:
    """Yield whether each card fits, the most special first; the last always does."""
    last = {one: bool(np.any(own.arrays[f"blocked_by_{one}"][0, -1] > 0)) for one in CONDITIONS}
    yield "broken" in verdicts, COMMITMENT
    yield bool(verdicts & set(UNDONE)), ORDERS
    yield bool(own.arrays["talks_stage"][0].max() > 0), RIPENESS
    yield last["violence"], SPOILERS
    yield last["delegation"], TWO_LEVEL
    yield True, LUCK
