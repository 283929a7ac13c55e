"""What people see: tables of 80 columns, numbers as they are read, and progress on a terminal's stderr."""

import datetime as dt
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.errors import one_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

Progress = Callable[[int, int], None]

WIDEST = 110
_PLACES = ((100, 0), (10, 1), (1, 2))  # decimals of numbers from so much on
_MOST_PLACES = 3


def console() -> "Console":
    """A console on stdout that takes no markup from what users wrote; no wider than reads well."""
    from rich.console import Console

    made = Console(markup=False, highlight=False, emoji=False, soft_wrap=False)
    return made if made.width <= WIDEST else Console(markup=False, highlight=False, emoji=False, width=WIDEST)


def table(title: str, *columns: str) -> "Table":
    """An empty table; a column that begins with ">" is set to the right, one with "!" is never broken."""
    from rich import box
    from rich.table import Table

    made = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0)
    )
    made.header_style = "none"
    for column in columns:
        right, whole = column.startswith(">"), column.startswith(("!", ">"))
        made.add_column(column.lstrip(">!"), justify="right" if right else "left", no_wrap=whole)
    return made


def safe(words: str) -> str:
    """A user's words without anything that steers a terminal, on one line."""
    return one_line(words, 10_000)


def number(value: float | None) -> str:
    """A number as people read it: 4,712; 56.7; 0.123; - where there is none."""
    if value is None or math.isnan(value):
        return "-"
    if value == int(value):
        return f"{value:,.0f}"
    places = next((places for least, places in _PLACES if abs(value) >= least), _MOST_PLACES)
    return f"{value:,.{places}f}"


def signed(value: float) -> str:
    """A difference with its sign."""
    return number(value) if value == 0 or math.isnan(value) else f"{'+' if value > 0 else '-'}{number(abs(value))}"


def share(value: float) -> str:
    """A share in per cent; some is never shown as none, nor nearly all as all."""
    from sim.charts.theme import percent

    return percent(value)


def day(value: dt.date | None) -> str:
    """A date, 10 Mar 2020."""
    return "-" if value is None else f"{value.day} {value:%b %Y}"


@contextmanager
def progress(what: str) -> Iterator[Progress | None]:
    """A bar on stderr, if that is a terminal; None if it is not."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=Console(stderr=True, markup=False), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield report
