"""The book: exercises in one SQLite file, as an append-only log of events.

A write counts once it is committed with a full sync, so a killed server loses nothing that it acknowledged. Several
threads and processes may share the file: whoever writes holds it alone for that moment.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError
from sim.exercise.events import Event, read_act, write_act

MARK: Final = 0x4A495247  # "JIRG": the file is ours
FORMAT: Final = 1
PATIENCE: Final = 20.0  # seconds to wait for another process

# Secrets stand as they are, since the teacher's page must show codes again; the file is its owner's alone.
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
    """An exercise as it stands in the file."""

    exercise: str
    created: float
    settings: str
    secret: str


@dataclass(frozen=True, slots=True)
class Place:
    """A seat of a group, or a student on it; key: the code or token that opens it."""

    exercise: str
    group: int
    seat: str
    key: str
    student: int = 0


class EventStore:
    """The file. Raises InputError when it cannot be opened, is not Jirga's, or the disk refuses a write."""

    def __init__(self, path: str | Path) -> None:
        """Open the file, or make it."""
        self.path = Path(path)
        self.lock = threading.RLock()  # one at a time in this process; whoever keeps a state of the log holds it too
        with self._in_words():
            if not self.path.exists():
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            self._db = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA secure_delete = ON")
            self._prepare()
            self._db.execute("PRAGMA journal_mode = WAL")

    def _prepare(self) -> None:
        """Make the tables of a new file; refuse a strange one."""
        with self.writing():
            mark, form = (self._one(f"PRAGMA {name}") for name in ("application_id", "user_version"))
            if mark == 0 and not self._one("SELECT count(*) FROM sqlite_master"):
                for table in _TABLES.split(";"):
                    self._db.execute(table)
                self._db.execute(f"PRAGMA application_id = {MARK}")
                self._db.execute(f"PRAGMA user_version = {FORMAT}")
            elif mark != MARK or form != FORMAT:
                raise InputError("is not a file of exercises, or of another version of Jirga", file=self.path)

    def close(self) -> None:
        """Let go of the file."""
        with self.lock:
            self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the file alone: what is written inside comes to disk together, or not at all if something is raised."""
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
        """Enter an exercise and its codes."""
        self._put("INSERT INTO exercise VALUES (?, ?, ?, ?)", row.exercise, row.created, row.settings, row.secret)
        for (group, seat), code in codes.items():
            self._put("INSERT INTO seat VALUES (?, ?, ?, ?)", row.exercise, group, seat, code)

    def add_student(self, place: Place) -> None:
        """Enter a student with number and token."""
        row = (place.exercise, place.student, place.group, place.seat, place.key)
        self._put("INSERT INTO student VALUES (?, ?, ?, ?, ?)", *row)

    def add_event(self, exercise: str, event: Event) -> None:
        """Enter an event. Raises sqlite3.IntegrityError for a number, or a round played, that is there already."""
        who = (event.group, event.seat, event.student, event.round, event.take)
        row = (exercise, event.seq, event.at, event.kind, *who, write_act(event.act))
        self._put("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", *row)

    def exercises(self) -> list[Row]:
        """Every exercise, latest first."""
        return [Row(*row) for row in self._all("SELECT * FROM exercise ORDER BY created DESC, rowid DESC")]

    def settings(self, exercise: str) -> str | None:
        """The settings of an exercise as text; None if it is not there."""
        found: str | None = self._one("SELECT settings FROM exercise WHERE id = ?", exercise)
        return found

    def seats(self, exercise: str | None = None) -> list[Place]:
        """Every seat with its code, of one exercise or of all."""
        chosen, given = _of(exercise)
        rows = self._all(f"SELECT exercise, grp, seat, code FROM seat{chosen} ORDER BY rowid", *given)  # noqa: S608
        return [Place(*row) for row in rows]

    def students(self, exercise: str | None = None) -> list[Place]:
        """Every student with token, of one exercise or of all, by number."""
        chosen, given = _of(exercise)
        rows = self._all(f"SELECT exercise, grp, seat, token, id FROM student{chosen} ORDER BY id", *given)  # noqa: S608
        return [Place(*row) for row in rows]

    def version(self, exercise: str) -> int:
        """The number of the last event; 0 where there is none."""
        found: int | None = self._one("SELECT max(seq) FROM event WHERE exercise = ?", exercise)
        return found or 0

    def events(self, exercise: str, after: int = 0) -> list[Event]:
        """The log of an exercise, in order, from the event after a number on."""
        rows = self._all(
            "SELECT seq, at, round, take, kind, body, grp, seat, student FROM event WHERE exercise = ? AND seq > ? "
            "ORDER BY seq", exercise, after,
        )  # fmt: skip
        return [
            Event(seq, at, number, take, read_act(kind, body), *who) for seq, at, number, take, kind, body, *who in rows
        ]

    def remove(self, exercise: str) -> None:
        """Remove an exercise with all that it holds, from the disk too. Not inside `writing`."""
        with self.lock:
            with self.writing():
                self._put("DELETE FROM exercise WHERE id = ?", exercise)
                for table in ("seat", "student", "event"):
                    self._put(f"DELETE FROM {table} WHERE exercise = ?", exercise)  # noqa: S608  our own names
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
        """Tell of a file that cannot be used in one line."""
        try:
            yield
        except sqlite3.IntegrityError:
            raise
        except (sqlite3.Error, OSError) as error:
            raise InputError(f"the file of exercises cannot be used: {error}", file=self.path) from error


def _of(exercise: str | None) -> tuple[str, tuple[str, ...]]:
    return ("", ()) if exercise is None else (" WHERE exercise = ?", (exercise,))
