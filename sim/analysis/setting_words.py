"""What a scenario sets, in words with its unit: a pure number is one on a scale from 0 to 1."""

from typing import Any, Final

from sim.schema.formatting import setting, with_unit

PURE: Final = ("1", "0 to 1")
SCALE: Final = "on a scale from 0 to 1"


def setting_words(value: Any, unit: str) -> str:
    """Return a lever's value with its unit, such as "1,500 people", "yes", or "0.5 on a scale from 0 to 1"."""
    text = with_unit(setting(value), unit)
    return f"{text} {SCALE}" if unit in PURE else text
