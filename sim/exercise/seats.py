"""The four seats: what each can order, what it wants, and its private briefing."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from sim.errors import InputError
from sim.files.toml_reader import read_toml
from sim.schema.decisions import Lever, levers
from sim.schema.outcomes import OUTCOMES
from sim.schema.validation import choice, text

Which = Literal["all", "main"]  # levers

FILE: Final = Path(__file__).with_name("seats.toml")
ACTORS: Final = {"us": "us", "taliban": "taliban", "ghani": "kabul.ghani", "abdullah": "kabul.abdullah"}
WANTS: Final = ("more", "less", "reached", "not reached")
LONGEST_BRIEFING: Final = 4000
LONGEST_WHY: Final = 300


@dataclass(frozen=True, slots=True)
class Aim:
    """An outcome that a party cares about, and the wanted direction; not a score."""

    outcome: str  # of sim.schema.outcomes
    wants: str  # one of WANTS
    text: str
    why: str
    rests_on: str  # sentences of the text, or "assumption"


@dataclass(frozen=True, slots=True)
class Seat:
    """One party at the table."""

    name: str
    label: str
    short: str  # for narrow columns
    aims: tuple[Aim, ...]
    briefing: str  # private to this seat; paragraphs are separated by blank lines
    main: tuple[str, ...]  # the levers of the short version, by their last name

    @property
    def inside(self) -> str:
        """The label inside a sentence: "the United States"."""
        return self.label[:1].lower() + self.label[1:] if self.label.startswith("The ") else self.label

    @property
    def levers(self) -> dict[str, Lever]:
        """The levers that the seat can order, by dotted name: the decisions of its actor."""
        return {name: lever for name, lever in levers().items() if lever.actor == ACTORS[self.name]}

    def ordered(self, which: Which) -> dict[str, Lever]:
        """The levers that the seat can order in an exercise with all of them, or with the main ones only."""
        return {name: one for name, one in self.levers.items() if which == "all" or one.field in self.main}


def _read() -> dict[str, Seat]:
    tables = read_toml(FILE, file=FILE.name)
    if tuple(tables) != tuple(ACTORS):
        raise InputError("must hold the four seats in order", file=FILE.name, expected=", ".join(ACTORS))
    return {name: _seat(name, table) for name, table in tables.items()}


def _seat(name: str, table: dict[str, Any]) -> Seat:
    try:
        return Seat(
            name=name,
            label=text(table["label"], 40),
            short=text(table["short"], 12),
            aims=tuple(_aim(one) for one in table["aims"]),
            briefing=text(table["briefing"].strip(), LONGEST_BRIEFING, lines=True),
            main=tuple(choice(one, [lever.field for lever in levers().values()]) for one in table["main"]),
        )
    except KeyError as error:
        raise InputError(f"has no {error.args[0]}", file=FILE.name, path=name) from error
    except InputError as error:
        raise error.at(file=FILE.name, path=name) from None


def _aim(table: dict[str, Any]) -> Aim:
    return Aim(
        outcome=choice(table["outcome"], tuple(OUTCOMES)),
        wants=choice(table["wants"], WANTS),
        text=text(table["text"], LONGEST_WHY),
        why=text(table["why"], LONGEST_WHY),
        rests_on=text(table["rests_on"], 40),
    )


SEATS: Final[dict[str, Seat]] = _read()


def seat_of(lever: str) -> str | None:
    """Return the seat of a lever; None for a lever of no seat. Raises KeyError for an unknown lever."""
    actor = levers()[lever].actor
    return next((name for name, own in ACTORS.items() if own == actor), None)


def in_words(seats: Iterable[str]) -> str:
    """Return some seats as they stand inside a sentence: "the Taliban and Ghani's camp"."""
    *rest, last = (SEATS[name].inside for name in seats)
    return f"{', '.join(rest)} and {last}" if rest else last


def as_subject(seats: Iterable[str]) -> str:
    """Return some seats as they stand at the beginning of a sentence: "The Taliban and Ghani's camp"."""
    words = in_words(seats)
    return words[:1].upper() + words[1:]
