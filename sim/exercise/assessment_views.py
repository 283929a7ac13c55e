"""What students write for their teacher, as frozen records for pages. The text is plain text, never markup."""

from dataclasses import dataclass


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
