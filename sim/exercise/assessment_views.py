"""What students write for their teacher, as frozen records for pages. The text is plain text, never markup."""

from dataclasses import dataclass
from typing import Literal

When = Literal["before", "after"]  # before round 1, or after the end


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that a student gave for a forecast, without the student. happened: None until the round is played."""

    round: int
    group: int
    question: str  # its name in the round
    text: str  # the question in words
    probability: float
    reason: str
    happened: bool | None


@dataclass(frozen=True, slots=True)
class ReflectionView:
    """A question of the reflection, and the student's own answer, "" for none."""

    question: str  # its name
    text: str
    answer: str


@dataclass(frozen=True, slots=True)
class ClassReflection:
    """A question of the reflection, and all answers in alphabetical order, which says nothing of who gave them."""

    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuizItem:
    """A question of the quiz as a student sees it. Answers are numbered from 1; None for one that was not given."""

    question: str  # its name
    text: str
    answers: tuple[str, ...]
    before: int | None  # what the student chose before round 1
    after: int | None  # and after the end
    correct: int | None  # the right one, once the student has answered after the end; until then None, and "" below
    because: str
    rests_on: str


@dataclass(frozen=True, slots=True)
class SeatQuiz:
    """The quiz as a student sees it. open: what the student may answer now, None for nothing."""

    open: When | None
    items: tuple[QuizItem, ...]


@dataclass(frozen=True, slots=True)
class QuizCount:
    """A question of the quiz in the class: how many answered the quiz, and how many of them this question right.

    gained: of those who answered it twice, right only after the end; lost: right only before round 1.
    """

    question: str  # its name
    text: str
    correct: str  # the right answer
    before: int
    right_before: int
    after: int
    right_after: int
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class ClassQuiz:
    """The quiz as the teacher sees it. open: what students may answer now; answered: how many have."""

    open: When | None
    answered: int
    counts: tuple[QuizCount, ...]
