"""Joint effects in one sentence each: whether two changes add up, by how much not, and how certain that is."""

import math
from typing import Final

from sim.analysis.joint_effects import MARGIN, JointEffect, Verdict
from sim.schema import formatting
from sim.schema.outcomes import OUTCOMES

VERDICTS: Final[dict[Verdict, str]] = {
    "additive": "additive",
    "less": "not additive: less than the sum",
    "more": "not additive: more than the sum",
    "otherwise": "not additive: the other way than the sum",
    "open": "not known: additive or not",
}
_LEADS: Final[dict[Verdict, str]] = {
    "additive": "additive to within {margin}: both together do what each alone adds up to",
    "less": "not additive, because both together do less than the sum of each alone",
    "more": "not additive, because both together do more than the sum of each alone",
    "otherwise": "not additive, because both together do the opposite of what the sum of each alone would",
    "open": "these worlds do not tell whether the effects are additive",
}


def sentence(one: JointEffect) -> str:
    """Return what both together do, against the sum of each alone, with the interval of the difference.

    "Talks open: not additive, because both together do less than the sum of each alone: +58 points against +72 points,
    a difference of −14 points (95 % interval: −18 to −10)."
    """
    lead = _LEADS[one.verdict].format(margin=_margin(one))
    figures = f"{amount(one, one.both.effect)} against {amount(one, one.sum)}"
    return f"{short_label(one)}: {lead}: {figures}, a difference of {_difference(one)}."


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
        return f"{size} in this one world"
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
