"""A study in processes of its own: start it, find its workers, kill what belongs to it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.app.command import ROOT

PATIENCE = 300.0  # seconds until a test gives a process up
GATE = "gate"  # the file that a held scenario waits for

# The command with a model that fails or waits on purpose. A worker runs a script's top level too, so it does there.
FAULTY = """
import os, signal, time
import sim.runs.runner
real = sim.runs.runner.run_points
def faulty(scenario, *rest, **options):
    if scenario.name == {poison!r}:
        os.kill(os.getpid(), signal.SIGKILL)
    if scenario.name == {wrong!r}:
        raise ArithmeticError("the model does not add up")
    while scenario.name == {held!r} and not os.path.exists({gate!r}):
        time.sleep(0.01)
    return real(scenario, *rest, **options)
sim.runs.runner.run_points = faulty
if __name__ == "__main__":
    from sim.cli import main
    main()
"""


def faulty(folder: Path, *, poison: str = "", wrong: str = "", held: str = "") -> list[str]:
    """The command, with a scenario whose model kills its process, one whose model raises, one whose model waits.

    held: nothing of that scenario is computed, so that the study goes on, until `let_go` is called with the folder.
    """
    script = folder / "faulty.py"
    gate = str(folder / GATE)
    (folder / GATE).unlink(missing_ok=True)
    script.write_text(FAULTY.format(poison=poison, wrong=wrong, held=held, gate=gate), encoding="utf-8")
    return [sys.executable, str(script)]


def let_go(folder: Path) -> None:
    """Let the scenario that is held be computed, from now on."""
    (folder / GATE).touch()


class Running(subprocess.Popen[str]):
    """A process that is killed where its test fails, so that a failure is no hang."""

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        """Wait for its end, which is now if something went wrong."""
        if kind is not None:
            self.kill()
        super().__exit__(kind, *rest)


def start(*words: object, command: list[str] | None = None, **options: Any) -> Running:
    """The command in a process of its own."""
    whole = [*(command or [sys.executable, "-m", "sim.cli"]), "study", *map(str, words)]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": ROOT, "env": env}
    return Running(whole, **{**given, **options})


def study(*words: object, command: list[str] | None = None, **options: Any) -> subprocess.CompletedProcess[str]:
    """The command from start to end."""
    with start(*words, command=command, **options) as process:
        out, err = process.communicate(timeout=PATIENCE)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def workers(pid: int) -> list[int]:
    """The worker processes of a study, by its own process; without what else Python starts beside them."""
    found = []
    for child in children(pid):
        try:
            words = Path(f"/proc/{child}/cmdline").read_bytes()
        except OSError:
            continue  # it has just ended
        if b"spawn_main" in words:
            found.append(child)
    return found


def children(pid: int) -> list[int]:
    """The processes that a process has started and that are still there."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def alive(pid: int) -> bool:
    """Whether a process is at work, not ended and waiting to be cleared away."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def kill(pid: int) -> None:
    """SIGKILL, for a process that may have ended by itself."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def until(what: Any, said: str) -> None:
    """Wait for something to hold."""
    begun = time.monotonic()
    while not what():
        assert time.monotonic() - begun < PATIENCE, f"waited in vain until {said}"
        time.sleep(0.005)


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[bool]:
    """A small disk on a folder; False, and nothing is changed, where a test may not mount one."""
    folder.mkdir(exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "jirga-test", str(folder)]
    done = subprocess.run(words, check=False, capture_output=True)
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607  wherever the system has it


def read_only(folder: Path) -> None:
    """Let nothing more be written on a mounted disk."""
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)  # noqa: S607  as above
