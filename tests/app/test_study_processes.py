"""A study in separate processes: the same bits with any number of them, and one clear line for every error."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.study.folder import Folder
from sim.study.plan import Plan
from sim.study.plan_writer import write_plan
from tests.app import study
from tests.app.command import INTERRUPTED
from tests.unit import studies

pytestmark = pytest.mark.kills

resource = pytest.importorskip("resource", reason="a limit on the size of files, which POSIX systems have")
pty = pytest.importorskip("pty", reason="a terminal, which POSIX systems have")
PLAN = studies.grid("baseline", "free-run", "no-review", "truce-broken", worlds=400)
DYING = """
import os, signal
if __name__ == "__mp_main__":  # a worker
    os.kill(os.getpid(), signal.SIGKILL)
if __name__ == "__main__":
    from sim.cli import main
    main()
"""
COMMAND = [sys.executable, "-m", "sim.cli"]
SMALL = 20_000  # bytes: room for a plan, not for a part


def line(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Check that the command failed with one line on stderr that contains the words, and nothing on stdout."""
    assert done.returncode == 2, done
    assert done.stdout == ""
    assert re.fullmatch(r"error: [^\n]+\n", done.stderr), done.stderr
    assert all(word in done.stderr for word in words), done.stderr


def started(path: Path, plan: Plan = PLAN) -> Folder:
    """A study without any parts."""
    return Folder.at(path, plan)


def held(path: Path) -> tuple[Folder, list[str]]:
    """A study and a command that computes all of it but its last scenario, and then waits."""
    return started(path / "study"), study.faulty(path, held="truce-broken")


def test_the_same_bits_on_one_process_on_two_and_merged(tmp_path: Path) -> None:
    one, two, *shares = [started(tmp_path / name) for name in ("one", "two", "first", "second")]
    first = study.study("run", "--out", one.path, "--processes", 1, command=COMMAND)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.startswith(f"Complete: 4,800 worlds in {one.path}\n")
    assert study.study("run", "--out", two.path, "--processes", 2).returncode == 0
    for number, folder in enumerate(shares, 1):
        done = study.study("run", "--out", folder.path, "--share", f"{number}/2")
        assert "belong to other shares" in done.stdout
    merged = study.study("merge", tmp_path / "merged", *(folder.path for folder in shares))
    assert merged.stdout == f"8 parts merged into {tmp_path / 'merged'}; no part is missing\n"
    whole = studies.contents(one.path)
    assert len(whole) == 8
    for name in ("two", "merged"):
        assert studies.contents(tmp_path / name) == whole, name
    verdict = study.study("verify", tmp_path / "merged", "--repeat", "2")
    assert verdict.stdout == "8 parts are undamaged, 2 of them computed again with identical numbers\n"


def test_a_plan_is_run_by_its_file_and_gone_on_with(tmp_path: Path) -> None:
    for name, text in write_plan(PLAN).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    plan, out = tmp_path / "study.toml", tmp_path / "deep" / "study"
    done = study.study("run", plan, "--out", out, "--share", "1/2", "--json")
    assert (json.loads(done.stdout)["rows"], done.stderr) == (3200, "")
    line(study.study("run", plan, "--out", tmp_path), str(tmp_path), "contains no study")
    other = tmp_path / "other.toml"
    other.write_text(plan.read_text().replace("seed = 0", "seed = 1"), encoding="utf-8")
    line(study.study("run", other, "--out", out), str(out), "another plan")
    other.write_text(plan.read_text().replace("worlds = 400", "worlds = 0"), encoding="utf-8")
    line(study.study("run", other, "--out", tmp_path / "new"), "other.toml: worlds = 0", "expected 1 to")
    line(study.study("run", plan, "--out", tmp_path / "new", "--engine", "steam"), "no such engine")
    line(study.study("run", plan, "--out", tmp_path / "new", "--share", "2/1"), "share")
    line(study.study("run", plan, "--out", tmp_path / "new", "--processes", "0"), "processes")
    assert not (tmp_path / "new").exists()
    assert study.study("run", plan, "--out", out).stdout.startswith("Complete: 4,800 worlds")


