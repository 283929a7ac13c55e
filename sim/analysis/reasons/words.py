"""Reasons in words: one sentence for each, with every number's unit."""

from typing import Final

from sim.analysis.reasons.record import Reason
from sim.schema.formatting import number, share, unit_label, yes_no

ACTORS: Final = {
    "us": "The United States", "taliban": "The Taliban", "kabul.ghani": "Ghani's camp",
    "kabul.abdullah": "Abdullah's camp", "council": "The Security Council",
}  # fmt: skip

SHARE: Final = "share of"


def reason_words(reason: Reason) -> str:
    """Return what was decided or reached, and on what grounds, as one sentence."""
    if reason.kind == "milestone":
        return f"{reason.label}: {reason.on_record}."
    value = value_words(reason.value, reason.unit)
    before = "" if reason.before is None else f", before {value_words(reason.before, reason.unit)}"
    how = "as the scenario imposes" if reason.imposed else "by its own rule"
    return f"{ACTORS[reason.actor]}, {how}: {reason.label}, {value}{before}."


def input_words(reason: Reason) -> str:
    """Return what the rule has read and drawn, "" where the scenario decided."""
    read = [f"{one.label}: {value_words(one.value, one.unit)}" for one in reason.inputs]
    drawn = [f"drawn between 0 and 1: {number(one.value)} ({one.stream})" for one in reason.draws]
    return "; ".join([*read, *drawn])


def value_words(value: float | bool | None, unit: str) -> str:  # noqa: FBT001  what is shown
    """Return a value with its unit; a pure number is one on a scale from 0 to 1."""
    if unit == "yes/no":
        return yes_no(bool(value))
    if unit.startswith(SHARE):
        return f"{share(None if value is None else float(value))} {unit.removeprefix('share ')}"
    shown = number(None if value is None else float(value))
    return f"{shown} {unit_label(unit) or 'on a scale from 0 to 1'}"
