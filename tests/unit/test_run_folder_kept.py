"""Only a run's own files are ever removed, one run at a time writes to a folder, and places are tried before work."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sim.errors import InputError
from sim.export import run_folder
from sim.export.run_folder import claim, write_run
from sim.study import report
from sim.study.folder import Folder
from sim.study.report import write_report
from tests.app.command import fail
from tests.unit import studies
from tests.unit.synthetic import results

MINE = "mine"


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write small files instead of tables and charts: only their names matter here."""
    monkeypatch.setattr(run_folder, "_fill", fill)


def fill(folder: Path, *_: Any, **__: Any) -> None:
    """Write the files of a run with charts, each with the number of the run."""
    written = str(len(list(folder.parent.iterdir())))
    (folder / "charts").mkdir()
    files = ("worlds.csv", "days.csv", "columns.csv", "scenario.toml", "charts/attacks.svg", "charts/attacks.png")
    for name in files:
        (folder / name).write_text(written)
    (folder / "manifest.json").write_text(json.dumps({"files": dict.fromkeys(files)}))


def tree(folder: Path) -> dict[str, str]:
    """What is in a folder: the content of files, the targets of links, the kind of everything else."""
    found = {}
    for path in sorted(folder.rglob("*")):
        kind = "folder" if path.is_dir() else path.read_text() if path.is_file() else "device"
        found[path.relative_to(folder).as_posix()] = str(path.readlink()) if path.is_symlink() else kind
    return found


def file(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(MINE)


def full(path: Path) -> None:
    path.mkdir()
    (path / "notes.txt").write_text(MINE)


def link(path: Path) -> None:
    path.symlink_to("../elsewhere")


def loop(path: Path) -> None:
    path.symlink_to(".")


KINDS: dict[str, Callable[[Path], object]] = {
    "file": file, "empty folder": Path.mkdir, "folder": full, "link": link, "loop": loop, "pipe": os.mkfifo,
}  # fmt: skip
PLACES = ("notes.txt", ".hidden", "worlds.parquet", "charts/mine.svg", "charts/notes", "charts/.x", "days.CSV")
STRANGERS = [(place, kind) for place in PLACES for kind in KINDS]
INSTEAD = [(name, kind) for name in ("worlds.csv", "charts", "manifest.json") for kind in KINDS]


@pytest.mark.parametrize(("place", "kind"), STRANGERS)
def test_a_stranger_in_an_earlier_run_is_kept_with_the_run(tmp_path: Path, place: str, kind: str) -> None:
    target = write_run(results(2), tmp_path / "run")
    KINDS[kind](target / place)
    before = tree(tmp_path)
    with pytest.raises(InputError, match="contains more than a run"):
        write_run(results(2), target, force=True)
    assert tree(tmp_path) == before


@pytest.mark.parametrize(("name", "kind"), INSTEAD)
def test_something_else_under_the_name_of_a_file_is_kept(tmp_path: Path, name: str, kind: str) -> None:
    target = write_run(results(2), tmp_path / "run")
    (target / name).rename(tmp_path / "away")
    KINDS[kind](target / name)
    before = tree(tmp_path)
    if (name, kind) in {("worlds.csv", "file"), ("charts", "empty folder")}:
        write_run(results(2), target, force=True)  # it looks like the run's own
        return
    with pytest.raises(InputError) as refused:
        write_run(results(2), target, force=True)
    assert str(refused.value).isprintable()
    assert tree(tmp_path) == before


@pytest.mark.parametrize("about", ["[]", "{}", "1", "", "{", '{"files": []}', '{"files": {"../away": 1}}', "[" * 10**5])
def test_a_manifest_that_is_none_gives_nothing_away(tmp_path: Path, about: str) -> None:
    (tmp_path / "away").write_text(MINE)
    target = write_run(results(2), tmp_path / "run")
    (target / "manifest.json").write_text(about)
    before = tree(tmp_path)
    with pytest.raises(InputError, match="contains more than a run"):
        write_run(results(2), target, force=True)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("there", ["nothing", "an empty folder", "a run"])
def test_what_appears_while_a_run_is_written_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, there: str, *, force: bool
) -> None:
    target = tmp_path / "run"
    if there == "an empty folder":
        target.mkdir()
    if there == "a run":
        if not force:
            return
        write_run(results(2), target)

    def late(folder: Path, *_: Any, **__: Any) -> None:
        fill(folder)
        target.mkdir(exist_ok=True)
        KINDS[kind](target / "notes")

    monkeypatch.setattr(run_folder, "_fill", late)
    with pytest.raises(InputError, match="run"):
        write_run(results(2), target, force=force)
    assert {path.name for path in tmp_path.iterdir()} == {"run"}
    assert os.path.lexists(target / "notes")
    assert (target / "worlds.csv").exists() == (there == "a run")


