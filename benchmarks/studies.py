"""The cost of a study compared with the engine alone: `make bench`. Compare ratios, not milliseconds.

The default sizes are for measurements and take about ten minutes; `--scale 0.01` only tests that it runs.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.tasks import engine
from sim import load_scenario
from sim.study.folder import Folder
from sim.study.plan import Plan
from tests.app.command import ROOT
from tests.app.study import children

OWN = 1000  # worlds to time the engine alone
ROUNDS = 5  # of the engine alone, before each study and after the last
COST, FEW, MANY = 100_000, 10_000, 200_000  # worlds of the studies
LEAST = 8000  # smallest number of worlds: some units for each worker
LOOK = 0.05  # seconds between measurements of memory


@dataclass(frozen=True)
class Run:
    """A complete run of `jirga study run`."""

    worlds: int
    seconds: float
    processor: float  # seconds of processor time, all its processes together
    peak: float  # MiB: the sum of the peaks of all its processes


def study(worlds: int, processes: int) -> Run:
    """Run `worlds` worlds of the baseline as a study in a new folder."""
    scenario = load_scenario("baseline")
    plan = Plan(title="A benchmark", scenarios=(scenario,), reference=scenario.name, worlds=worlds)
    with tempfile.TemporaryDirectory() as parent:
        folder = Folder.create(Path(parent) / "study", plan)
        words = [sys.executable, "-m", "sim.cli", "study", "run", "--out", str(folder.path), "-p", str(processes)]
        peaks: dict[int, int] = {}
        begun, used = time.perf_counter(), _processor(resource.RUSAGE_CHILDREN)
        with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL) as process:  # noqa: S603  our own command
            while process.poll() is None:
                for pid in (process.pid, *children(process.pid)):
                    peaks[pid] = max(peaks.get(pid, 0), _peak(pid))
                time.sleep(LOOK)
        seconds, used = time.perf_counter() - begun, _processor(resource.RUSAGE_CHILDREN) - used
        if process.returncode or folder.missing():
            raise SystemExit(f"the study of {worlds:,} worlds did not complete: exit code {process.returncode}")
    return Run(worlds, seconds, used, sum(peaks.values()) / 1024)


def _processor(whose: int) -> float:
    """Seconds of processor time so far."""
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


def _peak(pid: int) -> int:
    """The peak memory of a process so far in KiB; 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def alone() -> list[tuple[float, float]]:
    """Seconds per world of the engine alone, wall-clock and processor time, after one round of warm-up."""
    scenario = load_scenario("baseline")
    engine(scenario, OWN)
    found = []
    for _ in range(ROUNDS):
        begun, used = time.perf_counter(), _processor(resource.RUSAGE_SELF)
        engine(scenario, OWN)
        found.append(((time.perf_counter() - begun) / OWN, (_processor(resource.RUSAGE_SELF) - used) / OWN))
    return found


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="factor for the number of worlds in every study")
    scale = parser.parse_args().scale
    cost, few, many = (max(LEAST, int(scale * worlds)) for worlds in (COST, FEW, MANY))
    rounds = alone()
    one = study(cost, 1)
    rounds += alone()
    two = study(cost, 2)
    rounds += alone()
    small, large = study(few, 2), study(many, 2)
    console = Console()
    console.print(_costs(rounds, one, two))
    console.print(_memory(small, large))


def _costs(rounds: list[tuple[float, float]], one: Run, two: Run) -> Table:
    own, used = (median(times) for times in zip(*rounds, strict=True))
    table = Table("studies of the baseline, 306 days", "measured", "required")
    table.add_row(f"the engine alone, {OWN:,} worlds", f"{1000 * own:.2f} ms per world", "")
    table.add_row(
        f"a study of {one.worlds:,} worlds, 1 process", f"{1000 * one.seconds / one.worlds:.2f} ms per world", ""
    )
    table.add_row("compared with the engine alone", f"{one.seconds / one.worlds / own:.2f} times", "at most 1.15")
    table.add_row("the same in processor time", f"{one.processor / one.worlds / used:.2f} times", "")
    table.add_row("2 processes compared with 1", f"{one.seconds / two.seconds:.2f} times as fast", "at least 1.8")
    return table


def _memory(small: Run, large: Run) -> Table:
    table = Table("memory of all processes, 2 workers", "measured", "required")
    for run in (small, large):
        table.add_row(f"peak, {run.worlds:,} worlds", f"{run.peak:.0f} MiB", "")
    table.add_row("growth", f"{100 * (large.peak / small.peak - 1):+.1f} %", "within 10 %")
    return table


if __name__ == "__main__":
    main()
