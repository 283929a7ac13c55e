"""simulate(): many worlds of one scenario in one call."""

from sim.abreast import Progress, run_scenarios
from sim.assumptions import Assumptions
from sim.results import Results
from sim.scenario import Scenario


def simulate(
    scenario: Scenario,
    worlds: int = 1000,
    seed: int = 0,
    *,
    assumptions: Assumptions = "point",
    first: int = 0,
    progress: Progress | None = None,
) -> Results:
    """Run worlds `first` to `first + worlds - 1` of a seed under a scenario.

    assumptions: "point" takes every parameter at its value; with "ranges" world k draws its own value of
    every uncertain parameter from its range, the same under every scenario. progress: called with the
    world-days done and to do. Raises InputError for worlds, seed or assumptions out of bounds.
    """
    (found,) = run_scenarios([scenario], worlds, seed, first=first, assumptions=assumptions, progress=progress)
    return found
