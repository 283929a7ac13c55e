"""Tables whose cells wrap, so that nothing is cut; on a narrow screen each row is a card, with its heads beside it.

A frame of Streamlit cuts long cells off, and on a phone hides the columns at the right, such as the verdict.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from dashboard.render import display

LONGEST: Final = 4000  # characters of a cell
CSS: Final = """
.wrapped {border-collapse: collapse; font-size: .88rem; width: 100%; line-height: 1.35;}
.wrapped :is(th, td) {text-align: left; padding: .35rem .8rem .35rem 0; vertical-align: top; overflow-wrap: anywhere;
  border-bottom: 1px solid color-mix(in srgb, currentColor 22%, transparent);}
.wrapped :is(th, td) {min-width: 3.5rem;}
.wrapped th {overflow-wrap: break-word;}
.wrapped td.first {font-weight: 600;}
@media (max-width: 640px) {
  .wrapped, .wrapped :is(thead, tbody, tr, td) {display: block; min-width: 0;}
  .wrapped thead {position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden;}
  .wrapped tr {padding: .45rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 35%, transparent);}
  .wrapped td {border: 0; padding: .08rem 0;}
  .wrapped td:not(.first):not(:empty)::before {content: attr(data-head) ": "; opacity: .8;}
}
"""


def wrapped_table(name: str, columns: Mapping[str, Sequence[object]]) -> str:
    """Return a table as HTML; all its text is escaped. name: what a screen reader calls it; columns: of one length.

    The roles are said again because a browser drops them where a row is drawn as a card.
    """
    heads = [display.markup(head) for head in columns]
    titles = "".join(f'<th role="columnheader" scope="col">{head}</th>' for head in heads)
    rows = "".join(_row(heads, row) for row in zip(*columns.values(), strict=True))
    return (
        f'<table class="wrapped" role="table" aria-label="{display.markup(name)}"><thead role="rowgroup">'
        f'<tr role="row">{titles}</tr></thead><tbody role="rowgroup">{rows}</tbody></table>'
    )


def _row(heads: Sequence[str], texts: Sequence[object]) -> str:
    cells = (_cell(i, head, text) for i, (head, text) in enumerate(zip(heads, texts, strict=True)))
    return f'<tr role="row">{"".join(cells)}</tr>'


def _cell(place: int, head: str, text: object) -> str:
    kind = ' class="first"' if place == 0 else ""
    return f'<td role="cell"{kind} data-head="{head}">{display.markup("" if text is None else str(text), LONGEST)}</td>'
