"""What the teacher does: open, play and pace rounds, bring events in, go back, copy, export and review."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.exercise import rules
from sim.exercise.access import new_code, new_secret
from sim.exercise.aims import reveal
from sim.exercise.deck import Card
from sim.exercise.due import set_due
from sim.exercise.event_store import Place
from sim.exercise.events import Event, Rewound
from sim.exercise.exercise_log import teachers_place
from sim.exercise.export import scenario_files
from sim.exercise.fork import fork
from sim.exercise.model_answers import answer_offers
from sim.exercise.room import Room
from sim.exercise.views import Created
from sim.exercise.worlds import ask, compute_round, idle
from sim.schema import arguments

if TYPE_CHECKING:
    from sim.exercise.review_records import Review
    from sim.exercise.student_records import StudentRecord

Progress = Callable[[int, int], None]


class TeacherActions(Room):
    """The actions of the teacher. Each raises InputError for a wrong secret and in a phase that does not allow it."""

    def open_round(self, secret: str, questions: Iterable[str] = ()) -> None:
        """Open the round for orders and predictions, or reopen it if it is closed but not played.

        questions: at most two names of `sim.exercise.questions.bank`; without names the model chooses.
        """
        exercise = self._doors.teacher(secret)
        state = self._log.current(exercise)
        asked = ask(self._engine, state, arguments.items("questions", questions, "questions"))
        self._log.act(exercise, lambda state, now: [rules.open_round(state, now, asked)])
        self._presence.opened(exercise)

    def close(self, secret: str) -> None:
        """Close the open round: no more orders and predictions."""
        self._log.act(self._doors.teacher(secret), lambda state, _: [rules.close(state)])

    def play(self, secret: str) -> None:
        """Play the round in every group; if it is open, close it first. No round of a take is played twice."""
        exercise = self._doors.teacher(secret)
        state = self._log.current(exercise)
        if state.phase == "open":
            answer_offers(self._log, exercise)  # those of a server that was killed before it had answered
            self._log.act(exercise, lambda state, _: [rules.close(state)])
            state = self._log.state(exercise)
        rules.play(state, state.round)
        compute_round(self._engine, state)
        self._log.act(exercise, lambda now_it_is, _: [rules.play(now_it_is, state.round)])

    def fill(self, secret: str, *, on: bool = True) -> None:
        """Let the model answer the offers to every seat that no student holds, by the rules of its actors; or end that.

        No world changes by it: until a deal is made the model plays such a seat as before. Raises InputError if it does
        so already.
        """
        self._log.act(self._doors.teacher(secret), lambda state, _: [rules.fill(state, on)])

    def freeze(self, secret: str) -> None:
        """Stop the clock and all actions of students."""
        self._log.act(self._doors.teacher(secret), lambda state, _: [rules.freeze(state)])

    def thaw(self, secret: str) -> None:
        """Start the clock again; the deadline moves by the time for which the exercise was frozen."""
        exercise = self._doors.teacher(secret)
        self._log.act(exercise, lambda state, now: [rules.thaw(state, now)])
        self._presence.opened(exercise)

    def pace(self, secret: str, minutes: float | None) -> None:
        """Set the minutes per round, None for no limit; an open round gets this many minutes from now on."""
        self._log.act(self._doors.teacher(secret), lambda state, now: [rules.pace(state, minutes, now)])

    def until(self, secret: str, until: str | None, *, plays: bool = False) -> None:
        """Set the day and time at which the round closes, of the open round or of the next one; None for no deadline.

        until: such as "2026-12-03 18:00", in the time zone of the exercise; it takes the place of minutes. plays: then
        the round is played too, as if the teacher had pressed the button, once anybody opens a page. Raises InputError
        for a time that has passed, is more than a year from now, or does not exist.
        """
        self._log.act(self._doors.teacher(secret), lambda state, now: [set_due(state, until, plays, now)])

    def reveal(self, secret: str) -> None:
        """Reveal the aims of all seats to all, once the exercise is over: phones, projector and review show them.

        A second time changes nothing. Raises InputError before the end.
        """
        self._log.act(self._doors.teacher(secret), lambda state, _: reveal(state))

    def inject(self, secret: str, card: str | Card, groups: Iterable[int] = ()) -> None:
        """Bring an event into the round, in all groups or some: a card of the deck by name, or the teacher's own.

        It applies from the round's first day, for the card's number of days, and overrides orders of the same round.
        Raises InputError for an unknown card or group, and for an event already there.
        """
        self._log.act(self._doors.teacher(secret), lambda state, _: [rules.inject(state, card, groups)])

    def recall(self, secret: str, inject: int) -> None:
        """Take an inject, by its number, out of the round before it is played. Raises InputError if it is not there."""
        self._log.act(self._doors.teacher(secret), lambda state, _: [rules.recall(state, inject)])

    def idle(self, secret: str, card: str | Card, groups: Iterable[int] = ()) -> tuple[int, ...]:
        """Return the groups whose world an event, there already or not, does not change before the round's end.

        Raises InputError for an unknown card or group, and if the exercise is over.
        """
        state = self._log.current(self._doors.teacher(secret))
        return idle(self._engine, state, *rules.event(state, card, groups))

    def remove(self, secret: str, student: int, *, renew: bool = False) -> None:
        """Remove a student from a seat: the device can no longer use it; what the student did stays.

        renew: give the seat a new code too, so that nobody can join with the old one. Raises InputError if there is no
        such student.
        """
        exercise = self._doors.teacher(secret)
        arguments.flag("renew", renew)
        with self._book.writing():
            state = self._log.state(exercise)
            act = rules.remove(state, student)
            who = next(one for one in self._book.students(exercise) if one.student == student)
            self._log.append(state, teachers_place(exercise), [act])
            self._book.renew(replace(who, key=new_secret()))  # a token that nobody has
            if renew:
                self._book.renew(Place(exercise, who.group, who.seat, new_code()))
        self._presence.forget(exercise, student)
        self._joining.handovers.forget(exercise, student)

    def rewind(self, secret: str, to: int) -> None:
        """Go back to before a round: a new take, which keeps the rounds before it; the log keeps all events."""
        exercise = self._doors.teacher(secret)
        with self._book.writing():
            state = self._log.state(exercise)
            number = rules.back_to(state, to)
            self._book.add_event(exercise, Event(state.seq + 1, self._clock(), number, state.take + 1, Rewound()))

    def fork(self, secret: str, at: int) -> Created:
        """Copy the rounds before `at` into a new exercise, with its own secret and codes, which nobody has joined."""
        state = self._log.current(self._doors.teacher(secret))
        return fork(self._book, state, rules.back_to(state, at), self._clock())

    def delete(self, secret: str) -> None:
        """Delete the exercise and all its data, permanently."""
        exercise = self._doors.teacher(secret)
        try:
            self._book.remove(exercise)
        finally:
            self._log.forget(exercise)
            self._presence.forget(exercise)
            self._joining.handovers.forget(exercise)

    def export(self, secret: str) -> dict[str, str]:
        """Return one scenario file per group, by file name, of the rounds played; `jirga run` gives the same world."""
        return scenario_files(self._log.current(self._doors.teacher(secret)))

    def students(self, secret: str) -> "list[StudentRecord]":
        """Return a record of every student as of now; `review_tables.student_rows` makes a file of them."""
        from sim.exercise.student_records import student_records

        return student_records(self._engine, self._log.current(self._doors.teacher(secret)))

    def review(self, secret: str, progress: Progress | None = None) -> "Review":
        """Return the review of the rounds played; `review_page.page` and `review_tables.csv_files` format it.

        progress: called with the number of parts done and of all parts. Raises InputError before a round is played.
        """
        from sim.exercise.review import review

        arguments.callback("progress", progress)
        return review(self._log.current(self._doors.teacher(secret)), self._engine, progress)
