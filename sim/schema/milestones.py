"""Milestones: events that are recorded when they first happen, with day and reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

NEVER = -1

_DECIDED = ("imposed by the scenario", "decided by the actor")
_CONDITIONS = (
    "prisoners released to the Taliban's satisfaction",
    "one Kabul delegation",
    "the Taliban willing",
    "violence both sides tolerate",
    "the US guarantee intact",
)
_RELEASED = ("with a pledge", "without a pledge")
_TROOPS = ("at the planned pace", "behind the plan", "ahead of the plan")


@dataclass(frozen=True, slots=True)
class Milestone:
    """An event recorded when it first happens. `reasons` lists the possible reasons; records contain an index to it."""

    name: str
    label: str
    about: str
    reasons: tuple[str, ...]
    level: int = 0  # the number of people or troops at which it is reached, if it has one


_ALL = (
    Milestone("decree", "Decree on prisoners", "Kabul first offers prisoners", _DECIDED),
    Milestone(
        "rejection",
        "Taliban reject the decree",
        "The Taliban reject an offer",
        ("fewer offered than demanded", "a pledge required"),
    ),
    Milestone(
        "suspension",
        "Releases put off",
        "The list is put under review while there is an offer",
        ("imposed by the scenario", "reluctance to give up leverage", "violence"),
    ),
    Milestone("first_release", "First release", "The first prisoner is released", _RELEASED, level=1),
    Milestone("released_1000", "1,000 released", "1,000 prisoners are released", _RELEASED, level=1000),
    Milestone("released_1500", "1,500 released", "1,500 prisoners are released", _RELEASED, level=1500),
    Milestone("released_5000", "5,000 released", "5,000 prisoners are released", _RELEASED, level=5000),
    Milestone(
        "power_shared",
        "Power shared in Kabul",
        "The rival camps agree on a share of power",
        ("imposed by the scenario", "US pressure", "US aid withheld", "the camps' own terms met"),
    ),
    Milestone("talks_open", "Talks open", "All five conditions are met; the reason is the last one met", _CONDITIONS),
    Milestone("ceasefire", "Ceasefire", "Talks reach a ceasefire", ("agreed in talks",)),
    Milestone("settlement", "Settlement", "Talks reach a settlement", ("agreed in talks",)),
    Milestone(
        "agreement_broken",
        "Agreement broken",
        "The truce with the coalition is broken for too long",
        ("the scenario broke the truce", "the Taliban lost trust in the US"),
    ),
    Milestone("us_at_8600", "US troops at 8,600", "At most 8,600 US troops are left", _TROOPS, level=8600),
    Milestone("us_at_5000", "US troops at 5,000", "At most 5,000 US troops are left", _TROOPS, level=5000),
)

MILESTONES: dict[str, Milestone] = {m.name: m for m in _ALL}


@dataclass(slots=True)
class MilestoneBook:
    """The milestones of a run: the first day, or NEVER, and the index of the reason, by milestone and world."""

    worlds: int
    day: dict[str, npt.NDArray[np.int32]] = field(init=False)
    reason: dict[str, npt.NDArray[np.int8]] = field(init=False)
    _days: npt.NDArray[np.int32] = field(init=False)  # all arrays of `day` in one, (milestones, worlds)

    def __post_init__(self) -> None:
        """Start with nothing reached."""
        shape = (len(MILESTONES), self.worlds)
        self._days = np.full(shape, NEVER, np.int32)
        self.day = dict(zip(MILESTONES, self._days, strict=True))
        self.reason = dict(zip(MILESTONES, np.full(shape, NEVER, np.int8), strict=True))

    def newly_reached(self, reached: Mapping[str, npt.NDArray[np.bool_]]) -> list[str]:
        """Return the milestones that some world now reaches for the first time. reached: by milestone, (worlds,)."""
        new = np.array([reached[name] for name in MILESTONES]) & (self._days == NEVER)
        if not np.count_nonzero(new):
            return []
        return [name for name, any_ in zip(MILESTONES, new.any(axis=1), strict=True) if any_]

    def mark(self, name: str, day: int, reached: npt.NDArray[np.bool_], reason: npt.NDArray[np.int8] | int = 0) -> None:
        """Record the day and reason in the worlds that now reach it for the first time.

        reached: (worlds,); reason: index into the milestone's reasons, scalar or (worlds,). Raises KeyError
        for an unknown milestone.
        """
        first = reached & (self.day[name] == NEVER)
        np.copyto(self.day[name], day, where=first)
        np.copyto(self.reason[name], reason, where=first)
