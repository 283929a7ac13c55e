"""The records of the joint review, from which its page and tables are made."""

import datetime as dt
from dataclasses import dataclass

from sim.exercise.assessment_views import QuizCount, Reason
from sim.exercise.compliance import TermRecord
from sim.exercise.deal_views import Status
from sim.exercise.decision_effects import DecisionImpact
from sim.exercise.divergence import Divergence
from sim.exercise.futures import FutureRecord
from sim.exercise.headline import Headline
from sim.exercise.settings import ExerciseSettings
from sim.exercise.student_records import StudentRecord
from sim.exercise.time_line import TimeLineEntry
from sim.exercise.views import ClassForecast, Score
from sim.results.results import Results


@dataclass(frozen=True, slots=True)
class Reached:
    """A milestone in a group: its date in the world played, None for never, and the share of the ensemble's worlds."""

    group: int  # 0 for the baseline
    milestone: str
    label: str
    date: dt.date | None
    share: float


@dataclass(frozen=True, slots=True)
class AimReading:
    """What a seat got by one of its own aims: the value of an outcome, not a score."""

    group: int
    seat: str
    text: str
    wants: str  # more, less, reached, not reached
    why: str
    rests_on: str
    outcome: str
    label: str
    unit: str
    own: float  # in the world played
    mean: float  # over the ensemble's worlds
    base_own: float  # the same of the baseline
    base_mean: float


@dataclass(frozen=True, slots=True)
class DealRecord:
    """A deal and what became of each promise in the rounds played."""

    group: int
    proposal: int
    sender: str
    receiver: str
    terms: tuple[TermRecord, ...]
    first: int
    last: int
    third: str = ""  # the second receiver, "" for a deal between two

    def others(self, seat: str) -> tuple[str, ...]:
        """Return the other sides than a seat."""
        return tuple(one for one in (self.sender, self.receiver, self.third) if one not in ("", seat))


@dataclass(frozen=True, slots=True)
class OfferRecord:
    """An offer that did not become a deal in the rounds played."""

    group: int
    round: int
    sender: str
    receiver: str
    terms: str
    status: Status  # any but open and accepted
    note: str
    why: str  # the reason of an answer that the model gave
    third: str = ""  # the second receiver, "" for an offer to one


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the text records, and the same figure in each group's world where there is one."""

    sentence: str
    states: str
    value: str
    groups: tuple[float, ...]  # by group, empty if the model has no such figure


@dataclass(frozen=True)
class Review:
    """The joint review. own, many: by group, 0 for the baseline, to the end of the last round played."""

    settings: ExerciseSettings
    take: int
    played: int
    own: dict[int, Results]  # the world played
    many: dict[int, Results]  # the ensemble
    hashes: dict[int, str]  # of the scenario files, as `jirga check` says them
    reached: tuple[Reached, ...]
    partings: tuple[Divergence, ...]
    taken: tuple[DecisionImpact, ...]
    together: tuple[DecisionImpact, ...]  # all decisions of a group together, where there are several
    aims: tuple[AimReading, ...]
    revealed: bool  # whether the class knows the aims of all seats; until then the page has none
    deals: tuple[DealRecord, ...]
    offers: tuple[OfferRecord, ...]
    forecasts: tuple[ClassForecast, ...]
    reasons: tuple[Reason, ...]
    quiz: tuple[QuizCount, ...]  # empty without one
    score: Score
    students: tuple[StudentRecord, ...]
    recorded: tuple[Recorded, ...]
    futures: tuple[FutureRecord, ...]
    time_line: tuple[TimeLineEntry, ...]  # by group and round
    headlines: tuple[Headline, ...]  # of the press, latest round first; empty without one

    @property
    def groups(self) -> range:
        """The groups' numbers."""
        return range(1, self.settings.groups + 1)
