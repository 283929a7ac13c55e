"""The rules for what students give for assessment: when, and how much. Each returns the act to store, or raises."""

from typing import Any, Final

from sim.errors import InputError, nearest
from sim.exercise import events as e
from sim.exercise.event_store import Place
from sim.exercise.events import Act
from sim.exercise.quiz_answers import own_quiz_time, sheets
from sim.exercise.reflection import QUESTIONS
from sim.exercise.rules import not_too_many
from sim.exercise.state import ExerciseState
from sim.schema import arguments, validation
from sim.schema.frozen_map import FrozenMap

LONGEST_REFLECTION: Final = 1000  # characters


def reflect(state: ExerciseState, who: Place, question: Any, answer: Any) -> Act:
    """Answer a question of the reflection once the exercise is over; the latest answer counts, an empty one is none.

    Raises InputError.
    """
    asked = arguments.word("question", question, QUESTIONS)
    if state.phase != "over":
        raise InputError("the exercise is not over yet: look back when it is")
    not_too_many(state, who)
    return e.Reflected(asked, validation.with_path("reflection", validation.optional_text, answer, LONGEST_REFLECTION))


def answer_quiz(state: ExerciseState, who: Place, answers: Any) -> Act:
    """Answer the quiz: once before round 1 is played, once after the end. answers: numbers, from 1, by question.

    Raises InputError.
    """
    given = arguments.table("answers", answers, "numbers of answers by question")
    known = {one.name: one for one in state.settings.quiz}
    if not known:
        raise InputError("this exercise has no quiz")
    when = own_quiz_time(state, who.student)
    if when is None:
        raise InputError("the quiz is open before round 1 and after the end only")
    if who.student in sheets(state, when):
        raise InputError("you have answered the quiz already")
    for name in given:
        if name not in known:
            raise InputError("no such question", path="answers", value=name, nearest=nearest(name, known))
    numbers = {name: arguments.whole(name, one, 1, len(known[name].answers)) for name, one in given.items()}
    return e.Quizzed(when, FrozenMap(numbers))
