"""Sets of conditions for talks, by removal: on which day talks would have opened without any one of them, or several.

Until talks open nothing depends on the conditions, so one run tells it for every set of conditions (see
`sim.analysis.obstacles` for single ones). Lifting more never opens them later.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from sim.analysis.causes.answer import SetResult
from sim.analysis.causes.oracle import Days, bit, members
from sim.analysis.causes.sets import minimal
from sim.engine.hazard import chance
from sim.engine.model import PeaceProcess
from sim.engine.talks import conditions
from sim.inputs.scenario import Scenario
from sim.runs.parameter_sampling import Assumptions, world_parameters
from sim.schema.calendar import Calendar
from sim.schema.milestones import NEVER
from sim.schema.series import CONDITIONS

CHUNK: Final = 256  # worlds that are run at once
SHOWN: Final = 5  # sets that are kept


def obstacle_sets(
    scenario: Scenario, worlds: int, seed: int, first: int = 0, assumptions: Assumptions = "point"
) -> tuple[SetResult, ...]:
    """Return the minimal sets of conditions that keep talks from opening, the most frequent first.

    They are of the worlds in which talks never open. With a single world each set has the date on which talks would
    have opened without it.
    """
    days = days_without(scenario, worlds, seed, first, assumptions)
    never = days[0] == NEVER
    found = minimal((days != NEVER) & never)
    counts = found.sum(axis=1)
    order = [int(one) for one in np.argsort(-counts, kind="stable") if counts[one]]
    calendar = Calendar(scenario.start, scenario.end)
    return tuple(
        SetResult(
            tuple(CONDITIONS[place] for place in members(one)),
            int(counts[one]),
            calendar.date(int(days[one, 0])) if worlds == 1 else None,
        )
        for one in order[:SHOWN]
    )


def days_without(scenario: Scenario, worlds: int, seed: int, first: int, assumptions: Assumptions) -> Days:
    """Return the day on which talks open without each set of conditions, or NEVER, int16 (sets, worlds)."""
    parts = [
        _chunk(scenario, min(CHUNK, worlds - low), seed, first + low, assumptions) for low in range(0, worlds, CHUNK)
    ]
    return np.concatenate(parts, axis=1)


def _chunk(scenario: Scenario, worlds: int, seed: int, first: int, assumptions: Assumptions) -> Days:
    """Return the same for worlds that are run at once."""
    parameters = world_parameters(scenario, assumptions, seed, worlds, first)
    model = PeaceProcess(scenario, worlds, seed, first, parameters, collect=False)
    watch = _Watch(model)
    model.run()
    model.dispose()
    return watch.days


class _Watch:
    """Looks at the degrees of the conditions and at the day's luck, whenever talks are stepped."""

    def __init__(self, model: PeaceProcess) -> None:
        self.talks, self.signed = model.talks, model.signed
        self.kept = [
            [place for place in range(len(CONDITIONS)) if not away >> place & 1] for away in range(bit(len(CONDITIONS)))
        ]
        self.days = np.full((len(self.kept), model.worlds), NEVER, np.int16)
        self.luck: Any = None
        stream = model.talks.luck["open"]
        vars(stream)["draw"] = self._noted(stream.draw)
        vars(model.talks)["step"] = self._watched(model.talks.step)

    def _noted(self, draw: Callable[[], Any]) -> Any:
        def noted() -> Any:
            self.luck = draw()
            return self.luck

        return noted

    def _watched(self, step: Any) -> Any:
        def watched(day: int, given: Any, situation: Any) -> Any:
            degrees, before = conditions(given, self.talks.p), self.talks.stage.copy()
            found = step(day, given, situation)
            if self.signed and day >= self.talks.due:
                self._note(day, degrees, before)
            return found

        return watched

    def _note(self, day: int, degrees: Any, stage: Any) -> None:
        """Note the sets without which talks would open today for the first time. stage: before today, (worlds,)."""
        open_before = (self.days[0] != NEVER) | (stage > 0)
        for place, kept in enumerate(self.kept):
            would = self.luck[0] < chance(np.multiply.reduce(degrees[kept]) / self.talks.p.opening_days)
            np.copyto(self.days[place], day, where=would & ~open_before & (self.days[place] == NEVER))
        opened = (self.days[0] == day) & ~open_before
        np.copyto(self.days, day, where=opened & (self.days == NEVER))
