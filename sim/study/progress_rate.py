"""The speed and the remaining time of a study, also as text."""

import time


class ProgressRate:
    """Computes speed and remaining time from the progress. Work done before the start is not counted in the speed."""

    def __init__(self) -> None:
        self.done = self.total = 0
        self._began: tuple[float, int] | None = None

    def note(self, done: int, total: int) -> None:
        """Record the worlds done and the total."""
        self.done, self.total = done, total
        self._began = self._began or (time.monotonic(), done)

    @property
    def rate(self) -> float | None:
        """Rows per second, None before the first are done."""
        if self._began is None or self.done <= self._began[1]:
            return None
        return (self.done - self._began[1]) / max(time.monotonic() - self._began[0], 1e-3)

    def words(self) -> str:
        """`620 worlds per second, 1:29 left`; `...` before the first are done."""
        if not self.rate:
            return "..."
        return f"{speed(self.rate)}, {span((self.total - self.done) / self.rate)} left"


def speed(rate: float) -> str:
    """A speed as text."""
    return f"{rate:,.0f} worlds per second" if rate >= 10 else f"{60 * rate:,.1f} worlds per minute"  # noqa: PLR2004


def span(seconds: float) -> str:
    """A duration as text: 0:42, 12:05, 3:07:00, 2 days 4:00:00."""
    whole = round(seconds)
    days, rest = divmod(whole, 86_400)
    hours, rest = divmod(rest, 3600)
    clock = f"{hours}:{rest // 60:02}:{rest % 60:02}" if days or hours else f"{rest // 60}:{rest % 60:02}"
    return f"{days} day{'s' * (days > 1)} {clock}" if days else clock
