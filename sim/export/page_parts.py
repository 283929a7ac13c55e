"""The parts of a page of `sim.export.page`: typed records with plain text; only `Sheet` contains HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

    from sim.charts.theme import Spec


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A heading (level 2 or 3) or a paragraph. kind: "note" for warnings, "small" for details."""

    text: str
    level: int = 0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart of `sim.charts`, with its title as the caption."""

    spec: "Spec"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table with smaller lines below its text. strong: whether the text is set in bold."""

    text: str
    below: Sequence[str] = ()
    strong: bool = False


def text_of(cell: str | Cell) -> str:
    """Return a cell's text on one line."""
    return cell if isinstance(cell, str) else "; ".join((cell.text, *cell.below))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text with column headings; a heading that begins with ">" makes its column right-aligned.

    marked: indices of rows of the reference; wrapped: whether long words are broken instead of widening the table;
    roomy: whether long cells get a minimum width.
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | Cell]]
    marked: frozenset[int] = frozenset()
    wrapped: bool = False
    roomy: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """Preformatted text, such as a file."""

    text: str


@dataclass(frozen=True, slots=True)
class Collapsible:
    """Parts that are hidden until the reader opens them."""

    summary: str
    parts: Sequence["Part"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document that starts on a new sheet when printed. body: HTML from this project, never from a user."""

    anchor: str
    title: str
    body: "Markup"


Part = Paragraph | Figure | Table | Listing | Collapsible | Sheet
