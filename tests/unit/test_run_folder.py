"""Run folders: complete or absent, with a scenario that is read back equal; nothing else is overwritten."""

import csv
import datetime as dt
import errno
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.errors import InputError
from sim.export import run_folder
from sim.export.manifest import revision
from sim.export.run_folder import check_folder, write_run, write_table
from sim.inputs.intervention import Intervention
from sim.inputs.scenario_reader import load_scenario
from sim.results.results import Results
from sim.schema.milestones import MILESTONES, NEVER
from sim.schema.series import SERIES
from tests.unit.synthetic import results, scenario


@pytest.fixture
def made() -> Results:
    run = scenario(dt.date(2020, 4, 15), interventions=(Intervention("kabul.ghani.offer", 1500),))
    return results(5, run=run, day={"talks_open": [3, 4, NEVER, 6, 7]}, reason={"talks_open": 1})


def names(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()}


def test_parquet_has_one_row_per_world_and_one_per_world_and_day(made: Results, tmp_path: Path) -> None:
    folder = write_run(made, tmp_path / "run", charts=False)
    assert names(folder) == {"worlds.parquet", "days.parquet", "scenario.toml", "manifest.json"}
    worlds, days = pq.read_table(folder / "worlds.parquet"), pq.read_table(folder / "days.parquet")
    assert worlds.num_rows == 5
    assert days.num_rows == 5 * 45
    assert worlds.equals(made.to_world_table())
    assert days.equals(made.to_day_table())
    assert days.schema.field("us_troops").metadata[b"unit"] == b"troops"
    assert worlds.schema.metadata[b"jirga.seed"] == b"7"


def test_csv_has_the_same_content_and_a_table_of_units(made: Results, tmp_path: Path) -> None:
    folder = write_run(made, tmp_path / "run", ("csv",), charts=False)
    with (folder / "days.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 5 * 45
    assert [np.float32(r["us_troops"]) for r in rows] == made.arrays["us_troops"].ravel().tolist()
    with (folder / "worlds.csv").open(newline="", encoding="utf-8") as stream:
        worlds = list(csv.DictReader(stream))
    assert [w["talks_open"] for w in worlds] == ["2020-03-04", "2020-03-05", "", "2020-03-07", "2020-03-08"]
    assert worlds[2]["talks_open_reason"] == f"missing: {MILESTONES['talks_open'].reasons[1]}"
    with (folder / "columns.csv").open(newline="", encoding="utf-8") as stream:
        columns = {(r["table"], r["column"]): r["unit"] for r in csv.DictReader(stream)}
    assert columns["days", "attacks"] == SERIES["attacks"].unit
    assert {c for t, c in columns if t == "worlds"} == set(worlds[0])


def test_the_scenario_loads_back_equal(made: Results, tmp_path: Path) -> None:
    folder = write_run(made, tmp_path / "run", charts=False)
    assert load_scenario(folder / "scenario.toml") == made.scenario


def test_the_manifest_describes_the_run_and_has_a_checksum_per_file(made: Results, tmp_path: Path) -> None:
    folder = write_run(made, tmp_path / "run", ("parquet", "csv"), charts=False)
    shown = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert (shown["seed"], shown["worlds"], shown["first"], shown["assumptions"]) == (7, 5, 0, "point")
    assert shown["hash"] == made.scenario.hash()
    assert shown["python"] == ".".join(str(part) for part in sys.version_info[:3])
    assert shown["numpy"] == np.__version__
    assert dt.datetime.fromisoformat(shown["created"]).utcoffset() == dt.timedelta(0)
    assert set(shown["files"]) == names(folder) - {"manifest.json"}
    for name, file in shown["files"].items():
        content = (folder / name).read_bytes()
        assert file == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}, name


def test_the_same_run_gives_the_same_bytes(made: Results, tmp_path: Path) -> None:
    one, two = write_run(made, tmp_path / "a", charts=False), write_run(made, tmp_path / "b", charts=False)
    for name in ("worlds.parquet", "days.parquet", "scenario.toml"):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


