"""The questions for which students give a probability: whether something will have happened by the round's end."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from sim.errors import InputError, nearest
from sim.schema import arguments
from sim.schema.formatting import day, setting, share
from sim.schema.series import SERIES

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from sim.results.results import Results

MOST: Final = 2  # questions per round
FEWEST_WORLDS: Final = 8  # in which a question must still be open, for a share of them to be meaningful
FIGURES: Final = 2  # significant figures of a threshold
SHARES: Final = ("1", "0 to 1")  # units of shares
LEAST: Final = 0.05  # a question is picked only if its chance is at least this, and at most 1 - LEAST, in every group

_MILESTONES: Final = {
    "first_release": "Will the first prisoners be released by {date}?",
    "released_1000": "Will 1,000 prisoners be out by {date}?",
    "released_1500": "Will 1,500 prisoners be out by {date}?",
    "released_5000": "Will all 5,000 prisoners be out by {date}?",
    "power_shared": "Will the two camps in Kabul have settled on a share of power by {date}?",
    "talks_open": "Will talks between Kabul and the Taliban have opened by {date}?",
    "ceasefire": "Will talks have reached a ceasefire by {date}?",
    "settlement": "Will talks have reached a settlement by {date}?",
    "agreement_broken": "Will the agreement with the United States be broken for good by {date}?",
    "us_at_8600": "Will there be at most 8,600 US troops on {date}?",
    "us_at_5000": "Will there be at most 5,000 US troops on {date}?",
}
_SERIES: Final = {
    "attacks": "Will there be more than {above} Taliban attacks per day, on average from {start} to {date}?",
    "prisoners_released": "Will more than {above} prisoners have been released by {date}?",
    "security_forces_killed": "Will more than {above} Afghan soldiers and policemen per day be killed, on average from "
    "{start} to {date}?",
    "kabul_cohesion": "Will the cohesion of Kabul be above {above} on {date}?",
    "returned_to_fighting": "Will more than {above} of the released prisoners be back at a front by {date}?",
    "airstrikes": "Will there be more than {above} US airstrikes per day, on average from {start} to {date}?",
}
# This series would ask the same as these milestones.
_ALIKE: Final = "prisoners_released"
_RELEASES: Final = ("first_release", "released_1000", "released_1500", "released_5000")


@dataclass(frozen=True, slots=True)
class Question:
    """One question, asked in every group. name: a milestone, or a series with the number that it must exceed."""

    name: str
    kind: Literal["milestone", "series"]
    above: float | None = None

    def text(self, start: dt.date, end: dt.date) -> str:
        """Return the question in words, for a round over [start, end)."""
        days = {"start": day(start, year=False), "date": day(end - dt.timedelta(days=1))}
        words = (_MILESTONES if self.kind == "milestone" else _SERIES)[self.name]
        return words.format(**days, above="" if self.above is None else _above(self.name, self.above))

    def settled(self, results: "Results", start: dt.date) -> "npt.NDArray[np.bool_]":
        """Return whether it had happened before the round began, (worlds,)."""
        import numpy as np

        if self.kind == "series":
            return np.zeros(results.worlds, np.bool_)
        day = results.milestone_day[self.name]
        return np.asarray((day >= 0) & (day < results.calendar.index(start)))

    def happened(self, results: "Results", start: dt.date, end: dt.date) -> "npt.NDArray[np.bool_]":
        """Return whether it has happened by the end of a round over [start, end), (worlds,)."""
        import numpy as np

        if self.kind == "milestone":
            day = results.milestone_day[self.name]
            return np.asarray((day >= 0) & (day < results.calendar.index(end)))
        return np.asarray(_measure(results, self.name, start, end) > (self.above or 0.0))


def bank() -> tuple[str, ...]:
    """Return the names of all questions, milestones first."""
    return (*_MILESTONES, *_SERIES)


def named(names: Sequence[str], many: Sequence["Results"], start: dt.date, end: dt.date) -> tuple[Question, ...]:
    """Return questions by name. many: each group's worlds.

    Raises InputError for an unknown name, a duplicate, or more than MOST.
    """
    for name in names:
        arguments.text("questions", name, "the name of a question")
    if len(names) > MOST or len(set(names)) < len(names):
        raise InputError(
            "too many questions, or a duplicate", path="questions", expected=f"at most {MOST} different ones"
        )
    for name in names:
        if name not in bank():
            raise InputError("no such question", path="questions", value=name, nearest=nearest(name, bank()))
    return tuple(
        Question(name, "milestone") if name in _MILESTONES else _even(name, many, start, end) for name in names
    )


def picked(
    count: int, number: int, many: Sequence["Results"], start: dt.date, end: dt.date, gone: Collection[str]
) -> tuple[Question, ...]:
    """Return the most uncertain questions for a round: the milestone whose share is nearest one half, and a series.

    count: 0 to MOST; number: of the round, by which the series take turns; many: many worlds of each group as its
    orders stand, to the end of the round; gone: milestones not to ask. With count 1, milestone and series alternate by
    round. No question has a share below LEAST or above 1 - LEAST in any group, so there may be fewer than `count`.
    """
    milestone = _most_open(many, start, end, gone)
    alike = _ALIKE if milestone is not None and milestone.name in _RELEASES else ""
    names = [name for name in _SERIES if name != alike]
    turns = (_even(names[(number - 1 + step) % len(names)], many, start, end) for step in range(len(names)))
    series = [one for one in turns if _open_everywhere(one, many, start, end)][:MOST]
    if milestone is None:
        return tuple(series[:count])
    found = [milestone, *series][:MOST]
    return tuple(found if count == MOST else found[number % MOST :][:count] or found[:count])


def _most_open(many: Sequence["Results"], start: dt.date, end: dt.date, gone: Collection[str]) -> Question | None:
    """Return the most uncertain milestone: its share in the group where it is farthest from one half is nearest."""
    asked = [Question(name, "milestone") for name in _MILESTONES if name not in gone]
    uncertain = [one for one in asked if _open_everywhere(one, many, start, end)]
    return min(uncertain, key=lambda one: _certainty(one, many, start, end), default=None)


def _open_everywhere(one: Question, many: Sequence["Results"], start: dt.date, end: dt.date) -> bool:
    """Return whether a question is uncertain in every group, in enough worlds of it."""
    enough = all((~one.settled(results, start)).sum() >= FEWEST_WORLDS for results in many)
    return enough and _certainty(one, many, start, end) <= 1 / 2 - LEAST


def _certainty(one: Question, many: Sequence["Results"], start: dt.date, end: dt.date) -> float:
    """Return how far from one half a question's share is in the group where it is farthest, 0 to 0.5."""
    return max(abs(_share(one, results, start, end) - 1 / 2) for results in many)