def test_what_appears_between_the_renames_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = write_run(results(2), tmp_path / "run")
    real = Path.replace

    def replace(self: Path, other: Path) -> Path:
        moved = real(self, other)
        if other.suffix == ".old":
            (other / "notes.txt").write_text(MINE)
        return moved

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(InputError, match=r"notes\.txt"):
        write_run(results(2), target, force=True)
    assert tree(target)["notes.txt"] == MINE
    assert {path.name for path in tmp_path.iterdir()} == {"run"}


def test_one_run_at_a_time_has_a_folder(tmp_path: Path) -> None:
    with claim(tmp_path / "new" / "run") as target:
        for force in (False, True):
            with pytest.raises(InputError, match="another run is writing to this folder"):
                write_run(results(2), target, force=force)
        with pytest.raises(InputError, match="another run is writing to this folder"):
            Folder.create(target, studies.plan())
        write_run(results(2), tmp_path / "new" / "other")
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"other"}
    write_run(results(2), target)
    with pytest.raises(InputError, match="not empty"):
        write_run(results(2), target)


def test_a_claim_without_a_run_leaves_nothing(tmp_path: Path) -> None:
    with claim(tmp_path / "a" / "b" / "run"):
        pass
    assert not list(tmp_path.iterdir())


@contextmanager
def lock_of(target: Path, kind: str) -> Iterator[Path]:
    """Something else under the name of the lock."""
    lock = target.with_name(f".{target.name}.lock")
    KINDS[kind](lock)
    yield lock


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "file"])
def test_a_lock_that_is_no_file_is_refused_and_not_followed(tmp_path: Path, kind: str) -> None:
    (tmp_path / "elsewhere").write_text(MINE)
    (tmp_path / "x").mkdir()
    with lock_of(tmp_path / "x" / "run", kind) as lock:
        with pytest.raises(InputError, match="cannot be written"):
            write_run(results(2), tmp_path / "x" / "run")
        assert os.path.lexists(lock)
    assert (tmp_path / "elsewhere").read_text() == MINE


def test_a_file_with_the_name_of_the_lock_is_kept(tmp_path: Path) -> None:
    (tmp_path / ".run.lock").write_text(MINE)
    write_run(results(2), tmp_path / "run")
    assert (tmp_path / ".run.lock").read_text() == MINE


@pytest.mark.parametrize("place", ["/proc/x", "/dev/full/run", "/proc/self/mem/run", "n" * 300, "n" * 255, "n" * 245])
def test_a_place_that_cannot_be_written_is_found_before_work(tmp_path: Path, place: str) -> None:
    with pytest.raises(InputError) as refused, claim(tmp_path / place):
        pytest.fail("work has begun")
    assert str(refused.value).isprintable()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("place", ["/proc/x", "n" * 300, "n" * 245, "there", "there/run", "there/a/b"])
def test_the_command_tries_the_place_first(tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "there").write_text(MINE)
    monkeypatch.setattr("sim.runs.runner.simulate", lambda *_, **__: pytest.fail("worlds were run"))
    assert "cannot be" in (said := fail("run", "baseline", "--out", tmp_path / place)) or "not a folder" in said
    assert tree(tmp_path) == {"there": MINE}


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_replaces_only_a_report(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").write_text(MINE)
    (tmp_path / "x").mkdir()
    KINDS[kind](tmp_path / "x" / "page.html")
    before = tree(tmp_path / "x")
    monkeypatch.setattr(report, "report_html", lambda *_, **__: pytest.fail("parts were read"))
    folder = Folder.create(tmp_path / "study", studies.plan())
    with pytest.raises(InputError):
        write_report(folder, tmp_path / "x" / "page.html")
    assert tree(tmp_path / "x") == before
    assert (tmp_path / "elsewhere").read_text() == MINE


@pytest.mark.parametrize("suffix", [".part", ".old"])
@pytest.mark.parametrize("kind", KINDS)
def test_names_like_leftovers_that_are_none_are_kept(tmp_path: Path, suffix: str, kind: str) -> None:
    target = write_run(results(2), tmp_path / "run")
    names = [f".run.0000000{suffix}", f".run.000000000{suffix}", f".runs.00000000{suffix}", f".run.0000000g{suffix}"]
    if kind not in {"folder", "empty folder"}:
        names.append(f".run.00000000{suffix}")
    for name in names:
        KINDS[kind](tmp_path / name)
    before = set(names)
    write_run(results(2), target, force=True)
    assert {path.name for path in tmp_path.iterdir()} == before | {"run"}


def test_an_earlier_folder_with_a_stranger_is_kept(tmp_path: Path) -> None:
    target = write_run(results(2), tmp_path / "run")
    old = tmp_path / ".run.00000000.old"
    write_run(results(2), old)
    (old / "charts" / "notes.txt").write_text(MINE)
    write_run(results(2), target, force=True)
    assert tree(old) == {"charts": "folder", "charts/notes.txt": MINE}
