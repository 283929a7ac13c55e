"""The events of an exercise: one frozen record per kind of act, and the log entry that contains it."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from sim.exercise.assessment_views import When
from sim.exercise.deck import Card
from sim.exercise.lever_terms import Bound, Value
from sim.exercise.questions import Question
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
    """An offer to another seat, or to two; `answers` names the proposal that it counters.

    third: the second seat that it is made to, "" for none; third_gives: what that one promises; bounds: the direction
    of each promise, by lever; the usual one where none is stored.
    """

    to: str
    give: FrozenMap[Value]
    take: FrozenMap[Value]
    rounds: int
    note: str
    answers: int | None = None
    bounds: FrozenMap[Bound] = FrozenMap({})
    third: str = ""
    third_gives: FrozenMap[Value] = FrozenMap({})


@dataclass(frozen=True, slots=True)
class Filled:
    """From now on the model answers offers to every seat that no student holds, or no longer does so."""

    on: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """A receiver's answer; a proposal that every receiver has accepted is a deal from this round on.

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
class Stated:
    """What a seat says in public in the round; "" takes an earlier statement of the round back."""

    statement: str


@dataclass(frozen=True, slots=True)
class Revealed:
    """The teacher reveals the aims of all seats, once the exercise is over."""


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
    | Answered | Filled | Retracted | Predicted | Reflected | Quizzed | Headlined | Stated | Revealed | Injected
    | Recalled | Rewound | Forked
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
