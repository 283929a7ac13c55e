"""Files and folders that get their names last, also where Windows refuses what other systems do."""

import os
from pathlib import Path

import pytest

from sim.files import atomic_io


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders that cannot be opened, nor put in the place of others, as on Windows."""
    replaced, opened = Path.replace, os.open

    def replace(self: Path, target: Path) -> Path:
        if target.is_dir():
            raise PermissionError(13, "Access is denied", str(target))
        return replaced(self, target)

    def open_(path: Path, flags: int, mode: int = 0o777) -> int:
        if Path(path).is_dir():
            raise PermissionError(13, "Access is denied", str(path))
        return opened(path, flags, mode)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(os, "open", open_)
    monkeypatch.setattr(atomic_io, "_FOLDERS_OPEN", False)


@pytest.mark.usefixtures("windows")
def test_a_folder_takes_the_place_of_an_empty_one_alone(tmp_path: Path) -> None:
    for name in ("one", "two", "target"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    atomic_io.name_folder(tmp_path / "one", tmp_path / "empty")
    assert (tmp_path / "empty" / "file").read_text(encoding="utf-8") == "one"
    with pytest.raises(OSError, match="not empty"):
        atomic_io.name_folder(tmp_path / "two", tmp_path / "target")
    assert (tmp_path / "target" / "file").read_text(encoding="utf-8") == "target"


@pytest.mark.usefixtures("windows")
def test_files_are_put_and_settled_where_no_folder_can_be_opened(tmp_path: Path) -> None:
    atomic_io.put(tmp_path / "file", b"x")
    atomic_io.settle(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_a_file_that_is_being_read_is_waited_for_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses a new file the name of one that somebody reads, until that one is closed."""
    monkeypatch.setattr(atomic_io, "_FOLDERS_OPEN", False)
    replaced, refusals, pauses = Path.replace, [PermissionError(13, "in use")] * 3, list[float]()

    def replace(self: Path, target: Path) -> Path:
        if refusals:
            raise refusals.pop()
        return replaced(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr("time.sleep", pauses.append)
    atomic_io.put(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"
    assert len(pauses) == 3
    refusals += [PermissionError(13, "in use")] * 99
    with pytest.raises(PermissionError):
        atomic_io.put(tmp_path / "file", b"newer")
    assert (tmp_path / "file").read_bytes() == b"new"
    assert len(list(tmp_path.iterdir())) == 1