@pytest.mark.slow
def test_charts_are_drawn_as_svg_and_png(made: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sim.charts

    one = dict(list(sim.charts.run_charts(made).items())[:1])
    monkeypatch.setattr(sim.charts, "run_charts", lambda _: one)  # one chart is enough: charts are tested elsewhere
    folder = write_run(made, tmp_path / "run")
    (name,) = one
    assert names(folder / "charts") == {f"{name}.svg", f"{name}.png"}
    assert (folder / "charts" / f"{name}.svg").read_text(encoding="utf-8").startswith("<svg")
    assert (folder / "charts" / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    shown = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert f"charts/{name}.svg" in shown["files"]


def test_an_empty_folder_and_new_parents_are_allowed(made: Results, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write_run(made, tmp_path / "empty", charts=False)
    write_run(made, tmp_path / "new" / "deep" / "run", charts=False)
    assert names(tmp_path) == {"empty", "new"}
    assert names(tmp_path / "new" / "deep") == {"run"}


def test_a_folder_that_is_not_empty_is_rejected(made: Results, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    for force in (False, True):
        with pytest.raises(InputError, match="not empty" if not force else "contains more than a run"):
            write_run(made, tmp_path, charts=False, force=force)
    assert names(tmp_path) == {"notes.txt"}


def test_force_replaces_a_run_and_nothing_else(made: Results, tmp_path: Path) -> None:
    folder = write_run(made, tmp_path / "run", ("csv",), charts=False)
    with pytest.raises(InputError, match="not empty"):
        write_run(made, folder, charts=False)
    write_run(made, folder, charts=False, force=True)
    assert names(folder) == {"worlds.parquet", "days.parquet", "scenario.toml", "manifest.json"}
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"notes\.txt"):
        write_run(made, folder, charts=False, force=True)
    assert (folder / "notes.txt").read_text() == "mine"
    assert names(tmp_path) == {"run"}


def test_a_file_a_link_and_the_working_folder_are_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for folder in (tmp_path / "file", tmp_path / "link"):
        with pytest.raises(InputError, match="not a folder"):
            check_folder(folder)
    for folder in (Path(), tmp_path):
        with pytest.raises(InputError, match="working folder"):
            check_folder(folder)


@pytest.mark.parametrize(
    ("formats", "said"), [(("xlsx",), "no such format"), ((), "at least one"), (("cvs",), "did you mean csv")]
)
def test_unknown_formats_are_rejected_before_anything_is_written(
    made: Results, tmp_path: Path, formats: tuple[str, ...], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        write_run(made, tmp_path / "run", formats, charts=False)
    assert names(tmp_path) == set()


def failing(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("step", ["write_table", "manifest", "settle"])
def test_a_full_disk_leaves_nothing_behind_and_keeps_the_earlier_run(
    made: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    folder = write_run(made, tmp_path / "old", charts=False)
    before = (folder / "manifest.json").read_bytes()
    monkeypatch.setattr(run_folder, step, failing)
    for target in (folder, tmp_path / "new"):
        with pytest.raises(InputError, match="cannot be written: No space left"):
            write_run(made, target, charts=False, force=True)
    assert names(tmp_path) == {"old"}
    assert (folder / "manifest.json").read_bytes() == before


def test_a_failed_rename_restores_the_earlier_run(
    made: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_run(made, tmp_path / "old", charts=False)
    whole = Path.replace

    def replace(self: Path, target: Path) -> Path:
        return failing() if self.suffix == ".part" else whole(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(InputError, match="No space left"):
        write_run(made, folder, charts=False, force=True)
    assert names(tmp_path) == {"old"}
    assert "manifest.json" in names(folder)


def test_an_interrupted_write_leaves_nothing_behind(
    made: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(run_folder, "manifest", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_run(made, tmp_path / "run", charts=False)
    assert names(tmp_path) == set()


def test_a_table_on_a_full_device_is_a_disk_error(made: Results, tmp_path: Path) -> None:
    for name in ("t.csv", "t.parquet"):
        (tmp_path / name).symlink_to("/dev/full")
        with pytest.raises(OSError, match="No space left"):
            write_table(tmp_path / name, [made.to_day_table()])


@contextmanager
def nobody() -> Iterator[None]:
    """Continue as a user without permissions, because the superuser may write everywhere."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_folder_without_write_permission_is_rejected(made: Results) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        with nobody(), pytest.raises(InputError, match="cannot be written: Permission denied"):
            write_run(made, folder / "run", charts=False)
        assert names(folder) == set()


def test_below_a_file_nothing_can_be_written(made: Results, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match="cannot be"):
        write_run(made, tmp_path / "file" / "run", charts=False)
    assert names(tmp_path) == {"file"}


def test_a_folder_that_no_checkout_tracks_has_no_revision(tmp_path: Path) -> None:
    assert revision(tmp_path) is None
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)  # noqa: S607
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "file.py").write_text("")
    assert revision(tmp_path / "package") is None


def test_a_tracked_folder_has_a_revision_marked_if_modified(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        done = subprocess.run(["git", "-C", tmp_path, *who, *arguments], check=True, capture_output=True, text=True)  # noqa: S607
        return done.stdout.strip()

    (tmp_path / "file.py").write_text("one")
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "--no-verify", "-m", "One")
    head = git("rev-parse", "HEAD")
    assert revision(tmp_path) == head
    (tmp_path / "file.py").write_text("two")
    assert revision(tmp_path) == f"{head}-modified"
