"""The classroom: the interface of pages, terminal and tests to the exercises in one database file.

Every method takes a credential first and checks it: the teacher's secret, a seat's code or a student's token. No
credential opens what belongs to another. A method that changes something returns only after the change is on disk.
What is not possible raises InputError with a message of one line, and changes nothing.
"""

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sim.errors import InputError
from sim.exercise import assessment_rules, rules
from sim.exercise.access import RateLimiter, new_code, new_codes, new_secret
from sim.exercise.deck import Card
from sim.exercise.doors import Doors, known_exercise
from sim.exercise.event_store import EventStore, Place, Row
from sim.exercise.events import Event, Rewound
from sim.exercise.exercise_log import ExerciseLog, teachers_place
from sim.exercise.export import scenario_files
from sim.exercise.file_survey import Listed, survey
from sim.exercise.fork import fork
from sim.exercise.joining import Joining, joined
from sim.exercise.lever_terms import Bound
from sim.exercise.model_answers import answer_offers
from sim.exercise.presence import Presence
from sim.exercise.probable_effects import ProbableEffect, trial
from sim.exercise.rules import Offer
from sim.exercise.settings import ExerciseSettings
from sim.exercise.trials import Trials
from sim.exercise.view_builder import seat_view, teacher_view
from sim.exercise.views import Created, Joined, Moment, Scope, SeatView, TeacherView
from sim.exercise.world_cache import WorldCache
from sim.exercise.worlds import ask, compute_round, idle, settled
from sim.schema import arguments

if TYPE_CHECKING:
    from sim.exercise.review_records import Review
    from sim.exercise.student_records import StudentRecord

Terms = Mapping[str, float | bool]  # lever to value
Progress = Callable[[int, int], None]


