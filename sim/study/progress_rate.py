"""Pace: how fast a study goes and how long it will still take, and the words for both."""

import time


class ProgressRate:
    """Done and to do, how fast, and how long it will still take. What was there at the start counts for no speed."""

    def __init__(self) -> None:
        self.done = self.total = 0
        self._began: tuple[float, int] | None = None

    def note(self, done: int, total: int) -> None:
        """Take in what is done and to do."""
        self.done, self.total = done, total
        self._began = self._began or (time.monotonic(), done)

    @property
    def rate(self) -> float | None:
        """Rows a second, None before the first are done."""
        if self._began is None or self.done <= self._began[1]:
            return None
        return (self.done - self._began[1]) / max(time.monotonic() - self._began[0], 1e-3)

    def words(self) -> str:
        """`620 worlds a second, 1:29 left`; nothing before the first are done."""
        if not self.rate:
            return "..."
        return f"{speed(self.rate)}, {span((self.total - self.done) / self.rate)} left"


def speed(rate: float) -> str:
    """A speed as people read it."""
    return f"{rate:,.0f} worlds a second" if rate >= 10 else f"{60 * rate:,.1f} worlds a minute"  # noqa: PLR2004


def span(seconds: float) -> str:
    """A span of time: 0:42, 12:05, 3:07:00, 2 days 4:00:00."""
    whole = round(seconds)
    days, rest = divmod(whole, 86_400)
    hours, rest = divmod(rest, 3600)
    clock = f"{hours}:{rest // 60:02}:{rest % 60:02}" if days or hours else f"{rest // 60}:{rest % 60:02}"
    return f"{days} day{'s' * (days > 1)} {clock}" if days else clock
