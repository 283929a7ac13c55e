"""What a change does, as sentences: figures of both runs, the difference, and how certain it is."""

import datetime as dt
import math
from typing import Final, Literal

import numpy as np

from dashboard.runs.cache import Pair
from sim.results.comparison import Effect, MilestoneEffect
from sim.results.milestone_summary import half_by
from sim.results.results import Results
from sim.schema import formatting
from sim.schema.milestones import MILESTONES, NEVER

Verdict = Literal["more", "same", "less"]

TALKS: Final = "talks_open"
ATTACKS: Final = "attacks"
LITTLE: Final = 0.02  # of all worlds, or of the baseline's mean: a smaller change is called hardly any difference
WHOLE: Final = 2.0  # per cent: intervals of smaller changes have a decimal
PARTS: Final = {
    3 / 4: "three quarters", 2 / 3: "two thirds", 1 / 2: "half", 1 / 3: "a third", 1 / 4: "a quarter",
    1 / 5: "a fifth", 1 / 6: "a sixth", 1 / 10: "a tenth",
}  # fmt: skip
_NEAR: Final = 0.012  # as far as a share may be from a part that it is named after


def verdict(pair: Pair, outcome: str) -> Verdict:
    """Return whether a milestone is reached in more or fewer worlds, or an outcome is larger or smaller.

    "same" stands for a change that is not significant, and for one of less than LITTLE. Raises InputError for an
    unknown outcome.
    """
    if outcome in MILESTONES:
        [dated] = pair.comparison.milestones([outcome])
        return _verdict(dated.effect, dated.effect, significant=dated.significant)
    [counted] = pair.comparison.table([outcome])
    return _verdict(counted.effect, _relative(counted, counted.effect), significant=counted.significant)


def _verdict(effect: float, size: float, *, significant: bool) -> Verdict:
    if not significant or abs(size) < LITTLE:
        return "same"
    return "more" if effect > 0 else "less"


def answer(pair: Pair, outcome: str) -> str:
    """Return the effect on a milestone or an outcome in one or two sentences. Raises InputError if it is unknown."""
    if outcome in MILESTONES:
        [dated] = pair.comparison.milestones([outcome])
        return f"{_shares(dated)}. {_days(dated)}".strip()
    [counted] = pair.comparison.table([outcome])
    return f"{counts(counted)}."


def headline(pair: Pair, *, alone: bool = False) -> str:
    """Return what a scenario does in one sentence; compared with nothing if it stands alone."""
    if alone:
        return _alone(pair.own)
    [talks] = pair.comparison.milestones([TALKS])
    [attacks] = pair.comparison.table([ATTACKS])
    parts = (_shares(talks), _halves(pair), _attacks(attacks))
    return f"{'; '.join(part for part in parts if part)}."


def of_hundred(share: float) -> str:
    """Return a share of worlds as a number of 100, in words where it is nearly none or all: "more than 99"."""
    text = formatting.share(share).removesuffix(" %")
    return text.replace(">", "more than ").replace("<", "fewer than ")


def _alone(run: Results) -> str:
    """Return what happens in a run that is compared with nothing."""
    last, half = formatting.day(run.dates[-1].item()), _half(run)
    share = float((run.milestone_day[TALKS] != NEVER).mean())
    dates = f"half of all worlds have them by {formatting.day(half, year=False)}; " if half else ""
    attacks = run.outcomes[ATTACKS].values
    low, high = np.quantile(attacks, (0.05, 0.95))
    spread = f" (nine worlds in ten: {formatting.interval(float(low), float(high), 0)})" if run.worlds > 1 else ""
    return (
        f"Talks open in {of_hundred(share)} of 100 worlds by {last}; {dates}"
        f"the average world has {formatting.number(float(attacks.mean()), 0)} Taliban attacks{spread}."
    )


def _shares(one: MilestoneEffect) -> str:
    """Return the share of worlds that reach a milestone, in both runs, and whether the difference is certain."""
    after, before = of_hundred(one.b_share), of_hundred(one.a_share)
    if not one.gained and not one.lost:
        return f"{one.label} in {after} of 100 worlds, with the change and without it"
    text = f"{one.label} in {after} of 100 worlds instead of {before}"
    ends = formatting.signed_interval(100 * one.low, 100 * one.high, 0)
    within = f"95 % interval of the change: {ends} of 100" if math.isfinite(one.low) else ""
    if not one.significant:
        return f"{text}, not a significant difference{f' ({within})' if within else ''}"
    return f"{text}{f' ({within})' if within else ''}"


