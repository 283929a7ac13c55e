"""A file of exercises with damage in it: what is damaged is named, and the rest can be used as before."""

import json
import random
import sqlite3
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from sim.cli import class_
from sim.errors import InputError
from sim.exercise import file_tables
from sim.exercise.event_store import EventStore
from sim.exercise.service import Classroom
from sim.exercise.settings import ExerciseSettings
from tests.app.command import jirga
from tests.unit.classroom import lesson

pytestmark = pytest.mark.slow

FLIPS = 400
OLD_TABLES = [table.replace(", seal TEXT NOT NULL", "").replace("seal TEXT NOT NULL, ", "") for table in
              file_tables.TABLES.split(";")]  # fmt: skip
COLUMNS = [(table, column) for table, columns in file_tables.COLUMNS.items() for column in columns]
VALUES = ["", "x", "\0", -1, 10**18, 1.5, b"\xff\xfe", "[]", '{"start": "2020-03-10"}']
BODIES = [
    ("ordered", body) for body in (
        "", "{", "null", "7", "[]", "{}", '"text"', "[" * 9999, '{"lever": "us.withdrawal"}',
        '{"lever": "us.nothing", "value": 1, "scope": "round"}', '{"lever": 7, "value": 1, "scope": "round"}',
        '{"lever": ["us.withdrawal"], "value": 1, "scope": "round"}',
        '{"lever": "us.withdrawal", "value": "1", "scope": "round"}',
        '{"lever": "us.withdrawal", "value": NaN, "scope": "round"}',
        '{"lever": "us.withdrawal", "value": 1e999, "scope": "round"}',
        '{"lever": "us.withdrawal", "value": null, "scope": "round"}',
        '{"lever": "us.withdrawal", "value": 1, "scope": "ever"}',
        '{"lever": "us.withdrawal", "value": 1, "scope": []}',
        '{"lever": "us.withdrawal", "value": 1, "scope": "round", "more": 1}',
    )
] + [
    ("opened", '{"deadline": "now", "questions": []}'), ("opened", '{"deadline": null, "questions": 5}'),
    ("opened", '{"deadline": null, "questions": [5]}'), ("opened", '{"deadline": null, "questions": [{}]}'),
    ("opened", '{"deadline": null, "questions": [{"name": "x", "kind": "milestone", "above": null}]}'),
    ("opened", '{"deadline": null, "questions": [{"name": "attacks", "kind": "series", "above": "7"}]}'),
    ("proposed", '{"to": "us", "give": [], "take": {}, "rounds": 1, "note": "", "answers": null}'),
    ("proposed", '{"to": "me", "give": {}, "take": {}, "rounds": 1, "note": "", "answers": null}'),
    ("proposed", '{"to": "us", "give": {}, "take": {}, "rounds": 1.5, "note": "", "answers": null}'),
    ("proposed", '{"to": "us", "give": {}, "take": {}, "rounds": true, "note": "", "answers": null}'),
    ("proposed", '{"to": "us", "give": {"us.withdrawal": "x"}, "take": {}, "rounds": 1, "note": "", "answers": 1}'),
    ("proposed", '{"to": "us", "give": {"x": 1}, "take": {}, "rounds": 1, "note": "", "answers": null}'),
    ("proposed", '{"to": "us", "give": {}, "take": {}, "rounds": 1, "note": 7, "answers": null}'),
    ("answered", '{"proposal": "1", "answer": "accept"}'), ("answered", '{"proposal": 1, "answer": "perhaps"}'),
    ("predicted", '{"question": 1, "probability": 0.5}'), ("predicted", '{"question": "x", "probability": "high"}'),
    ("injected", '{"card": 1, "groups": [1]}'), ("injected", '{"card": {}, "groups": [1]}'),
    ("injected", '{"card": {"name": "", "title": "", "text": "", "days": 0, "levers": {}}, "groups": [1]}'),
    ("injected", '{"card": null, "groups": 1}'), ("thawed", '{"deadline": []}'), ("paced", '{"minutes": {}}'),
    ("played", '{"round": 1}'), ("flown", "{}"), ("", "{}"), ("forked", '{"origin": 7}'),
]  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three exercises in one file, all that was written in the file itself."""
    folder = tmp_path_factory.mktemp("sound")
    one = lesson(folder, (1, "us"), (1, "ghani"), groups=1)
    one.open()
    one.room.order(one.tokens[1, "us"], "us.withdrawal", 5)
    one.room.propose(one.tokens[1, "us"], "ghani", {"us.withdrawal": 6}, {}, 1, "a note")
    one.room.close(one.secret)
    for title in ("Second", "Third"):
        one.clock.now += 60
        made = one.room.create(_titled(one, title))
        one.room.join(next(iter(made.codes.values())))
        one.room.open_round(made.secret)
    one.room.leave()
    assert not list(folder.glob("*-wal"))
    return folder / "class.sqlite"


def _titled(one: Any, title: str) -> Any:
    from dataclasses import replace

    return replace(one.teacher().settings, title=title)


def contents(room: Classroom) -> dict[str, Any]:
    """All that is stored of each exercise that can be read, by its id."""
    book = room._book
    secrets = {row.exercise: row for row in book.exercises()}
    return {
        one.exercise: (one, secrets[one.exercise].secret, set(book.seats(one.exercise)), book.students(one.exercise),
                       book.events(one.exercise), book.settings(one.exercise))
        for one in room.listed()
    }  # fmt: skip


def opened(file: Path) -> Classroom | None:
    """The classroom of a file, None if it is refused in one line."""
    try:
        return Classroom(file)
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017  most files open
        return None


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what takes long for hundreds of files: waiting for the disk, and reading the same settings again."""
    prepare = EventStore._prepare

    def unwaiting(self: EventStore) -> None:
        self._db.execute("PRAGMA synchronous = OFF")
        prepare(self)

    monkeypatch.setattr(EventStore, "_prepare", unwaiting)
    monkeypatch.setattr(ExerciseSettings, "from_json", lru_cache(ExerciseSettings.from_json))


