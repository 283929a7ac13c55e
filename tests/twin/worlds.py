"""Many worlds of the twin, run with `mesa.batch_run` in two processes."""

from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from typing import Any

import mesa

from tests.twin.model import OUTCOMES, Twin

_CHUNK = 10  # worlds handed to a process at once
_AMPLE = 10_000  # steps: a model stops by itself


def play(scenario: str, seeds: list[int]) -> list[dict[str, Any]]:
    """Return the last row of the data collector of each world, in the order of the seeds."""
    return mesa.batch_run(
        Twin, {"scenario": scenario, "seed": seeds}, number_processes=1, max_steps=_AMPLE, display_progress=False
    )


def outcomes(scenario: str, seeds: list[int], processes: int = 2) -> dict[str, list[float]]:
    """Return every outcome, one value per seed. The processes are spawned, which is safe under threads."""
    parts = [seeds[start : start + _CHUNK] for start in range(0, len(seeds), _CHUNK)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        rows = [row for part in pool.map(play, repeat(scenario), parts) for row in part]
    return {name: [row[f"outcome_{name}"] for row in rows] for name in OUTCOMES}
