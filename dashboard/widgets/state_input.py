"""Inputs that show a value of the state: what a browser sends counts only for the value that the input was made with.

While a page is being drawn, its reader goes on: the browser then sends the values of inputs that were drawn for an
earlier state, or of inputs that the page has not drawn again yet. So an input that must show another value than its
reader last gave it, after undo, another scenario or a value that was refused, is a new input to Streamlit, under a new
key. Values that arrive under the key of an earlier one are ignored, and so are values that nobody has moved.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

INPUTS: Final = "inputs"


@dataclass
class _Input:
    """generation: how often it was made anew; last: the value that it shows in the browser, among which choices."""

    generation: int
    last: Any
    choices: Any


def state_input(name: str, value: Any, apply: Callable[..., None], *args: Any, choices: Any = None) -> dict[str, Any]:
    """Return the arguments `key`, `on_change` and `args` of a widget that shows a value, which is its default too.

    name: of the input, the same in every state; apply: called with a new value, then `args`, when the reader moves it;
    choices: what the texts of its choices depend on, if they are not always the same: a browser sends texts.
    """
    made = _Input(0, clean(value), choices)
    known = _inputs().setdefault(name, made)
    if (known.last, known.choices) != (made.last, choices):
        made.generation = known.generation + 1
        known = _inputs()[name] = made
    key = input_key(name, known.generation)
    return {"key": key, "on_change": _moved, "args": (name, known.generation, apply, args)}


def input_key(name: str, generation: int = 0) -> str:
    """Return the key of an input; names of the first generation are keys themselves."""
    return f"{name}:{generation}" if generation else name


def _moved(name: str, generation: int, apply: Callable[..., None], args: tuple[Any, ...]) -> None:
    """Apply a new value, unless it comes from an earlier input of this name or is the one shown."""
    known, value = _inputs().get(name), clean(st.session_state[input_key(name, generation)])
    if known is None or known.generation != generation or known.last == value:
        return
    known.last = value
    apply(value, *args)


def clean(value: Any) -> Any:
    """Return a slider's number without binary rounding errors: 0.30000000000000004 is 0.3."""
    return round(value, 10) if isinstance(value, float) else value


def _inputs() -> dict[str, _Input]:
    """Return the visitor's inputs by name."""
    found: dict[str, _Input] = st.session_state.setdefault(INPUTS, {})
    return found
