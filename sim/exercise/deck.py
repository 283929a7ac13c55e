"""The deck: events that a teacher can bring into a round, each with the mechanism it shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError, nearest
from sim.inputs import setting_names
from sim.schema import arguments, validation
from sim.schema.entries import read_entries
from sim.schema.frozen_map import FrozenMap

FILE: Final = Path(__file__).with_name("deck.toml")
NEEDED: Final = ("title", "text", "days", "levers")
OPTIONAL: Final = ("mechanism", "rests_on")
DAYS: Final = (1, 84)
LONGEST_TITLE: Final = 80
LONGEST_TEXT: Final = 500
MOST_LEVERS: Final = 6


@dataclass(frozen=True)
class Card:
    """One event: a piece of news, and what it imposes for a number of days.

    levers: value by lever, of any actor; empty for an event that is only news; mechanism: what it shows; rests_on:
    sentences of the text, or "assumption". Raises InputError for an invalid field.
    """

    name: str  # "" for a teacher's own event
    title: str
    text: str
    days: int
    levers: Mapping[str, float | bool]
    mechanism: str = "written on the spot"
    rests_on: str = "assumption"

    def __post_init__(self) -> None:
        """Check every field. Raises InputError."""
        for name, longest in (("title", LONGEST_TITLE), ("text", LONGEST_TEXT), ("mechanism", 300), ("rests_on", 40)):
            try:
                validation.text(getattr(self, name), longest)
            except InputError as error:
                raise error.at(path=name) from None
        levers = arguments.table("levers", self.levers, "values by lever")
        if len(levers) > MOST_LEVERS:
            raise InputError("too many levers", path="levers", expected=f"at most {MOST_LEVERS}")
        try:
            object.__setattr__(self, "days", validation.number(self.days, *DAYS, "days", whole=True))
        except InputError as error:
            raise error.at(path="days") from None
        object.__setattr__(self, "levers", FrozenMap({name: _checked(name, v) for name, v in levers.items()}))


def _checked(name: str, value: Any) -> float | bool:
    if not setting_names.is_lever(name):
        raise setting_names.unknown_setting(name, value)
    return setting_names.validate(name, value)


@lru_cache(maxsize=1)
def deck() -> FrozenMap[Card]:
    """Return every card by name, in the order of the file. Raises InputError for an invalid entry."""
    return read_entries(FILE, NEEDED, OPTIONAL, lambda name, table: Card(name=name, **table))


def card_named(name: Any) -> Card:
    """Return a card of the deck. Raises InputError with the nearest name."""
    if not isinstance(name, str) or name not in deck():
        hint = nearest(name, deck()) if isinstance(name, str) else None
        raise InputError("no such card", path="card", value=name, nearest=hint)
    return deck()[name]
