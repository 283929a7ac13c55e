"""The readers of a run and their aims, from `readers.toml` beside this module."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError
from sim.schema import validation
from sim.schema.entries import read_entries
from sim.schema.frozen_map import FrozenMap
from sim.schema.milestones import MILESTONES
from sim.schema.series import SERIES

FILE: Final = Path(__file__).with_name("readers.toml")
EVENT: Final = ("reached", "not reached")
AMOUNT: Final = ("at least", "at most")
MOST: Final = 1e7  # of any value, in the unit of its series
LONGEST: Final = 200  # characters
_PER_DAY: Final = "/day"


@dataclass(frozen=True, slots=True)
class Aim:
    """What a reader wants by a date.

    measure: a milestone, wanted as one of EVENT, or a daily series, wanted as one of AMOUNT: its sum up to the date for
    counts, its level on the date otherwise; value: in `unit`, None for a milestone; by: the last day that counts.
    """

    text: str
    measure: str
    want: str
    by: dt.date
    rests_on: str
    value: float | None = None

    @property
    def unit(self) -> str:
        """The unit of an amount; "" for a milestone."""
        return "" if self.measure in MILESTONES else SERIES[self.measure].unit.removesuffix(_PER_DAY)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads a run, and by which aims."""

    name: str
    label: str
    about: str
    aims: tuple[Aim, ...]


@lru_cache(maxsize=1)
def readers() -> FrozenMap[Reader]:
    """Return every reader by name, in the order of the file. Raises InputError for an invalid entry."""
    return read_readers(FILE)


def read_readers(path: Path) -> FrozenMap[Reader]:
    """Return the readers of a file. Raises InputError for unknown, missing or wrong entries, with file and path."""
    return read_entries(path, ("label", "about", "aims"), (), _reader)


def _reader(name: str, table: dict[str, Any]) -> Reader:
    """Return the reader of one table. Raises InputError."""
    label, about = _texts(name, table, "label", "about")
    if not validation.is_list(table["aims"]) or not table["aims"]:
        raise InputError("must be a list of at least one aim", path=f"{name}.aims", value=table["aims"])
    return Reader(name, label, about, tuple(_aim(f"{name}.aims[{i}]", one) for i, one in enumerate(table["aims"])))


def _aim(path: str, given: Any) -> Aim:
    """Return one aim. Raises InputError."""
    table = validation.table(given, path)
    needed = ("text", "measure", "want", "by", "rests_on")
    validation.check_keys(table, (*needed, "value"), f"{path}.")
    validation.check_required(table, needed, path)
    text, rests_on = _texts(path, table, "text", "rests_on")
    measures = (*MILESTONES, *(name for name, one in SERIES.items() if one.kind != "flag"))
    measure = validation.with_path(f"{path}.measure", validation.choice, table["measure"], measures)
    event = measure in MILESTONES
    want = validation.with_path(f"{path}.want", validation.choice, table["want"], EVENT if event else AMOUNT)
    by = validation.with_path(f"{path}.by", validation.date, table["by"])
    if event == ("value" in table):
        problem = "a milestone has no value" if event else "an amount needs a value"
        raise InputError(problem, path=f"{path}.value", value=table.get("value"))
    value = None if event else validation.with_path(f"{path}.value", validation.number, table["value"], 0, MOST)
    return Aim(text, measure, want, by, rests_on, value)


def _texts(path: str, table: dict[str, Any], *keys: str) -> list[str]:
    """Return the texts of some keys. Raises InputError."""
    return [validation.with_path(f"{path}.{key}", validation.text, table[key], LONGEST) for key in keys]
