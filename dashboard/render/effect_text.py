"""Differences between two runs, in words."""

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.render import display
from sim.results.comparison import Effect, MilestoneEffect
from sim.results.results import Results

Array = npt.NDArray[Any]

_NAMED: Final = 5  # worlds
_SCALE: Final = "0 to 1"  # the unit of quantities that are not counts
_LITTLE: Final = "less than 1"


def value(mean: float, one: Effect) -> str:
    """Return a mean with its unit."""
    return f"{display.number(mean)} {display.unit(one.unit)}".strip()


def effect(one: Effect) -> str:
    """Return an effect with half its interval, which is symmetric, and a remark if it is not significant.

    Both have the same decimals, counts have none; the interval is left out if there is none, as for a single world.
    """
    if not one.effect and one.same == 1:
        return "no change"
    half = one.high - one.effect
    places = 0 if one.unit != _SCALE else _places(half if half > 0 else one.effect)
    text = _rounded(one.effect, places)
    if text != _LITTLE:
        text = f"{'+' if one.effect > 0 else display.MINUS if one.effect < 0 else ''}{text}"
    if not math.isfinite(half):
        return text
    spread = _rounded(half, places)
    verdict = "" if one.significant else ", not significant"
    return f"{text}{verdict}" if text == spread == _LITTLE else f"{text} ± {spread}{verdict}"


def _rounded(number: float, places: int) -> str:
    """Return a number's size as text; a count below 1 that is not 0 is not shown as 0."""
    size = abs(number)
    return _LITTLE if not places and size > 0 and round(size) < 1 else f"{size:,.{places}f}"


def _places(number: float) -> int:
    """Return the decimals that show two figures of a number, 2 to 4; 2 for NaN and 0."""
    return min(max(1 - math.floor(math.log10(abs(number))), 2), 4) if number and math.isfinite(number) else 2


def milestone(one: MilestoneEffect) -> str:
    """Return a milestone's shares, and the shift of its date over the worlds that reach it in both runs."""
    same = one.a_share == one.b_share
    text = display.share(one.b_share) if same else f"{display.share(one.a_share)} to {display.share(one.b_share)}"
    if one.median_shift is None:
        return text
    days = abs(round(one.median_shift))
    shift = "same day" if not days else f"{days} day{'s' * (days > 1)} {'earlier' if one.median_shift < 0 else 'later'}"
    return f"{text}; {shift}"


def counted(change: Array, outcome: str) -> str:
    """Return the number of worlds in which an outcome changed, by direction."""
    known = change[~np.isnan(change)]
    more, less = ("later", "earlier") if outcome.startswith("day_") else ("more", "less")
    up, down = int((known > 0).sum()), int((known < 0).sum())
    text = f"{more} in {up:,}, {less} in {down:,}, the same in {len(known) - up - down:,} of {len(known):,} worlds"
    missing = len(change) - len(known)
    return f"{text}; in {missing:,} others it is not reached in one run or in both" if missing else text


def movers(run: Results, change: Array) -> list[str]:
    """Return the worlds with the largest changes, and their changes."""
    size = np.where(np.isnan(change), -1.0, np.abs(change))
    order = np.argsort(-size, kind="stable")[:_NAMED]
    return [f"world {run.world_ids[i]}: {display.signed(float(change[i]))}" if size[i] > 0 else "-" for i in order]
