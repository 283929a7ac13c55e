"""An expression: one number per world, read off a daily series over some days.

    days CONDITION [WINDOW ...]
    total | mean | max | min | last SERIES [where CONDITION] [WINDOW ...]

    CONDITION: SERIES == | != | < | <= | > | >= NUMBER, several joined by `and`
    WINDOW: before MILESTONE, after MILESTONE, from DATE, until DATE, each at most once

`text` writes it, `reader` reads it back, `values` computes it.
"""

import datetime as dt
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sim.schema.outcomes import Kind
from sim.schema.series import SERIES

AGGREGATES: Final = ("days", "total", "mean", "max", "min", "last")
SIGNS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "==": operator.eq, "!=": operator.ne, "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt,
}  # fmt: skip
WHERE: Final = "where"
AND: Final = "and"
_PER_DAY: Final = "/day"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A daily series compared with a number in its unit."""

    series: str
    sign: str
    value: float

    @property
    def text(self) -> str:
        """Such as `attacks > 150`."""
        whole = float(self.value).is_integer()
        return f"{self.series} {self.sign} {int(self.value) if whole else repr(self.value)}"


@dataclass(frozen=True, slots=True)
class Expression:
    """An aggregate of a daily series over the days on which every comparison holds, within a window.

    aggregate: one of AGGREGATES; series: what is aggregated, None for `days`, which counts the days. after, before: the
    milestones that begin and end the window in each world, its own day belonging to what follows it; start, until: its
    dates, `until` not included; None for the whole run.
    """

    aggregate: str
    series: str | None
    where: tuple[Comparison, ...] = ()
    after: str | None = None
    before: str | None = None
    start: dt.date | None = None
    until: dt.date | None = None

    @property
    def text(self) -> str:
        """The expression in its canonical form."""
        words = [self.aggregate]
        if self.series is not None:
            words += [self.series, *([WHERE] if self.where else [])]
        words.append(f" {AND} ".join(one.text for one in self.where))
        windows = {"after": self.after, "before": self.before, "from": self.start, "until": self.until}
        words += [f"{word} {end}" for word, end in windows.items() if end is not None]
        return " ".join(word for word in words if word)

    @property
    def kind(self) -> Kind:
        """The kind of outcome that it gives."""
        kinds: dict[str, Kind] = {"days": "days", "total": "total"}
        return kinds.get(self.aggregate, "level")

    @property
    def unit(self) -> str:
        """The unit of its values, derived from that of its series."""
        if self.series is None:
            return "days"
        about = SERIES[self.series]
        if about.kind == "flag":
            return "0 to 1"  # the share of the days
        return about.unit.removesuffix(_PER_DAY) if self.aggregate == "total" else about.unit
