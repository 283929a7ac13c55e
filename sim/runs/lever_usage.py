"""Which values the actors usually choose for each lever."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engine.model import PeaceProcess
from sim.inputs.scenario import Scenario, check_scenario, validate_run
from sim.results.milestone_summary import BAND
from sim.results.results import Array, Results
from sim.runs.runner import Batch
from sim.schema.decisions import Lever, levers


@dataclass(frozen=True, slots=True)
class LeverUsage:
    """One lever over the days and worlds of a run, in its own unit; for a flag the values are shares of "yes"."""

    lever: str
    median: float  # the share of world-days for a flag
    low: float  # the 90 % band of world-days
    high: float
    imposed: bool  # whether the scenario imposes it on some day


class _DecisionLogger(PeaceProcess):
    """The model, with every decision recorded."""

    def __init__(self, scenario: Scenario, worlds: int, seed: int) -> None:
        super().__init__(scenario, worlds, seed, collect=False)
        self.decided: dict[str, list[Array]] = {name: [] for name in levers()}

    def _decide(self) -> dict[str, Any]:
        """Decide as usual, and record the decisions."""
        decisions = super()._decide()
        for name, lever in levers().items():
            self.decided[name].append(getattr(decisions[lever.actor], lever.field))
        return decisions


def run_with_usage(scenario: Scenario, worlds: int = 64, seed: int = 0) -> tuple[Results, dict[str, LeverUsage]]:
    """Return the results that `simulate` gives, and the values of each lever over all days and worlds.

    Raises InputError as `simulate` does for worlds or seed out of bounds.
    """
    check_scenario(scenario)
    worlds, seed = validate_run(worlds, seed)
    model = _DecisionLogger(scenario, worlds, seed)
    model.run()
    batch = Batch.empty(scenario, 1, worlds, 0)
    batch.store(model, np.arange(worlds))
    imposed = {one.lever for one in scenario.interventions}
    usual = {
        name: _usual(lever, np.stack(model.decided[name]), imposed=name in imposed) for name, lever in levers().items()
    }
    return batch.results(0, scenario, seed, "point"), usual


def _usual(lever: Lever, decided: Array, *, imposed: bool) -> LeverUsage:
    """Return the usage of one lever. decided: (days, worlds)."""
    values = decided.astype(np.float64)
    if lever.flag:
        low = median = high = float(values.mean())
    else:
        low, median, high = (float(q) for q in np.quantile(values, (BAND[0], 0.5, BAND[1])))
    return LeverUsage(lever.name, median, low, high, imposed)