def _days(one: MilestoneEffect) -> str:
    """Return by how many days the date moves, over the worlds that reach the milestone in both runs."""
    if not one.pairs or one.median_shift is None:
        return ""
    where = (
        f"In the {one.pairs:,} worlds where it happens in both runs"
        if one.pairs > 1
        else "In the one world where it happens in both runs"
    )
    if not one.shift_significant:
        return f"{where}, the dates do not differ significantly."
    days = abs(round(one.median_shift))
    if not days:
        return f"{where}, the median date does not move: earlier in {one.sooner:,}, later in {one.put_off:,}."
    way = "sooner" if one.median_shift < 0 else "later"
    spread = f"{formatting.signed(round(one.shift_low))} to {formatting.signed(round(one.shift_high))}"
    return f"{where}, it happens {days} days {way} (median; nine in ten of these worlds: {spread} days)."


def _halves(pair: Pair) -> str:
    """Return by when half of all worlds have talks, in both runs; "" if they never do in either."""
    own, known = _half(pair.own), _half(pair.reference)
    if own is None:
        return f"half of all worlds no longer have them, which they did by {formatting.day(known)}" if known else ""
    day = formatting.day(own, year=False)
    if known == own:
        return f"half of all worlds have them by {day}, with the change and without it"
    if known is None:
        return f"half of all worlds have them by {day}, which they do not without the change"
    return f"half of all worlds have them by {day} instead of {formatting.day(known, year=False)}"


def _half(run: Results) -> dt.date | None:
    """Return the date by which half of all worlds have talks, None if they never do; never counts as later."""
    return half_by(run.milestone_day[TALKS], run.calendar)


def _attacks(one: Effect) -> str:
    """Return by which part attacks rise or fall."""
    if one.same == 1:
        return "attacks are the same"
    if not one.significant:
        return "attacks do not change significantly"
    size = _relative(one, one.effect)
    if abs(size) < LITTLE / 2:
        return "attacks hardly change"
    return f"attacks {'rise' if size > 0 else 'fall'} by {_part(abs(size))}{_within(one)}"


def _part(size: float) -> str:
    """Return a share in words if it is near a simple one, else in per cent."""
    near = min(PARTS, key=lambda part: abs(part - size))
    return f"about {PARTS[near]}" if abs(near - size) <= _NEAR else formatting.share(size)


def counts(one: Effect) -> str:
    """Return the mean of an outcome in both runs, and whether the difference is certain."""
    share = one.outcome.startswith("reached_")
    label = one.label.removesuffix(": reached").removesuffix(", total").removesuffix(", at the end")
    if share:
        before, after = (f"{of_hundred(mean)} of 100 worlds" for mean in (one.a_mean, one.b_mean))
    else:
        before, after = (
            formatting.number(mean, 0 if abs(one.a_mean) >= 1 else None) for mean in (one.a_mean, one.b_mean)
        )
    if one.same == 1:
        return f"{label}: {after}, with the change and without it"
    text = f"{label}: {after} instead of {before}{'' if share else ' in the average world'}"
    if not one.significant:
        return f"{text}, not a significant difference"
    if share or not one.a_mean:
        return text
    size = _relative(one, one.effect)
    return f"{text}, {formatting.share(abs(size))} {'more' if size > 0 else 'less'}{_within(one)}"


def _relative(one: Effect, value: float) -> float:
    """Return a difference as a share of the baseline's mean; infinite where that is 0."""
    return value / abs(one.a_mean) if one.a_mean else math.copysign(math.inf, value) if value else 0.0


def _within(one: Effect) -> str:
    """Return the 95 % interval of a relative change in brackets, "" where there is none."""
    if not (math.isfinite(one.low) and one.a_mean):
        return ""
    low, high = (100 * _relative(one, end) for end in (one.low, one.high))
    places = 0 if min(abs(low), abs(high)) >= WHOLE else 1
    return f" (95 % interval: {formatting.signed_interval(low, high, places)} %)"
