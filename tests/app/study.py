"""Run a study in this process or in a separate one; find its workers, kill them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.app.command import ROOT, jirga

PATIENCE = 300.0  # seconds until a test gives up on a process
GATE = "gate"  # the file that a held scenario waits for

# The command with a model that fails or waits on purpose in its workers, which run a script's top level too.
FAULTY = """
import os, signal, time
if __name__ == "__main__":
    from sim.cli import main
    main()
else:
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
"""


def faulty(folder: Path, *, poison: str = "", wrong: str = "", held: str = "") -> list[str]:
    """The command, with one scenario whose model kills its process, one whose model raises, and one whose model waits.

    held: nothing of that scenario is computed, so that the study goes on, until `let_go` is called with the folder.
    """
    script = folder / "faulty.py"
    gate = str(folder / GATE)
    (folder / GATE).unlink(missing_ok=True)
    script.write_text(FAULTY.format(poison=poison, wrong=wrong, held=held, gate=gate), encoding="utf-8")
    return [sys.executable, str(script)]


def let_go(folder: Path) -> None:
    """Release the held scenario."""
    (folder / GATE).touch()


class Running(subprocess.Popen[str]):
    """A process that is killed where its test fails, so that a failure is no hang."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for its end, which is now if something went wrong."""
        if kind is not None:
            self.kill()
        super().__exit__(kind, error, trace)


def start(*words: object, command: list[str] | None = None, **options: Any) -> Running:
    """Start the command in a separate process."""
    whole = [*(command or [sys.executable, "-m", "sim.cli"]), "study", *map(str, words)]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": ROOT, "env": env}
    return Running(whole, **{**given, **options})


def study(*words: object, command: list[str] | None = None, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command to its end: in this process, or in a separate one if a command or options of it are given."""
    if command is None and not options:
        given = ["study", *map(str, words)]
        done = jirga(*given)
        return subprocess.CompletedProcess(given, done.exit_code, done.stdout, done.stderr)
    with start(*words, command=command, **options) as process:
        out, err = process.communicate(timeout=PATIENCE)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def workers(pid: int) -> list[int]:
    """The worker processes of a study process, which its fork server started."""
    return [worker for server in fork_servers(pid) for worker in children(server)]


def fork_servers(pid: int) -> list[int]:
    """The fork server of a study process, if it has started."""
    return [child for child in children(pid) if b"multiprocessing.forkserver" in command_line(child)]


def descendants(pid: int) -> list[int]:
    """All processes that a study process started: helpers of Python, the fork server, workers."""
    return [one for child in children(pid) for one in (child, *descendants(child))]


def command_line(pid: int) -> bytes:
    """How a process was started; empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def children(pid: int) -> list[int]:
    """The running child processes of a process."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def alive(pid: int) -> bool:
    """Whether a process is running, and not a zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def kill(pid: int) -> None:
    """Kill a process that may have ended already."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def until(what: Any, said: str) -> None:
    """Wait until a condition holds."""
    begun = time.monotonic()
    while not what():
        assert time.monotonic() - begun < PATIENCE, f"waited in vain until {said}"
        time.sleep(0.005)


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[bool]:
    """Mount a small disk on a folder; yield False without changes if mounting is not allowed."""
    folder.mkdir(exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "jirga-test", str(folder)]
    done = subprocess.run(words, check=False, capture_output=True)
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607  its path depends on the system


def read_only(folder: Path) -> None:
    """Make a mounted disk read-only."""
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)  # noqa: S607  as above
