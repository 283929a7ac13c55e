"""Output on a terminal: tables of 80 columns, readable numbers, and progress bars on stderr."""

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


def console() -> "Console":
    """A console on stdout that ignores markup in texts of users; at most WIDEST columns wide."""
    from rich.console import Console

    made = Console(markup=False, highlight=False, emoji=False, soft_wrap=False)
    return made if made.width <= WIDEST else Console(markup=False, highlight=False, emoji=False, width=WIDEST)


def table(title: str, *columns: str) -> "Table":
    """An empty table. A column name that begins with ">" is right-aligned, one with "!" is never wrapped."""
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
    """A user's text without control characters, on one line."""
    return one_line(words, 10_000)


@contextmanager
def progress(what: str) -> Iterator[Progress | None]:
    """Show a progress bar on stderr and yield its update function; yield None if stderr is not a terminal."""
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
