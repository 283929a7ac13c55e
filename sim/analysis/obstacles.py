"""What blocked talks, by removal: in which worlds lifting one condition alone would have opened them sooner.

That a condition is missing does not show that it matters: another one may be missing as well. Until talks open nothing
depends on the conditions, so the day on which they would have opened without one of them follows from the same run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.inputs.scenario import Scenario, check_scenario, validate_run
from sim.schema import arguments
from sim.schema.milestones import NEVER
from sim.schema.series import CONDITIONS, SERIES

CHUNK = 256  # worlds that are run at once

Days = npt.NDArray[np.signedinteger[Any]]


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
    scenario: Scenario, worlds: int = 256, seed: int = 0, *, progress: Callable[[int, int], None] | None = None
) -> list[Obstacle]:
    """Return one obstacle per condition for talks, in the order of CONDITIONS.

    progress: called with the worlds done and in all. Raises InputError for worlds or a seed out of bounds.
    """
    from sim.engine.model import PeaceProcess  # imports Mesa only when something is run

    check_scenario(scenario)
    worlds, seed = validate_run(worlds, seed)
    arguments.callback("progress", progress)
    opened, without, missing = [], [], np.zeros(len(CONDITIONS))
    waited = 0
    for first in range(0, worlds, CHUNK):
        model = PeaceProcess(scenario, min(CHUNK, worlds - first), seed, first, collect=False)
        record = model.run()
        opened.append(record.milestones.day["talks_open"])
        without.append(model.talks.open_without)
        before = np.cumsum(record.daily["talks_stage"] > 0, axis=0) == 0
        missing += [(record.daily[f"blocked_by_{one}"] * before).sum() for one in CONDITIONS]
        waited += int(before.sum())
        model.dispose()
        if progress is not None:
            progress(min(first + CHUNK, worlds), worlds)
    day, lifted = np.concatenate(opened), np.concatenate(without, axis=1)
    shares = missing / max(waited, 1)
    return [_obstacle(name, day, lifted[i], float(shares[i])) for i, name in enumerate(CONDITIONS)]


def _obstacle(condition: str, day: Days, lifted: Days, missing: float) -> Obstacle:
    """Return the obstacle. day: talks open; lifted: they would without the condition; both (worlds,) or NEVER."""
    possible, never = lifted != NEVER, day == NEVER
    sooner = possible & (never | (lifted < day))
    both = sooner & ~never
    days = float(np.median(day[both] - lifted[both])) if both.any() else float("nan")
    label = SERIES[f"blocked_by_{condition}"].label
    return Obstacle(condition, label, missing, float(sooner.mean()), float((sooner & never).mean()), days)
