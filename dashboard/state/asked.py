"""What a reader asks "Why?" about, as it stands in a link: a milestone, an amount, or a decision on a date."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from sim.errors import InputError, nearest
from sim.schema.decisions import levers
from sim.schema.milestones import MILESTONES
from sim.schema.outcomes import OUTCOMES

Kind = Literal["milestone", "amount", "decision"]

_AMOUNTS: Final = ("total", "level", "days")
_DATED: Final = "@"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question. name: of a milestone, an outcome or a lever; date: of a decision, None for its first change."""

    name: str
    kind: Kind
    date: dt.date | None = None

    @property
    def text(self) -> str:
        """The question as it stands in a link."""
        return self.name if self.date is None else f"{self.name}{_DATED}{self.date.isoformat()}"


def read_asked(text: str) -> Asked:
    """Return the question of a link. Raises InputError for an unknown name, with the nearest one, and a wrong date."""
    name, _, date = text.partition(_DATED)
    amounts = [one for one, outcome in OUTCOMES.items() if outcome.kind in _AMOUNTS]
    if name in MILESTONES and not date:
        return Asked(name, "milestone")
    if name in levers():
        return Asked(name, "decision", _date(date) if date else None)
    if name in amounts and not date:
        return Asked(name, "amount")
    known = [*MILESTONES, *levers(), *amounts]
    hint = None if name in known else nearest(name, known)
    problem = "only a decision has a date" if name in known else "nothing that has a reason"
    raise InputError(problem, path="why", value=text, nearest=hint)


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError("not a date such as 2020-03-10", path="why", value=text) from None
