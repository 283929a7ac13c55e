"""Minimal sets of conditions for talks that keep them from opening, by removal."""

from typing import Final

from sim.analysis.causes.answer import SetResult
from sim.analysis.causes.oracle import members
from sim.analysis.causes.sets import minimal
from sim.analysis.removals import Days
from sim.inputs.scenario import Scenario
from sim.schema.calendar import Calendar
from sim.schema.milestones import NEVER
from sim.schema.series import CONDITIONS

SHOWN: Final = 5  # sets that are kept


def obstacle_sets(scenario: Scenario, days: Days) -> tuple[SetResult, ...]:
    """Return the minimal sets of conditions that keep talks from opening, the most frequent first.

    They are of the worlds in which talks never open. days: on which talks open without each set, as in `Removals`; if
    they are of a single world, each set has the date on which talks would have opened without it.
    """
    never = days[0] == NEVER
    found = minimal((days != NEVER) & never)
    counts = found.sum(axis=1)
    order = sorted((one for one in range(len(counts)) if counts[one]), key=lambda one: -counts[one])
    calendar = Calendar(scenario.start, scenario.end)
    return tuple(
        SetResult(
            tuple(CONDITIONS[place] for place in members(one)),
            int(counts[one]),
            calendar.date(int(days[one, 0])) if days.shape[1] == 1 else None,
        )
        for one in order[:SHOWN]
    )
