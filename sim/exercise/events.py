"""The events of an exercise: one frozen record per kind of act, and the log entry that contains it."""

import datetime as dt
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from sim.exercise.assessment_views import When
from sim.exercise.deck import Card
from sim.exercise.lever_terms import BOUNDS, Bound, Value
from sim.exercise.questions import Question
from sim.exercise.seats import SEATS
from sim.exercise.watchers import WATCHERS
from sim.schema.decisions import levers
from sim.schema.frozen_map import FrozenMap

Scope = Literal["round", "until_changed"]


@dataclass(frozen=True, slots=True)
class Seated:
    """A student joined a seat."""


@dataclass(frozen=True, slots=True)
class Removed:
    """The teacher removed a student from a seat; what the student did stays."""

    student: int


@dataclass(frozen=True, slots=True)
class Opened:
    """The round is open for orders, until the deadline if there is one (seconds since 1970)."""

    deadline: float | None
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """The round is closed: no more orders."""


@dataclass(frozen=True, slots=True)
class Played:
    """The round has been played, once per take, by these rules: see `RULES`; 1 where none is stored."""

    rules: int = 1


@dataclass(frozen=True, slots=True)
class Frozen:
    """The clock is stopped."""


@dataclass(frozen=True, slots=True)
class Thawed:
    """The clock runs again, with a new deadline."""

    deadline: float | None


@dataclass(frozen=True, slots=True)
class Paced:
    """New minutes per round; deadline: of the open round."""

    minutes: float | None
    deadline: float | None


@dataclass(frozen=True, slots=True)
class Due:
    """The round closes at a time (seconds since 1970), None for none; on: it is then played by itself."""

    deadline: float | None
    on: bool


@dataclass(frozen=True, slots=True)
class Ordered:
    """A seat orders one of its levers."""

    lever: str
    value: Value
    scope: Scope


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A seat withdraws every order on a lever, from this round on."""

    lever: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """An offer to another seat; `answers` names the proposal that it counters.

    bounds: the direction of each promise, by lever; the usual one where none is stored.
    """

    to: str
    give: FrozenMap[Value]
    take: FrozenMap[Value]
    rounds: int
    note: str
    answers: int | None = None
    bounds: FrozenMap[Bound] = FrozenMap({})


@dataclass(frozen=True, slots=True)
class Filled:
    """From now on the model answers offers to every seat that no student holds, or no longer does so."""

    on: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """The receiver's answer; an accepted proposal is a deal from this round on.

    why: the reason in one sentence if the model has answered, "" for a student's answer.
    """

    proposal: int
    answer: Literal["accept", "decline"]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Retracted:
    """The sender withdraws a proposal."""

    proposal: int


@dataclass(frozen=True, slots=True)
class Predicted:
    """A student's probability for a question of the round, and why; "" where no reason is stored."""

    question: str
    probability: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reflected:
    """A student's answer to a question of the reflection, once the exercise is over; "" removes an earlier one."""

    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Quizzed:
    """A student's answers to the quiz: by question the number of the chosen one, from 1; none for "I do not know"."""

    when: When
    chosen: FrozenMap[int]


@dataclass(frozen=True, slots=True)
class Headlined:
    """The headline of the press on a round that was played, 0 before round 1; "" removes an earlier one."""

    about: int
    headline: str


@dataclass(frozen=True, slots=True)
class Injected:
    """An event brought in by the teacher, in some groups."""

    card: Card
    groups: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Recalled:
    """The teacher takes an inject back, before its round is played. inject: the number of its event."""

    inject: int


@dataclass(frozen=True, slots=True)
class Rewound:
    """The exercise goes back to before this event's round: a new take begins."""


@dataclass(frozen=True, slots=True)
class Forked:
    """The events before this one were copied from another exercise."""

    origin: str


Act = (
    Seated | Removed | Opened | Closed | Played | Frozen | Thawed | Paced | Due | Ordered | Withdrawn | Proposed
    | Answered | Filled | Retracted | Predicted | Reflected | Quizzed | Headlined | Injected | Recalled | Rewound
    | Forked
)  # fmt: skip

# The number of the rules that turn a log into worlds: 2 since worlds depend on orders alone and no longer on who has a
# seat, and since an order holds back what would undo it; 3 since each world has assumptions that the facts allow.
# Rounds that were played by other rules are not replayed.
RULES: Final = 3

KINDS: Final[dict[str, type[Any]]] = {kind.__name__.lower(): kind for kind in Act.__args__}


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the log.

    seq: its number in the exercise, which defines the order; at: seconds since 1970 by the server's clock, only for
    people; round, take: in which it happened; group, seat, student: whose act, 0 and "" for the teacher's.
    """

    seq: int
    at: float
    round: int
    take: int
    act: Act
    group: int = 0
    seat: str = ""
    student: int = 0

    @property
    def kind(self) -> str:
        """The name of the act's kind."""
        return type(self.act).__name__.lower()


def write_act(act: Act) -> str:
    """Return an act as JSON."""
    return json.dumps(asdict(act, dict_factory=_mapping), default=dict, allow_nan=False, sort_keys=True)


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
    "inject": whole,
    "card": lambda table: Card(**table),
    "groups": lambda numbers: tuple(whole(one) for one in numbers),
    "origin": _text,
    "student": whole,
    "on": _flag,
    "why": _text,
}
