"""Text on pages: users' text, in which no markup is interpreted, and numbers and dates rounded for reading."""

import datetime as dt
import html
import math
from typing import Any, Final

from sim.charts.theme import percent
from sim.errors import one_line
from sim.schema.validation import unit_label

NOT_A_FORECAST: Final = "Not a forecast: possible worlds of a model, for thinking about mechanisms."
MINUS: Final = "\N{MINUS SIGN}"
unit = unit_label  # a unit as it is written after a number
_SPECIAL: Final = frozenset("\\`*_{}[]()<>#+-.!|~$:&\"'=^@/")
_PLACES: Final = ((100, 0), (10, 1), (0, 2))  # decimals of numbers from so much on


def plain(text: str, longest: int = 400) -> str:
    """Return a user's text, safe wherever Streamlit reads Markdown: no markup in it is interpreted.

    Every character that could start Markdown, HTML, LaTeX, an emoji or a colour directive becomes a character
    reference, so that neither a parser nor a second one after it finds markup. One line, cut to `longest`.
    """
    return "".join(f"&#{ord(c)};" if c in _SPECIAL else c for c in one_line(text, longest))


def markup(text: str, longest: int = 400) -> str:
    """Return a user's text, safe inside HTML and its attributes."""
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
    """Return a mean of counts rounded for reading: 4,712; - for NaN."""
    return "-" if math.isnan(value) else f"{value:,.0f}"


def signed(value: float) -> str:
    """Return a difference with its sign; 0 has none."""
    shown = number(value)
    return f"+{shown}" if value > 0 and shown.strip("0.") else shown


def signed_short(value: float) -> str:
    """Return a difference with its sign and at most one decimal, such as one in days: +7.5, +12; 0 has no sign."""
    shown = f"{abs(value):,.1f}".removesuffix(".0")
    return shown if shown == "0" else f"{'+' if value > 0 else MINUS}{shown}"


def share(value: float) -> str:
    """Return a share in per cent; a share above 0 is never shown as 0, nor one below 1 as 100."""
    return percent(value)


def points(value: float) -> str:
    """Return a difference of shares in percentage points."""
    return f"{signed(100 * value)} points"


def day(value: dt.date | None, *, year: bool = True) -> str:
    """Return a date, such as 10 Mar 2020; "never" for None."""
    if value is None:
        return "never"
    return f"{value.day} {value:%b %Y}" if year else f"{value.day} {value:%b}"


def setting(value: Any) -> str:
    """Return the value of a lever or parameter in words."""
    if value is None:
        return "by formula"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return day(value)
    return f"{value:,.6g}" if isinstance(value, int | float) else str(value)
