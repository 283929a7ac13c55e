"""Files that are written whole: one writer at a time, nothing of others removed or followed, no leftovers for long."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from sim.analysis import calibration
from sim.cli.exercise.verbs import write
from sim.errors import InputError
from sim.export.whole_file import claim_file, write_claimed_file
from sim.inputs import posterior
from sim.study import report
from sim.study.folder import Folder
from sim.study.report import write_report
from tests.app.command import fail, succeed
from tests.unit import studies
from tests.unit.test_run_folder_kept import KINDS, MINE, tree
from tests.unit.test_run_folder_killed import killed

LEFT = (".page.html.0a1b2c3d.part", ".page.html.00000000.part")
OTHERS = (
    ".page.html.part", ".page.html.0a1b2c3.part", ".page.html.0a1b2c3g.part", ".page.html.0A1B2C3D.part",
    ".page.html.0a1b2c3d.part~", ".page.htm.0a1b2c3d.part", "page.html.0a1b2c3d.part", ".x.page.html.0a1b2c3d.part",
)  # fmt: skip


def written(target: Path, content: bytes = b"new") -> None:
    """Write a file."""
    with claim_file(target) as claimed:
        write_claimed_file(claimed, content)


def test_leftovers_of_killed_writers_are_removed_and_nothing_else(tmp_path: Path) -> None:
    for name in (*LEFT, *OTHERS):
        (tmp_path / name).write_text(MINE)
    written(tmp_path / "page.html")
    assert {path.name for path in tmp_path.iterdir()} == {"page.html", *OTHERS}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "file"])
def test_what_has_the_name_of_a_leftover_and_is_no_file_is_kept(tmp_path: Path, kind: str) -> None:
    (tmp_path / "elsewhere").write_text(MINE)
    (tmp_path / "x").mkdir()
    KINDS[kind](tmp_path / "x" / LEFT[0])
    folder = kind in {"folder", "empty folder"}  # of a killed run with the same name, which no file of ours has
    written(tmp_path / "x" / "page.html")
    assert os.path.lexists(tmp_path / "x" / LEFT[0]) != folder
    assert (tmp_path / "elsewhere").read_text() == MINE


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_is_replaced_and_not_followed(tmp_path: Path, kind: str) -> None:
    (tmp_path / "elsewhere").write_text(MINE)
    (tmp_path / "x").mkdir()
    target = tmp_path / "x" / "page.html"
    KINDS[kind](target)
    if kind in {"folder", "empty folder", "loop"}:
        with pytest.raises(InputError, match="is a folder"):
            written(target)
    else:
        written(target)
        assert target.read_bytes() == b"new"
        assert not target.is_symlink()
    assert (tmp_path / "elsewhere").read_text() == MINE
    assert {path.name for path in (tmp_path / "x").iterdir()} == {"page.html"}


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    target = tmp_path / "new" / "page.html"
    with claim_file(target):
        with pytest.raises(InputError, match="another run is writing"):
            written(target)
        written(target.with_name("other.html"))
    assert {path.name for path in target.parent.iterdir()} == {"other.html"}


@pytest.mark.parametrize("place", ["/proc/x", "/dev/full/x", "/proc/self/mem/x", "n" * 300, "n" * 245, "there/x"])
def test_a_place_that_cannot_be_written_is_found_before_work(tmp_path: Path, place: str) -> None:
    (tmp_path / "there").write_text(MINE)
    with pytest.raises(InputError) as refused, claim_file(tmp_path / place):
        pytest.fail("work has begun")
    assert str(refused.value).isprintable()
    assert tree(tmp_path) == {"there": MINE}


def test_a_full_disk_is_one_line_and_keeps_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "page.html"
    target.write_text(MINE)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left"):
        written(target)
    assert tree(tmp_path) == {"page.html": MINE}


@pytest.mark.kills
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a copy of this process, which needs fork")
def test_killed_at_any_step_the_file_of_before_or_after_is_there(tmp_path: Path) -> None:
    kills, states = 0, set()
    while True:
        target = tmp_path / str(kills) / "page.html"
        target.parent.mkdir()
        target.write_text("before")
        if not killed(kills, lambda target=target: written(target)):  # type: ignore[misc]
            break
        states.add(target.read_text())
        kills += 1
        written(target, b"next")
        assert tree(target.parent) == {"page.html": "next"}
    assert states == {"before", "new"}
    assert kills >= 8, f"only {kills} kills"


@pytest.mark.parametrize("name", ["a.toml", ".a.toml.part", ".a.toml.lock"])
@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
@pytest.mark.parametrize("force", [False, True])
def test_the_files_of_an_exercise_follow_no_link_and_wait_for_no_pipe(
    tmp_path: Path, name: str, kind: str, *, force: bool
) -> None:
    (tmp_path / "elsewhere").write_text(MINE)
    (tmp_path / "x").mkdir()
    KINDS[kind](tmp_path / "x" / name)
    with suppress(InputError):
        write({"a.toml": b"new"}, tmp_path / "x", force=force)
        assert (tmp_path / "x" / "a.toml").read_bytes() == b"new"
        assert force or name != "a.toml"
    assert os.path.lexists(tmp_path / "x" / name)
    assert (tmp_path / "elsewhere").read_text() == MINE


def _report(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the page of a study."""
    monkeypatch.setattr(report, "report_html", lambda *_, **__: "a page")
    return write_report(Folder.create(folder / "study", studies.plan()), folder / "page.html")


def _exercise(folder: Path, _: pytest.MonkeyPatch) -> Path:
    """Write a file of an exercise."""
    write({"page.html": b"a page"}, folder, force=False)
    return folder / "page.html"


WRITERS: dict[str, Callable[[Path, pytest.MonkeyPatch], Path]] = {"report": _report, "exercise": _exercise}


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS.keys())
def test_every_writer_of_a_file_clears_what_a_killed_one_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writer: Callable[[Path, pytest.MonkeyPatch], Path]
) -> None:
    for name in LEFT:
        (tmp_path / name).write_text(MINE)
    assert "a page" in writer(tmp_path, monkeypatch).read_text()
    assert {path.name for path in tmp_path.iterdir()} <= {"page.html", "study"}


@pytest.mark.parametrize("place", ["there/x", "n" * 300, "n" * 245, "there", "link", "folder"])
def test_calibrate_tries_its_place_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    (tmp_path / "there").write_text(MINE)
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "folder").mkdir()
    before = tree(tmp_path)
    monkeypatch.setattr(calibration, "calibrate", lambda *_, **__: pytest.fail("sets were drawn"))
    fail("calibrate", "--out", tmp_path / place)
    assert tree(tmp_path) == before


def test_calibrate_clears_what_a_killed_one_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".sets.npz.00000000.part").write_text(MINE)
    found: list[Any] = []

    def drawn(*_: Any, **__: Any) -> posterior.Posterior:
        found.append(tree(tmp_path))
        return posterior.shipped()

    monkeypatch.setattr(calibration, "calibrate", drawn)
    monkeypatch.setattr(posterior, "write_posterior", lambda _, path: path.write_text("sets"))
    succeed("calibrate", "--out", tmp_path / "sets.npz", "--json")
    assert found == [{".sets.npz.lock": ""}], "cleared before work, under a lock"
    assert tree(tmp_path) == {"sets.npz": "sets"}
