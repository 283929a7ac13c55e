"""Words on pages: a user's text that is never interpreted, and numbers and dates rounded for reading."""

import datetime as dt
import html
import math
from typing import Any, Final

from sim.charts.theme import percent
from sim.errors import one_line
from sim.schema.validation import unit_label

MINUS: Final = "\N{MINUS SIGN}"
unit = unit_label  # a unit as it stands behind a number
_SPECIAL: Final = frozenset("\\`*_{}[]()<>#+-.!|~$:&\"'=^@/")
_PLACES: Final = ((100, 0), (10, 1), (0, 2))  # decimals of numbers from so much on


def plain(text: str, longest: int = 400) -> str:
    """Text that a user may have written, safe wherever Streamlit reads Markdown: nothing in it is interpreted.

    Every character that Markdown, HTML, LaTeX, emoji or colour directives could start with is written as itself by
    a character reference, so that neither a parser nor a second one after it finds markup. One line, cut to `longest`.
    """
    return "".join(f"&#{ord(c)};" if c in _SPECIAL else c for c in one_line(text, longest))


def markup(text: str, longest: int = 400) -> str:
    """Text that a user may have written, safe inside HTML and its attributes."""
    return html.escape(one_line(text, longest), quote=True)


def number(value: float | None) -> str:
    """A number as people read it: 4,712; 56.7; 0.12; - where there is none."""
    if value is None or math.isnan(value):
        return "-"
    size = abs(value)
    places = 0 if value == int(value) else next(places for least, places in _PLACES if size >= least)
    shown = f"{size:,.{places}f}"
    return f"{MINUS}{shown}" if value < 0 and float(shown.replace(",", "")) else shown


def whole(value: float) -> str:
    """A mean of counts, as people read it: 4,712."""
    return "-" if math.isnan(value) else f"{value:,.0f}"


def signed(value: float) -> str:
    """A difference with its sign; 0 has none."""
    shown = number(value)
    return f"+{shown}" if value > 0 and shown.strip("0.") else shown


def signed_short(value: float) -> str:
    """A difference with its sign and one decimal at most, such as one of days: +7.5, +12; 0 has none."""
    shown = f"{abs(value):,.1f}".removesuffix(".0")
    return shown if shown == "0" else f"{'+' if value > 0 else MINUS}{shown}"


def share(value: float) -> str:
    """A share in per cent; some is never shown as none, nor nearly all as all."""
    return percent(value)


def points(value: float) -> str:
    """A difference of shares in percentage points."""
    return f"{signed(100 * value)} points"


def day(value: dt.date | None, *, year: bool = True) -> str:
    """A date, 10 Mar 2020."""
    if value is None:
        return "never"
    return f"{value.day} {value:%b %Y}" if year else f"{value.day} {value:%b}"


def setting(value: Any) -> str:
    """A lever's or parameter's value in words."""
    if value is None:
        return "by formula"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return day(value)
    return f"{value:,.6g}" if isinstance(value, int | float) else str(value)
