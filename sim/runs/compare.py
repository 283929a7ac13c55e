"""compare(): run two scenarios over the same worlds and pair the results by world."""

from sim.inputs.scenario import Scenario, check_same_days
from sim.results.comparison import Comparison
from sim.runs.runner import Progress, run_scenarios
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions


def compare(
    a: Scenario,
    b: Scenario,
    worlds: int = 1000,
    seed: int = 0,
    *,
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
    progress: Progress | None = None,
) -> Comparison:
    """Run two scenarios over the same worlds and return the paired comparison.

    worlds, seed, assumptions: as in `simulate`, the same for both; progress: called with the world-days done and
    the world-days in all, over both runs. Raises InputError for scenarios over different days, before anything
    runs, and as `simulate` does.
    """
    check_same_days((a, b))
    return Comparison(*run_scenarios((a, b), worlds, seed, assumptions=assumptions, progress=progress))
