"""Users' text on pages, in which no markup is interpreted."""

import html
from typing import Final

from sim.errors import one_line

_SPECIAL: Final = frozenset("\\`*_{}[]()<>#+-.!|~$:&\"'=^@/")


def plain(text: str, longest: int = 400) -> str:
    """Return a user's text, safe wherever Streamlit reads Markdown: no markup in it is interpreted.

    Every character that could start Markdown, HTML, LaTeX, an emoji or a colour directive becomes a character
    reference, so that neither a parser nor a second one after it finds markup. One line, cut to `longest`.
    """
    return "".join(f"&#{ord(c)};" if c in _SPECIAL else c for c in one_line(text, longest))


def markup(text: str, longest: int = 400) -> str:
    """Return a user's text, safe inside HTML and its attributes."""
    return html.escape(one_line(text, longest), quote=True)
