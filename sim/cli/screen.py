"""What people see: tables of 80 columns, numbers as they are read, and progress on a terminal's stderr."""

import codecs
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sim.errors import one_line
from sim.schema.formatting import MINUS

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

Progress = Callable[[int, int], None]

WIDEST = 110
_ASCII = {MINUS: "-", "\N{PLUS-MINUS SIGN}": "+/-"}


def console() -> "Console":
    """A console on stdout that takes no markup from what users wrote; no wider than reads well."""
    from rich.console import Console

    _allow_any_text(sys.stdout)
    made = Console(markup=False, highlight=False, emoji=False, soft_wrap=False)
    return made if made.width <= WIDEST else Console(markup=False, highlight=False, emoji=False, width=WIDEST)


def _allow_any_text(stream: Any) -> None:
    """Let a stream whose encoding lacks a character write the nearest one: "-" for a minus sign, "?" for most."""
    if getattr(stream, "errors", "") in ("strict", "surrogateescape") and hasattr(stream, "reconfigure"):
        codecs.register_error("nearest", _nearest_character)
        stream.reconfigure(errors="nearest")


def _nearest_character(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_ASCII.get(letter, "?") for letter in error.object[error.start : error.end]), error.end


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
