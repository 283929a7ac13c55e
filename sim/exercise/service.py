"""The classroom: the interface of pages, terminal and tests to the exercises in one database file.

Every method takes a credential first and checks it: the teacher's secret, a seat's code or a student's token. No
credential opens what belongs to another. A method that changes something returns only after the change is on disk.
What is not possible raises InputError with a message of one line, and changes nothing.
"""

import secrets

from sim.errors import InputError
from sim.exercise.access import new_codes, new_secret
from sim.exercise.doors import known_exercise
from sim.exercise.event_store import Place, Row
from sim.exercise.file_survey import Listed, survey
from sim.exercise.joining import joined
from sim.exercise.presence import Standing, may_ask
from sim.exercise.settings import GROUPS, ExerciseSettings
from sim.exercise.student_actions import StudentActions
from sim.exercise.teacher_actions import TeacherActions
from sim.exercise.view_builder import seat_view, teacher_view, watch_view
from sim.exercise.views import Created, Joined, SeatView, TeacherView
from sim.exercise.watch_views import WatchView
from sim.exercise.watchers import WATCHERS
from sim.schema import arguments


class Classroom(StudentActions, TeacherActions):
    """Exercises in one SQLite file. Can be shared by threads, and the file by several processes.

    What students and the teacher do is in `StudentActions` and `TeacherActions`, which a classroom has too.
    """

    # Joining

    def create(self, settings: ExerciseSettings) -> Created:
        """Create an exercise, and return its secret and codes. Raises InputError if its base cannot be played."""
        arguments.instance("settings", settings, ExerciseSettings, "ExerciseSettings: load_settings(...)")
        made = Created(secrets.token_hex(6), new_secret(), new_codes(settings.places))
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

    # Reading

    def version(self, exercise: str, group: int | None = None) -> int:
        """Return the number of the last event: cheap, for pages that poll; needs no credential.

        group: count only what this group, the teacher or the press of the class did; None for everything.
        0 for an unknown exercise. A deadline that has passed changes it only once somebody fetches a view.
        """
        number = None if group is None else arguments.whole("group", group, *GROUPS)
        return self._book.version(arguments.text("exercise", exercise), number)

    def teacher(self, secret: str, *, client: str = "") -> TeacherView:
        """Return all that the teacher sees. Raises InputError for a wrong secret."""
        state = self._current(self._doors.teacher(secret, client))
        seats, students = self._book.seats(state.exercise), self._book.students(state.exercise)

        def standing(who: Place) -> Standing:
            return self._presence.standing(who, may=may_ask(state, who))

        return teacher_view(self._engine, state, seats, students, standing, self._clock())

    def seat(self, token: str, *, client: str = "") -> SeatView:
        """Return all that a student sees who plays a party. Raises InputError for any other token."""
        view = self.look(token, client=client)
        if isinstance(view, WatchView):
            raise InputError("this seat only watches: it has no briefing and no orders")
        return view

    def look(self, token: str, *, client: str = "") -> SeatView | WatchView:
        """Return all that a student sees, also one who only watches. Raises InputError for a wrong token."""
        who = self._doors.student(token, client)
        self._presence.note(who)
        state = self._current(who.exercise)
        if who.seat in WATCHERS:
            return watch_view(self._engine, state, who, self._clock())
        asked = self._presence.asks(who, may=may_ask(state, who))
        return seat_view(self._engine, state, who, self._clock(), asked=asked)

    # The owner of the file

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
        return self._doors.secret(exercise)

    def discard(self, exercise: str) -> None:
        """Delete an exercise by its id, even one that cannot be read: only for the file's owner. Raises InputError."""
        self._book.remove(known_exercise(exercise, self._book.named()))
