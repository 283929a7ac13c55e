"""What the press and observers see: what everybody in a group knows, and no order before it is played.

Text is plain text, never markup.
"""

import datetime as dt
from dataclasses import dataclass

from sim.exercise.assessment_views import ReflectionView, SeatQuiz
from sim.exercise.headline import Headline
from sim.exercise.views import Moment, News, Phase, PublicSituation


@dataclass(frozen=True, slots=True)
class WatchedGroup:
    """A group as those see it who watch."""

    group: int
    situation: PublicSituation
    news: tuple[News, ...]  # latest round first


@dataclass(frozen=True, slots=True)
class WatchView:
    """All that the page of the press or of an observer shows."""

    exercise: str
    version: int
    title: str
    phase: Phase
    frozen: bool
    round: int
    rounds: int
    played: int
    take: int
    starts: dt.date
    ends: dt.date
    now: float
    deadline: float | None
    until: str  # the day and time at which the round closes, in words; "" for none
    plays: bool  # whether it is then played by itself
    group: int  # that it watches; 0 for all of them
    seat: str  # press or observer
    label: str
    student: int
    groups: tuple[WatchedGroup, ...]
    headlines: tuple[Headline, ...]  # of the class and of every group, latest round first
    reflection: tuple[ReflectionView, ...]  # once the exercise is over
    quiz: SeatQuiz | None  # None without one

    @property
    def moment(self) -> Moment:
        """What is shown on this page."""
        return self.take, self.round
