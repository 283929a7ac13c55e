"""How long `jirga why` takes from its start to its last line, the first answer of a page, and what a record costs.

`python -m benchmarks.why`, part of `make bench`: new processes, so that the time to start is part of it.
"""

import subprocess
import sys
import time
from statistics import median
from typing import Final

import numpy as np
from rich.console import Console
from rich.table import Table

from dashboard.runs import why_job
from sim import load_scenario, simulate
from sim.analysis.causes.why import answered, check_question
from sim.analysis.reasons.record import reasons
from sim.results.intervals import median_interval

QUESTIONS: Final = {  # with the seconds that each may take on two cores
    "48 worlds of the baseline": (("--about", "talks_open"), 20),
    "one world": (("--about", "talks_open", "--world", "17"), 5),
    "one decision of one world": (("--about", "kabul.ghani.offer", "--world", "17"), 5),
}
PAIRS: Final = 5  # runs of one world, with and without a record
WORLDS: Final = 256  # of the runs without a record
ROUNDS: Final = 12  # pairs of such runs: before anything is recorded, and after
MOST: Final = 0.03  # by which the second may take longer
FIRST: Final = 3  # seconds until the first answer on a page, on two cores


def main() -> None:
    """Measure and print."""
    table = Table("jirga why baseline", "seconds", "of one core", "at most")
    for name, (words, most) in QUESTIONS.items():
        wall, core = _asked(words)
        table.add_row(name, f"{wall:.1f}", f"{core:.1f}", f"{most}")
    Console().print(table)
    plain, record = _replayed()
    Console().print(f"one world: {plain:.2f} s of one core, with its record {record:.2f} s")
    ratio, low, high = _recording_off()
    Console().print(
        f"{WORLDS} worlds after a record, recording off: {ratio:.3f} of the time without any record, median of "
        f"{ROUNDS} pairs ({low:.3f} to {high:.3f}; at most {1 + MOST:.2f})"
    )
    for name, world in (("one world", 17), ("many worlds", None)):
        Console().print(f"first answer of a page, {name}: {_first(world):.1f} s of one core (at most {FIRST} s)")


def _asked(words: tuple[str, ...]) -> tuple[float, float]:
    """Return the seconds of a question, by the clock and of one core."""
    import resource  # not on Windows

    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    line = [sys.executable, "-m", "sim.cli", "why", "baseline", *words]
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  the project's own command
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _recording_off() -> tuple[float, float, float]:
    """Return how long worlds take after one was recorded, by how long they take otherwise: median and its interval.

    The runs of a pair follow each other, every second pair in the other order, so that a busy machine slows both.
    """
    base = load_scenario("baseline")
    ratios = []
    for place in range(ROUNDS):
        seconds = [0.0, 0.0]
        for recorded in (False, True) if place % 2 else (True, False):
            if recorded:
                reasons(base, place)
            begun = time.process_time()
            simulate(base, WORLDS, place)
            seconds[recorded] = time.process_time() - begun
        ratios.append(seconds[True] / seconds[False])
    low, high = median_interval(np.array(ratios))
    return median(ratios), low, high


def _first(world: int | None) -> float:
    """Return the seconds of one core until the first answer about talks, as a page computes it."""
    worlds = None if world is not None else why_job.FIRST
    asked = check_question(load_scenario("baseline"), "talks_open", world, None, None, worlds, 0, "point")
    begun = time.process_time()
    answered(asked, alone=True)
    return time.process_time() - begun


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
