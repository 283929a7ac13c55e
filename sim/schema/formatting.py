"""Numbers, shares, dates, units and intervals as people read them, wherever they are shown.

The command, the pages, the reports, the charts and the documents all take their figures from here. The rules:

- A number has three significant figures, and at most four decimals. Its whole part is never cut, whole numbers have no
  decimals, and thousands are set apart by commas: 4,712; 56.7; 0.123; 0.0042.
- A number that is not 0 is never shown as 0: where it would round to 0 stands the smallest number that could be
  shown, with the side on which it lies: <0.0001, >−0.0001. In the same way a share that is not all is never 100 %:
  >99 %.
- A negative number has a real minus sign, never a hyphen. A difference has its sign, + or −; 0 has none.
- An estimate and the ends of its interval have the same decimals: those that the largest of them needs. An end that
  is not 0 and would be shown as 0 has as many more as it needs: +0.04 to +4.0.
- A share is in per cent; a difference of shares is in percentage points.
- A date is 10 Mar 2020; no date is "never". A number that is missing (None or NaN) is "-".
- What somebody has set, such as a parameter, is shown in full, up to six significant figures and without trailing
  zeros.
"""

import datetime as dt
import math
from typing import Any, Final

MINUS: Final = "\N{MINUS SIGN}"
MISSING: Final = "-"
NEVER: Final = "never"
FIGURES: Final = 3  # significant
MOST_DECIMALS: Final = 4
SETTING_FIGURES: Final = 6
SCORE_DECIMALS: Final = 3
PURE: Final = ("1", "yes/no", "0 to 1", "date", "choice")  # units of what has none

_UNITS: Final = {"bn USD/year": "bn USD per year", "ratio to 2019": "times 2019"}
_LEAST_FIXED: Final = 1e-6  # a setting below it is written with an exponent


def decimals(*values: float | None) -> int:
    """How many decimals numbers shown together have, 0 to MOST_DECIMALS: those that the largest of them needs.

    None, NaN and infinity do not count; whole numbers alone need none.
    """
    known = [abs(value) for value in values if value is not None and math.isfinite(value)]
    largest = max(known, default=0.0)
    if all(value == int(value) for value in known):
        return 0
    rounded = float(f"{largest:.{FIGURES - 1}e}")  # 9.999 is 10.0
    return min(max(FIGURES - 1 - math.floor(math.log10(rounded)), 0), MOST_DECIMALS)


def number(value: float | None, places: int | None = None) -> str:
    """A number, such as 4,712; 56.7; −0.123. places: its decimals, by the rule if not given."""
    return _signed_text(value, places, plus="")


def signed(value: float | None, places: int | None = None) -> str:
    """A difference with its sign, such as +56.7; 0 has none."""
    return _signed_text(value, places, plus="+")


def interval(low: float | None, high: float | None, places: int | None = None) -> str:
    """The ends of an interval, such as 61.3 to 64.0. places: their decimals, those of both if not given."""
    return _span(number, low, high, places)


def signed_interval(low: float | None, high: float | None, places: int | None = None) -> str:
    """The ends of an interval of a difference, such as −0.3 to +1.2."""
    return _span(signed, low, high, places)


def plus_minus(value: float, half: float, places: int | None = None) -> str:
    """An estimate with half of its interval, such as −0.388 ± 0.071; alone where there is no interval."""
    places = decimals(value, half) if places is None else places
    return number(value, places) if math.isnan(half) else f"{number(value, places)} ± {number(half, places)}"


def share(value: float | None, places: int = 0) -> str:
    """A share in per cent, such as 43 %; some is never shown as none, nor nearly all as all: <1 %, >99 %."""
    percent, least = _percent(value), 10.0**-places
    if 100 - least < percent < 100:  # noqa: PLR2004  per cent
        return f">{number(100 - least, places)} %"
    if 0 < percent < least:
        return f"<{number(least, places)} %"
    return MISSING if math.isnan(percent) else f"{number(percent, places)} %"


def points(value: float | None, places: int | None = None) -> str:
    """A difference of shares in percentage points, such as +12.4 points."""
    percent = _percent(value)
    return MISSING if math.isnan(percent) else f"{signed(percent, places)} points"


def score(value: float | None) -> str:
    """A Brier score, 0 to 1, such as 0.183."""
    return number(value, SCORE_DECIMALS)


def day(value: dt.date | None, *, year: bool = True) -> str:
    """A date, 10 Mar 2020, or 10 Mar where the year is known; "never" for none."""
    if value is None:
        return NEVER
    return f"{value.day} {value:%b %Y}" if year else f"{value.day} {value:%b}"


def setting(value: Any) -> str:
    """What a parameter or lever is set to: 1,500; 0.75; yes; 10 Mar 2020; text as it is."""
    if value is None:
        return "by formula"
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, dt.date):
        return day(value)
    return _in_full(value) if isinstance(value, int | float) else str(value)


def yes_no(value: bool | None) -> str:  # noqa: FBT001  it is what is shown
    """Yes or no; "-" for neither."""
    return MISSING if value is None else "yes" if value else "no"


def unit_label(unit: str) -> str:
    """A unit as it follows a number, in words: nothing for a pure number, "times 2019" for a ratio to it."""
    return "" if unit in PURE else _UNITS.get(unit, unit)


def with_unit(text: str, unit: str) -> str:
    """A number's text with its unit, such as "1,500 people"."""
    return f"{text} {unit_label(unit)}".rstrip()


def _signed_text(value: float | None, places: int | None, plus: str) -> str:
    if value is None or math.isnan(value):
        return MISSING
    sign = MINUS if value < 0 else plus if value > 0 else ""
    size, places = abs(value), decimals(value) if places is None else places
    shown = f"{size:,.{places}f}"
    if size and not shown.strip("0.,"):
        return f"{'<' if value > 0 else '>'}{sign}{10.0**-places:.{places}f}"
    return f"{sign}{shown}"


def _span(write: Any, low: float | None, high: float | None, places: int | None) -> str:
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return MISSING
    places = decimals(low, high) if places is None else places
    return " to ".join(write(end, _visible(end, places)) for end in (low, high))


def _visible(value: float, places: int) -> int:
    """The decimals with which a number is not shown as 0, if MOST_DECIMALS suffice; at least `places`."""
    return next((n for n in range(places, MOST_DECIMALS + 1) if not value or round(value, n)), places)


def _percent(value: float | None) -> float:
    return math.nan if value is None else 100 * value


def _in_full(value: float) -> str:
    """A number with at most SETTING_FIGURES significant figures; its whole part is never cut."""
    if not math.isfinite(value):
        return MISSING if math.isnan(value) else f"{MINUS if value < 0 else ''}infinite"
    sign, size = MINUS if value < 0 else "", abs(value)
    if size == int(size):
        return f"{sign}{size:,.0f}"
    if size < _LEAST_FIXED:
        return f"{sign}{size:.{SETTING_FIGURES}g}".replace("e-", f"e{MINUS}")
    places = max(SETTING_FIGURES - 1 - math.floor(math.log10(size)), 0)
    return sign + (f"{size:,.{places}f}".rstrip("0").rstrip(".") if places else f"{size:,.0f}")
