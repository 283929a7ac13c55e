"""The values that a daily series can have."""

from typing import Final

from sim.schema.series import SERIES, STAGES

MOST: Final = 1e9  # of a count or of people, by far
_STAGE: Final = "talks_stage"
_SHARE: Final = "0 to 1"


def series_bounds(name: str) -> tuple[float, float]:
    """Return the lowest and the highest value that a series can have, in its unit. Raises KeyError."""
    about = SERIES[name]
    if name == _STAGE:
        return 0.0, len(STAGES) - 1.0
    return (0.0, 1.0) if about.kind == "flag" or about.unit == _SHARE else (0.0, MOST)


def bounds_text(name: str) -> str:
    """Return the same in words, with the unit, such as "0 or more attacks/day". Raises KeyError."""
    if SERIES[name].kind == "flag":
        return "0 for no, 1 for yes"
    high = series_bounds(name)[1]
    return f"0 or more {SERIES[name].unit}" if high == MOST else f"0 to {high:g}"
