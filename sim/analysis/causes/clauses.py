"""Each milestone as a clause, for questions and for sentences that are read aloud."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sim.schema.formatting import day


@dataclass(frozen=True, slots=True)
class Clause:
    """A milestone as subject and verb. one: whether the subject is singular; base: the verb as in "do talks open"."""

    subject: str
    base: str
    verb: str = ""  # as in "Kabul decrees"; the base if empty
    one: bool = False

    @property
    def comes(self) -> str:
        """Subject and verb, such as "talks open"."""
        return f"{self.subject} {self.verb or self.base}"

    @property
    def never(self) -> str:
        """Subject and verb for what does not happen, such as "talks never open"."""
        return f"{self.subject} never {self.verb or self.base}"

    @property
    def they(self) -> str:
        """The pronoun of the subject."""
        return "it" if self.one else "they"


CLAUSES: Final = {
    "decree": Clause("Kabul", "decree a release", "decrees a release", one=True),
    "rejection": Clause("the Taliban", "reject the decree"),
    "suspension": Clause("Kabul", "put releases off", "puts releases off", one=True),
    "first_release": Clause("the first prisoner", "go free", "goes free", one=True),
    "released_1000": Clause("1,000 prisoners", "go free"),
    "released_1500": Clause("1,500 prisoners", "go free"),
    "released_5000": Clause("5,000 prisoners", "go free"),
    "power_shared": Clause("the rival camps", "share power"),
    "talks_open": Clause("talks", "open"),
    "ceasefire": Clause("talks", "reach a ceasefire"),
    "settlement": Clause("talks", "reach a settlement"),
    "agreement_broken": Clause("the agreement", "break", "breaks", one=True),
    "us_at_8600": Clause("US troops", "fall to 8,600"),
    "us_at_5000": Clause("US troops", "fall to 5,000"),
}


def question(about: str, world: int | None = None, date: dt.date | None = None) -> str:
    """Return the question about a milestone; of one world with its date, None for never. Raises KeyError if unknown."""
    clause = CLAUSES[about]
    does = "does" if clause.one else "do"
    if world is None:
        return f"Why {does} {clause.subject} {clause.base} in some worlds and not in others?"
    how = f"never {clause.base}" if date is None else f"{clause.base} on {day(date)}"
    return f"Why {does} {clause.subject} {how} in world {world}?"


def capital(text: str) -> str:
    """Return the text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]
