"""The answers to the quiz: when they may be given, what a student sees of them, and what the class knew.

Asking the same questions before and after shows which answers change (a one-group pretest and posttest: Campbell and
Stanley 1963). Without a class that did not play, it does not show that the exercise is why.
"""

from collections.abc import Mapping

from sim.exercise import events as e
from sim.exercise.assessment_views import ClassQuiz, QuizCount, QuizItem, SeatQuiz, When
from sim.exercise.quiz import QuizQuestion
from sim.exercise.state import ExerciseState

Sheets = Mapping[int, Mapping[str, int]]  # the chosen answers by student, then by question


def quiz_time(state: ExerciseState) -> When | None:
    """Return which quiz may be answered now: before round 1 is first opened, or after the end; None for neither."""
    if not state.settings.quiz:
        return None
    if state.phase == "over":
        return "after"
    return "before" if state.phase == "waiting" and state.round == 1 and not state.earlier else None


def own_quiz_time(state: ExerciseState, student: int) -> When | None:
    """Return which quiz a student may answer now; None for neither.

    A teacher may open round 1 while phones are still in the quiz. So who had joined by then may send it until round 1
    is played; the briefing, which would give answers away, comes after that.
    """
    if not state.settings.quiz or state.round > 1 or state.earlier or state.phase not in ("open", "closed"):
        return quiz_time(state)
    opened = min(one.seq for one in state.of(e.Opened))
    return "before" if any(one.student == student and one.seq < opened for one in state.of(e.Seated)) else None


def sheets(state: ExerciseState, when: When) -> Sheets:
    """Return the answers that were given before or after, without those of students who were removed."""
    return {
        one.student: one.act.chosen
        for one in state.of(e.Quizzed)
        if isinstance(one.act, e.Quizzed) and one.act.when == when and one.student not in state.removed
    }


def right(questions: tuple[QuizQuestion, ...], chosen: Mapping[str, int] | None) -> int | None:
    """Return how many questions were answered right; None for a quiz that was not answered."""
    return None if chosen is None else sum(chosen.get(one.name) == one.correct for one in questions)


def own_quiz(state: ExerciseState, student: int) -> SeatQuiz | None:
    """Return the quiz as a student sees it; None if the exercise has none."""
    if not state.settings.quiz:
        return None
    before, after = sheets(state, "before").get(student), sheets(state, "after").get(student)
    time = own_quiz_time(state, student)
    due = time if {"before": before, "after": after}.get(time or "") is None else None
    return SeatQuiz(due, tuple(_item(one, before, after) for one in state.settings.quiz))


def _item(one: QuizQuestion, before: Mapping[str, int] | None, after: Mapping[str, int] | None) -> QuizItem:
    shown = after is not None
    return QuizItem(
        question=one.name,
        text=one.text,
        answers=one.answers,
        before=(before or {}).get(one.name),
        after=(after or {}).get(one.name),
        correct=one.correct if shown else None,
        because=one.because if shown else "",
        rests_on=one.rests_on if shown else "",
    )


def class_quiz(state: ExerciseState) -> ClassQuiz | None:
    """Return the quiz of the class; None if the exercise has none."""
    if not state.settings.quiz:
        return None
    before, after, time = sheets(state, "before"), sheets(state, "after"), quiz_time(state)
    counts = tuple(_count(one, before, after) for one in state.settings.quiz)
    return ClassQuiz(time, len({"before": before, "after": after}.get(time or "", {})), counts)


def _count(one: QuizQuestion, before: Sheets, after: Sheets) -> QuizCount:
    knew, know = (
        {student for student, chosen in some.items() if chosen.get(one.name) == one.correct} for some in (before, after)
    )
    both = before.keys() & after.keys()
    return QuizCount(
        question=one.name,
        text=one.text,
        correct=one.answers[one.correct - 1],
        before=len(before),
        right_before=len(knew),
        after=len(after),
        right_after=len(know),
        gained=len(both & (know - knew)),
        lost=len(both & (knew - know)),
    )
