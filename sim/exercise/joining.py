"""Joining: how a device comes to a student's seat, by the code of a seat or by one that a student hands on."""

from dataclasses import replace

from sim.errors import InputError
from sim.exercise import rules
from sim.exercise.access import device_token, new_secret, opened
from sim.exercise.doors import Doors
from sim.exercise.event_store import EventStore, Place
from sim.exercise.exercise_log import ExerciseLog
from sim.exercise.handover import Handovers
from sim.exercise.presence import Presence
from sim.exercise.views import Joined


class Joining:
    """The ways into the seats of one file."""

    def __init__(self, book: EventStore, log: ExerciseLog, doors: Doors, presence: Presence) -> None:
        self._book, self._log, self._doors, self._presence = book, log, doors, presence
        self.handovers = Handovers()

    def join(self, code: str, client: str) -> Joined:
        """Add a student to the seat that a code opens, or give a seat that is handed on. Raises InputError."""
        handed = self.handovers.take(self._doors.knock(code, client))
        if handed is not None:
            return self._handed_on(*handed, client)
        place = self._doors.seat(code, client)
        token = self._token(place.exercise, place.key, client)
        with self._book.writing():
            state = self._log.state(place.exercise)
            students = self._book.students(place.exercise)
            if (known := opened(token, students)) is not None:
                return joined(known, token)
            act = rules.join(state, sum(map(self._presence.of, students)))
            student = 1 + max((one.student for one in students), default=0)
            who = replace(place, key=token, student=student)
            self._book.add_student(who)
            self._log.append(state, who, [act])
        self._presence.acted(who)
        return joined(who, token)

    def _handed_on(self, exercise: str, student: int, client: str) -> Joined:
        """Give a student a new token, the one of the device that asks if that is free. Raises InputError."""
        with self._book.writing():
            self._log.state(exercise)
            students = self._book.students(exercise)
            who = next((one for one in students if one.student == student), None)
            if who is None:
                raise InputError("this seat is gone: join with the code of a seat")
            code = next(one.key for one in self._book.seats(exercise) if (one.group, one.seat) == (who.group, who.seat))
            token = self._token(exercise, code, client)
            if opened(token, self._book.students()) is not None:
                token = new_secret()
            self._book.renew(replace(who, key=token))
        self._presence.acted(who)
        return joined(who, token)

    def _token(self, exercise: str, code: str, client: str) -> str:
        """Return the token of a client's device at a seat; a new one for a client without a device."""
        return device_token(self._doors.secret(exercise), code, client.partition(" ")[2]) or new_secret()


def joined(who: Place, token: str) -> Joined:
    """Return what a student who has joined learns."""
    return Joined(token, who.exercise, who.group, who.seat, who.student)
