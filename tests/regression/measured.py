"""What the regression baseline holds: the mean and spread of every outcome of some scenarios over a few worlds."""

import json
from pathlib import Path
from typing import Final

import numpy as np

from sim.ensemble import simulate
from sim.scenario_file import load_scenario

FILE: Final = Path(__file__).with_name("baseline.json")
WORLDS: Final = 128
SEED: Final = 7
SCENARIOS: Final = ("baseline", "free-run", "same-window-2019", "all-5000-at-once")

Moments = dict[str, float] | None  # mean and spread, or None for an outcome that no world has
Measured = dict[str, dict[str, Moments]]


def measure() -> Measured:
    """The mean and standard deviation over worlds of every outcome, by scenario; days over the worlds that get there."""
    found: Measured = {}
    for name in SCENARIOS:
        outcomes = simulate(load_scenario(name), WORLDS, SEED).outcomes
        found[name] = {str(outcome): _moments(outcomes[outcome].values) for outcome in outcomes.data_vars}
    return found


def _moments(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Moments:
    known = values[~np.isnan(values)]
    if not known.size:
        return None
    return {"mean": float(known.mean()), "spread": float(known.std())}


def recorded() -> Measured:
    """What the file holds. Raises OSError or ValueError if it is missing or not JSON."""
    held: Measured = json.loads(FILE.read_text(encoding="utf-8"))
    return held