def test_a_model_that_raises_or_kills_its_worker_stops_nothing_else(tmp_path: Path) -> None:
    folder = started(tmp_path / "study")
    bad = study.faulty(tmp_path, poison="free-run", wrong="no-review")
    done = study.study("run", "--out", folder.path, "--processes", 2, command=bad)
    assert done.returncode == 1, done
    assert "Not complete: 3,600 worlds" in done.stdout
    assert "In 1,200 of them the model failed" in done.stdout
    assert "1,200 x ArithmeticError: the model does not add up" in done.stdout
    assert "Skipped: free-run, points 0 to 1, worlds 0 to 399: tried 3 times: its worker died each time" in done.stdout
    state = json.loads(study.study("status", folder.path, "--json").stdout)
    assert (state["rows_done"], state["failed"], len(state["set_aside"]), state["complete"]) == (3600, 1200, 2, False)
    well = study.study("run", "--out", folder.path)
    assert well.returncode == 1, "the rows with errors stay"
    assert "Complete: 4,800 worlds" in well.stdout
    rows = folder.table(["scenario", "error"]).to_pandas()
    assert set(rows.scenario[rows.error.notna()]) == {"no-review"}
    assert folder.skipped_units() == []


def test_workers_that_all_die_are_not_blamed_on_the_units(tmp_path: Path) -> None:
    folder = started(tmp_path / "study", studies.plan(scenarios=tuple(
        replace(studies.scenario(), name=f"s{n}") for n in range(7)
    ), reference="s0"))  # fmt: skip
    script = tmp_path / "dying.py"
    script.write_text(DYING, encoding="utf-8")
    done = study.study("run", "--out", folder.path, command=[sys.executable, str(script)])
    line(done, "the first 5 units could not be computed: its worker died each time")
    assert study.study("run", "--out", folder.path).returncode == 0


def test_workers_end_with_a_run_that_is_killed(tmp_path: Path) -> None:
    folder, command = held(tmp_path)
    with study.start("run", "--out", folder.path, "--processes", 2, command=command) as process:
        study.until(folder.done, "the first part was there")
        study.until(lambda: len(study.workers(process.pid)) == 2, "both workers had started")
        everything = study.descendants(process.pid)
        assert len(everything) >= 3, "a fork server and two workers at least"
        study.kill(process.pid)
        study.until(lambda: not any(map(study.alive, everything)), "all had ended")


def test_a_killed_fork_server_loses_nothing_and_leaves_no_worker_behind(tmp_path: Path) -> None:
    """The study starts another server; the workers of the first end, although they were not killed."""
    folder, command = held(tmp_path)
    with study.start("run", "--out", folder.path, "--processes", 2, command=command) as process:
        study.until(lambda: len(folder.done()) == len(folder.keys()) - 2, "only the held units were left")
        study.until(lambda: len(study.workers(process.pid)) == 2, "both workers had started")
        (server,), before = study.fork_servers(process.pid), study.workers(process.pid)
        study.kill(server)
        study.until(lambda: not any(map(study.alive, before)), "the workers of the killed server had ended")
        study.until(lambda: study.workers(process.pid), "another worker had started")
        everything = study.descendants(process.pid)
        assert server not in everything
        study.let_go(tmp_path)
        out, err = process.communicate(timeout=study.PATIENCE)
    assert (process.returncode, err) == (0, "")
    assert out.startswith("Complete: 4,800 worlds")
    study.until(lambda: not any(map(study.alive, everything)), "nothing was left running")


def test_interrupted_it_says_so_and_leaves_whole_parts(tmp_path: Path) -> None:
    folder, command = held(tmp_path)
    with study.start("run", "--out", folder.path, command=command, start_new_session=True) as process:
        study.until(folder.done, "the first part was there")
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the workers also get it
        out, err = process.communicate(timeout=study.PATIENCE)
    assert (process.returncode, out) == (INTERRUPTED, "")
    assert err == "stopped; finished work is kept, and the same command resumes the study\n"
    assert study.study("verify", folder.path).returncode == 0


def test_interrupted_again_and_again_it_says_so_once(tmp_path: Path) -> None:
    """An impatient user presses Ctrl+C until the command has ended."""
    folder, command = held(tmp_path)
    with study.start("run", "--out", folder.path, command=command, start_new_session=True) as process:
        study.until(folder.done, "the first part was there")
        while process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            time.sleep(0.01)
        out, err = process.communicate(timeout=study.PATIENCE)
    assert (process.returncode, out) == (INTERRUPTED, "")
    assert err == "stopped; finished work is kept, and the same command resumes the study\n"


def test_two_runs_at_once(tmp_path: Path) -> None:
    folder, command = held(tmp_path)
    with study.start("run", "--out", folder.path, command=command) as process:
        study.until(folder.done, "the first part was there")
        line(study.study("run", "--out", folder.path), "another run is using this study", f"process {process.pid} on")
        state = json.loads(study.study("status", folder.path, "--json").stdout)
        assert state["running"]["pid"] == process.pid
        assert not state["complete"]
        words = study.study("status", folder.path).stdout
        assert f"Running, process {process.pid}" in words
        assert process.poll() is None, "the first goes on"
        study.kill(process.pid)
        process.communicate()
    assert "Not running: resume with jirga study run" in study.study("status", folder.path).stdout


