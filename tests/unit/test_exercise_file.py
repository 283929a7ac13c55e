"""The file of exercises: its owner's alone, emptied for good, and never another program's."""

import sqlite3
from pathlib import Path

import pytest

from sim.exercise.service import Classroom
from tests.unit.classroom import lesson, refused

US, GHANI, TALIBAN = (1, "us"), (1, "ghani"), (1, "taliban")


@pytest.mark.slow
def test_an_exercise_goes_with_all_that_it_holds(tmp_path: Path) -> None:
    one = lesson(tmp_path, US)
    other = one.room.create(one.teacher().settings)
    one.open()
    one.room.inject(one.secret, "rumour")
    one.room.delete(one.secret)
    refused("not the teacher's link", one.room.teacher, one.secret)
    refused("no seat here", one.room.seat, one.tokens[US])
    refused("opens no seat", one.room.join, one.codes[GHANI])
    assert one.room.version(one.exercise) == 0
    assert [row.exercise for row in one.room.listed()] == [other.exercise]
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for word in (one.exercise, one.secret, one.tokens[US], one.codes[GHANI]):
        assert word.encode() not in left, "gone from the disk too"
    assert other.secret.encode() in left


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    lesson(tmp_path)
    assert (tmp_path / "class.sqlite").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("mode", [0o644, 0o664, 0o666, 0o640, 0o604, 0o755, 0o777, 0o606])
def test_a_file_that_others_can_read_becomes_its_owners_alone(tmp_path: Path, mode: int) -> None:
    one, file = lesson(tmp_path, US), tmp_path / "class.sqlite"
    for path in tmp_path.iterdir():
        path.chmod(mode)
    again = Classroom(file)
    again.create(one.teacher().settings)
    assert {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == dict.fromkeys(
        ("class.sqlite", "class.sqlite-wal", "class.sqlite-shm"), 0
    )


def test_a_deletion_that_another_program_hinders_says_so(tmp_path: Path) -> None:
    one, file = lesson(tmp_path, US), tmp_path / "class.sqlite"
    reader = sqlite3.connect(file, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM exercise").fetchall()
    refused("while another program reads the file", one.room.delete, one.secret)
    assert one.room.listed() == []
    refused("not the teacher's link", one.room.teacher, one.secret)
    assert any(one.secret.encode() in path.read_bytes() for path in tmp_path.iterdir())
    reader.close()
    Classroom(file)
    for path in tmp_path.iterdir():
        assert one.secret.encode() not in path.read_bytes(), path.name


@pytest.mark.parametrize("content", [b"", b"no database" * 500])
def test_a_strange_file_is_refused_or_begun(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "there.sqlite"
    file.write_bytes(content)
    if content:
        refused("cannot be used", Classroom, file)
        assert file.read_bytes() == content
    else:
        assert Classroom(file).listed() == []


def test_another_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "music.sqlite"
    db = sqlite3.connect(file)
    db.execute("CREATE TABLE song (name TEXT)")
    db.close()
    file.chmod(0o644)
    refused("is not a file of exercises", Classroom, file)
    assert file.stat().st_mode & 0o777 == 0o644
    refused("cannot be used", Classroom, tmp_path / "no" / "folder.sqlite")
