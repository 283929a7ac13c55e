"""How a long study tells of itself on stderr: a bar on a terminal, one line a minute anywhere else."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import typer

Report = Callable[[int, int], None]

EVERY: Final = 60.0  # seconds between lines


class Pace:
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


@contextmanager
def progress() -> Iterator[Report]:
    """Something to call with the worlds done and to do."""
    if sys.stderr.isatty():
        with _bar() as report:
            yield report
    else:
        yield _lines()


def _lines() -> Report:
    """One line a minute."""
    pace, last = Pace(), time.monotonic()

    def report(done: int, total: int) -> None:
        nonlocal last
        pace.note(done, total)
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            share = int(100 * done / max(total, 1))
            typer.echo(f"{time.strftime('%H:%M')} {done:,} of {total:,} worlds ({share} %), {pace.words()}", err=True)

    return report


@contextmanager
def _bar() -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} worlds"),
        TextColumn("{task.fields[pace]}"),
    )
    pace = Pace()
    with Bar(*columns, console=Console(stderr=True, markup=False, highlight=False), transient=True) as bar:
        task = bar.add_task("", total=1, pace="")

        def report(done: int, total: int) -> None:
            pace.note(done, total)
            bar.update(task, completed=done, total=total, pace=pace.words())

        yield report
