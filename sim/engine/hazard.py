"""Hazards: how probable an event is on a day."""

from typing import Any, Final

import numpy as np

EXPONENT_AT_MOST: Final = np.float32(60)  # beyond it an event is certain or impossible, and exp is close to overflow


def chance(hazard: Any) -> Any:
    """Return the probability that an event with this daily hazard happens on a day."""
    return -np.expm1(-hazard)
