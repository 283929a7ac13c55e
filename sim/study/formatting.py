"""The numbers of a study as text: outcomes in their unit, shares in per cent, points by their settings."""

import datetime as dt
import math
from dataclasses import dataclass
from typing import Final

from sim.schema import formatting
from sim.schema.formatting import MISSING, day, decimals, unit_label
from sim.schema.outcomes import DAY, OUTCOMES, Outcome
from sim.study.design import Design
from sim.study.distribution import Discrete
from sim.study.factor import Factor
from sim.study.plan import Plan

MOST_TRIED: Final = 40  # values of a setting that are listed
SAME: Final = "the same in every world"  # in place of an interval, which would have no width


@dataclass(frozen=True, slots=True)
class OutcomeFormat:
    """Formats the numbers of one outcome."""

    outcome: Outcome

    @classmethod
    def of(cls, name: str) -> "OutcomeFormat":
        """The format of an outcome, by its name."""
        return cls(OUTCOMES[name])

    @property
    def share(self) -> bool:
        """Whether it is a share of worlds, shown in per cent."""
        return self.outcome.kind == "share"

    @property
    def scale(self) -> float:
        """The factor for numbers that are drawn with `unit`."""
        return 100.0 if self.share else 1.0

    @property
    def label(self) -> str:
        """The label of the outcome."""
        return self.outcome.label.removesuffix(": reached") if self.share else self.outcome.label

    @property
    def unit(self) -> str:
        """The unit of an axis of values."""
        if self.share:
            return "% of worlds"
        unit = unit_label(self.outcome.unit) or self.outcome.unit  # an axis without a unit shows "0 to 1"
        return f"{unit}, among the worlds that reach it" if self.outcome.name.startswith(DAY) else unit

    @property
    def change_unit(self) -> str:
        """The unit of an axis of differences."""
        return "percentage points of worlds" if self.share else unit_label(self.outcome.unit) or self.outcome.unit

    def value(self, number: float, *others: float) -> str:
        """A mean: 61.3 %, or 4,712; - for NaN. others: numbers with the same decimals, as its interval."""
        return formatting.share(number, 1) if self.share else formatting.number(number, decimals(number, *others))

    def dated(self, start: dt.date, *numbers: float) -> str:
        """The dates of numbers of days from the start, in brackets; empty for other outcomes and for NaN."""
        if not self.outcome.name.startswith(DAY) or any(math.isnan(number) for number in numbers):
            return ""
        found = dict.fromkeys(day(start + dt.timedelta(days=round(number))) for number in numbers)
        return f" ({' to '.join(found)})"

    def change(self, number: float, *others: float) -> str:
        """A difference with its sign, shares in percentage points."""
        return formatting.points(number, 1) if self.share else formatting.signed(number, decimals(number, *others))

    def span(self, low: float, high: float, *others: float) -> str:
        """An interval as text."""
        if math.isnan(low) or math.isnan(high):
            return MISSING
        if low == high:
            return SAME
        if self.share:
            return f"{formatting.share(max(low, 0), 1).removesuffix(' %')} to {formatting.share(min(high, 1), 1)}"
        return formatting.interval(low, high, decimals(low, high, *others))

    def change_span(self, low: float, high: float, *others: float) -> str:
        """An interval of differences."""
        if math.isnan(low) or math.isnan(high):
            return MISSING
        if low == high:
            return SAME
        if self.share:
            return f"{formatting.signed_interval(100 * low, 100 * high, 1)} points"
        return formatting.signed_interval(low, high, decimals(low, high, *others))


def setting(one: Factor, value: float, *, bare: bool = False) -> str:
    """A setting's value as text: 1,500 people, yes; "unchanged" for NaN. bare: without the unit."""
    if math.isnan(value):
        return "unchanged"
    if one.flag:
        return "yes" if value else "no"
    return formatting.setting(value) if bare else formatting.with_unit(formatting.setting(value), one.unit)


def tried(one: Factor) -> str:
    """The values of a setting as text without their unit, or its bounds and distribution."""
    numbers = one.numbers
    if isinstance(one.distribution, Discrete):
        numbers = tuple(float(value) for value in one.distribution.values)
    ends = " to ".join(formatting.setting(end) for end in (one.low, one.high))
    if len(numbers) > MOST_TRIED:
        return f"{len(numbers):,} values from {ends}{distributed(one)}"
    return (", ".join(setting(one, value, bare=True) for value in numbers) or ends) + distributed(one)


def distributed(one: Factor) -> str:
    """The distribution of a setting, as it follows its bounds; nothing for a uniform one."""
    if one.distribution is None:
        return ""
    given = one.distribution.canonical()
    parts = [f"{key} {formatting.setting(given[key])}" for key in ("mode", "mean", "sd") if key in given]
    if "weights" in given:
        parts.append(f"weights {', '.join(map(formatting.setting, given['weights']))}")
    return f" ({', '.join([str(given['distribution']), *parts])})"


def unit(one: Factor) -> str:
    """The unit of a setting as text, empty for a pure number."""
    return "yes or no" if one.flag else unit_label(one.unit)


def dates(one: Factor) -> str:
    """The days on which a lever is imposed, as text; empty for a parameter or the whole run."""
    if one.start is None and one.until is None:
        return ""
    parts = [f"from {day(one.start)}" if one.start else "", f"until {day(one.until)}" if one.until else ""]
    return " ".join(part for part in parts if part)


def names(plan: Plan) -> dict[str, str]:
    """The label of each varied setting by its key; with dates if two settings have the same label."""
    labels = [one.label for one in plan.vary]
    return {
        one.key: f"{one.label}, {dates(one)}" if labels.count(one.label) > 1 and dates(one) else one.label
        for one in plan.vary
    }


def point(plan: Plan, design: Design, index: int) -> str:
    """A point as text: its settings, or that it is the base. Empty if nothing is varied."""
    if not plan.vary:
        return ""
    found = design.settings(index)
    if not found:
        return "base, nothing changed"
    called = names(plan)
    return ", ".join(f"{called[one.key]} {setting(one, found[one.key])}" for one in plan.vary if one.key in found)
