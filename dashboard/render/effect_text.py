"""What differs between two runs, in words."""

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.results.comparison import Effect, MilestoneEffect
from sim.results.results import Results
from sim.schema import formatting

Array = npt.NDArray[Any]

_NAMED: Final = 5  # worlds
_SCALE: Final = "0 to 1"  # the unit of what is no count
_LITTLE: Final = "less than 1"
_BELOW_ONE: Final = ("<1", "<+1", f">{formatting.MINUS}1")


def value(mean: float, one: Effect) -> str:
    """A mean with its unit."""
    return formatting.with_unit(formatting.number(mean), one.unit)


def effect(one: Effect) -> str:
    """An effect with half its interval, which is symmetric, and a word where luck may have made it.

    Both to the same decimals, counts to none; without the interval where there is none, as for a single world.
    """
    if not one.effect and one.same == 1:
        return "no change"
    half = one.high - one.effect
    places = 0 if one.unit != _SCALE else formatting.decimals(one.effect, half)
    text = _or_little(formatting.signed(one.effect, places))
    if not math.isfinite(half):
        return text
    spread = _or_little(formatting.number(half, places))
    luck = "" if one.significant else ", could be luck"
    return f"{text}{luck}" if text == spread == _LITTLE else f"{text} ± {spread}{luck}"


def _or_little(text: str) -> str:
    """A count's text; of one below 1, whichever way, that in words."""
    return _LITTLE if text in _BELOW_ONE else text


def milestone(one: MilestoneEffect) -> str:
    """A milestone's shares, and the shift of its date in the worlds that reach it in both."""
    same = one.a_share == one.b_share
    before, after = formatting.share(one.a_share), formatting.share(one.b_share)
    text = after if same else f"{before} to {after}"
    if one.median_shift is None:
        return text
    days = abs(round(one.median_shift))
    shift = "same day" if not days else f"{days} day{'s' * (days > 1)} {'earlier' if one.median_shift < 0 else 'later'}"
    return f"{text}; {shift}"


def counted(change: Array, outcome: str) -> str:
    """In how many worlds an outcome moved, and which way."""
    known = change[~np.isnan(change)]
    more, less = ("later", "earlier") if outcome.startswith("day_") else ("more", "less")
    up, down = int((known > 0).sum()), int((known < 0).sum())
    text = f"{more} in {up:,}, {less} in {down:,}, the same in {len(known) - up - down:,} of {len(known):,} worlds"
    missing = len(change) - len(known)
    return f"{text}; in {missing:,} more it is never reached on one side or both" if missing else text


def movers(run: Results, change: Array) -> list[str]:
    """The worlds that moved furthest, with how far."""
    size = np.where(np.isnan(change), -1.0, np.abs(change))
    order = np.argsort(-size, kind="stable")[:_NAMED]
    return [f"world {run.world_ids[i]}: {formatting.signed(float(change[i]))}" if size[i] > 0 else "-" for i in order]
