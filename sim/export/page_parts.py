"""What a page of `sim.export.page` is made of: typed records that hold plain text, never markup, but for `Sheet`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

    from sim.charts.theme import Spec


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A heading (level 2 or 3) or a paragraph. kind: "note" for what must not be missed, "small" for the rest."""

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
    """A cell's words on one line."""
    return cell if isinstance(cell, str) else "; ".join((cell.text, *cell.below))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under their heads; a head that begins with ">" sets its column to the right.

    marked: rows that are the reference's; wrapped: whether long words break rather than make the table wide; roomy:
    whether long cells get room for several words on a line.
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | Cell]]
    marked: frozenset[int] = frozenset()
    wrapped: bool = False
    roomy: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """Text as it is, such as a file."""

    text: str


@dataclass(frozen=True, slots=True)
class Collapsible:
    """Parts that open when asked for."""

    summary: str
    parts: Sequence["Part"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document on sheets of its own when printed. body: HTML that this project made, from its own documents."""

    anchor: str
    title: str
    body: "Markup"


Part = Paragraph | Figure | Table | Listing | Collapsible | Sheet
