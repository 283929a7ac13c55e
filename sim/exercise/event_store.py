"""The event store: exercises in one SQLite file, each as an append-only log of events.

A write is acknowledged only after it is committed with a full sync, so a killed server loses nothing that it has
acknowledged. Several threads and processes can share the file: a writer locks it for the moment of the write.

Each row has a checksum, and that of an event includes the event before it. What is damaged is not read: an exercise
with a damaged row raises InputError, and the others can be used as before.
"""

import os
import re
import sqlite3
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError
from sim.exercise.act_json import known_seat, read_act, whole, write_act
from sim.exercise.events import Event
from sim.exercise.file_tables import COLUMNS, FORMAT, MARK, ORDER, TABLES, WITHOUT_SEALS, listed
from sim.exercise.row_seal import seal

PATIENCE: Final = 20.0  # seconds to wait for another process
CLEARING: Final = 1000  # milliseconds of it when data that were deleted are cleared from the disk
OTHERS: Final = 0o077  # the rights of all but a file's owner

# What a check of the whole file says of single rows; their checksums say so too, and name the exercise.
_OF_ROWS: Final = re.compile(r"ok$|\w+ value in |row \d+ missing from index |non-unique entry in index |wrong # of ")
_UNREADABLE: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Row:
    """An exercise as stored in the file. sound: whether the row is as it was written."""

    exercise: str
    created: float
    settings: str
    secret: str
    sound: bool = True


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
            elif not self.path.is_file():
                raise InputError("is not a file", file=self.path)
            self._db = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
            # Closed with the store if nobody calls `close`: Python 3.13 warns of a connection that is left open.
            weakref.finalize(self, self._db.close).atexit = False
            try:
                self._open()
            except BaseException:
                self._db.close()
                raise

    def _open(self) -> None:
        """Prepare the connection and check the file. Raises InputError."""
        self._db.text_factory = _text
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA secure_delete = ON")
        self._prepare()
        _make_private(self.path)  # only once it is known to be a file of exercises
        self._db.execute("PRAGMA journal_mode = WAL")
        self._cleared()  # of what was deleted while another program was reading; if one reads now, another time
        self._check()

    def _prepare(self) -> None:
        """Create the tables of a new file; add checksums to one without. Raises InputError for any other file."""
        with self.writing():
            mark, form = (self._one(f"PRAGMA {name}") for name in ("application_id", "user_version"))
            if mark == 0 and not self._one("SELECT count(*) FROM sqlite_master"):
                for table in TABLES.split(";"):
                    self._db.execute(table)
                self._db.execute(f"PRAGMA application_id = {MARK}")
            elif mark == MARK and form == WITHOUT_SEALS:
                self._seal_all()
            elif mark != MARK or form != FORMAT:
                raise InputError("is not a file of exercises of this version of Jirga", file=self.path)
            self._db.execute(f"PRAGMA user_version = {FORMAT}")

    def _seal_all(self) -> None:
        """Add a checksum to every row of a file that has none."""
        for table in COLUMNS:
            self._db.execute(f"ALTER TABLE {table} ADD COLUMN seal TEXT NOT NULL DEFAULT ''")
            before = ("", "")
            for values in self._all(f"SELECT {listed(table)}, rowid FROM {table} ORDER BY {ORDER[table]}"):  # noqa: S608
                *row, number = values
                before = row[0], seal(table, row, before[1] if table == "event" and before[0] == row[0] else "")
                self._db.execute(f"UPDATE {table} SET seal = ? WHERE rowid = ?", (before[1], number))  # noqa: S608

    def _check(self) -> None:
        """Raise InputError if the file is damaged beyond single rows."""
        found = [str(text) for (text,) in self._all("PRAGMA integrity_check")]
        other, sound = [text for text in found if not _OF_ROWS.match(text)], self._all_sound()
        if other or (found != ["ok"] and sound):
            words = f"is damaged ({(other or found)[0]}): use a copy of it, or recover it with SQLite"
            raise InputError(words, file=self.path)

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
        self._add("exercise", row.exercise, float(row.created), row.settings, row.secret)
        for (group, seat), code in codes.items():
            self._add("seat", row.exercise, group, seat, code)

    def add_student(self, place: Place) -> None:
        """Add a student with number and token."""
        self._add("student", place.exercise, place.student, place.group, place.seat, place.key)

    def renew(self, place: Place) -> None:
        """Replace the key of a seat, or of a student."""
        if place.student:
            self._put("DELETE FROM student WHERE exercise = ? AND id = ?", place.exercise, place.student)
            self.add_student(place)
            return
        values = (place.exercise, place.group, place.seat, place.key)
        self._put(
            "UPDATE seat SET code = ?, seal = ? WHERE exercise = ? AND grp = ? AND seat = ?",
            place.key, seal("seat", values), *values[:3],
        )  # fmt: skip

    def add_event(self, exercise: str, event: Event) -> None:
        """Add an event. Raises sqlite3.IntegrityError if its number, or its round as played, is already stored."""
        who = (event.group, event.seat, event.student, event.round, event.take)
        last = self._one("SELECT seal FROM event WHERE exercise = ? ORDER BY seq DESC LIMIT 1", exercise)
        row = (exercise, event.seq, float(event.at), event.kind, *who, write_act(event.act))
        self._add("event", *row, before=last or "")

    def exercises(self) -> list[Row]:
        """Return every exercise, latest first, those with a damaged row too: so its secret leads to what is wrong."""
        return [
            Row(str(name), created, str(settings), str(secret), sound=sound)
            for (name, created, settings, secret), sound in self._rows("exercise")
        ]

    def settings(self, exercise: str) -> str | None:
        """Return the settings of an exercise as text; None if there is no such exercise. Raises InputError."""
        found = self._sound("exercise", exercise)
        return found[0][2] if found else None

    def seats(self, exercise: str | None = None) -> list[Place]:
        """Return every seat with its code, of one exercise, or of all without damaged ones. Raises InputError."""
        return [Place(*row) for row in self._sound("seat", exercise)]

    def students(self, exercise: str | None = None) -> list[Place]:
        """Return every student with token, of one exercise, or of all without damaged ones. Raises InputError."""
        found = self._sound("student", exercise)
        return [Place(name, group, seat, token, number) for name, number, group, seat, token in found]

    def version(self, exercise: str, group: int | None = None) -> int:
        """Return the number of the last event; 0 if there is none. group: of those of this group and the class's."""
        some, groups = ("", ()) if group is None else ("AND grp IN (0, ?)", (group,))
        found = self._one(f"SELECT max(seq) FROM event WHERE exercise = ? {some}", exercise, *groups)  # noqa: S608
        return found if isinstance(found, int) else 0

    def events(self, exercise: str, after: int = 0) -> list[Event]:
        """Return the log of an exercise, in order. after: the events with a larger number only. Raises InputError."""
        least = self.version(exercise)
        rows = self._rows("event", exercise, f"AND seq >= {after:d}" if after else "")
        if not after and least > max((row[1] for row, sound in rows if sound), default=0):
            raise self.unreadable(exercise, "its last event is lost")  # the index, which has no checksums, still has it
        known = [row[1] for row, _ in rows[:1]] == [after]  # the first is only read for its checksum
        return [self._event(row, sound=sound) for row, sound in rows[known:]]

    def named(self) -> set[str]:
        """Return the exercise that each row of the file belongs to, as far as it can be read."""
        return {str(row[0]) for table in COLUMNS for row, _ in self._rows(table)}

    def unreadable(self, exercise: str, what: str) -> InputError:
        """Return the error that says what is wrong in an exercise."""
        return InputError(f"this exercise cannot be read: {what}", file=self.path, path=f"exercise {exercise}")

    def _all_sound(self) -> bool:
        return all(sound for table in COLUMNS for _, sound in self._rows(table))

    def _event(self, row: Sequence[Any], *, sound: bool) -> Event:
        exercise, seq, at, kind, group, seat, student, number, take, body = row
        if not sound:
            raise self.unreadable(exercise, f"event {seq}, or one just before it, is damaged")
        try:
            when = float(at), whole(number), whole(take)
            return Event(seq, *when, read_act(kind, body), whole(group), known_seat(seat), whole(student))
        except (InputError, *_UNREADABLE):
            raise self.unreadable(exercise, f"event {seq} is not of a kind that this version of Jirga knows") from None

    def _rows(self, table: str, exercise: str | None = None, more: str = "") -> list[tuple[tuple[Any, ...], bool]]:
        """Return the rows of a table, of one exercise or of all, each with whether it is as it was written.

        The first of some events is not compared with the one before it.
        """
        columns = COLUMNS[table]
        chosen = "" if exercise is None else f"WHERE {columns[0]} = ? {more}"
        place = table if more else f"{table} NOT INDEXED"  # the rows themselves, whatever an index says of them
        statement = f"SELECT {listed(table)}, seal FROM {place} {chosen} ORDER BY {ORDER[table]}"  # noqa: S608
        found, before = [], ("", "")
        for *row, given in self._all(statement, *(() if exercise is None else (exercise,))):
            last = before[1] if table == "event" and before[0] == row[0] else ""
            found.append((tuple(row), given == seal(table, row, last)))
            before = row[0], given
        return found

    def _sound(self, table: str, exercise: str | None) -> list[tuple[Any, ...]]:
        """Return the rows of a table: of all exercises without damaged ones, or of one. Raises InputError."""
        found = self._rows(table, exercise)
        if exercise is not None and not all(sound for _, sound in found):
            raise self.unreadable(exercise, f"a row of its table {table} is damaged")
        return [row for row, sound in found if sound]

    def remove(self, exercise: str) -> None:
        """Remove an exercise and all its data, also from the disk. Must not be called inside `writing`.

        Raises InputError if it is removed, but another program that reads the file keeps its data on the disk.
        """
        with self.lock:
            with self.writing():
                self._put("DELETE FROM exercise WHERE id = ?", exercise)
                for table in ("seat", "student", "event"):
                    self._put(f"DELETE FROM {table} WHERE exercise = ?", exercise)  # noqa: S608  own names
            with self._in_words():
                self._db.execute("VACUUM")
            if not self._cleared():
                words = "the exercise is deleted, but its data stay on the disk while another program reads the file: "
                raise InputError(f"{words}end that program, then open the file again", file=self.path)

    def _cleared(self) -> bool:
        """Write all changes into the file itself, where nothing deleted is left, and return whether it was possible."""
        with self._in_words():
            self._db.execute(f"PRAGMA busy_timeout = {CLEARING}")
            try:
                (busy, *_) = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                self._db.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")
            return not busy

    def _add(self, table: str, *values: Any, before: str = "") -> None:
        """Add a row with its checksum. before: the checksum of the row before it."""
        marks = ", ".join("?" * (len(values) + 1))
        self._put(f"INSERT INTO {table} VALUES ({marks})", *values, seal(table, values, before))  # noqa: S608

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
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
            raise InputError(f"the file of exercises cannot be used: {error}", file=self.path) from error


def _make_private(file: Path) -> None:
    """Let only its owner read a file of exercises, and the files that SQLite keeps beside it. Raises OSError."""
    for one in (file, *(file.with_name(file.name + ending) for ending in ("-wal", "-shm", "-journal"))):
        with suppress(FileNotFoundError):
            mode = one.stat().st_mode
            if mode & OTHERS and hasattr(os, "fchmod"):  # where there are such rights
                os.chmod(one, mode & ~OTHERS & 0o777)  # noqa: PTH101  Path.chmod is the same


def _text(stored: bytes) -> str:
    """Return stored text; damaged text can be read too, so that it hides no other row."""
    return stored.decode("utf-8", "replace")