def _share(one: Question, results: "Results", start: dt.date, end: dt.date) -> float:
    """Return the share of worlds with the answer yes, of those in which the question is still open."""
    still = ~one.settled(results, start)
    return float(one.happened(results, start, end)[still].mean())


def _even(name: str, many: Sequence["Results"], start: dt.date, end: dt.date) -> Question:
    """Return the question about a series, with a rounded threshold halfway between the groups' extreme medians.

    Where all groups have done the same, about half of their worlds exceed it.
    """
    import numpy as np

    middles = [float(np.median(_measure(results, name, start, end))) for results in many]
    middle = (min(middles) + max(middles)) / 2
    return Question(name, "series", float(f"{middle:.{FIGURES}g}"))


def _above(name: str, above: float) -> str:
    """Return a threshold in words; a share is in per cent."""
    return share(above) if SERIES[name].unit in SHARES else setting(above)


def _measure(results: "Results", name: str, start: dt.date, end: dt.date) -> "npt.NDArray[np.float64]":
    """Return a series' value in a round: the mean count per day, or the level on the last day, (worlds,)."""
    import numpy as np

    values = results.series(name)[:, results.calendar.window(start, end)].astype(np.float64)
    return np.asarray(values[:, -1] if SERIES[name].kind == "level" else values.mean(axis=1))
