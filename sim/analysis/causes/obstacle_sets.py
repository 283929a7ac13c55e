"""Sets of conditions for talks, by removal: on which day talks would have opened without any one of them, or several.

Until talks open nothing depends on the conditions, so one run tells it for every set of conditions (see
`sim.analysis.obstacles` for single ones). Lifting more never opens them later.
"""

from typing import Any, Final

import numpy as np

from sim.analysis.causes.answer import SetResult
from sim.analysis.causes.oracle import Days, bit, members
from sim.analysis.causes.sets import minimal
from sim.analysis.reasons.record import DEGREES, Reasons
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
    return _minimal_sets(scenario, days_without(scenario, worlds, seed, first, assumptions))


def obstacle_sets_on_record(record: Reasons) -> tuple[SetResult, ...]:
    """Return the same for a single world, from its record."""
    if not record.scenario.resolved()["agreement.signed"]:
        return ()
    degrees = np.stack([record.days[name] for name in DEGREES], axis=1)[:, :, None]
    days = _first_days(degrees, record.draws["talks.open"][:, None], record.talks_due, record.opening_days)
    return _minimal_sets(record.scenario, days)


def _minimal_sets(scenario: Scenario, days: Days) -> tuple[SetResult, ...]:
    """Return the most frequent minimal sets. days: without each set, (sets, worlds)."""
    never = days[0] == NEVER
    found = minimal((days != NEVER) & never)
    counts = found.sum(axis=1)
    order = [int(one) for one in np.argsort(-counts, kind="stable") if counts[one]]
    calendar = Calendar(scenario.start, scenario.end)
    return tuple(
        SetResult(
            tuple(CONDITIONS[place] for place in members(one)),
            int(counts[one]),
            calendar.date(int(days[one, 0])) if days.shape[1] == 1 else None,
        )
        for one in order[:SHOWN]
    )


def days_without(scenario: Scenario, worlds: int, seed: int, first: int, assumptions: Assumptions) -> Days:
    """Return the day on which talks open without each set of conditions, or NEVER, int32 (sets, worlds)."""
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
    talks, signed = model.talks, model.signed
    model.dispose()
    if not signed:
        return np.full((bit(len(CONDITIONS)), worlds), NEVER, np.int32)
    return _first_days(np.stack(watch.degrees), np.stack(watch.luck), talks.due, talks.p.opening_days)


def _first_days(degrees: Any, luck: Any, due: int, opening_days: Any) -> Days:
    """Return the first day on which talks open without each set of conditions, or NEVER, int32 (sets, worlds).

    degrees: of each condition, (days, conditions, worlds); luck: of the opening of talks, (days, worlds); due: the day
    from which they can open. Once talks have opened the degrees are no longer those of a world without talks, so
    nothing later than that counts.
    """
    found = []
    for away in range(bit(len(CONDITIONS))):
        kept = [place for place in range(len(CONDITIONS)) if not away >> place & 1]
        would = luck < chance(np.multiply.reduce(degrees[:, kept], axis=1) / opening_days)
        would[: max(due, 0)] = False
        found.append(np.where(would.any(axis=0), would.argmax(axis=0), NEVER))
    days = np.array(found, np.int32)
    later = (days[0] != NEVER) & ((days == NEVER) | (days > days[0]))
    return np.where(later, days[0], days)


class _Watch:
    """Notes the degrees of the conditions, and the day's luck of opening, whenever talks are stepped."""

    def __init__(self, model: PeaceProcess) -> None:
        self.degrees: list[Any] = []
        self.luck: list[Any] = []
        stream, talks = model.talks.luck["open"], model.talks
        draw, step = stream.draw, talks.step

        def drawn() -> Any:
            found = draw()
            self.luck.append(found[0].copy())
            return found

        def stepped(day: int, given: Any, situation: Any) -> Any:
            self.degrees.append(conditions(given, talks.p))
            return step(day, given, situation)

        vars(stream)["draw"] = drawn
        vars(talks)["step"] = stepped
