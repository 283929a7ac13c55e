"""A study's folder: complete or missing, with one plan and one model, locked by one run."""

import errno
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import ANY

import pytest

from sim.errors import InputError
from sim.files import atomic_io
from sim.study import lock
from sim.study.folder import Folder
from tests.unit import studies

HOLD = """
import sys
from pathlib import Path
from sim.study import lock
with lock.locked(Path(sys.argv[1])) as stream:
    lock.sign(stream, 5)
    print("held", flush=True)
    sys.stdin.read()
"""


def names(folder: Path) -> list[str]:
    """The content of a folder."""
    return sorted(file.name for file in folder.iterdir())


def test_a_folder_opens_as_it_was_made(tmp_path: Path) -> None:
    plan = studies.grid("baseline", "free-run")
    made = Folder.at(tmp_path / "a" / "study", plan)
    found = Folder.open(tmp_path / "a" / "study", replace(plan, title="Other words"))
    assert found.plan == plan
    assert found.units() == made.units() == found.missing()
    assert list(found.keys()) == list(made.keys())
    assert names(made.path) == ["manifest.json", "parts", "points.parquet", "scenarios", "study.toml"]
    assert names(tmp_path / "a") == ["study"]
    assert found.table().num_rows == 0


def test_an_empty_folder_becomes_a_study(tmp_path: Path) -> None:
    Folder.at(tmp_path, studies.plan())
    assert Folder.open(tmp_path).plan == studies.plan()


def refused(call: Callable[[], object], *words: str) -> None:
    """Check that the call fails with one line that contains the words."""
    with pytest.raises(InputError) as caught:
        call()
    shown = str(caught.value)
    assert "\n" not in shown
    assert all(word in shown for word in words), shown


def test_what_is_no_study_is_refused(tmp_path: Path) -> None:
    plan = studies.plan()
    file = tmp_path / "file"
    file.write_text("x")
    refused(lambda: Folder.at(file, plan), str(file), "not a folder")
    refused(lambda: Folder.open(file), str(file), "contains no study")
    refused(lambda: Folder.at(tmp_path, plan), str(tmp_path), "contains no study")
    refused(lambda: Folder.create(tmp_path, plan), str(tmp_path), "not empty")
    refused(lambda: Folder.open(tmp_path / "none"), "no such folder")
    assert file.read_text() == "x"


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    refused(lambda: Folder.at(tmp_path / "file" / "study", studies.plan()), "cannot be")
    refused(lambda: Folder.at("/proc/study", studies.plan()), "/proc", "cannot be written")
    made = Folder.at(tmp_path / "study", studies.plan())
    (made.path / lock.NAME).mkdir()
    refused(lambda: made.lock().__enter__(), "cannot be written", lock.NAME)


def test_a_study_of_another_plan_is_refused(tmp_path: Path) -> None:
    made = Folder.at(tmp_path, studies.plan())
    refused(lambda: Folder.at(tmp_path, studies.plan(seed=1)), str(tmp_path), "another plan")
    text = (made.path / "study.toml").read_text()
    other = Folder.at(tmp_path / "other", studies.plan(seed=1))
    (made.path / "study.toml").write_bytes((other.path / "study.toml").read_bytes())
    refused(lambda: Folder.open(tmp_path), "study.toml", "not the plan")
    (made.path / "study.toml").write_text(text)
    Folder.open(tmp_path)


def test_other_points_are_refused(tmp_path: Path) -> None:
    made = Folder.at(tmp_path / "a", studies.grid())
    other = Folder.at(tmp_path / "b", studies.grid(vary=(replace(studies.LEVERAGE, values=(0.2, 0.6, 0.9)),)))
    (made.path / "points.parquet").write_bytes((other.path / "points.parquet").read_bytes())
    refused(lambda: Folder.open(made.path), "points.parquet", "not the points that this study started with")
    (made.path / "points.parquet").write_bytes(b"PAR1")
    refused(lambda: Folder.open(made.path), "points.parquet", "does not contain the points of this plan")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 99}, ["format = 99", "with another format"]),
        ({"model": "0" * 64}, []),
        ({"plan": "0" * 64}, ["not the plan"]),
        (None, ["manifest.json", "damaged"]),
    ],
)
def test_a_manifest_that_is_not_as_it_was(tmp_path: Path, change: dict[str, object] | None, words: list[str]) -> None:
    made = Folder.at(tmp_path, studies.plan())
    about = json.loads((tmp_path / "manifest.json").read_text())
    text = "{" if change is None else json.dumps(about | change)
    (tmp_path / "manifest.json").write_text(text)
    if words:
        refused(lambda: Folder.open(tmp_path), *words)
    else:  # another version of the model: can be read, but not added to
        refused(Folder.open(tmp_path).check_model, "another version of the model", "0" * 12, made.model[:12])


