"""What opens what: a secret its exercise, each code its seat, each token its student. Wrong ones are counted."""

from collections.abc import Iterable
from typing import Any

from sim.errors import InputError, nearest
from sim.exercise.access import RateLimiter, opened, tidy
from sim.exercise.event_store import EventStore, Place
from sim.exercise.watchers import WATCHERS
from sim.schema import arguments, validation


class Doors:
    """The credentials of one file.

    client, in every method: the caller's address and, after a blank, its device, which has to wait after many wrong
    codes; with "", unknown, only the count over all clients slows guessing.
    """

    def __init__(self, book: EventStore, guard: RateLimiter) -> None:
        self._book, self._guard = book, guard

    def seat(self, code: str, client: str) -> Place:
        """Return the seat of a code; case, blanks and dashes do not matter. Raises InputError, also for too many."""
        code = self.knock(code, client)
        place = opened(tidy(code), self._book.seats())
        if place is None:
            raise self._wrong("this code opens no seat: check it and try again", client)
        return place

    def knock(self, code: str, client: str) -> str:
        """Return a given code if this client need not wait. Raises InputError."""
        arguments.text("client", client)
        given = _key("code", code)
        self._guard.admit(client)
        return given

    def teacher(self, secret: str, client: str = "") -> str:
        """Return the exercise of a secret. Raises InputError."""
        arguments.text("client", client)
        secrets = [Place(row.exercise, 0, "", row.secret) for row in self._book.exercises()]
        place = opened(_key("secret", secret), secrets)
        if place is None:
            raise self._wrong("this is not the teacher's link or secret of an exercise on this server", client)
        return place.exercise

    def secret(self, exercise: str) -> str:
        """Return the teacher's secret of an exercise. Raises InputError if there is no such exercise."""
        known = {row.exercise: row.secret for row in self._book.exercises()}
        return known[known_exercise(exercise, known)]

    def student(self, token: str, client: str = "") -> Place:
        """Return the student of a token. Raises InputError."""
        arguments.text("client", client)
        who = opened(_key("token", token), self._book.students())
        if who is None:
            raise self._wrong("this device has no seat here: join with the code of a seat", client)
        return who

    def player(self, token: str) -> Place:
        """Return the student of a token who plays a party. Raises InputError, also for one who only watches."""
        who = self.student(token)
        if who.seat in WATCHERS:
            raise InputError(
                f"{WATCHERS[who.seat].lower()} only watches: no orders, offers, statements or forecasts from this seat"
            )
        return who

    def _wrong(self, words: str, client: str) -> InputError:
        self._guard.wrong(client)
        return InputError(words)


def known_exercise(exercise: str, known: Iterable[str]) -> str:
    """Return the id of an exercise. Raises InputError if there is no such exercise."""
    names = list(known)
    if arguments.text("exercise", exercise) not in names:
        raise InputError("no such exercise", value=exercise, nearest=nearest(exercise, names))
    return exercise


def _key(name: str, given: Any) -> str:
    """Return a code, token or secret. Raises InputError, which does not repeat it, for anything but text."""
    if not isinstance(given, str):
        raise InputError(f"must be text, not {validation.kind_of(given)}", path=name)
    return given
