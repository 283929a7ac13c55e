"""What the classroom shows, as frozen records without database rows. Text in them is plain text, never markup.

Dates are days of the model's calendar; times (`now`, `deadline`) are seconds since 1970 by the server's clock. Groups
are numbered from 1, rounds from 1, takes from 0. Seats are named us, taliban, ghani, abdullah.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sim.exercise.assessment_views import ClassQuiz, ClassReflection, Reason, ReflectionView, SeatQuiz
from sim.exercise.deal_views import ProposalView
from sim.exercise.deck import Card
from sim.exercise.headline import Headline
from sim.exercise.lever_terms import Bound
from sim.exercise.settings import ExerciseSettings

Phase = Literal["waiting", "open", "closed", "over"]
Scope = Literal["round", "until_changed"]
Moment = tuple[int, int]  # take and round


@dataclass(frozen=True, slots=True)
class Created:
    """A new exercise. The secret opens the teacher's pages; codes: by group and seat."""

    exercise: str
    secret: str
    codes: Mapping[tuple[int, str], str]


@dataclass(frozen=True, slots=True)
class Joined:
    """A student who has joined. With the token, a device can open the same seat again."""

    token: str
    exercise: str
    group: int
    seat: str
    student: int  # a number in the exercise, from 1; the only name a student has


@dataclass(frozen=True, slots=True)
class News:
    """One item of news."""

    round: int
    date: dt.date
    who: str  # the actor or subject, in plain words
    text: str
    why: str  # the reason on record, "" for none
    kind: Literal["world", "order", "deal", "inject"]


@dataclass(frozen=True, slots=True)
class Statement:
    """What a seat has said in public in a round, for everybody of its group."""

    round: int
    group: int
    seat: str
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One public figure of a group's world, over the last round and over the round before."""

    name: str  # of the series
    label: str
    unit: str
    value: float  # events per day over the last round, or the level on its last day
    before: float | None  # the same one round earlier; None before the first
    scale: str = ""  # what it can be compared with, in words


@dataclass(frozen=True, slots=True)
class PublicSituation:
    """What everybody in a group knows on the morning of the round's first day."""

    date: dt.date
    figures: tuple[Figure, ...]
    talks: str  # the stage of talks in words
    blocked: tuple[str, ...]  # what is missing for talks, in words


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order in force for the round."""

    lever: str
    value: float | bool
    scope: Scope
    since: int  # the round in which it was given
    student: int
    breaks: tuple[str, ...]  # promises that it breaks in this round, in words


@dataclass(frozen=True, slots=True)
class Planned:
    """What the base imposes on a lever on some days of the round, if nobody orders anything else."""

    value: float | bool
    start: dt.date
    end: dt.date  # the day after its last


@dataclass(frozen=True, slots=True)
class LeverView:
    """A lever that a seat can order."""

    lever: str
    label: str
    unit: str  # "yes/no" for a flag, "1" for a share
    low: float
    high: float
    flag: bool
    about: str
    rests_on: str
    present: float | bool  # on the round's first day if nobody orders: as the base imposes, else as on the last day
    planned: tuple[Planned, ...]  # by the base in this round
    order: OrderView | None  # None: the base, the model's own actor or a deal decides
    promised: float | bool | None  # the value that a deal in force promises for this round
    promise: Bound  # the direction of that promise, or the usual one
    held: float | bool | None  # the value at which the model's own decision is held back in this round
    notes: tuple[str, ...]  # what the order or the deal means for this lever, in words
    least: str  # what the lowest value means, in words
    most: str  # what the highest value means
    risk: str  # what a higher value risks


@dataclass(frozen=True, slots=True)
class AimView:
    """An aim of a seat, and where it stands in the group's world; not a score."""

    text: str
    wants: str  # more, less, reached or not reached
    label: str  # what it is measured by
    unit: str
    value: float | bool  # as in Figure; for a milestone, whether it is reached
    before: float | bool | None
    scale: str = ""
    first: float | None = None  # before round 1: the level, or events per day; None for a milestone


@dataclass(frozen=True, slots=True)
class SideAims:
    """What a seat wanted, once the teacher has revealed it to all."""

    seat: str
    aims: tuple[AimView, ...]


@dataclass(frozen=True, slots=True)
class InjectView:
    """An event that the teacher has brought into the round."""

    inject: int  # the number of its event
    title: str
    groups: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question of a round."""

    round: int
    question: str  # its name in the round
    text: str
    date: dt.date  # by the end of this day
    open: bool  # False if it had happened in the group's world before the round


@dataclass(frozen=True, slots=True)
class Forecast:
    """A student's probability and the outcome, None until the round is played, as are the scores."""

    round: int
    question: str
    text: str
    probability: float | None  # None: not given
    happened: bool | None
    ensemble: float | None  # share of the other worlds of the group's own scenario
    brier: float | None
    ensemble_brier: float | None
    reason: str  # in the student's own words, "" for none


