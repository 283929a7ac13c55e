"""`jirga class serve`: what it opens, what it says, and what it refuses before anything is made."""

import os
import re
import socket
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from sim.cli import class_
from sim.cli.address import check_free
from sim.errors import InputError
from sim.exercise.default_path import default_file
from sim.exercise.service import Classroom
from sim.exercise.settings import ExerciseSettings
from tests.app.command import ERROR, fail, jirga, succeed

SHORT = ExerciseSettings(title="First", rounds=2, weeks=2, worlds=16)


def test_the_help_says_what_it_opens() -> None:
    output = " ".join(succeed("class", "serve", "--help").split())
    assert "nothing else of this machine" in output
    assert "jirga class serve" in output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--host", "0.0.0.0"), "name one address"),  # noqa: S104
        (("--host", "::"), "name one address"),
        (("--host", "203.0.113.9"), "cannot be opened"),
        (("--host", "no such host"), "cannot be opened"),
        (("--host", "127.0.0.1", "--settings", "nowhere.toml"), "nowhere.toml"),
    ],
)
def test_what_cannot_be_opened_is_said_and_nothing_is_made(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    file = tmp_path / "class.db"
    assert said in fail("class", "serve", "--db", file, *words)
    assert not file.exists()


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        said = fail("class", "serve", "--host", "127.0.0.1", "--port", port, "--db", tmp_path / "class.db")
    assert f"127.0.0.1:{port}" in said


def test_wrong_settings_are_said(tmp_path: Path) -> None:
    toml = tmp_path / "settings.toml"
    toml.write_text("round = 3\n")
    assert "did you mean rounds" in fail("class", "serve", "--host", "127.0.0.1", "--settings", toml)


@pytest.mark.slow
def test_it_goes_on_with_the_latest_exercise_that_is_not_over(tmp_path: Path) -> None:
    room = Classroom(tmp_path / "class.db")
    made = class_.exercise(room, None, new=False)
    assert (made.title, made.begun) == (ExerciseSettings().title, None)
    assert class_.exercise(room, None, new=False).secret == made.secret
    own = class_.exercise(room, SHORT, new=False)
    assert class_.exercise(room, None, new=False)[:2] == (own.secret, "First")
    for _ in range(SHORT.rounds):
        room.open_round(own.secret)
        room.play(own.secret)
    assert class_.exercise(room, None, new=False).secret == made.secret
    assert class_.exercise(room, None, new=True).secret not in (made.secret, own.secret)


@pytest.mark.slow
def test_the_same_settings_lead_to_the_same_exercise(tmp_path: Path) -> None:
    """Stopped and started with the same command, the class finds its exercise; --new alone makes a second."""
    room = Classroom(tmp_path / "class.db")
    first = class_.exercise(room, SHORT, new=False)
    room.open_round(first.secret)
    room.pace(first.secret, 5)
    again = class_.exercise(room, SHORT, new=False)
    assert again.secret == first.secret
    assert again.begun is not None
    other = class_.exercise(room, replace(SHORT, weeks=3), new=False)
    assert (other.secret != first.secret, other.begun) == (True, None)
    assert class_.exercise(room, SHORT, new=False).secret == first.secret
    second = class_.exercise(room, SHORT, new=True)
    assert (second.title, second.begun) == ("First", None)
    assert class_.exercise(room, SHORT, new=False).secret == second.secret


@pytest.mark.slow
def test_an_exercise_that_is_over_is_not_led_again(tmp_path: Path) -> None:
    room = Classroom(tmp_path / "class.db")
    first = class_.exercise(room, SHORT, new=False)
    for _ in range(SHORT.rounds):
        room.open_round(first.secret)
        room.play(first.secret)
    assert class_.exercise(room, SHORT, new=False).secret != first.secret


def test_the_address_is_this_machines_own() -> None:
    """An address that this machine can open, and that is not its own alone."""
    try:
        address = class_.room_address()
    except InputError as error:
        assert "--host" in str(error)  # noqa: PT017  a machine on no network
    else:
        assert not address.startswith("127.")
        check_free(address, 0)


def test_the_notice_names_both_links_and_shows_the_picture() -> None:
    output = class_.notice("http://192.0.2.7:8502", class_.LedExercise("s3cret", "A\x1b[2Jtitle"))
    assert "a new exercise" in output
    assert "http://192.0.2.7:8502/join\n" in output
    assert "http://192.0.2.7:8502/teach?key=s3cret" in output
    assert "\x1b[2J" not in output
    assert class_.qr("http://192.0.2.7:8502/join") in output


def test_the_notice_says_with_what_it_goes_on() -> None:
    output = class_.notice("http://192.0.2.7:8502", class_.LedExercise("s3cret", "A title", 1_600_000_000.0))
    assert "resumes the exercise begun 2020-09-1" in output
    assert "--new" in output


def test_the_usual_file_is_its_owners_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    file = default_file()
    Classroom(file)
    modes = [stat.S_IMODE(one.stat().st_mode) for one in (file, file.parent)]
    assert modes == [0o600, 0o700]


HARD = [
    "a" * 300,
    "a" * 300 + "/b",
    "a/" * 3000 + "b",
    "\udcff",
    "\udcff/\udcff",
    ".",
    "..",
    "/",
    "x\ny",
    "x\x1b[2Jy",
    " ",
]


@pytest.mark.parametrize("name", HARD)
@pytest.mark.parametrize(
    "words", [("list",), ("export",), ("review",), ("delete", "x", "--yes"), ("serve",), ("play",)]
)
def test_a_file_that_cannot_be_is_said_in_one_line(
    words: tuple[str, ...], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.cli.dashboard.start", lambda *_: None)
    command, *rest = words
    if command == "serve":
        done = jirga("class", "serve", "--host", "127.0.0.1", "--db", name)
    elif command == "play":
        done = jirga("exercise", "play", "--file", name, stdin="quit\n")
    else:
        done = jirga("exercise", command, name, *rest)
    if done.exit_code:
        assert done.exit_code == ERROR
        assert re.fullmatch(r"error: [^\n]+\n", done.stderr), done.stderr
    else:
        assert command in ("serve", "play"), "these create the file"


@pytest.mark.parametrize("home", ["", "/nonexistent", "/dev/null"])
def test_a_home_folder_that_cannot_be_used_is_said(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def own() -> Path:
        if not home:
            raise RuntimeError("Could not determine home directory.")
        return Path(home) / "x"

    monkeypatch.setattr(Path, "home", own)
    assert "--db" in fail("class", "serve", "--host", "127.0.0.1")


@pytest.mark.parametrize("kind", ["fifo", "folder", "link"])
def test_what_is_no_file_is_said_and_stays_as_it_is(kind: str, tmp_path: Path) -> None:
    place = tmp_path / "class.db"
    if kind == "fifo":
        os.mkfifo(place, 0o644)
    elif kind == "folder":
        place.mkdir(mode=0o755)
    else:
        place.symlink_to(tmp_path)
    before = place.stat().st_mode
    assert "is not a file" in fail("class", "serve", "--host", "127.0.0.1", "--db", place)
    assert place.stat().st_mode == before


def test_a_working_folder_that_is_gone_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert "the working folder cannot be used" in fail("class", "serve", "--host", "127.0.0.1", "--db", "class.db")
