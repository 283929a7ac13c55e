"""Reading an expression: a strict grammar without `eval`; one clear error, with its position, for the first mistake."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Final

from sim.errors import InputError, nearest
from sim.results.expressions.contradiction import check_possible
from sim.results.expressions.expression import AGGREGATES, AND, SIGNS, WHERE, Comparison, Expression
from sim.results.expressions.series_bounds import bounds_text, series_bounds
from sim.schema import arguments
from sim.schema.milestones import MILESTONES
from sim.schema.series import SERIES

FORM: Final = 'such as "days attacks > 150 before talks_open" or "total attacks from 2020-06-01"'
LONGEST: Final = 300  # characters
MOST: Final = 5  # comparisons
WINDOWS: Final = ("before", "after", "from", "until")
_TOKEN: Final = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w.-]))|(?P<number>[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?(?![\w.]))"
    r"|(?P<word>[A-Za-z_]\w*)|(?P<sign>[=!<>]+)|(?P<other>[^\s=!<>]+)|(?P<end>$)"
)
_UNITS: Final = frozenset(part for one in SERIES.values() for part in one.unit.split("/"))


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, sign, number or date. place: of its first character, counted from 1."""

    kind: str
    text: str
    place: int


def read_expression(text: str, start: dt.date | None = None, end: dt.date | None = None) -> Expression:
    """Return an expression from its text (docs/studies.md has the grammar). start, end: of the run, if known.

    Raises InputError, with the position in the text and the nearest right name, for anything that is none: an unknown
    aggregate, series or milestone, an aggregate that its series does not have, a number that the series cannot have, a
    date outside the run, and conditions or windows that leave no day in any world.
    """
    arguments.text("expression", text, FORM)
    days = None
    if start is not None and end is not None:
        days = arguments.date("start", start), arguments.date("end", end)
    try:
        if len(text) > LONGEST:
            raise InputError("too long", expected=f"at most {LONGEST} characters")  # noqa: TRY301  value is added below
        found = _Reader(text, days).expression()
        check_possible(found)
    except InputError as error:
        raise InputError(
            error.problem, path="expression", value=text, expected=error.expected, nearest=error.nearest
        ) from None
    return found


def _tokens(text: str) -> list[_Token]:
    """Return the tokens of a text, the last of which is its end."""
    found: list[_Token] = []
    place = 0
    while not found or found[-1].kind != "end":
        while place < len(text) and text[place].isspace():
            place += 1
        match = next(_TOKEN.finditer(text, place))  # there is one: `other` takes what nothing else takes
        kind = str(match.lastgroup)
        found.append(_Token(kind, match[kind], match.start() + 1))
        place = match.end()
    return found


