"""Differences between two runs, in words."""

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.results.comparison import Effect, MilestoneEffect
from sim.results.results import Results
from sim.schema import formatting

Array = npt.NDArray[Any]

_NAMED: Final = 5  # worlds
_SCALE: Final = "0 to 1"  # the unit of quantities that are not counts
_LITTLE: Final = "less than 1"
_NOT: Final = " (not significant)"
_BELOW_ONE: Final = ("<1", "<+1", f">{formatting.MINUS}1")


def value(mean: float, one: Effect) -> str:
    """Return a mean with its unit."""
    return formatting.with_unit(formatting.number(mean), one.unit)


def effect(one: Effect) -> str:
    """Return an effect with its interval in brackets, and a remark if it is not significant.

    Both have the same decimals, counts have none; the interval is left out if there is none, as for a single world, and
    where all of it is less than 1. An effect without any spread says that it is the same in every world.
    """
    if not one.effect and one.same == 1:
        return "no change"
    places = 0 if one.unit != _SCALE else formatting.decimals(one.effect, one.low, one.high)
    text = _or_little(formatting.signed(one.effect, places))
    if not math.isfinite(one.low):
        return text
    verdict = "" if one.significant else ", not significant"
    if one.low == one.high:
        return f"{text} in every world{verdict}"
    if one.unit != _SCALE and max(abs(one.low), abs(one.high)) < 1:
        return f"{_LITTLE}{verdict}"
    return f"{text} ({formatting.signed_interval(one.low, one.high, places)}){verdict}"


def _or_little(text: str) -> str:
    """Return the text of a count; for a count below 1 that is not 0, words."""
    return _LITTLE if text in _BELOW_ONE else text


def milestone(one: MilestoneEffect) -> str:
    """Return a milestone's shares, and the shift of its date over the worlds that reach it in both runs.

    Each has a remark if it changes and is not significant; the shift has its number of worlds.
    """
    same = one.a_share == one.b_share
    before, after = formatting.share(one.a_share), formatting.share(one.b_share)
    text = after if same else f"{before} to {after}{'' if one.significant else _NOT}"
    if one.median_shift is None:
        return text
    days = abs(round(one.median_shift))
    if not days:
        return f"{text}; same day"
    sure = "" if one.shift_significant else _NOT
    shift = f"{days} day{'s' * (days > 1)} {'earlier' if one.median_shift < 0 else 'later'}"
    return f"{text}; {shift} in {one.pairs:,} worlds{sure}"


def counted(change: Array, outcome: str) -> str:
    """Return the number of worlds in which an outcome changed, by direction."""
    known = change[~np.isnan(change)]
    more, less = ("later", "earlier") if outcome.startswith("day_") else ("more", "less")
    up, down = int((known > 0).sum()), int((known < 0).sum())
    text = f"{more} in {up:,}, {less} in {down:,}, the same in {len(known) - up - down:,} of {len(known):,} worlds"
    missing = len(change) - len(known)
    return f"{text}; in {missing:,} others it is not reached in one run or in both" if missing else text


def moved_most(run: Results, change: Array) -> list[tuple[int, str]]:
    """Return the worlds with the largest changes, by number, each with its change in words."""
    size = np.where(np.isnan(change), -1.0, np.abs(change))
    order = [i for i in np.argsort(-size, kind="stable")[:_NAMED] if size[i] > 0]
    return [(int(run.world_ids[i]), f"world {run.world_ids[i]}: {formatting.signed(float(change[i]))}") for i in order]


def movers(run: Results, change: Array) -> list[str]:
    """Return the worlds with the largest changes, and their changes, as a column of a table."""
    found = [words for _, words in moved_most(run, change)]
    return found + ["-"] * (min(_NAMED, len(change)) - len(found))
