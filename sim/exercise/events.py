"""The events of an exercise: one frozen record per kind of act, and the log entry that contains it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from sim.exercise.deck import Card
from sim.exercise.questions import Question
from sim.schema.frozen_map import FrozenMap

Value = float | bool
Scope = Literal["round", "until_changed"]


@dataclass(frozen=True, slots=True)
class Seated:
    """A student joined a seat."""


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
    """The round has been played; there is one such event per take and round."""


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
    """An offer to another seat; `answers` names the proposal that it counters."""

    to: str
    give: FrozenMap[Value]
    take: FrozenMap[Value]
    rounds: int
    note: str
    answers: int | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """The receiver's answer; an accepted proposal is a deal from this round on."""

    proposal: int
    answer: Literal["accept", "decline"]


@dataclass(frozen=True, slots=True)
class Retracted:
    """The sender withdraws a proposal."""

    proposal: int


@dataclass(frozen=True, slots=True)
class Predicted:
    """A student's probability for a question of the round."""

    question: str
    probability: float


@dataclass(frozen=True, slots=True)
class Injected:
    """An event brought in by the teacher, in some groups."""

    card: Card
    groups: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rewound:
    """The exercise goes back to before this event's round: a new take begins."""


@dataclass(frozen=True, slots=True)
class Forked:
    """The events before this one were copied from another exercise."""

    origin: str


Act = (
    Seated | Opened | Closed | Played | Frozen | Thawed | Paced | Ordered | Withdrawn | Proposed | Answered | Retracted
    | Predicted | Injected | Rewound | Forked
)  # fmt: skip

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
    """Return the act that `write_act` wrote. Raises KeyError for an unknown kind."""
    given: dict[str, Any] = {name: _READ.get(name, _same)(value) for name, value in json.loads(body).items()}
    act: Act = KINDS[kind](**given)
    return act


def _mapping(items: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in items}


def _same(value: Any) -> Any:
    return value


_READ: Final[dict[str, Any]] = {
    "questions": lambda rows: tuple(Question(**row) for row in rows),
    "give": FrozenMap,
    "take": FrozenMap,
    "card": lambda table: Card(**table),
    "groups": tuple,
}
