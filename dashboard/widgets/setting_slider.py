"""One setting of the sidebar: its slider, the effect of moving it, and a change as text, `5000@2020-03-10..`."""

import datetime as dt
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import Any, Final

import streamlit as st

from dashboard.render import display
from dashboard.runs import session
from dashboard.state.differences import held_days
from dashboard.state.state import State
from dashboard.widgets.state_input import clean, state_input
from sim.errors import InputError
from sim.inputs.parameter import Parameter
from sim.schema import formatting, validation
from sim.schema.decisions import Lever

AHEAD: Final = 4  # moves of the same kind that are computed in advance: whoever moves on finds the next one ready


def slider(record: Lever | Parameter, more: str, shown: float, steps: tuple[float, float, float]) -> None:
    """Draw the slider of a setting. more: its help text, Markdown; steps: low, high, step."""
    low, high, step = steps
    whole = all(float(part).is_integer() for part in (low, high, step))
    low, high = min(low, shown), max(high, shown)
    kind = int if whole and float(shown).is_integer() else float
    value = kind(shown)
    unit = formatting.unit_label(record.unit)
    label = f"{record.label}, {unit}" if unit else record.label
    st.slider(
        label, kind(low), kind(high), value, step=kind(step), format=None if kind is int else f"%.{places(step)}f",
        help=more, **state_input(f"lever:{record.name}", value, _moved, record.name, value, (low, high)),
    )  # fmt: skip


def _moved(value: float, name: str, before: float, ends: tuple[float, float]) -> None:
    """Apply a slider's new value, on the days of `held_days`; prefetch the same move some times more."""
    days = held_days(session.current(), name)
    attempt(name, validation.format_scalar(clean(value)) + days)
    if not session.problem():
        further = [clean(value + times * (value - before)) for times in range(1, AHEAD + 1)]
        inside = [one for one in further if ends[0] <= one <= ends[1]]
        session.expect(partial(_changed, session.current(), name, inside, days))


def _changed(state: State, name: str, values: Iterable[float], days: str) -> list[State]:
    """Return a state with a setting changed to each of some values, without those that it cannot have."""
    found = []
    for value in values:
        with suppress(InputError):
            found.append(state.change(name, validation.format_scalar(value) + days))
    return found


def step_of(low: float, high: float) -> float:
    """Return a step that is easy to read and crosses the range in some twenty to fifty key presses."""
    span = high - low
    for step in (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50):
        if span / step <= 50:
            return step
    return 100.0


def places(step: float) -> int:
    """Return the number of decimals that a step needs."""
    return next(n for n in range(7) if round(step, n) == step)


def attempt(name: str, text: str) -> None:
    """Make a change, or show why it is not possible."""
    try:
        session.go(session.current().change(name, text))
    except InputError as error:
        session.refuse(error)


def leave(name: str) -> None:
    """Remove the change of a setting, or show why that is not possible: other changes may depend on it."""
    try:
        session.go(session.current().leave(name))
    except InputError as error:
        session.refuse(error)


def reset(name: str) -> None:
    """Draw a button that removes the change of a setting."""
    st.button("Reset", key=f"leave:{name}", on_click=leave, args=(name,))


def behind(name: str, lines: Iterable[str]) -> str:
    """Return a help text as Markdown: one paragraph per line, empty lines left out, then the setting's name."""
    return "\n\n".join(display.plain(line) for line in lines if line) + f"\n\n`{name}`"


def value_of(change: str | None) -> Any:
    """Return the value in the text of a change, None for no change."""
    return None if change is None else validation.parse_scalar(change.partition("@")[0])


def number_of(change: str | None, otherwise: float) -> float:
    """Return the same value as a number; `otherwise` if it is not a number."""
    value = value_of(change)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float(otherwise)


def days_of(change: str) -> tuple[dt.date | None, dt.date | None]:
    """Return the dates in the text of a change, None for a date that is left out."""
    first, _, until = change.partition("@")[2].partition("..")
    one, other = (dt.date.fromisoformat(day.strip()) if day.strip() else None for day in (first, until))
    return one, other


def describe_change(change: str) -> str:
    """Return a change in words: "5,000 from 10 Mar"."""
    first, until = (formatting.day(day, year=False) if day else "" for day in days_of(change))
    stretch = (f" from {first}" if first else "") + (f" until {until}" if until else "")
    return formatting.setting(value_of(change)) + (stretch or ", the whole run")
