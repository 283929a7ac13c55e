"""The cost of a search for cliffs: a sample of its runs, and what all of them would take. Part of `make bench`."""

import argparse
import time
from typing import Final

from rich.console import Console
from rich.table import Table

from sim import load_scenario
from sim.analysis.cliff_sweeps import WORLDS, lever_sweeps, parameter_sweeps
from sim.analysis.cliffs import find_cliffs

SAMPLE: Final = 16  # parameters that are run


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cliffs")
    parser.add_argument("--worlds", type=int, default=WORLDS, help=f"how many worlds, {WORLDS} by default")
    worlds = parser.parse_args().worlds
    base = load_scenario("baseline")
    sweeps = {"parameters": parameter_sweeps(base), "levers": lever_sweeps()}
    sample = sweeps["parameters"][:: max(1, len(sweeps["parameters"]) // SAMPLE)]
    begun = time.process_time()
    find_cliffs(base, worlds, parameters=[one.name for one in sample], levers=[])
    each = (time.process_time() - begun) / (1 + sum(len(one.values) for one in sample))
    table = Table(f"search for cliffs, baseline, {worlds:,} worlds, one core", "settings", "runs", "seconds")
    table.add_row("a sample, measured, per run", f"{len(sample)}", "1", f"{each:.2f}")
    for name, some in sweeps.items():
        runs = sum(len(one.values) for one in some)
        table.add_row(f"all {name}, estimated", f"{len(some)}", f"{runs}", f"{runs * each:.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()
