"""Acts as JSON text: how the event store writes them, and how it reads them back, checked."""

import datetime as dt
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

from sim.exercise.deck import Card
from sim.exercise.events import KINDS, Act
from sim.exercise.lever_terms import BOUNDS, Value
from sim.exercise.questions import Question
from sim.exercise.seats import SEATS
from sim.exercise.watchers import WATCHERS
from sim.schema.decisions import levers
from sim.schema.frozen_map import FrozenMap

_OF_THREE: Final = ("third", "third_gives")  # fields of an offer that one between two seats does without


def write_act(act: Act) -> str:
    """Return an act as JSON; an offer between two seats is written as before there were offers between three."""
    fields = asdict(act, dict_factory=_mapping)
    kept = {name: value for name, value in fields.items() if value or name not in _OF_THREE}
    return json.dumps(kept, default=dict, allow_nan=False, sort_keys=True)


def read_act(kind: str, body: str) -> Act:
    """Return the act that `write_act` wrote. Raises an error for any other text.

    These are LookupError for an unknown kind or lever, and InputError, TypeError, ValueError or AttributeError for
    wrong contents.
    """
    given: dict[str, Any] = {name: _READ[name](value) for name, value in json.loads(body).items()}
    act: Act = KINDS[kind](**given)
    return act


def whole(value: Any) -> int:
    """Return a whole number. Raises TypeError for anything else."""
    if type(value) is not int:
        raise TypeError(f"not a whole number: {value!r}")
    return value


def known_seat(value: Any) -> str:
    """Return the name of a seat or of those who watch, or "" for none. Raises ValueError for anything else."""
    return _one_of("", *SEATS, *WATCHERS)(value)


def _mapping(items: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in items}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"not a text: {value!r}")
    return value


def _number(value: Any) -> float | bool:
    """Return a finite number, or a yes or no, as it is."""
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(f"not a number: {value!r}")
    return value


def _flag(value: Any) -> bool:
    """Return a yes or no. Raises TypeError for anything else."""
    if not isinstance(value, bool):
        raise TypeError(f"not a yes or no: {value!r}")
    return value


def _number_or_none(value: Any) -> float | bool | None:
    return None if value is None else _number(value)


def _one_of(*words: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(f"not one of {words}: {value!r}")
        return str(value)

    return read


def _lever(value: Any) -> str:
    return levers()[_text(value)].name


def _question(**fields: Any) -> Question:
    made = Question(**{**fields, "above": _number_or_none(fields["above"])})
    made.text(dt.date.min, dt.date.max)  # raises KeyError for one that is not in the bank
    return made


def _terms(value: Any) -> FrozenMap[Value]:
    return FrozenMap({_lever(name): _number(one) for name, one in value.items()})


_READ: Final[dict[str, Callable[[Any], Any]]] = {
    "deadline": _number_or_none,
    "minutes": _number_or_none,
    "questions": lambda rows: tuple(_question(**row) for row in rows),
    "lever": _lever,
    "value": _number,
    "scope": _one_of("round", "until_changed"),
    "to": _one_of(*SEATS),
    "give": _terms,
    "take": _terms,
    "third": _one_of("", *SEATS),
    "third_gives": _terms,
    "rounds": whole,
    "note": _text,
    "answers": lambda value: None if value is None else whole(value),
    "proposal": whole,
    "answer": _one_of("accept", "decline"),
    "question": _text,
    "probability": _number,
    "reason": _text,
    "text": _text,
    "when": _one_of("before", "after"),
    "chosen": lambda table: FrozenMap({_text(name): whole(one) for name, one in table.items()}),
    "bounds": lambda table: FrozenMap({_lever(name): _one_of(*BOUNDS)(one) for name, one in table.items()}),
    "rules": whole,
    "about": whole,
    "headline": _text,
    "statement": _text,
    "inject": whole,
    "card": lambda table: Card(**table),
    "groups": lambda numbers: tuple(whole(one) for one in numbers),
    "origin": _text,
    "student": whole,
    "on": _flag,
    "why": _text,
}
