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
from typing import TYPE_CHECKING, Any, Final, Literal

from sim.errors import InputError, nearest
from sim.exercise import rules
from sim.exercise.access import RateLimiter, new_code, new_secret, opened, tidy
from sim.exercise.deck import Card
from sim.exercise.event_store import EventStore, Place, Row
from sim.exercise.events import Event, Forked, Rewound
from sim.exercise.exercise_log import ExerciseLog, teachers_place
from sim.exercise.export import scenario_files
from sim.exercise.file_survey import survey
from sim.exercise.settings import ExerciseSettings
from sim.exercise.view_builder import seat_view, teacher_view
from sim.exercise.views import Created, Joined, Listed, Scope, SeatView, TeacherView
from sim.exercise.world_cache import WorldCache
from sim.exercise.worlds import ask, compute_round, settled
from sim.schema import arguments, validation

if TYPE_CHECKING:
    from sim.exercise.review_records import Review

PRESENT: Final = 30.0  # seconds since a device's last request during which it counts as present

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
        self._clock, self._guard, self._engine = clock, RateLimiter() if guard is None else guard, WorldCache()
        self._log = ExerciseLog(self._book, clock)
        self._seen: dict[tuple[str, int], float] = {}

    def leave(self) -> None:
        """Close the file; Windows can delete it only after that."""
        self._book.close()

    # Joining

    def create(self, settings: ExerciseSettings) -> Created:
        """Create an exercise, and return its secret and codes. Raises InputError if its base cannot be played."""
        arguments.instance("settings", settings, ExerciseSettings, "ExerciseSettings: load_settings(...)")
        made = Created(secrets.token_hex(6), new_secret(), _codes(settings))
        row = Row(made.exercise, self._clock(), settings.to_json(), made.secret)
        with self._book.writing():
            self._book.add_exercise(row, made.codes)
        return made

    def join(self, code: str, *, client: str = "") -> Joined:
        """Add a student to the seat that a code opens; case, blanks and dashes do not matter.

        client: the caller's address and, after a blank, its device, which has to wait after many wrong codes; with "",
        unknown, only the count over all clients slows guessing. Raises InputError for a wrong code, for too many wrong
        codes, and when too many students are present.
        """
        arguments.text("client", client)
        code = _key("code", code)
        self._guard.admit(client)
        place = opened(tidy(code), self._book.seats())
        if place is None:
            raise self._refused("this code opens no seat: check it and try again", client)
        token = new_secret()
        with self._book.writing():
            state = self._log.state(place.exercise)
            students = self._book.students(place.exercise)
            act = rules.join(state, sum(map(self._present, students)))
            student = 1 + max((one.student for one in students), default=0)
            who = replace(place, key=token, student=student)
            self._book.add_student(who)
            self._log.append(state, who, [act])
        self._note_presence(who)
        return Joined(token, who.exercise, who.group, who.seat, student)

    def rejoin(self, token: str, *, client: str = "") -> Joined:
        """Return the student of a token. Raises InputError for a wrong token."""
        who = self._student(token, client)
        return Joined(who.key, who.exercise, who.group, who.seat, who.student)

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
        if arguments.text("exercise", exercise) not in known:
            raise InputError("no such exercise", value=exercise, nearest=nearest(exercise, known))
        return known[exercise]

    # Reading

    def version(self, exercise: str) -> int:
        """Return the number of the last event: cheap, for pages that poll; needs no credential.

        0 for an unknown exercise. A deadline that has passed changes it only once somebody fetches a view.
        """
        return self._book.version(arguments.text("exercise", exercise))

    def teacher(self, secret: str, *, client: str = "") -> TeacherView:
        """Return all that the teacher sees. Raises InputError for a wrong secret."""
        state = self._log.current(self._teacher(secret, client))
        seats, students = self._book.seats(state.exercise), self._book.students(state.exercise)
        return teacher_view(self._engine, state, seats, students, self._present, self._clock())

    def seat(self, token: str, *, client: str = "") -> SeatView:
        """Return all that a student sees. Raises InputError for a wrong token."""
        who = self._student(token, client)
        self._note_presence(who)
        return seat_view(self._engine, self._log.current(who.exercise), who, self._clock())

    # Students' actions, while a round is open and not frozen. Each raises InputError for a wrong token, if no round is
    # open, after the deadline, and while the exercise is frozen.

    def order(self, token: str, lever: str, value: float | bool, scope: Scope = "round") -> None:  # noqa: FBT001
        """Order one of the seat's levers for this round, or until changed; the latest order on a lever counts.

        Raises InputError for another seat's lever, a wrong type and a value out of bounds.
        """
        self._log.act_as(self._student(token), lambda state, who: rules.order(state, who, lever, value, scope))

    def withdraw_order(self, token: str, lever: str) -> None:
        """Withdraw every order on a lever from this round on. Raises InputError if there is none."""
        self._log.act_as(self._student(token), lambda state, who: rules.withdraw(state, who, lever))

    def propose(self, token: str, to: str, give: Terms, take: Terms, rounds: int = 1, note: str = "") -> int:
        """Offer a deal to another seat of the group and return its number; it must be answered before the round closes.

        give: values of own levers; take: values of the other seat's; rounds: how many, from this one on; note: plain
        text of at most 500 characters. Raises InputError for a seat that nobody holds, the own seat, an unknown lever,
        a value out of bounds, no terms at all, more rounds than are left, and a note that is too long.
        """
        return self._log.act_as(
            self._student(token), lambda state, who: rules.propose(state, who, to, give, take, rounds, note)
        )

    def answer(self, token: str, proposal: int, answer: Literal["accept", "decline"]) -> None:
        """Accept or decline a proposal to this seat. A deal is the default order of both sides in its rounds.

        Raises InputError for a proposal that does not exist, is not for this seat, or is no longer open.
        """
        self._log.act_as(self._student(token), lambda state, who: rules.answer(state, who, proposal, answer))

    def counter(self, token: str, proposal: int, give: Terms, take: Terms, rounds: int = 1, note: str = "") -> int:
        """Answer a proposal with a counter-proposal and return its number. Raises as `answer` and `propose` do."""
        given = proposal, give, take, rounds, note
        return self._log.act_as(self._student(token), lambda state, who: rules.counter(state, who, *given))

    def withdraw_proposal(self, token: str, proposal: int) -> None:
        """Withdraw an open proposal of this seat. Raises InputError."""
        self._log.act_as(self._student(token), lambda state, who: rules.retract(state, who, proposal))

    def predict(self, token: str, question: str, probability: float) -> None:
        """Give a probability, 0 to 1, for a question of this round; the latest one counts.

        Raises InputError for an unknown question, one that has already happened in the group, and a value out of
        bounds.
        """
        who = self._student(token)
        done = settled(self._engine, self._log.current(who.exercise), who.group)
        self._log.act_as(who, lambda state, who: rules.predict(state, who, question, probability, done))

    # The teacher's actions. Each raises InputError for a wrong secret and in a phase that does not allow it.

    def open_round(self, secret: str, questions: Iterable[str] = ()) -> None:
        """Open the round for orders and predictions, or reopen it if it is closed but not played.

        questions: at most two names of `sim.exercise.questions.bank`; without names the model chooses.
        """
        exercise = self._teacher(secret)
        state = self._log.current(exercise)
        asked = ask(self._engine, state, arguments.items("questions", questions, "questions"))
        self._log.act(exercise, lambda state, now: [rules.open_round(state, now, asked)])

    def close(self, secret: str) -> None:
        """Close the open round: no more orders and predictions."""
        self._log.act(self._teacher(secret), lambda state, _: [rules.close(state)])

    def play(self, secret: str) -> None:
        """Play the round in every group; if it is open, close it first. No round of a take is played twice."""
        exercise = self._teacher(secret)
        state = self._log.current(exercise)
        if state.phase == "open":
            self._log.act(exercise, lambda state, _: [rules.close(state)])
            state = self._log.state(exercise)
        rules.play(state, state.round)
        compute_round(self._engine, state)
        self._log.act(exercise, lambda now_it_is, _: [rules.play(now_it_is, state.round)])

    def freeze(self, secret: str) -> None:
        """Stop the clock and all actions of students."""
        self._log.act(self._teacher(secret), lambda state, _: [rules.freeze(state)])

    def thaw(self, secret: str) -> None:
        """Start the clock again; the deadline moves by the time for which the exercise was frozen."""
        self._log.act(self._teacher(secret), lambda state, now: [rules.thaw(state, now)])

    def pace(self, secret: str, minutes: float | None) -> None:
        """Set the minutes per round, None for no limit; an open round gets this many minutes from now on."""
        self._log.act(self._teacher(secret), lambda state, now: [rules.pace(state, minutes, now)])

    def inject(self, secret: str, card: str | Card, groups: Iterable[int] = ()) -> None:
        """Bring an event into the round, in all groups or some: a card of the deck by name, or the teacher's own.

        It applies from the round's first day, for the card's number of days, and overrides orders of the same round.
        Raises InputError for an unknown card or group.
        """
        self._log.act(self._teacher(secret), lambda state, _: [rules.inject(state, card, groups)])

    def remove(self, secret: str, student: int, *, renew: bool = False) -> None:
        """Remove a student from a seat: the device can no longer use it; what the student did stays.

        renew: give the seat a new code too, so that nobody can join with the old one. Raises InputError if there is no
        such student.
        """
        exercise = self._teacher(secret)
        arguments.flag("renew", renew)
        with self._book.writing():
            state = self._log.state(exercise)
            act = rules.remove(state, student)
            who = next(one for one in self._book.students(exercise) if one.student == student)
            self._log.append(state, teachers_place(exercise), [act])
            self._book.renew(replace(who, key=new_secret()))  # a token that nobody has
            if renew:
                self._book.renew(Place(exercise, who.group, who.seat, new_code()))
        self._seen.pop((exercise, student), None)

    def rewind(self, secret: str, to: int) -> None:
        """Go back to before a round: a new take, which keeps the rounds before it; the log keeps all events."""
        exercise = self._teacher(secret)
        with self._book.writing():
            state = self._log.state(exercise)
            number = rules.back_to(state, to)
            self._book.add_event(exercise, Event(state.seq + 1, self._clock(), number, state.take + 1, Rewound()))

    def fork(self, secret: str, at: int) -> Created:
        """Copy the rounds before `at` into a new exercise, with its own secret and codes, which nobody has joined."""
        state = self._log.current(self._teacher(secret))
        number = rules.back_to(state, at)
        settings = replace(state.settings, title=f"{state.settings.title[:60]} (from round {number})")
        made = Created(secrets.token_hex(6), new_secret(), _codes(settings))
        with self._book.writing():
            self._book.add_exercise(Row(made.exercise, self._clock(), settings.to_json(), made.secret), made.codes)
            for place in self._book.students(state.exercise):  # who did the copied acts; nobody gets their new tokens
                self._book.add_student(replace(place, exercise=made.exercise, key=new_secret()))
            for event in state.before(number):
                self._book.add_event(made.exercise, replace(event, take=0))
            self._book.add_event(made.exercise, Event(state.seq + 1, self._clock(), number, 0, Forked(state.exercise)))
        return made

    def delete(self, secret: str) -> None:
        """Delete the exercise and all its data, permanently."""
        exercise = self._teacher(secret)
        try:
            self._book.remove(exercise)
        finally:
            self._log.forget(exercise)
            with self._book.lock:
                self._seen = {key: when for key, when in self._seen.items() if key[0] != exercise}

    def discard(self, exercise: str) -> None:
        """Delete an exercise by its id, even one that cannot be read: only for the file's owner. Raises InputError."""
        if arguments.text("exercise", exercise) not in (known := self._book.named()):
            raise InputError("no such exercise", value=exercise, nearest=nearest(exercise, known))
        self._book.remove(exercise)

    def export(self, secret: str) -> dict[str, str]:
        """Return one scenario file per group, by file name, of the rounds played; `jirga run` gives the same world."""
        return scenario_files(self._log.current(self._teacher(secret)))

    def review(self, secret: str, progress: Progress | None = None) -> "Review":
        """Return the review of the rounds played; `review_page.page` and `review_tables.csv_files` format it.

        progress: called with the number of parts done and of all parts. Raises InputError before a round is played.
        """
        from sim.exercise.review import review

        arguments.callback("progress", progress)
        return review(self._log.current(self._teacher(secret)), self._engine, progress)

    # Helpers

    def _teacher(self, secret: str, client: str = "") -> str:
        """Return the exercise of a secret. Raises InputError."""
        arguments.text("client", client)
        doors = [Place(row.exercise, 0, "", row.secret) for row in self._book.exercises()]
        door = opened(_key("secret", secret), doors)
        if door is None:
            raise self._refused("this is not the teacher's link or secret of an exercise on this server", client)
        return door.exercise

    def _student(self, token: str, client: str = "") -> Place:
        """Return the student of a token. Raises InputError."""
        arguments.text("client", client)
        who = opened(_key("token", token), self._book.students())
        if who is None:
            raise self._refused("this device has no seat here: join with the code of a seat", client)
        return who

    def _refused(self, words: str, client: str) -> InputError:
        self._guard.wrong(client)
        return InputError(words)

    def _note_presence(self, who: Place) -> None:
        self._seen[who.exercise, who.student] = time.monotonic()

    def _present(self, who: Place) -> bool:
        return time.monotonic() - self._seen.get((who.exercise, who.student), -PRESENT) < PRESENT


def _key(name: str, given: Any) -> str:
    """Return a code, token or secret. Raises InputError, which does not repeat it, for anything but text."""
    if not isinstance(given, str):
        raise InputError(f"must be text, not {validation.kind_of(given)}", path=name)
    return given


def _codes(settings: ExerciseSettings) -> dict[tuple[int, str], str]:
    """Return a new code for every seat that students may take, by group and seat."""
    groups = range(1, settings.groups + 1)
    return {(group, seat): new_code() for group in groups for seat in settings.seats}
