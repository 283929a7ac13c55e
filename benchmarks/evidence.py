"""How long scores and discovery take: `python -m benchmarks.evidence`. Limits: 5 s beyond the run, and 30 s."""

import argparse
import time
from collections.abc import Callable

import numpy as np
from rich.console import Console
from rich.table import Table

import sim
from sim.analysis.discovery.discovery import discover_box
from sim.analysis.scoring.observation_reader import EXAMPLE, read_observations
from sim.analysis.scoring.score import score_run

POINTS, FEATURES = 5000, 20
SCORE_LIMIT, DISCOVERY_LIMIT = 5.0, 30.0  # seconds


def main() -> None:
    """Print the time of both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=1000, help="that are scored")
    worlds = parser.parse_args().worlds
    results = sim.simulate(sim.load_scenario("baseline"), worlds)
    draw = np.random.default_rng(0)
    features = {f"x{number}": draw.random(POINTS) for number in range(FEATURES)}
    hits = draw.random(POINTS) < np.where((features["x3"] < 0.4) & (features["x7"] > 0.55), 0.9, 0.1)
    table = Table("what", "seconds", "limit")
    timed: tuple[tuple[str, float, Callable[[], object]], ...] = (
        (f"score of {worlds:,} worlds, beyond the run", SCORE_LIMIT,
         lambda: score_run(read_observations(EXAMPLE), results)),
        (f"discovery on {POINTS:,} points, {FEATURES} candidates", DISCOVERY_LIMIT,
         lambda: discover_box(features, hits)),
    )  # fmt: skip
    for what, limit, run in timed:
        begun = time.perf_counter()
        run()
        table.add_row(what, f"{time.perf_counter() - begun:.2f}", f"{limit:g}")
    Console().print(table)


if __name__ == "__main__":
    main()