@dataclass(frozen=True, slots=True)
class Bin:
    """One row of a calibration table: of the forecasts within [low, high), the mean and the share that came true."""

    low: float
    high: float
    count: int
    mean: float  # NaN where there is none
    happened: float  # NaN where there is none


@dataclass(frozen=True, slots=True)
class Score:
    """The mean Brier score of forecasts, 0 the best and 1 the worst, and the ensemble's on the same questions."""

    count: int
    brier: float  # NaN where nothing is scored
    ensemble_brier: float
    calibration: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class ClassForecast:
    """One question in one group: its students' forecasts, and the outcome."""

    round: int
    group: int
    question: str
    text: str
    count: int
    mean: float  # NaN where nobody answered
    happened: bool | None
    ensemble: float | None
    brier: float | None
    ensemble_brier: float | None


@dataclass(frozen=True, slots=True)
class SeatState:
    """A seat as the teacher sees it."""

    seat: str
    label: str
    code: str
    students: int  # devices that joined, without those removed
    present: int  # of them, seen in the last half minute, and not gone without an answer
    idle: int  # of those present, silent for minutes in this round
    asked: int  # of those present, asked whether they are still there
    who: tuple[tuple[int, bool], ...]  # the number of each, and whether it is present
    answers: bool  # whether the model answers the offers to it, since no student holds it
    orders: int  # in force for this round
    predictions: int  # students who answered every question of this round


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group as the teacher sees it, with its orders."""

    group: int
    seats: tuple[SeatState, ...]
    situation: PublicSituation
    orders: tuple[OrderView, ...]
    standing: Mapping[str, float | bool]  # what stands on the round's first day without further orders, by lever
    proposals: tuple[ProposalView, ...]
    news: tuple[News, ...]  # latest round first
    statements: tuple[Statement, ...]  # latest round first
    sides: tuple[SideAims, ...]  # empty until the aims are revealed


@dataclass(frozen=True, slots=True)
class TeacherView:
    """All that the teacher's pages show."""

    exercise: str
    version: int
    settings: ExerciseSettings
    phase: Phase
    frozen: bool
    round: int  # the round to play; after the last it stays the last
    played: int  # rounds played in this take
    take: int
    starts: dt.date  # first day of the round
    ends: dt.date  # day after its last
    now: float
    deadline: float | None
    until: str  # the day and time at which the round closes, in words; "" for none
    plays: bool  # whether it is then played by itself
    groups: tuple[GroupView, ...]
    deck: tuple[Card, ...]
    injects: tuple[InjectView, ...]  # of this round, in order
    questions: tuple[QuestionView, ...]
    forecasts: tuple[ClassForecast, ...]
    score: Score  # of the class
    reasons: tuple[Reason, ...]
    reflection: tuple[ClassReflection, ...]  # once the exercise is over
    quiz: ClassQuiz | None  # None without one
    revealed: bool  # whether the aims of all seats are
    filled: bool  # whether the model answers offers to seats that no student holds
    watchers: tuple[tuple[int, SeatState], ...]  # the press and observers, each with its group, 0 for the whole class
    headlines: tuple[Headline, ...]  # of the class and of every group, latest round first


@dataclass(frozen=True, slots=True)
class JoinedView:
    """What the page of everybody shows who has joined, from a seat or as one who watches."""

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
    group: int  # 0 for who watches all of them
    seat: str
    label: str
    student: int
    headlines: tuple[Headline, ...]  # of the class and of every group, latest round first
    reflection: tuple[ReflectionView, ...]  # once the exercise is over
    quiz: SeatQuiz | None  # None without one

    @property
    def moment(self) -> Moment:
        """What is decided for on this page."""
        return self.take, self.round


@dataclass(frozen=True, slots=True)
class SeatView(JoinedView):
    """All that a student's page shows: the own seat's briefing and orders, and public facts; nothing of the others."""

    briefing: str
    aims: tuple[AimView, ...]
    situation: PublicSituation
    news: tuple[News, ...]
    statements: tuple[Statement, ...]  # of all seats of the group, latest round first
    sides: tuple[SideAims, ...]  # the aims of all seats, empty until they are revealed
    levers: tuple[LeverView, ...]
    warnings: tuple[str, ...]  # orders and promises of this seat that undo each other, before the round is played
    back: int  # the round to which the teacher has gone back and which is not played yet, 0 for none
    partners: tuple[tuple[str, str, tuple[LeverView, ...]], ...]  # possible receivers: name, label, levers
    proposals: tuple[ProposalView, ...]  # sent or received, latest first
    questions: tuple[QuestionView, ...]
    forecasts: tuple[Forecast, ...]
    score: Score  # this student's
    asked: bool  # whether the phone asks if somebody is still there, after minutes of silence
    debrief: tuple[str, ...]  # of the group, once the exercise is over and its review is made: sentences, a question
