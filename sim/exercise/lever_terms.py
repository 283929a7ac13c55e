"""Each lever as a term of a deal: its usual direction, what undoes it, and which series shows that it was carried out.

A promise has a direction: at least, at most or exactly. Doing more than promised is no breach.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from sim.errors import InputError
from sim.inputs import setting_names
from sim.schema.decisions import levers
from sim.schema.entries import read_entries
from sim.schema.frozen_map import FrozenMap
from sim.schema.series import SERIES
from sim.schema.validation import choice, optional_text, text

Value = float | bool
Bound = Literal["at least", "at most", "exactly"]
Moves = Literal["", "rises", "falls", "reaches"]

FILE: Final = Path(__file__).with_name("lever_terms.toml")
BOUNDS: Final[tuple[Bound, ...]] = get_args(Bound)
MOVES: Final[tuple[Moves, ...]] = get_args(Moves)
LONGEST: Final = 120  # characters of a text
NEEDED: Final = ("promise", "low", "high", "risk")
OPTIONAL: Final = ("holds", "needs", "limits", "series", "moves", "until")


@dataclass(frozen=True, slots=True)
class LeverTerm:
    """What one lever means in a deal and beside the model's own decisions of its seat; see lever_terms.toml."""

    lever: str
    promise: Bound
    holds: Mapping[str, Value]
    needs: tuple[str, ...]
    limits: tuple[str, ...]
    series: str  # "" if no series shows it directly
    moves: Moves
    until: str  # the lever or parameter whose value ends the movement, "" for none
    low: str
    high: str
    risk: str


@lru_cache(maxsize=1)
def lever_terms() -> FrozenMap[LeverTerm]:
    """Return the term of every lever of a seat. Raises InputError for an invalid entry of the file."""
    return read_entries(FILE, NEEDED, OPTIONAL, _read)


def _read(name: str, table: dict[str, Any]) -> LeverTerm:
    lever = levers()[choice(name, tuple(levers()))]
    holds, needs, limits = table.get("holds", {}), tuple(table.get("needs", ())), tuple(table.get("limits", ()))
    for other in (*holds, *needs, *limits):
        if levers()[choice(other, tuple(levers()))].actor != lever.actor:
            raise InputError("is not a lever of the same seat", value=other)
    return LeverTerm(
        lever=name,
        promise=_bound(table["promise"], flag=lever.flag),
        holds=FrozenMap({other: setting_names.validate(other, value) for other, value in holds.items()}),
        needs=needs,
        limits=limits,
        series=choice(table.get("series", ""), ("", *SERIES)),
        moves=_moves(table.get("moves", "")),
        until=_setting(table.get("until", "")),
        low=text(table["low"], LONGEST),
        high=text(table["high"], LONGEST),
        risk=text(table["risk"], LONGEST),
    )


def _bound(given: Any, *, flag: bool) -> Bound:
    word: Any = choice(given, ("exactly",) if flag else BOUNDS)
    found: Bound = word
    return found


def _moves(given: Any) -> Moves:
    word: Any = choice(given, MOVES)
    found: Moves = word
    return found


def _setting(given: Any) -> str:
    """Return the name of a lever or parameter, or "". Raises InputError."""
    name = optional_text(given, LONGEST)
    if name and not setting_names.is_lever(name) and not setting_names.is_parameter(name):
        raise setting_names.unknown_setting(name, "")
    return name


def usual_bound(lever: str) -> Bound:
    """Return the usual direction of a promise on a lever. Raises KeyError for a lever that no seat has."""
    return lever_terms()[lever].promise


def meets(done: Value, bound: Bound, promised: Value) -> bool:
    """Return whether a value keeps a promise."""
    if bound == "at least":
        return done >= promised
    return done <= promised if bound == "at most" else done == promised


def acts(lever: str, value: Value) -> bool:
    """Return whether a lever does anything at a value: it is above its lowest."""
    return value > levers()[lever].low
