"""Who is present: students whose device has asked for something in the last seconds. It is not stored."""

import time
from typing import Final

from sim.exercise.event_store import Place

PRESENT: Final = 30.0  # seconds since a device's last request during which it counts as present


class Presence:
    """When each student's device was last heard of."""

    def __init__(self) -> None:
        self._heard: dict[tuple[str, int], float] = {}

    def note(self, who: Place) -> None:
        """Record a request of a student's device."""
        self._heard[who.exercise, who.student] = time.monotonic()

    def of(self, who: Place) -> bool:
        """Return whether a student is present."""
        return time.monotonic() - self._heard.get((who.exercise, who.student), -PRESENT) < PRESENT

    def forget(self, exercise: str, student: int | None = None) -> None:
        """Forget a student of an exercise, or all of them."""
        gone = [key for key in self._heard if key[0] == exercise and student in (None, key[1])]
        for key in gone:
            self._heard.pop(key, None)
