"""`jirga class serve`: what it opens, what it says, and what it refuses before anything is made."""

import socket
import stat
from pathlib import Path

import pytest

from sim.cli import class_
from sim.errors import InputError
from sim.exercise.place import default_file
from sim.exercise.service import Classroom
from sim.exercise.settings import ExerciseSettings
from tests.app.command import fail, succeed

SHORT = ExerciseSettings(title="First", rounds=2, weeks=2, worlds=16)


def test_the_help_says_what_it_opens() -> None:
    told = " ".join(succeed("class", "serve", "--help").split())
    assert "nothing else of this machine" in told
    assert "jirga class serve" in told


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


def test_it_goes_on_with_the_latest_exercise_that_is_not_over(tmp_path: Path) -> None:
    room = Classroom(tmp_path / "class.db")
    made, title = class_.exercise(room, None, new=False)
    assert title == ExerciseSettings().title
    assert class_.exercise(room, None, new=False) == (made, title)
    own, _ = class_.exercise(room, SHORT, new=False)
    assert class_.exercise(room, None, new=False) == (own, "First")
    for _ in range(SHORT.rounds):
        room.open_round(own)
        room.play(own)
    assert class_.exercise(room, None, new=False) == (made, title)
    assert class_.exercise(room, None, new=True)[0] not in (made, own)


def test_the_address_is_this_machines_own() -> None:
    """An address that this machine can open, and that is not its own alone."""
    try:
        address = class_.room_address()
    except InputError as error:
        assert "--host" in str(error)  # noqa: PT017  a machine on no network
    else:
        assert not address.startswith("127.")
        class_.check_free(address, 0)


def test_the_notice_names_both_links_and_shows_the_picture() -> None:
    told = class_.notice("http://192.0.2.7:8502", "s3cret", "A\x1b[2Jtitle")
    assert "http://192.0.2.7:8502/join\n" in told
    assert "http://192.0.2.7:8502/teach?key=s3cret" in told
    assert "\x1b[2J" not in told
    assert class_.qr("http://192.0.2.7:8502/join") in told


def test_the_usual_file_is_its_owners_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    file = default_file()
    Classroom(file)
    modes = [stat.S_IMODE(one.stat().st_mode) for one in (file, file.parent)]
    assert modes == [0o600, 0o700]
