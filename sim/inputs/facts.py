"""Facts known before the model runs: those of the text, by sentence, and dated ones from outside the text.

The targets of the model (how close a run must come to a fact) are not facts; see `sim.analysis.fact_checks`.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError, nearest
from sim.files.toml_reader import read_toml
from sim.schema.frozen_map import FrozenMap
from sim.schema.validation import boolean, choice, date, kind_of, number, text

FILE: Final = Path(__file__).with_name("facts.toml")
SENTENCES: Final = tuple(f"S{number}" for number in range(1, 18))
KINDS: Final = ("count", "share", "date", "statement", "intention")
RELATIONS: Final = ("exactly", "about", "more than", "at most")
GRADES: Final = ("H", "M", "L")  # primary text or several reports; one report; loose
LARGEST: Final = 1e9
KEYS: Final = ("sentence", "states", "value", "unit", "kind", "relation", "trouble", "source", "date", "grade")


@dataclass(frozen=True)
class Fact:
    """One fact. value: a number in `unit`, a date, or true for a plain statement.

    sentence: "S1" to "S17", or "" for a fact from outside the text, which then has source, date and grade.
    """

    name: str
    sentence: str
    states: str  # what it says, in our own words
    value: float | int | bool | dt.date
    unit: str  # "1" for a pure number, "date", "yes/no"
    kind: str  # one of KINDS
    relation: str = "exactly"  # how the figure is meant
    trouble: str = ""  # known issues with it
    source: str = ""
    date: str = ""  # when the source was published: a year, a month or a day, or "by" or "before" one
    grade: str = ""

    @property
    def outside(self) -> bool:
        """Whether it comes from outside the text."""
        return not self.sentence


@lru_cache(maxsize=1)
def facts() -> FrozenMap[Fact]:
    """Return every fact by name: the text's in the order of its sentences, then those from outside."""
    return read_facts(FILE)


def read_facts(path: Path) -> FrozenMap[Fact]:
    """Return the facts of a file. Raises InputError for unknown, missing or wrong entries."""
    tables = read_toml(path, file=path.name)
    found = {}
    for name, table in tables.items():
        try:
            found[name] = _fact(name, table)
        except InputError as error:
            raise error.at(file=path.name, path=name) from None
    return FrozenMap(found)


def fact_values() -> dict[str, Any]:
    """Return the facts that formulas may use, by names such as "facts.attacks_2020"."""
    return {f"facts.{name}": fact.value for name, fact in facts().items()}


def _fact(name: str, table: Any) -> Fact:
    if not isinstance(table, dict):
        raise InputError(f"must be a table, not {kind_of(table)}")
    for key in table:
        if key not in KEYS:
            raise InputError("no such key", path=f"{name}.{key}", nearest=nearest(key, KEYS))
    outside = "sentence" not in table
    for key in ("states", "value", "unit", "kind", *(("source", "date", "grade") if outside else ())):
        if key not in table:
            raise InputError(f"has no {key}")
    return Fact(
        name=name,
        sentence="" if outside else choice(table["sentence"], SENTENCES),
        states=text(table["states"], 200),
        value=_figure(table["value"], table["unit"]),
        unit=text(table["unit"], 20),
        kind=choice(table["kind"], KINDS),
        relation=choice(table.get("relation", "exactly"), RELATIONS),
        trouble=text(table["trouble"], 300) if "trouble" in table else "",
        source=text(table["source"], 100) if "source" in table else "",
        date=text(table["date"], 11) if "date" in table else "",
        grade=choice(table["grade"], GRADES) if "grade" in table else "",
    )


def _figure(value: Any, unit: Any) -> float | int | bool | dt.date:
    if unit == "date":
        return date(value)
    if unit == "yes/no":
        return boolean(value)
    return number(value, -LARGEST, LARGEST, str(unit), whole=isinstance(value, int))