class Classroom:
    """Exercises in one SQLite file. Can be shared by threads, and the file by several processes."""

    def __init__(
        self, path: str | Path, *, clock: Callable[[], float] = time.time, guard: RateLimiter | None = None
    ) -> None:
        """Open the file, created if missing (readable only by its owner). Raises InputError if that is not possible.

        clock: seconds since 1970; guard: counts wrong codes.
        """
        arguments.callback("clock", clock)
        if guard is not None:
            arguments.instance("guard", guard, RateLimiter, "a RateLimiter")
        self._book = EventStore(arguments.path("path", path))
        self._clock, self._engine = clock, WorldCache()
        self._doors = Doors(self._book, RateLimiter() if guard is None else guard)
        self._log = ExerciseLog(self._book, clock)
        self._presence, self._trials = Presence(), Trials()
        self._joining = Joining(self._book, self._log, self._doors, self._presence, self.secret)

    def tick(self) -> None:
        """Say about every second that this computer is awake: time for which it slept does not count for a round."""
        self._log.tick()

    def leave(self) -> None:
        """Close the file; Windows can delete it only after that."""
        self._trials.close()
        self._book.close()

    # Joining

    def create(self, settings: ExerciseSettings) -> Created:
        """Create an exercise, and return its secret and codes. Raises InputError if its base cannot be played."""
        arguments.instance("settings", settings, ExerciseSettings, "ExerciseSettings: load_settings(...)")
        made = Created(secrets.token_hex(6), new_secret(), new_codes(settings.groups, settings.seats))
        row = Row(made.exercise, self._clock(), settings.to_json(), made.secret)
        with self._book.writing():
            self._book.add_exercise(row, made.codes)
        return made

    def join(self, code: str, *, client: str = "") -> Joined:
        """Add a student to the seat that a code opens; case, blanks and dashes do not matter.

        client: the caller's address and, after a blank, its device, as for `Doors`. The same device with the same code
        is the same student. Raises InputError for a wrong code, for too many wrong codes, and when too many students
        are present.
        """
        return self._joining.join(code, client)

    def hand_on(self, token: str) -> str:
        """Return a short code with which another device can take over this student's seat: once, within five minutes.

        It is given to `join`. From then on this token opens nothing; the student keeps its number and all it did.
        """
        return self._joining.handovers.new(self._doors.student(token))

    def rejoin(self, token: str, *, client: str = "") -> Joined:
        """Return the student of a token. Raises InputError for a wrong token."""
        who = self._doors.student(token, client)
        return joined(who, who.key)

    def listed(self) -> list[Listed]:
        """Return the exercises in the file, latest first: only for the file's owner, never for a page.

        Exercises that cannot be read are left out; `unreadable` names them.
        """
        return survey(self._book, self._log.state)[0]

    def unreadable(self) -> list[InputError]:
        """Return what is wrong with each exercise that cannot be read, and with rows that belong to no exercise."""
        return survey(self._book, self._log.state)[1]

    def secret(self, exercise: str) -> str:
        """Return the teacher's secret: only for the file's owner. Raises InputError if there is no such exercise."""
        known = {row.exercise: row.secret for row in self._book.exercises()}
        return known[known_exercise(exercise, known)]

    # Reading

    def version(self, exercise: str) -> int:
        """Return the number of the last event: cheap, for pages that poll; needs no credential.

        0 for an unknown exercise. A deadline that has passed changes it only once somebody fetches a view.
        """
        return self._book.version(arguments.text("exercise", exercise))

    def teacher(self, secret: str, *, client: str = "") -> TeacherView:
        """Return all that the teacher sees. Raises InputError for a wrong secret."""
        state = self._log.current(self._doors.teacher(secret, client))
        seats, students = self._book.seats(state.exercise), self._book.students(state.exercise)
        return teacher_view(self._engine, state, seats, students, self._presence.of, self._clock())

    def seat(self, token: str, *, client: str = "") -> SeatView:
        """Return all that a student sees. Raises InputError for a wrong token."""
        who = self._doors.student(token, client)
        self._presence.note(who)
        return seat_view(self._engine, self._log.current(who.exercise), who, self._clock())

    # Students' actions, in an open round that is not frozen; else, and for a wrong token, each raises InputError. at:
    # take and round that the student decided for, such as `SeatView.moment`; InputError if it is another one now.

    def order(
        self,
        token: str,
        lever: str,
        value: float | bool,  # noqa: FBT001
        scope: Scope = "round",
        *,
        at: Moment | None = None,
    ) -> None:
        """Order one of the seat's levers for this round, or until changed; the latest order on a lever counts.

        Raises InputError for another seat's lever, a wrong type and a value out of bounds.
        """
        who = self._doors.student(token)
        self._log.act_as(who, lambda state, who: rules.order(state, who, lever, value, scope), at)

    def probable(
        self,
        token: str,
        lever: str,
        value: float | bool,  # noqa: FBT001
        scope: Scope = "round",
    ) -> "tuple[ProbableEffect, ...] | None":
        """Return what an order would probably change in this round, by the seat's aims; None while it is worked out.

        Nothing is ordered by it. What others have ordered in this round is left out. Raises InputError as `order` does.
        """
        who = self._doors.student(token)
        state = self._log.current(who.exercise)
        act = rules.order(state, who, lever, value, scope)
        tried = trial(state, who.group, who.seat, act.lever, act.value, act.scope)
        return self._trials.effects(tried, (who.exercise, who.student))

    def withdraw_order(self, token: str, lever: str) -> None:
        """Withdraw every order on a lever from this round on. Raises InputError if there is none."""
        self._log.act_as(self._doors.student(token), lambda state, who: rules.withdraw(state, who, lever))

    def propose(
        self,
        token: str,
        to: str,
        give: Terms,
        take: Terms,
        rounds: int = 1,
        note: str = "",
        *,
        bounds: Mapping[str, Bound] | None = None,
        at: Moment | None = None,
    ) -> int:
        """Offer a deal to another seat of the group and return its number; the answer must come in this round.

        give: values of own levers; take: values of the other seat's; rounds: how many, from this one on; note: plain
        text of at most 500 characters; bounds: "at least", "at most" or "exactly" by lever, the usual one where it is
        missing, see `sim.exercise.lever_terms`. Raises InputError for a seat that nobody holds, the own seat, an
        unknown lever, a value out of bounds, no terms at all, more rounds than are left, and a note that is too long.
        """
        who, offer = self._doors.student(token), Offer(give, take, rounds, note, bounds)
        made = self._log.act_as(who, lambda state, who: rules.propose(state, who, to, offer), at)
        answer_offers(self._log, who.exercise)
        return made

    def answer(self, token: str, proposal: int, answer: Literal["accept", "decline"]) -> None:
        """Accept or decline a proposal to this seat. A deal is the default order of both sides in its rounds.

        Raises InputError for a proposal that does not exist, is not for this seat, or is no longer open.
        """
        self._log.act_as(self._doors.student(token), lambda state, who: rules.answer(state, who, proposal, answer))

    def counter(
        self, token: str, proposal: int, give: Terms, take: Terms, rounds: int = 1, note: str = "",
        *, bounds: Mapping[str, Bound] | None = None, at: Moment | None = None,
    ) -> int:  # fmt: skip
        """Answer a proposal with a counter-proposal and return its number. Raises as `answer` and `propose` do."""
        who, offer = self._doors.student(token), Offer(give, take, rounds, note, bounds)
        made = self._log.act_as(who, lambda state, who: rules.counter(state, who, proposal, offer), at)
        answer_offers(self._log, who.exercise)
        return made

    def withdraw_proposal(self, token: str, proposal: int) -> None:
        """Withdraw an open proposal of this seat. Raises InputError."""
        self._log.act_as(self._doors.student(token), lambda state, who: rules.retract(state, who, proposal))

    def predict(
        self, token: str, question: str, probability: float, reason: str = "", *, at: Moment | None = None
    ) -> None:
        """Give a probability, 0 to 1, for a question of this round; the latest one counts.

        reason: plain text of at most 200 characters, or none. Raises InputError for an unknown question, one that has
        already happened in the group, a value out of bounds, and a reason that is too long.
        """
        who = self._doors.student(token)
        done = settled(self._engine, self._log.current(who.exercise), who.group)
        self._log.act_as(who, lambda state, who: rules.predict(state, who, question, probability, reason, done), at)

    def answer_quiz(self, token: str, answers: Mapping[str, int], *, at: Moment | None = None) -> None:
        """Answer the quiz, once before round 1 is opened and once after the end.

        answers: the number of the chosen answer, from 1, by the name of the question; what is left out counts as not
        known. Raises InputError without a quiz, at another time, the second time, and for an unknown question or
        answer.
        """
        self._log.act_as(
            self._doors.student(token), lambda state, who: assessment_rules.answer_quiz(state, who, answers), at
        )

    def reflect(self, token: str, question: str, answer: str) -> None:
        """Answer a question of `sim.exercise.reflection` once the exercise is over; the latest answer counts.

        answer: plain text of at most 1,000 characters; "" removes an earlier one. Raises InputError before the end, for
        an unknown question, and for an answer that is too long.
        """
        self._log.act_as(
            self._doors.student(token), lambda state, who: assessment_rules.reflect(state, who, question, answer)
        )

    # The teacher's actions. Each raises InputError for a wrong secret and in a phase that does not allow it.

    def open_round(self, secret: str, questions: Iterable[str] = ()) -> None:
        """Open the round for orders and predictions, or reopen it if it is closed but not played.

        questions: at most two names of `sim.exercise.questions.bank`; without names the model chooses.
        """
        exercise = self._doors.teacher(secret)
        state = self._log.current(exercise)
        asked = ask(self._engine, state, arguments.items("questions", questions, "questions"))
        self._log.act(exercise, lambda state, now: [rules.open_round(state, now, asked)])

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
        self._log.act(self._doors.teacher(secret), lambda state, now: [rules.thaw(state, now)])

    def pace(self, secret: str, minutes: float | None) -> None:
        """Set the minutes per round, None for no limit; an open round gets this many minutes from now on."""
        self._log.act(self._doors.teacher(secret), lambda state, now: [rules.pace(state, minutes, now)])

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

    def discard(self, exercise: str) -> None:
        """Delete an exercise by its id, even one that cannot be read: only for the file's owner. Raises InputError."""
        self._book.remove(known_exercise(exercise, self._book.named()))

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
