"""Joint effects in one sentence each: whether two changes add up, by how much not, and how certain that is."""

import math
from typing import Final

from sim.analysis.joint_effects import MARGIN, JointEffect, Verdict
from sim.schema import formatting
from sim.schema.outcomes import OUTCOMES

VERDICTS: Final[dict[Verdict, str]] = {
    "additive": "as much as the sum",
    "less": "less than the sum",
    "more": "more than the sum",
    "otherwise": "opposite of the sum",
    "open": "not known",
}
_LEADS: Final[dict[Verdict, str]] = {
    "additive": "additive to within {margin}: both together do about as much ({both}) as the sum of each alone ({sum})",
    "less": "not additive, because both together do less ({both}) than the sum of each alone ({sum})",
    "more": "not additive, because both together do more ({both}) than the sum of each alone ({sum})",
    "otherwise": "not additive, because both together do the opposite ({both}) of the sum of each alone ({sum})",
    "open": "{worlds} whether the effects are additive: both together {both}, the sum of each alone {sum}",
}


def sentence(one: JointEffect) -> str:
    """Return what both together do, against the sum of each alone, with the interval of the difference.

    "Talks open: not additive, because both together do less (+58 points) than the sum of each alone (+72 points), a
    difference of −14 points (95 % interval: −18 to −10)."
    """
    both, added = (amount(one, size) for size in (one.both.effect, one.sum))
    worlds = "these worlds do not tell" if math.isfinite(one.low) else "one world does not tell"
    lead = _LEADS[one.verdict].format(margin=_margin(one), both=both, sum=added, worlds=worlds)
    return f"{short_label(one)}: {lead}, a difference of {_difference(one)}."


def end_of_scale(one: JointEffect) -> str:
    """Return why two effects on a share cannot add up in full, if so; else ""."""
    if one.past_end is None:
        return ""
    worlds = formatting.number(100 * one.past_end, 0)
    return f"In full they cannot add up: the sum would come to {worlds} of 100 worlds."


def amount(one: JointEffect, value: float) -> str:
    """Return a difference with its unit: shares in percentage points."""
    if OUTCOMES[one.outcome].kind == "share":
        return formatting.points(value, 0 if abs(value) >= 0.01 or not value else 1)  # noqa: PLR2004  a point
    return formatting.with_unit(formatting.signed(value, _places(one)), one.unit)


def ends(one: JointEffect, low: float, high: float) -> str:
    """Return the ends of an interval, shares in percentage points; "" for a single world, which has none."""
    if not math.isfinite(low):
        return ""
    if OUTCOMES[one.outcome].kind == "share":
        return formatting.signed_interval(100 * low, 100 * high, 0)
    return formatting.signed_interval(low, high, _places(one))


def short_label(one: JointEffect) -> str:
    """Return the outcome's name without words that say how it is counted."""
    return one.label.removesuffix(": reached").removesuffix(", total").removesuffix(", at the end")


def _difference(one: JointEffect) -> str:
    size, within = amount(one, one.interaction), ends(one, one.low, one.high)
    if not within:
        return size
    if one.low == one.high:
        return f"{size} in every world"
    verdict = "" if one.significant else ", not significant"
    return f"{size} (95 % interval: {within}{verdict})"


def _margin(one: JointEffect) -> str:
    """Return the margin below which an interaction counts as none, in words."""
    whole = formatting.number(100 * MARGIN, 0)
    return f"{whole} points" if OUTCOMES[one.outcome].kind == "share" else f"{whole} % of the mean without either"


def _places(one: JointEffect) -> int:
    """Return the decimals of all figures of an outcome: those of its largest."""
    return formatting.decimals(one.both.effect, one.sum, one.interaction, one.low, one.high)
