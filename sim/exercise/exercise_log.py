"""The log of each exercise in a file, the state that follows from it, and how an action enters it.

An action is decided on the state after all committed events, inside one write transaction: no two programs decide on
the same state. States are kept and brought up to date, since a log only grows.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from sim.errors import InputError
from sim.exercise.event_store import EventStore, Place
from sim.exercise.events import RULES, Act, Closed, Event, Played, Thawed
from sim.exercise.settings import ExerciseSettings
from sim.exercise.state import ExerciseState, fold
from sim.exercise.views import Moment

ASLEEP: Final = 10.0  # seconds without a tick, after which the computer must have been asleep


class ExerciseLog:
    """The logs of the exercises of one file. Can be shared by threads."""

    def __init__(self, book: EventStore, clock: Callable[[], float]) -> None:
        """clock: seconds since 1970."""
        self._book, self._clock = book, clock
        self._states: dict[str, ExerciseState] = {}
        self._ticked: float | None = None  # when the watch last said that this computer is awake; None without a watch

    def tick(self) -> None:
        """Say that this computer is awake, about every second.

        After a gap of more than ASLEEP seconds the computer was asleep, and nobody could act: the deadline of every
        open round moves by the gap, unless it is a day and time.
        """
        with self._book.lock:
            now, before = self._clock(), self._ticked
            self._ticked = now
            if before is not None and now - before > ASLEEP:
                for exercise in self._book.named():
                    self._woken(exercise, before, now)

    def _woken(self, exercise: str, before: float, now: float) -> None:
        """Move the deadline of a round that was open when the computer fell asleep."""
        with suppress(InputError), self._book.writing():  # one that cannot be read says so where it is opened
            state = self.state(exercise)
            ran = state.phase == "open" and not state.frozen and state.due is None
            if ran and state.deadline is not None and state.deadline > before:
                self.append(state, teachers_place(exercise), [Thawed(state.deadline + now - before)])

    def state(self, exercise: str) -> ExerciseState:
        """Return the state after all committed events. Raises InputError if the exercise is gone or damaged."""
        with self._book.lock:
            known = self._states.get(exercise)
            if known is None:
                settings = self._book.settings(exercise)
                if settings is None:
                    raise InputError("the exercise was deleted")
                known = fold(exercise, self._settings(exercise, settings), ())
            for event in self._book.events(exercise, known.seq):
                known = known.then(event)
            self._check_rules(known)
            self._states[exercise] = known
            return known

    def current(self, exercise: str) -> ExerciseState:
        """Return the state now; first close a round whose deadline has passed, for good whatever the clock does."""
        if self._ticked is not None:
            self.tick()
        state = self.state(exercise)
        if not state.expired(self._clock()):
            return state
        with self._book.writing():
            state = self.state(exercise)
            if state.expired(self._clock()):
                self.append(state, teachers_place(exercise), [Closed()])
        return self.state(exercise)

    def act(self, exercise: str, decide: Callable[[ExerciseState, float], Sequence[Act]]) -> None:
        """Store an action of the teacher, if the rules allow it.

        decide: returns the acts for a state and the time now, or raises InputError.
        """
        self.current(exercise)
        with self._book.writing():
            state = self.state(exercise)
            self.append(state, teachers_place(exercise), decide(state, self._clock()))

    def act_as(self, who: Place, decide: Callable[[ExerciseState, Place], Act], at: Moment | None = None) -> int:
        """Store an action of a student, if the rules allow it, and return the number of the event.

        at: take and round that the student decided for; None for the present ones.
        """
        self.current(who.exercise)
        with self._book.writing():
            state = self.state(who.exercise)
            if state.expired(self._clock()):
                raise InputError("the time of this round is up")
            if at not in (None, (state.take, state.round)):
                raise InputError("the round has changed, so nothing was sent: check the values of this round first")
            return self.append(state, who, [decide(state, who)])

    def append(self, state: ExerciseState, who: Place, acts: Sequence[Act]) -> int:
        """Append acts to the log, inside `writing`, and return the number of the last event."""
        for seq, act in enumerate(acts, start=state.seq + 1):
            event = Event(seq, self._clock(), state.round, state.take, act, who.group, who.seat, who.student)
            self._book.add_event(who.exercise, event)
        return state.seq + len(acts)

    def forget(self, exercise: str) -> None:
        """Drop the state of an exercise that was deleted."""
        with self._book.lock:
            self._states.pop(exercise, None)

    def _check_rules(self, state: ExerciseState) -> None:
        """Raise InputError if a round was played by other rules, under which its worlds were different ones."""
        others = {one.act.rules for one in state.of(Played)} - {RULES}  # type: ignore[union-attr]
        if others:
            words = (
                f"a round was played by rules {min(others)} of the exercise, and this version of Jirga has rules "
                f"{RULES}, which would show other worlds than the class saw: open it with the version that played it"
            )
            raise self._book.unreadable(state.exercise, words)

    def _settings(self, exercise: str, text: str) -> ExerciseSettings:
        """Return the settings of an exercise. Raises InputError."""
        try:
            return ExerciseSettings.from_json(text)
        except InputError as error:
            raise self._book.unreadable(exercise, str(error)) from None


def teachers_place(exercise: str) -> Place:
    """Return the place of the teacher in the log."""
    return Place(exercise, 0, "", "")
