"""The content of the regression baseline: mean and spread of every outcome of some scenarios over a few worlds."""

import json
from pathlib import Path
from typing import Final

import numpy as np

from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario
from sim.runs.runner import simulate
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions

FILE: Final = Path(__file__).with_name("baseline.json")
WORLDS: Final = 128
SEED: Final = 7
SCENARIOS: Final = ("baseline", "free-run", "same-window-2019", "all-5000-at-once")
TYPICAL: Final = "baseline, typical assumptions"  # which no set of the posterior can move

Moments = dict[str, float] | None  # mean and spread, or None for an outcome that no world has
Measured = dict[str, dict[str, Moments]]


def measure() -> Measured:
    """Return the moments of every reference scenario."""
    found = {name: moments(load_scenario(name)) for name in SCENARIOS}
    return found | {TYPICAL: moments(load_scenario(SCENARIOS[0]), "point")}


def moments(scenario: Scenario, assumptions: Assumptions = DEFAULT_ASSUMPTIONS) -> dict[str, Moments]:
    """Return mean and standard deviation of every outcome over worlds; for days, over the worlds that reach it."""
    outcomes = simulate(scenario, WORLDS, SEED, assumptions=assumptions).outcomes
    return {str(outcome): _moments(outcomes[outcome].values) for outcome in outcomes.data_vars}


def _moments(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Moments:
    known = values[~np.isnan(values)]
    if not known.size:
        return None
    return {"mean": float(known.mean()), "spread": float(known.std())}


def recorded() -> Measured:
    """Return the content of the file. Raises OSError or ValueError if it is missing or not JSON."""
    held: Measured = json.loads(FILE.read_text(encoding="utf-8"))
    return held
