"""The event store: exercises in one SQLite file, each as an append-only log of events.

A write is acknowledged only after it is committed with a full sync, so a killed server loses nothing that it has
acknowledged. Several threads and processes can share the file: a writer locks it for the moment of the write.
"""

import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError
from sim.exercise.events import Event, read_act, write_act

MARK: Final = 0x4A495247  # "JIRG": the application id of Jirga's files
FORMAT: Final = 1
PATIENCE: Final = 20.0  # seconds to wait for another process

# Secrets are stored in plain text, because the teacher's page shows the codes; only the file's owner can read it.
_TABLES: Final = """
CREATE TABLE exercise (id TEXT PRIMARY KEY, created REAL NOT NULL, settings TEXT NOT NULL, secret TEXT NOT NULL);
CREATE TABLE seat (
    exercise TEXT NOT NULL, grp INTEGER NOT NULL, seat TEXT NOT NULL, code TEXT NOT NULL UNIQUE,
    PRIMARY KEY (exercise, grp, seat)
);
CREATE TABLE student (
    exercise TEXT NOT NULL, id INTEGER NOT NULL, grp INTEGER NOT NULL, seat TEXT NOT NULL, token TEXT NOT NULL UNIQUE,
    PRIMARY KEY (exercise, id)
);
CREATE TABLE event (
    exercise TEXT NOT NULL, seq INTEGER NOT NULL, at REAL NOT NULL, kind TEXT NOT NULL, grp INTEGER NOT NULL,
    seat TEXT NOT NULL, student INTEGER NOT NULL, round INTEGER NOT NULL, take INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (exercise, seq)
);
CREATE UNIQUE INDEX played_once ON event (exercise, take, round) WHERE kind = 'played';
"""


@dataclass(frozen=True, slots=True)
class Row:
    """An exercise as stored in the file."""

    exercise: str
    created: float
    settings: str
    secret: str


@dataclass(frozen=True, slots=True)
class Place:
    """A seat of a group, or a student in it; key: the code or token that opens it."""

    exercise: str
    group: int
    seat: str
    key: str
    student: int = 0


class EventStore:
    """The file. Raises InputError if it cannot be opened, is not a file of Jirga, or cannot be written."""

    def __init__(self, path: str | Path) -> None:
        """Open the file, or create it."""
        self.path = Path(path)
        self.lock = threading.RLock()  # one thread at a time; also held while a cached state of the log is updated
        with self._in_words():
            if not self.path.exists():
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            self._db = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
            # Closed with the store if nobody calls `close`: Python 3.13 warns of a connection that is left open.
            weakref.finalize(self, self._db.close).atexit = False
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA secure_delete = ON")
            self._prepare()
            self._db.execute("PRAGMA journal_mode = WAL")

    def _prepare(self) -> None:
        """Create the tables of a new file. Raises InputError for a file of another program or version."""
        with self.writing():
            mark, form = (self._one(f"PRAGMA {name}") for name in ("application_id", "user_version"))
            if mark == 0 and not self._one("SELECT count(*) FROM sqlite_master"):
                for table in _TABLES.split(";"):
                    self._db.execute(table)
                self._db.execute(f"PRAGMA application_id = {MARK}")
                self._db.execute(f"PRAGMA user_version = {FORMAT}")
            elif mark != MARK or form != FORMAT:
                raise InputError("is not a file of exercises of this version of Jirga", file=self.path)

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Open a transaction that locks the file: all writes inside are committed together, or none if it raises."""
        with self.lock, self._in_words():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def add_exercise(self, row: Row, codes: Mapping[tuple[int, str], str]) -> None:
        """Add an exercise and its codes."""
        self._put("INSERT INTO exercise VALUES (?, ?, ?, ?)", row.exercise, row.created, row.settings, row.secret)
        for (group, seat), code in codes.items():
            self._put("INSERT INTO seat VALUES (?, ?, ?, ?)", row.exercise, group, seat, code)

    def add_student(self, place: Place) -> None:
        """Add a student with number and token."""
        row = (place.exercise, place.student, place.group, place.seat, place.key)
        self._put("INSERT INTO student VALUES (?, ?, ?, ?, ?)", *row)

    def add_event(self, exercise: str, event: Event) -> None:
        """Add an event. Raises sqlite3.IntegrityError if its number, or its round as played, is already stored."""
        who = (event.group, event.seat, event.student, event.round, event.take)
        row = (exercise, event.seq, event.at, event.kind, *who, write_act(event.act))
        self._put("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", *row)

    def exercises(self) -> list[Row]:
        """Return every exercise, latest first."""
        return [Row(*row) for row in self._all("SELECT * FROM exercise ORDER BY created DESC, rowid DESC")]

    def settings(self, exercise: str) -> str | None:
        """Return the settings of an exercise as text; None if there is no such exercise."""
        found: str | None = self._one("SELECT settings FROM exercise WHERE id = ?", exercise)
        return found

    def seats(self, exercise: str | None = None) -> list[Place]:
        """Return every seat with its code, of one exercise or of all."""
        chosen, given = _of(exercise)
        rows = self._all(f"SELECT exercise, grp, seat, code FROM seat{chosen} ORDER BY rowid", *given)  # noqa: S608
        return [Place(*row) for row in rows]

    def students(self, exercise: str | None = None) -> list[Place]:
        """Return every student with token, of one exercise or of all, by number."""
        chosen, given = _of(exercise)
        rows = self._all(f"SELECT exercise, grp, seat, token, id FROM student{chosen} ORDER BY id", *given)  # noqa: S608
        return [Place(*row) for row in rows]

    def version(self, exercise: str) -> int:
        """Return the number of the last event; 0 if there is none."""
        found: int | None = self._one("SELECT max(seq) FROM event WHERE exercise = ?", exercise)
        return found or 0

    def events(self, exercise: str, after: int = 0) -> list[Event]:
        """Return the log of an exercise, in order. after: the events with a larger number only."""
        rows = self._all(
            "SELECT seq, at, round, take, kind, body, grp, seat, student FROM event WHERE exercise = ? AND seq > ? "
            "ORDER BY seq", exercise, after,
        )  # fmt: skip
        return [
            Event(seq, at, number, take, read_act(kind, body), *who) for seq, at, number, take, kind, body, *who in rows
        ]

    def remove(self, exercise: str) -> None:
        """Remove an exercise and all its data, also from the disk. Must not be called inside `writing`."""
        with self.lock:
            with self.writing():
                self._put("DELETE FROM exercise WHERE id = ?", exercise)
                for table in ("seat", "student", "event"):
                    self._put(f"DELETE FROM {table} WHERE exercise = ?", exercise)  # noqa: S608  own names
            with self._in_words():
                self._db.execute("VACUUM")
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _put(self, statement: str, *values: Any) -> None:
        with self.lock, self._in_words():
            self._db.execute(statement, values)

    def _all(self, statement: str, *values: Any) -> list[Any]:
        with self.lock, self._in_words():
            return self._db.execute(statement, values).fetchall()

    def _one(self, statement: str, *values: Any) -> Any:
        rows = self._all(statement, *values)
        return rows[0][0] if rows else None

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Turn database and file errors into an InputError."""
        try:
            yield
        except sqlite3.IntegrityError:
            raise
        except (sqlite3.Error, OSError) as error:
            raise InputError(f"the file of exercises cannot be used: {error}", file=self.path) from error


def _of(exercise: str | None) -> tuple[str, tuple[str, ...]]:
    return ("", ()) if exercise is None else (" WHERE exercise = ?", (exercise,))