@pytest.mark.usefixtures("quick")
def test_a_flipped_bit_changes_nothing_unnoticed(sound: Path, tmp_path: Path) -> None:
    room = Classroom(sound)
    whole = contents(room)
    room.leave()
    data, rng, file = sound.read_bytes(), random.Random(8), tmp_path / "flipped.sqlite"  # noqa: S311  no secret
    refused = named = wide = 0
    for bit in rng.sample(range(8 * len(data)), FLIPS):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        file.write_bytes(flipped)
        if (found := opened(file)) is None:
            refused += 1
            continue
        left, wrong = contents(found), found.unreadable()
        found.leave()
        assert not (different := [name for name in left if left[name] != whole.get(name)]), f"bit {bit}: {different}"
        assert len(left) == len(whole) or wrong, f"bit {bit}: an exercise is missing and nothing says so"
        named += bool(wrong)
        wide += len(left) < len(whole) - 1  # where SQLite keeps the positions of rows, a bit can hit two of them
    counts = f"{FLIPS} flips: {refused} files refused, {named} with an exercise named, {wide} with more than one"
    assert named > 0, counts
    assert wide < FLIPS // 50, counts
    assert refused < FLIPS // 4, counts


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_changed_value_is_named_and_the_rest_goes_on(sound: Path, tmp_path: Path, table: str, column: str) -> None:
    for number, value in enumerate(VALUES):
        file = tmp_path / f"{number}.sqlite"
        rest_goes_on(file, changed(sound, file, table, column, value), f"{table}.{column} = {value!r}")


@pytest.mark.parametrize("table", file_tables.COLUMNS)
def test_commands_name_what_is_damaged_and_go_on(sound: Path, tmp_path: Path, table: str) -> None:
    file = tmp_path / "class.sqlite"
    changed(sound, file, table, file_tables.COLUMNS[table][-1], b"\xff")
    for words in (("list", file), ("list", file, "--json"), ("export", file, "--out", tmp_path)):
        done = jirga("exercise", *words)
        assert "warning: " in done.stderr
        assert "cannot be read" in done.stderr
        assert "Traceback" not in done.stderr
        if "--json" in words:
            assert len(json.loads(done.stdout)) == 2


