"""A study with a real Dask scheduler and real workers that are killed: the parts are the same, byte for byte."""

import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path

import pytest

from tests.app.command import ERROR, ROOT, process, succeed

pytestmark = pytest.mark.kills

SCENARIO = """
title = "Two weeks"
base = "baseline"
end = 2020-03-14
"""
PLAN = """
title = "For the cluster"
scenarios = ["two-weeks.toml"]
worlds = 64
[vary]
method = "grid"
[vary.settings]
"taliban.leverage" = { low = 0.1, high = 0.9, steps = 16 }
"kabul.ghani.offer" = { low = 100, high = 5000, steps = 12, from = 2020-03-10 }
[keep]
outcomes = ["attacks", "prisoners_released"]
"""
# Dask's command with workers that compute a unit for each file in a folder, which they take, and all once one is "all".
FRUGAL = """
import os, time
import sim.study.compute
from dask.cli import run_cli
real = sim.study.compute.compute
def taken():
    for name in os.listdir({given!r}):
        if name == "all":
            return True
        try:
            os.unlink(os.path.join({given!r}, name))
        except FileNotFoundError:
            continue  # the other worker was first
        return True
    return False
def frugal(task):
    while not taken():
        time.sleep(0.01)
    return real(task)
sim.study.compute.compute = frugal
if __name__ == "__main__":
    run_cli()
"""
HERE = os.environ | {"PYTHONPATH": str(ROOT)}
PATIENCE = 300  # seconds before a test gives up on a process


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plan")
    (folder / "two-weeks.toml").write_text(SCENARIO)
    (folder / "study.toml").write_text(PLAN)
    return folder / "study.toml"


@pytest.fixture(scope="module")
def undisturbed(plan: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The parts that a single process writes."""
    out = tmp_path_factory.mktemp("alone") / "study"
    succeed("study", "run", plan, "--out", out, "--processes", "1")
    return parts(out)


def parts(out: Path) -> dict[str, str]:
    """The SHA-256 of every part, by name; there are no other files."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in (out / "parts").iterdir()}


class Machines:
    """A scheduler and its workers, each in its own process, started by Dask's own commands."""

    def __init__(self, folder: Path) -> None:
        """folder: for the files that say how many units the workers may compute."""
        self.given, self._number = folder / "given", count()
        self.given.mkdir()
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.started: list[subprocess.Popen[bytes]] = []

    def scheduler(self) -> subprocess.Popen[bytes]:
        """Start the scheduler at its address."""
        return self._dask("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")

    def worker(self) -> subprocess.Popen[bytes]:
        """Start a worker without a nanny, so that killing it kills the work."""
        return self._dask("worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard")

    def let(self, units: int) -> None:
        """Let the workers compute this many more units."""
        for _ in range(units):
            (self.given / str(next(self._number))).touch()

    def let_all(self) -> None:
        """Let the workers compute all units."""
        (self.given / "all").touch()

    def answers(self) -> bool:
        """Whether the scheduler accepts connections."""
        with closing(socket.socket()) as line:
            return line.connect_ex(("127.0.0.1", self.port)) == 0

    def _dask(self, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", FRUGAL.format(given=str(self.given)), *words]
        quiet = subprocess.DEVNULL
        self.started.append(subprocess.Popen(command, env=HERE, stdout=quiet, stderr=quiet))
        return self.started[-1]

    def stop(self) -> None:
        """End all remaining processes."""
        for one in self.started:
            kill(one)


def kill(one: subprocess.Popen[bytes]) -> None:
    """Kill a process that this test started."""
    with suppress(ProcessLookupError):
        one.send_signal(signal.SIGKILL)
    one.communicate(timeout=PATIENCE)


@contextmanager
def machines(folder: Path) -> Iterator[Machines]:
    """A scheduler that accepts connections, and two workers."""
    found = Machines(folder)
    try:
        running = found.scheduler()
        found.worker(), found.worker()
        until(found.answers, running)
        yield found
    finally:
        found.stop()


def start(plan: Path, out: Path, address: str) -> subprocess.Popen[bytes]:
    """Start the study in a separate process."""
    command = [sys.executable, "-m", "sim.cli", "study", "run", str(plan), "--out", str(out), "--engine", address]
    return subprocess.Popen(command, env=HERE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def until(what: Callable[[], bool], running: subprocess.Popen[bytes]) -> None:
    """Wait until a condition holds while a process runs."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert running.poll() is None, "it ended too early"
        assert time.monotonic() < deadline, "nothing happens"
        time.sleep(0.02)


def written(out: Path) -> int:
    """The number of parts."""
    return len(list((out / "parts").glob("*.parquet"))) if (out / "parts").exists() else 0


def finish(running: subprocess.Popen[bytes]) -> str:
    """Wait for the end of a study, which must succeed."""
    _, complaints = running.communicate(timeout=PATIENCE)
    assert running.returncode == 0, complaints.decode()
    return complaints.decode()


def test_a_killed_worker_and_a_killed_scheduler_lose_nothing(
    plan: Path, tmp_path: Path, undisturbed: dict[str, str]
) -> None:
    out = tmp_path / "study"
    with machines(tmp_path) as found:
        scheduler, first, _ = found.started
        running = start(plan, out, found.address)
        found.let(2)
        until(lambda: written(out) == 2, running)
        kill(first)
        found.let(1)
        until(lambda: written(out) == 3, running)
        kill(scheduler)
        found.scheduler()
        found.worker(), found.worker()
        found.let_all()
        text = finish(running)
    assert "lost the scheduler" in text
    assert parts(out) == undisturbed


def test_a_killed_study_goes_on_with_another_engine(plan: Path, tmp_path: Path, undisturbed: dict[str, str]) -> None:
    out = tmp_path / "study"
    with machines(tmp_path) as found:
        running = start(plan, out, found.address)
        found.let(2)
        until(lambda: written(out) == 2, running)
        kill(running)
    assert written(out) == 2 < len(undisturbed)
    done = process("study", "run", "--out", str(out), "--engine", "dask", "--processes", "2", timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, "")
    assert parts(out) == undisturbed


def test_a_scheduler_that_is_not_there_is_a_clear_error(plan: Path, tmp_path: Path) -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        done = process(
            "study", "run", str(plan), "--out", str(tmp_path / "study"), "--engine", address, timeout=PATIENCE
        )
    assert (done.returncode, done.stdout) == (ERROR, "")
    assert re.fullmatch(r"error: [^\n]+\n", done.stderr), done.stderr
    assert address in done.stderr
    assert "no Dask scheduler answers" in done.stderr
    assert not (tmp_path / "study").exists()