class _Reader:
    """Reads the tokens from left to right."""

    def __init__(self, text: str, days: tuple[dt.date, dt.date] | None) -> None:
        self.tokens, self.days = iter(_tokens(text)), days
        self.token = next(self.tokens)

    def next(self) -> _Token:
        """Return the present token and go to the one after it."""
        found, self.token = self.token, next(self.tokens, self.token)
        return found

    def taken(self, word: str) -> bool:
        """Whether the present token is a word; then go to the one after it."""
        if self.token.text != word:
            return False
        self.next()
        return True

    def expression(self) -> Expression:
        """Return the whole text as an expression. Raises InputError."""
        aggregate = self.next()
        if aggregate.text not in AGGREGATES:
            self.refuse("no such aggregate", aggregate, ", ".join(AGGREGATES), AGGREGATES)
        if aggregate.text == "days":
            return Expression(aggregate.text, None, self.comparisons(), **self.windows(AND))
        series = self.series(aggregate.text)
        where = self.comparisons() if self.taken(WHERE) else ()
        return Expression(aggregate.text, series, where, **self.windows(AND if where else WHERE))

    def comparisons(self) -> tuple[Comparison, ...]:
        """Return one comparison, or several joined by `and`. Raises InputError."""
        found = [self.comparison()]
        while self.taken(AND):
            found.append(self.comparison())
        if len(found) > MOST:
            raise InputError(f"has {len(found)} comparisons", expected=f"at most {MOST}")
        return tuple(found)

    def series(self, aggregate: str | None = None) -> str:
        """Return the name of a daily series that an aggregate, if given, can be of. Raises InputError."""
        token = self.next()
        if token.text not in SERIES:
            wrong = "is a milestone, not a daily series" if token.text in MILESTONES else "no such daily series"
            self.refuse(wrong, token, None if token.text in MILESTONES else "a daily series", SERIES)
        kind = SERIES[token.text].kind
        if aggregate == "total" and kind == "level":
            self.refuse("a level has no total", token, "mean, max, min or last")
        if aggregate not in (None, "mean") and kind == "flag":
            self.refuse("is yes or no on each day", token, f'"mean {token.text}", or "days {token.text} == 1"')
        return token.text

    def comparison(self) -> Comparison:
        """Return one comparison. Raises InputError."""
        series, sign = self.series(), self.next()
        if sign.text not in SIGNS:
            expected = f'one of {", ".join(SIGNS)}, such as "{series} >= 1"'
            self.refuse("needs a comparison", sign, expected, SIGNS if sign.kind == "sign" else ())
        number = self.next()
        low, high = series_bounds(series)
        if number.kind != "number":
            self.refuse(f"{series} is compared with a number", number, bounds_text(series))
        value = float(number.text) + 0.0
        if not low <= value <= high or (SERIES[series].kind == "flag" and value not in (low, high)):
            self.refuse(f"{series} is never this", number, bounds_text(series))
        return Comparison(series, sign.text, value)

    def windows(self, other: str) -> dict[str, Any]:
        """Return the windows up to the end of the text. other: what could stand here, too. Raises InputError."""
        found: dict[str, Any] = {}
        while self.token.kind != "end":
            word = self.next()
            if word.text not in WINDOWS:
                words = (other, *WINDOWS)
                written = word.text.lstrip("/") in _UNITS
                self.refuse("a unit is not written" if written else "unexpected", word, ", ".join(words), words)
            name = {"from": "start"}.get(word.text, word.text)
            if name in found:
                self.refuse("given twice", word)
            found[name] = self.date(word.text) if word.text in ("from", "until") else self.milestone(word.text)
        return found

    def milestone(self, word: str) -> str:
        """Return the milestone after `before` or `after`. Raises InputError."""
        token = self.next()
        if token.kind == "date":
            better = f"{'until' if word == 'before' else 'from'} {token.text}"
            self.refuse(f"{word} takes a milestone", token, f'"{better}" for a date')
        if token.text not in MILESTONES:
            self.refuse("no such milestone", token, f"the name of a milestone after {word}", MILESTONES)
        return token.text

    def date(self, word: str) -> dt.date:
        """Return the date after `from` or `until`, within the run. Raises InputError."""
        token = self.next()
        if token.text in MILESTONES:
            better = f"{'before' if word == 'until' else 'after'} {token.text}"
            self.refuse(f"{word} takes a date", token, f'"{better}" for a milestone')
        try:
            found = dt.date.fromisoformat(token.text if token.kind == "date" else "")
        except ValueError:
            self.refuse(f"{word} takes a date", token, "such as 2020-06-01")
        if self.days is not None:
            day = dt.timedelta(days=1)
            low, high = self.days[0] + (word == "until") * day, self.days[1] - (word == "from") * day
            if not low <= found <= high:
                self.refuse("outside the days of the run", token, f"{low} to {high}")
        return found

    def refuse(self, problem: str, token: _Token, expected: str | None = None, names: Any = ()) -> Any:
        """Raise InputError at a token, with the nearest of some names."""
        what = "the end" if token.kind == "end" else f'"{token.text}"'
        raise InputError(
            f"{problem} at character {token.place}: {what}", expected=expected, nearest=nearest(token.text, names)
        )
