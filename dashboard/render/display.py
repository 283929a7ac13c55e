"""A user's text on pages: shown as it is, never interpreted as markup."""

import html
from typing import Final

from sim.errors import one_line

_SPECIAL: Final = frozenset("\\`*_{}[]()<>#+-.!|~$:&\"'=^@/")


def plain(text: str, longest: int = 400) -> str:
    """Text that a user may have written, safe wherever Streamlit reads Markdown: nothing in it is interpreted.

    Every character that Markdown, HTML, LaTeX, emoji or colour directives could start with is written as itself by
    a character reference, so that neither a parser nor a second one after it finds markup. One line, cut to `longest`.
    """
    return "".join(f"&#{ord(c)};" if c in _SPECIAL else c for c in one_line(text, longest))


def markup(text: str, longest: int = 400) -> str:
    """Text that a user may have written, safe inside HTML and its attributes."""
    return html.escape(one_line(text, longest), quote=True)
