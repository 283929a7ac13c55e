"""One record per student of what it did in the rounds played, by its number: the only name that a student has."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sim.exercise import events as e
from sim.exercise.forecast_views import given_forecasts, scored
from sim.exercise.predictions import score
from sim.exercise.quiz_answers import right, sheets
from sim.exercise.reflection import QUESTIONS, reflections
from sim.exercise.state import ExerciseState
from sim.exercise.watchers import label_of
from sim.exercise.world_cache import WorldCache
from sim.schema.formatting import share

ASIDE: Final = (e.Seated, e.Reflected, e.Quizzed)  # acts that are no part of playing a round


@dataclass(frozen=True, slots=True)
class StudentRecord:
    """What a student did. It grades nobody: a Brier score of few forecasts says little, and other acts have none."""

    student: int
    group: int
    seat: str
    removed: bool  # by the teacher
    rounds: int  # in which it did something
    orders: int
    offers: int
    answers: int  # to offers
    statements: int  # in public, those replaced or taken back included
    forecasts: int  # with an outcome
    brier: float  # mean, 0 the best; NaN where there is none
    ensemble_brier: float  # of the model's other worlds on the same questions
    reasons: tuple[str, ...]  # for forecasts, each with its round and question
    quiz_before: int | None  # questions of the quiz answered right before round 1; None for a quiz not answered
    quiz_after: int | None  # and after the end
    quiz_questions: int  # of the quiz; 0 without one
    reflection: Mapping[str, str]  # the answer to each question, by its name; "" for none


def student_records(engine: WorldCache, state: ExerciseState) -> list[StudentRecord]:
    """Return a record of every student who has joined, by number."""
    seated = {one.student: one for one in state.of(e.Seated) if one.student}
    return [_record(engine, state, seated[number]) for number in sorted(seated)]


def _record(engine: WorldCache, state: ExerciseState, seat: e.Event) -> StudentRecord:
    mine = [
        one
        for one in state.log
        if one.student == seat.student and one.round <= state.played and not isinstance(one.act, ASIDE)
    ]
    said = reflections(state)
    done, own = Counter(type(one.act) for one in mine), score(scored(engine, state, seat.student))
    return StudentRecord(
        student=seat.student,
        group=seat.group,
        seat=label_of(seat.seat),
        removed=seat.student in state.removed,
        rounds=len({one.round for one in mine}),
        orders=done[e.Ordered],
        offers=done[e.Proposed],
        answers=done[e.Answered],
        statements=sum(isinstance(one.act, e.Stated) and bool(one.act.statement) for one in mine),
        forecasts=own.count,
        brier=own.brier,
        ensemble_brier=own.ensemble_brier,
        reasons=_reasons(state, seat.student),
        quiz_before=right(state.settings.quiz, sheets(state, "before").get(seat.student)),
        quiz_after=right(state.settings.quiz, sheets(state, "after").get(seat.student)),
        quiz_questions=len(state.settings.quiz),
        reflection={name: said.get((seat.student, name), "") for name in QUESTIONS},
    )


def _reasons(state: ExerciseState, student: int) -> tuple[str, ...]:
    """Return a student's reasons in the rounds played: "Round 2, talks_open, 30 %: ..."."""
    return tuple(
        f"Round {number}, {question}, {share(one.probability)}: {one.reason}"
        for number in range(1, state.played + 1)
        for (who, question), one in sorted(given_forecasts(state, number).items(), key=lambda pair: pair[0])
        if who == student and one.reason
    )