def changed(sound: Path, file: Path, table: str, column: str, value: Any) -> str:
    """Copy a file and change a value in the first row of the latest exercise in a table; that exercise's id."""
    file.write_bytes(sound.read_bytes())
    key = file_tables.COLUMNS[table][0]
    with closing(sqlite3.connect(file)) as db, db:
        (latest,) = db.execute("SELECT id FROM exercise ORDER BY created DESC").fetchone()
        first = f"SELECT min(rowid) FROM {table} WHERE {key} = ?"  # noqa: S608  names of our own
        db.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ({first})", (value, latest))  # noqa: S608
    return str(latest)


def rest_goes_on(file: Path, bad: str, what: str) -> None:
    """One exercise is left out and named, and the others can be led."""
    room = Classroom(file)
    assert class_.exercise(room, None, new=False).title == "Second", what
    assert len(room.listed()) == 2, what
    wrong = [str(one) for one in room.unreadable()]
    assert any(bad in one or "rows are lost" in one for one in wrong), f"{what}: {wrong}"
    assert all("\n" not in one for one in wrong)
    room.leave()


def old_file(sound: Path, file: Path) -> sqlite3.Connection:
    """The same exercises as a version of Jirga wrote them whose rows had no checksums."""
    db = sqlite3.connect(file)
    for table in OLD_TABLES:
        db.execute(table)
    db.execute("ATTACH ? AS sound", (str(sound),))
    for table, columns in file_tables.COLUMNS.items():
        db.execute(f"INSERT INTO main.{table} SELECT {', '.join(columns)} FROM sound.{table} ORDER BY rowid")  # noqa: S608
    db.execute(f"PRAGMA application_id = {file_tables.MARK}")
    db.execute("PRAGMA user_version = 1")
    db.commit()
    db.execute("DETACH sound")
    return db


def test_an_old_file_opens_and_its_rows_get_checksums(sound: Path, tmp_path: Path) -> None:
    file = tmp_path / "old.sqlite"
    old_file(sound, file).close()
    room, other = Classroom(file), Classroom(sound)
    assert contents(room) == contents(other)
    assert room.unreadable() == []
    room.open_round(room.create(other.teacher(other.secret(other.listed()[0].exercise)).settings).secret)
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE event SET at = at + 1 WHERE rowid = 1")
    assert len(room.unreadable()) == 0, "already read"
    assert len(Classroom(file).unreadable()) == 1


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("kind", "body"), BODIES)
def test_an_event_that_cannot_be_read_is_named(sound: Path, tmp_path: Path, kind: str, body: str) -> None:
    """In a file of an old version, whose rows have no checksums that would say so."""
    file = tmp_path / "old.sqlite"
    with closing(old_file(sound, file)) as db, db:
        (latest,) = db.execute("SELECT id FROM exercise ORDER BY created DESC").fetchone()
        db.execute("UPDATE event SET kind = ?, body = ? WHERE exercise = ? AND seq = 2", (kind, body, latest))
    rest_goes_on(file, latest, f"{kind} {body[:40]}")


def test_a_damaged_exercise_says_so_to_its_teacher_and_can_be_deleted(sound: Path, tmp_path: Path) -> None:
    file = tmp_path / "class.sqlite"
    file.write_bytes(sound.read_bytes())
    room = Classroom(file)
    latest = room.listed()[0].exercise
    secret = room.secret(latest)
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE event SET round = 2 WHERE exercise = ? AND seq = 1", (latest,))
    for act in (Classroom(file).teacher, Classroom(file).export, Classroom(file).play):
        with pytest.raises(InputError, match=f"exercise {latest}: this exercise cannot be read: event 1"):
            act(secret)
    assert jirga("exercise", "delete", file, latest, "--yes").exit_code == 0
    assert Classroom(file).unreadable() == []
    assert len(Classroom(file).listed()) == 2
