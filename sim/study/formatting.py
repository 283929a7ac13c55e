"""The numbers of a study as text: outcomes in their unit, shares in per cent, points by their settings."""

import datetime as dt
import math
from dataclasses import dataclass

from sim.charts.effects import MINUS
from sim.charts.theme import format_number
from sim.schema.outcomes import DAY, OUTCOMES, Outcome
from sim.schema.validation import unit_label
from sim.study.design import Design
from sim.study.factor import Factor
from sim.study.plan import Plan

NONE = "-"


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
        return f"{unit}, in worlds that reach it" if self.outcome.name.startswith(DAY) else unit

    @property
    def change_unit(self) -> str:
        """The unit of an axis of differences."""
        return "percentage points of worlds" if self.share else unit_label(self.outcome.unit) or self.outcome.unit

    def value(self, number: float) -> str:
        """A mean: 61.3 %, or 4,712; - for NaN."""
        if math.isnan(number):
            return NONE
        return f"{100 * number:.1f} %" if self.share else figure(number)

    def dated(self, start: dt.date, *numbers: float) -> str:
        """The dates of numbers of days from the start, in brackets; empty for other outcomes and for NaN."""
        if not self.outcome.name.startswith(DAY) or any(math.isnan(number) for number in numbers):
            return ""
        found = dict.fromkeys(day(start + dt.timedelta(days=round(number))) for number in numbers)
        return f" ({' to '.join(found)})"

    def change(self, number: float) -> str:
        """A difference with its sign, shares in percentage points."""
        if math.isnan(number):
            return NONE
        return f"{_points(number)} points" if self.share else _signed(number)

    def span(self, low: float, high: float, *, change: bool = False) -> str:
        """An interval as text."""
        if math.isnan(low) or math.isnan(high):
            return NONE
        if change:
            first = _points(low) if self.share else _signed(low)
            return f"{first} to {self.change(high)}"
        if self.share:
            return f"{100 * max(low, 0):.1f} to {100 * min(high, 1):.1f} %"
        return f"{figure(low)} to {figure(high)}"


def setting(one: Factor, value: float, *, bare: bool = False) -> str:
    """A setting's value as text: 1,500 people, yes; "unchanged" for NaN. bare: without the unit."""
    if math.isnan(value):
        return "unchanged"
    if one.flag:
        return "yes" if value else "no"
    return f"{minus(f'{value:,.6g}')} {'' if bare else unit_label(one.unit)}".rstrip()


def tried(one: Factor) -> str:
    """The values of a setting as text without their unit, or its bounds."""
    return ", ".join(setting(one, float(value), bare=True) for value in one.values) or " to ".join(
        minus(f"{end:g}") for end in (one.low, one.high)
    )


def unit(one: Factor) -> str:
    """The unit of a setting as text, empty for a pure number."""
    return "yes or no" if one.flag else unit_label(one.unit)


def day(value: dt.date) -> str:
    """A date as text, 10 Mar 2020."""
    return f"{value.day} {value:%b %Y}"


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


def _points(share: float) -> str:
    """A difference of shares in percentage points, with its sign."""
    rounded = round(100 * share, 1)
    return f"{'+' if rounded > 0 else MINUS if rounded < 0 else ''}{abs(rounded):.1f}"


def _signed(number: float) -> str:
    """A difference with its sign, without a sign if it rounds to 0."""
    text = figure(number)
    return f"+{text}" if number > 0 and text.strip("0.") else text


def figure(number: float) -> str:
    """A number as text with a typographic minus sign: 0.123, 1,234; - for NaN."""
    return NONE if math.isnan(number) else minus(f"{number:,.0f}" if number == int(number) else format_number(number))


def minus(text: str) -> str:
    """Replace the ASCII minus of a number by a typographic one; remove it if all digits are 0."""
    if not text.startswith("-"):
        return text
    return f"{MINUS}{text[1:]}" if text.strip("-0.,") else text[1:]
