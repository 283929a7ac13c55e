"""On which day talks would have opened without some of their conditions, from one run.

Until talks open nothing depends on the conditions, so the degrees of the conditions and the day's luck tell it for
every set of them. Lifting more never opens talks later.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.engine.hazard import chance
from sim.inputs.scenario import Scenario
from sim.runs.parameter_sampling import world_parameters
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from sim.schema.milestones import NEVER
from sim.schema.series import CONDITIONS

Days = npt.NDArray[np.int32]
Array = npt.NDArray[Any]
Progress = Callable[[int, int], None]

CHUNK: Final = 256  # worlds that are run at once
EVERY_SET: Final = 2 ** len(CONDITIONS)


@dataclass(frozen=True, slots=True)
class Removals:
    """What the removal of conditions does in some worlds.

    days: on which talks open without each set of conditions, or NEVER, (sets, worlds); the bits of a set's place are
    its conditions, so that the first row is of talks as they are. blocked: days before talks on which each condition
    is missing, over all worlds, (conditions,); waited: days before talks in all worlds.
    """

    days: Days
    blocked: Array
    waited: int

    def without(self, condition: str) -> Days:
        """Return the days without one condition alone, (worlds,)."""
        return self.days[1 << CONDITIONS.index(condition)]


def run_removals(
    scenario: Scenario,
    worlds: int,
    seed: int,
    first: int = 0,
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
    progress: Progress | None = None,
) -> Removals:
    """Run some worlds, and return what the removal of every set of conditions does. All arguments as in `simulate`.

    progress: called with the worlds done and in all.
    """
    parts = []
    for low in range(0, worlds, CHUNK):
        count = min(CHUNK, worlds - low)
        parts.append(_chunk(scenario, count, seed, first + low, assumptions))
        if progress is not None:
            progress(low + count, worlds)
    days = np.concatenate([one.days for one in parts], axis=1)
    blocked = np.sum([one.blocked for one in parts], axis=0)
    return Removals(days, blocked, sum(one.waited for one in parts))


def first_days(degrees: Array, luck: Array, due: int, opening_days: Any) -> Days:
    """Return the first day on which talks open without each set of conditions, or NEVER, int32 (sets, worlds).

    degrees: how far each condition is met, (days, conditions, worlds); luck: of the opening of talks, (days, worlds);
    due: the day from which they can open. Once talks have opened the degrees are no longer those of a world without
    talks, so nothing later than that counts.
    """
    found = []
    for away in range(EVERY_SET):
        kept = [place for place in range(len(CONDITIONS)) if not away >> place & 1]
        would = luck < chance(np.multiply.reduce(degrees[:, kept], axis=1) / opening_days)
        would[: max(due, 0)] = False
        found.append(np.where(would.any(axis=0), would.argmax(axis=0), NEVER))
    days = np.array(found, np.int32)
    later = (days[0] != NEVER) & ((days == NEVER) | (days > days[0]))
    return np.where(later, days[0], days)


def _chunk(scenario: Scenario, worlds: int, seed: int, first: int, assumptions: Assumptions) -> Removals:
    """Return the removals of worlds that are run at once."""
    from sim.engine.model import PeaceProcess  # imports Mesa only when something is run

    parameters = world_parameters(scenario, assumptions, seed, worlds, first)
    model = PeaceProcess(scenario, worlds, seed, first, parameters, collect=False)
    talks, degrees, luck = model.talks, [], []
    while model.running:
        model.step()
        degrees.append(talks.degrees)
        luck.append(talks.luck["open"].latest[0].copy())
    before = np.cumsum(model.record.daily["talks_stage"] > 0, axis=0) == 0
    blocked = np.array([(model.record.daily[f"blocked_by_{one}"] * before).sum() for one in CONDITIONS])
    days = np.full((EVERY_SET, worlds), NEVER, np.int32)
    if model.signed:
        days = first_days(np.stack(degrees), np.stack(luck), talks.due, talks.p.opening_days)
    model.dispose()
    return Removals(days, blocked, int(before.sum()))
