"""What blocked talks, by removal: in which worlds lifting one condition alone would have opened them sooner.

That a condition is missing does not show that it matters: another one may be missing as well.
"""

from dataclasses import dataclass

import numpy as np

from sim.analysis.removals import Progress, Removals, run_removals
from sim.inputs.scenario import Scenario, check_scenario, validate_run
from sim.runs.parameter_sampling import check_readable
from sim.schema import arguments
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from sim.schema.milestones import NEVER
from sim.schema.series import CONDITIONS, SERIES


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One condition for talks, and what lifting it alone would have changed."""

    condition: str  # a name in CONDITIONS
    label: str
    missing: float  # share of the days before talks on which it blocks them, over all worlds
    sooner: float  # share of worlds in which talks would have opened sooner without it
    only: float  # share of worlds in which talks open only without it
    days: float  # median number of days by which they would have opened sooner; NaN where they never open either way


def find_obstacles(
    scenario: Scenario,
    worlds: int = 256,
    seed: int = 0,
    *,
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
    progress: Progress | None = None,
) -> list[Obstacle]:
    """Return one obstacle per condition for talks, in the order of CONDITIONS.

    progress: called with the worlds done and in all. Raises InputError for worlds, a seed or assumptions out of bounds.
    """
    check_scenario(scenario)
    worlds, seed = validate_run(worlds, seed)
    check_readable(assumptions)
    arguments.callback("progress", progress)
    return obstacles_of(run_removals(scenario, worlds, seed, assumptions=assumptions, progress=progress))


def obstacles_of(removals: Removals) -> list[Obstacle]:
    """Return one obstacle per condition for talks, in the order of CONDITIONS, from removals that were run."""
    missing = removals.blocked / max(removals.waited, 1)
    return [_obstacle(removals, name, float(missing[place])) for place, name in enumerate(CONDITIONS)]


def _obstacle(removals: Removals, condition: str, missing: float) -> Obstacle:
    """Return the obstacle. missing: its share of the days before talks."""
    day, lifted = removals.days[0], removals.without(condition)
    possible, never = lifted != NEVER, day == NEVER
    sooner = possible & (never | (lifted < day))
    both = sooner & ~never
    days = float(np.median(day[both] - lifted[both])) if both.any() else float("nan")
    label = SERIES[f"blocked_by_{condition}"].label
    return Obstacle(condition, label, missing, float(sooner.mean()), float((sooner & never).mean()), days)