def test_parts_must_be_a_folder(tmp_path: Path) -> None:
    made = Folder.at(tmp_path, studies.plan())
    made.parts.rmdir()
    made.parts.write_text("")
    refused(lambda: Folder.open(tmp_path), "parts", "must be a folder")


@pytest.mark.kills
def test_one_run_at_a_time_and_the_lock_frees_itself(tmp_path: Path) -> None:
    made = Folder.at(tmp_path, studies.plan())
    held = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(made.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with held:
        assert held.stdout is not None
        assert held.stdout.readline() == "held\n"
        found = lock.holder(made.path)
        assert found is not None
        assert (found.pid, found.rows) == (held.pid, 5)
        refused(lambda: made.lock().__enter__(), "another run is using this study", f"process {held.pid} on")
        held.kill()
    assert (made.path / lock.HOLDER).exists(), "the killed one could not take its record away"
    assert lock.holder(made.path) is None
    with made.lock() as mine:
        assert lock.holder(made.path) is None, "it has not signed yet"
        lock.sign(mine, 7)
        assert lock.holder(made.path) == lock.holder(made.path) != found
    assert lock.holder(made.path) is None
    assert not (made.path / lock.HOLDER).exists()


def test_who_asks_for_the_holder_leaves_the_lock_alone(tmp_path: Path) -> None:
    """Asking writes nothing and keeps nothing, whether a run is at work, was killed, or there never was one."""
    made = Folder.at(tmp_path, studies.plan())
    assert lock.holder(made.path) is None
    assert names(made.path) == ["manifest.json", "parts", "points.parquet", "scenarios", "study.toml"]
    lock.sign(made.path, 3)  # all that a run killed long ago left, its lock taken away by hand
    assert lock.holder(made.path) is None
    with made.lock() as mine:
        lock.sign(mine, 5)
        before = {file.name: file.stat().st_mtime_ns for file in made.path.iterdir()}
        for _ in range(3):
            assert lock.holder(made.path) == lock.Holder(os.getpid(), socket.gethostname(), ANY, 5)
        assert {file.name: file.stat().st_mtime_ns for file in made.path.iterdir()} == before
    (made.path / lock.HOLDER).write_bytes(b'{"pid": 1')
    assert lock.holder(made.path) is None, "a record that cannot be read says nothing"


def test_the_lock_clears_away_what_was_left_half_written(tmp_path: Path) -> None:
    made = Folder.at(tmp_path, studies.plan())
    half = [made.parts / ".abc.parquet.1234.part", made.path / ".rounds.json.1234.part"]
    for file in half:
        file.write_text("half")
    assert not made.done()
    with made.lock():
        assert not [file for file in half if file.exists()]


def test_rounds_and_units_set_aside_are_kept(tmp_path: Path) -> None:
    made = Folder.at(tmp_path, studies.plan())
    assert (made.rounds, made.skipped_units()) == ([64], [])
    made.extend(192)
    made.skip_units([{"key": "x", "why": "y"}])
    again = Folder.open(tmp_path)
    assert (again.rounds, again.skipped_units()) == ([64, 192], [{"key": "x", "why": "y"}])
    assert [(unit.first, unit.worlds) for unit in again.units()] == [(0, 64), (64, 128)]
    made.skip_units([])
    made.skip_units([])
    assert again.skipped_units() == []


KILLED = """
import os, signal, sys
from pathlib import Path
from sim.files import atomic_io
step, path = sys.argv[1], Path(sys.argv[2])
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
if step == "write":
    os.fsync = lambda handle: (os.ftruncate(handle, 3), die())
elif step == "fsync":
    Path.replace = die
elif step == "rename":
    atomic_io.to_disk = die
atomic_io.put(path, b"new, and longer")
"""


@pytest.mark.kills
@pytest.mark.parametrize(("step", "there"), [("write", b"old"), ("fsync", b"old"), ("rename", b"new, and longer")])
def test_a_file_is_old_or_new_wherever_its_writer_is_killed(tmp_path: Path, step: str, there: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", KILLED, step, str(file)], check=False)
    assert done.returncode == -9
    assert file.read_bytes() == there
    assert len(names(tmp_path)) == (1 if step == "rename" else 2)


def test_a_file_that_the_disk_refuses_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        atomic_io.put(tmp_path / "file", b"x")
    assert names(tmp_path) == []
