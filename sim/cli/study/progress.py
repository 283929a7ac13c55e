"""Progress of a study on stderr: a bar on a terminal, otherwise one line per minute."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import typer

from sim.study.progress_rate import ProgressRate

Report = Callable[[int, int], None]

EVERY: Final = 60.0  # seconds between lines


@contextmanager
def progress() -> Iterator[Report]:
    """Yield a function to call with the worlds done and the total."""
    if sys.stderr.isatty():
        with _bar() as report:
            yield report
    else:
        yield _lines()


def _lines() -> Report:
    """A report function that prints one line per minute."""
    pace, last = ProgressRate(), time.monotonic()

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
    pace = ProgressRate()
    with Bar(*columns, console=Console(stderr=True, markup=False, highlight=False), transient=True) as bar:
        task = bar.add_task("", total=1, pace="")

        def report(done: int, total: int) -> None:
            pace.note(done, total)
            bar.update(task, completed=done, total=total, pace=pace.words())

        yield report
