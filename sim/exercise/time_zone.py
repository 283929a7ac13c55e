"""The time zone of an exercise, in which its deadlines with a date are given and shown."""

from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

from sim.errors import InputError, nearest

UTC: Final = "UTC"


@cache  # each look reads a folder of some six hundred files, and every exercise that is read asks
def time_zones() -> tuple[str, ...]:
    """Return the names of all time zones that this computer knows, UTC first."""
    return (UTC, *sorted(available_timezones() - {UTC}))


def time_zone(value: Any) -> str:
    """Return the name of a time zone, such as Europe/Berlin. Raises InputError."""
    known = time_zones()
    if not isinstance(value, str) or value not in known:
        hint = nearest(value, known) if isinstance(value, str) else None
        raise InputError("no such time zone", value=value, expected="such as Europe/Berlin", nearest=hint)
    return value
