"""The state of an exercise, computed only from the events of its log."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, Final

from sim.exercise import events as e
from sim.exercise.events import Event
from sim.exercise.questions import Question
from sim.exercise.settings import ExerciseSettings
from sim.exercise.views import Phase

OUTSIDE: Final = (e.Seated, e.Removed, e.Paced, e.Filled)  # acts that belong to no round: a rewind keeps them


@dataclass(frozen=True)
class ExerciseState:
    """The state of an exercise after an event.

    exercise: its id; seq: of the last event; round: the one to play, or the last; minutes: per round; deadline: of the
    open round; frozen_at: when the clock was stopped; log: the events that apply in this take, in order; taken: the
    round from which students hold a seat, by group and seat; removed: students who were removed from their seat;
    filled: whether the model answers offers to seats that no student holds; opened: the last opening of each round;
    earlier: the states that were left by going back, oldest first; back: the round to which the last of these steps
    went, 0 for none, and in a state that was left the round for which it was;
    due: the day and time at which the open round, or the next one, closes, in seconds since 1970, None for none;
    plays: whether it is then played by itself;
    used: when somebody last did something, 0 for a copy that nobody has used.
    """

    exercise: str
    settings: ExerciseSettings
    minutes: float | None
    seq: int = 0
    take: int = 0
    round: int = 1
    phase: Phase = "waiting"
    deadline: float | None = None
    frozen_at: float | None = None
    log: tuple[Event, ...] = ()
    taken: Mapping[tuple[int, str], int] = field(default_factory=dict)
    removed: frozenset[int] = frozenset()
    filled: bool = False
    opened: Mapping[int, e.Opened] = field(default_factory=dict)
    earlier: tuple["ExerciseState", ...] = ()
    back: int = 0
    due: float | None = None
    plays: bool = False
    used: float = 0.0

    @property
    def played(self) -> int:
        """The number of rounds played in this take."""
        return self.settings.rounds if self.phase == "over" else self.round - 1

    @property
    def debrief_key(self) -> tuple[str, str, int, int]:
        """The key under which the debrief of the rounds played is kept in a `WorldCache`, for the students' phones."""
        return "debrief", self.exercise, self.take, self.played

    @property
    def frozen(self) -> bool:
        """Whether the clock is stopped."""
        return self.frozen_at is not None

    def expired(self, now: float) -> bool:
        """Return whether the open round's deadline has passed."""
        return self.phase == "open" and not self.frozen and self.deadline is not None and now >= self.deadline

    def of(self, *kinds: type[Any], group: int | None = None) -> list[Event]:
        """Return the events of some kinds that apply in this take, of one group or of all."""
        return [one for one in self.log if isinstance(one.act, kinds) and group in (None, one.group)]

    def held(self, group: int, seat: str) -> bool:
        """Return whether a student holds a seat, present or not."""
        sat = (one.student for one in self.of(e.Seated, group=group) if one.seat == seat)
        return any(student not in self.removed for student in sat)

    def answers(self, group: int, seat: str) -> bool:
        """Return whether the model answers the offers to a seat."""
        return self.filled and not self.held(group, seat)

    def questions(self, number: int) -> tuple[Question, ...]:
        """Return the questions of a round; empty before it was opened."""
        return self.opened[number].questions if number in self.opened else ()

    def before(self, number: int) -> list[Event]:
        """Return the events before a round that a rewind keeps: seats, pace, and the quiz before round 1 stay."""
        kept = [one for one in self.log if _about(one) < number or _outside(one.act)]
        return [replace(one, round=min(one.round, number)) for one in kept]

    def then(self, event: Event) -> "ExerciseState":
        """Return the state after one more event."""
        if isinstance(event.act, e.Rewound):
            return self._rewound(event)
        after = _STEPS.get(type(event.act), _nothing)(self, event)
        used = 0.0 if isinstance(event.act, e.Forked) else event.at
        return replace(after, seq=event.seq, log=(*self.log, event), used=used)

    def _rewound(self, event: Event) -> "ExerciseState":
        """Return the state before the event's round, in a new take; students keep their seats."""
        back = fold(self.exercise, self.settings, self.before(event.round))
        return replace(
            back,
            seq=event.seq,
            take=event.take,
            round=event.round,
            phase="waiting",
            deadline=None,
            frozen_at=None,
            due=None,
            plays=False,
            earlier=(*self.earlier, replace(self, earlier=(), back=event.round)),
            back=event.round,
            used=event.at,
        )


def fold(exercise: str, settings: ExerciseSettings, log: Iterable[Event]) -> ExerciseState:
    """Return the state after all events of a log."""
    return reduce(ExerciseState.then, log, ExerciseState(exercise, settings, settings.minutes))


def _outside(act: e.Act) -> bool:
    """Return whether an act belongs to no round."""
    return isinstance(act, OUTSIDE) or (isinstance(act, e.Quizzed) and act.when == "before")


def _about(event: Event) -> int:
    """Return the round to which an act belongs; a headline may come when the next round has begun."""
    return event.act.about if isinstance(event.act, e.Headlined) else event.round


def _nothing(state: ExerciseState, _: Event) -> ExerciseState:
    return state


def _seated(state: ExerciseState, event: Event) -> ExerciseState:
    place = (event.group, event.seat)
    return state if place in state.taken else replace(state, taken={**state.taken, place: event.round})


def _removed(state: ExerciseState, event: Event) -> ExerciseState:
    act: Any = event.act
    return replace(state, removed=state.removed | {act.student})


def _filled(state: ExerciseState, event: Event) -> ExerciseState:
    act: Any = event.act
    return replace(state, filled=act.on)


def _opened(state: ExerciseState, event: Event) -> ExerciseState:
    act: Any = event.act
    return replace(state, phase="open", deadline=act.deadline, opened={**state.opened, event.round: act})


def _closed(state: ExerciseState, _: Event) -> ExerciseState:
    return replace(state, phase="closed", deadline=None)


def _played(state: ExerciseState, event: Event) -> ExerciseState:
    if event.round == state.settings.rounds:
        return replace(state, phase="over", deadline=None, due=None, plays=False)
    return replace(state, phase="waiting", round=event.round + 1, deadline=None, due=None, plays=False)


def _frozen(state: ExerciseState, event: Event) -> ExerciseState:
    return replace(state, frozen_at=event.at)


def _thawed(state: ExerciseState, event: Event) -> ExerciseState:
    act: Any = event.act
    return replace(state, frozen_at=None, deadline=act.deadline)


def _paced(state: ExerciseState, event: Event) -> ExerciseState:
    act: Any = event.act
    deadline = act.deadline if state.phase == "open" else None
    return replace(state, minutes=act.minutes, deadline=deadline, due=None, plays=False)


def _due(state: ExerciseState, event: Event) -> ExerciseState:
    act: Any = event.act
    deadline = act.deadline if state.phase == "open" else None
    return replace(state, deadline=deadline, due=act.deadline, plays=act.on)


_STEPS: Final[dict[type[Any], Any]] = {
    e.Seated: _seated,
    e.Removed: _removed,
    e.Filled: _filled,
    e.Opened: _opened,
    e.Closed: _closed,
    e.Played: _played,
    e.Frozen: _frozen,
    e.Thawed: _thawed,
    e.Paced: _paced,
    e.Due: _due,
}
