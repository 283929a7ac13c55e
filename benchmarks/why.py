"""How long `jirga why` takes from its start to its last line, and a record of reasons beside a plain run.

`python -m benchmarks.why`, part of `make bench`: new processes, so that the time to start is part of it.
"""

import subprocess
import sys
import time
from statistics import median
from typing import Final

from rich.console import Console
from rich.table import Table

from sim import load_scenario, simulate
from sim.analysis.reasons.record import reasons

QUESTIONS: Final = {  # with the seconds that each may take on two cores
    "48 worlds of the baseline": (("--about", "talks_open"), 20),
    "one world": (("--about", "talks_open", "--world", "17"), 5),
    "one decision of one world": (("--about", "kabul.ghani.offer", "--world", "17"), 5),
}
PAIRS: Final = 5  # runs of one world, with and without a record


def main() -> None:
    """Measure and print."""
    table = Table("jirga why baseline", "seconds", "of one core", "at most")
    for name, (words, most) in QUESTIONS.items():
        wall, core = _asked(words)
        table.add_row(name, f"{wall:.1f}", f"{core:.1f}", f"{most}")
    Console().print(table)
    plain, record = _replayed()
    Console().print(f"one world: {plain:.2f} s of one core, with its record {record:.2f} s")


def _asked(words: tuple[str, ...]) -> tuple[float, float]:
    """Return the seconds of a question, by the clock and of one core."""
    import resource  # not on Windows

    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    line = [sys.executable, "-m", "sim.cli", "why", "baseline", *words]
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  the project's own command
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _replayed() -> tuple[float, float]:
    """Return the median seconds of a run of one world, without and with its record, in turn."""
    base = load_scenario("baseline")
    simulate(base, 1)
    seconds: tuple[list[float], list[float]] = ([], [])
    for world in range(PAIRS):
        times = [time.process_time()]
        simulate(base, 1, first=world)
        times.append(time.process_time())
        reasons(base, world)
        times.append(time.process_time())
        seconds[0].append(times[1] - times[0])
        seconds[1].append(times[2] - times[1])
    return median(seconds[0]), median(seconds[1])


if __name__ == "__main__":
    main()
