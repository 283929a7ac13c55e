"""Two futures side by side: what was played before the teacher went back, and what was played instead."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sim.exercise.state import ExerciseState
from sim.exercise.world_cache import WorldCache
from sim.exercise.worlds import group_histories
from sim.schema.formatting import day, number
from sim.schema.milestones import MILESTONES
from sim.schema.outcomes import OUTCOMES

if TYPE_CHECKING:
    from sim.analysis.world_history import History

COUNTED: Final = ("attacks", "security_forces_killed", "prisoners_released", "us_troops")
DATED: Final = ("power_shared", "talks_open", "ceasefire")


@dataclass(frozen=True, slots=True)
class FutureRecord:
    """One outcome of a group in both futures, to the end of the last round that both have played."""

    back: int  # the round to which the teacher went back
    through: int  # the last round that both have played
    group: int
    label: str
    unit: str
    first: str  # before going back
    now: str


def futures(engine: WorldCache, state: ExerciseState) -> list[FutureRecord]:
    """Return every future that was left by going back and reaches a round that has been played again since."""
    found = []
    for left in state.earlier:
        through = min(left.played, state.played)
        if through >= left.back:
            both = zip(group_histories(engine, left, through), group_histories(engine, state, through), strict=True)
            for group, (first, now) in enumerate(both, start=1):
                found += _compared(left.back, through, group, first, now)
    return found


def _compared(back: int, through: int, group: int, first: "History", now: "History") -> list[FutureRecord]:
    counted = [
        FutureRecord(
            back, through, group, OUTCOMES[name].label, OUTCOMES[name].unit,
            *(number(float(one.results.outcomes[name].values[0])) for one in (first, now)),
        )
        for name in COUNTED
    ]  # fmt: skip
    dated = [
        FutureRecord(
            back, through, group, MILESTONES[name].label, "", *(day(one.milestone(name)) for one in (first, now))
        )
        for name in DATED
    ]
    return [*counted, *dated]