def test_a_folder_of_another_model_version(tmp_path: Path) -> None:
    folder = started(tmp_path / "study")
    assert study.study("run", "--out", folder.path, "--share", "1/4").returncode == 0
    before = studies.contents(folder.path)
    file = folder.path / "manifest.json"
    file.write_text(file.read_text().replace(folder.model, "0" * 64))
    line(study.study("run", "--out", folder.path), str(folder.path), "another version of the model (000000000000,")
    line(study.study("merge", tmp_path / "out", folder.path), "another version of the model")
    assert studies.contents(folder.path) == before
    assert not (tmp_path / "out").exists()
    assert study.study("status", folder.path).returncode == 0, "it can still be read"


def test_a_full_disk(tmp_path: Path) -> None:
    """On a small disk; if none may be mounted, with a limit on the size of files instead."""
    disk = tmp_path / "disk"
    with study.mounted(disk, "512k") as small:
        folder = started(disk / "study")
        ballast = disk / "ballast"
        tight: dict[str, Any] = (
            {} if small else {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, SMALL))}
        )
        if small:
            room = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
            ballast.write_bytes(b"\0" * (room - 100_000))  # room for a part or two
        done = study.study("run", "--out", folder.path, "--processes", 2, **tight)
        line(done, str(folder.parts), "No space left on device" if small else "File too large")
        kept = studies.contents(folder.path)
        assert len(kept) < 8
        assert not [name for name in kept if name.startswith(".")], "nothing half-written is left"
        if small:
            line(study.study("run", "--out", disk / "other" / "study", "--processes", 2), "no such folder")
            line(study.study("merge", disk / "other", _whole(tmp_path).path), "No space left on device")
            assert not [file for file in disk.iterdir() if file.name.startswith(".")]
        ballast.unlink(missing_ok=True)
        assert study.study("run", "--out", folder.path).returncode == 0
        assert studies.contents(folder.path).items() >= kept.items()
        assert studies.contents(folder.path) == studies.contents(_whole(tmp_path).path)


def _whole(tmp_path: Path) -> Folder:
    """The same study, complete, on a disk with enough space."""
    folder = Folder.at(tmp_path / "whole", PLAN)
    if folder.missing():
        assert study.study("run", "--out", folder.path).returncode == 0
    return folder


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """On a read-only disk, if one may be mounted; and with a file in place of a folder, which also stops root."""
    disk = tmp_path / "disk"
    with study.mounted(disk, "4m") as real:
        folder = started(disk / "study")
        if real:
            assert study.study("run", "--out", folder.path, "--share", "1/4").returncode == 0
            study.read_only(disk)
            before = studies.contents(folder.path)
            line(study.study("run", "--out", folder.path), str(folder.path), "cannot be written", "Read-only")
            line(study.study("merge", disk / "other", folder.path), "cannot be written", "Read-only")
            assert studies.contents(folder.path) == before
            assert "2 of 8 parts" in study.study("status", folder.path).stdout
            assert study.study("verify", folder.path).returncode == 0
    other = started(tmp_path / "other")
    (other.path / ".lock").mkdir()
    line(study.study("run", "--out", other.path), str(other.path), "cannot be written: Is a directory")
    assert studies.contents(other.path) == {}


def test_a_bar_on_a_terminal_and_only_results_on_stdout(tmp_path: Path) -> None:
    folder = started(tmp_path)
    terminal, end = pty.openpty()
    with study.start("run", "--out", folder.path, "--json", stderr=end, env=os.environ | {"COLUMNS": "100"}) as process:
        os.close(end)
        shown = b""
        try:
            while chunk := os.read(terminal, 65536):
                shown += chunk
        except OSError:  # the terminal's other end is closed
            pass
        out, _ = process.communicate(timeout=study.PATIENCE)
    os.close(terminal)
    assert json.loads(out)["rows"] == 4800
    text = shown.decode()
    assert "of 4,800 worlds" in text
    assert "worlds per second" in text
    assert "left" in text


@pytest.mark.parametrize("verb", ["run", "status", "merge", "verify"])
def test_help_has_examples(verb: str) -> None:
    done = study.study(verb, "--help")
    assert done.returncode == 0
    assert "Examples:" in done.stdout
    assert f"jirga study {verb}" in done.stdout
