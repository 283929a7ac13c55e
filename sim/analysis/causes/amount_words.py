"""An amount's answer in sentences that can be read aloud, every number with its unit."""

from typing import Final

from sim.analysis.causes.amounts import Amount, Part
from sim.analysis.causes.clauses import capital
from sim.analysis.causes.spoken import without_words
from sim.schema import arguments
from sim.schema.formatting import number, with_unit
from sim.schema.outcomes import OUTCOMES

SPOKEN: Final = 2  # factors that get a sentence
SCALES: Final = {"0 to 1": "on a scale from 0 to 1", "stage, 0 none to 4 settled": "on a scale from 0, none, to 4"}


def amount_question(outcome: str, world: int | None = None) -> str:
    """Return the question about an amount. Raises KeyError for an unknown one."""
    where = "in many worlds" if world is None else f"in world {world}"
    return f"What does this rest on {where}: {short_label(outcome)}?"


def short_label(outcome: str) -> str:
    """Return an outcome's label without the words that say how it is summed up, such as "Taliban attacks"."""
    return OUTCOMES[outcome].label.removesuffix(", total").removesuffix(", at the end").removesuffix(" so far")


def measured(value: float, unit: str, places: int | None = None) -> str:
    """Return a value with its unit, such as "4,712 attacks" or "0.61 on a scale from 0 to 1"."""
    return with_unit(number(value, places), SCALES.get(unit, unit))


def amount_spoken(found: Amount) -> str:
    """Return the answer as sentences: the amount, and the factors without which it changes most.

    Raises InputError for anything that is no answer of `why_amount`.
    """
    arguments.instance("found", found, Amount, "the Amount of why_amount(...)")
    where = f"in world {found.world}" if found.world is not None else f"on average over {found.worlds:,} worlds"
    value = measured(found.mean, found.unit, None if found.world is not None else _places(found.mean))
    first = capital(f"{where}: {short_label(found.outcome)}, {value}.")
    some = [one for one in found.parts if one.change.effect and _certain(found, one)][:SPOKEN]
    if not some:
        return f"{first} Nothing that was taken away alone changes that{_sure(found)}."
    return " ".join([first, *(f"{without_words(one.factor)}, {part_words(found, one)}." for one in some)])


def part_words(found: Amount, one: Part) -> str:
    """Return what the amount is without one factor, such as "4,712 attacks, which is 300 fewer"."""
    change = one.change
    places = _places(change.b_mean)
    more = "more" if change.effect > 0 else "less"
    value = measured(change.b_mean, found.unit, places)
    if not change.effect:
        return f"{value}, the same"
    return f"{value}, which is {number(abs(change.effect), _places(change.effect))} {more}"


def _sure(found: Amount) -> str:
    return "" if found.world is not None else " significantly"


def _certain(found: Amount, one: Part) -> bool:
    return found.world is not None or one.change.significant


def _places(value: float) -> int | None:
    """Return no decimals for a mean of counts that is large, and as many as it needs otherwise."""
    return 0 if abs(value) >= 100 else None  # noqa: PLR2004  three figures, as everywhere
