"""The reflection: two questions to each student once the exercise is over, and the answers.

Looking back on an experience in words is the step of experiential learning between doing and concluding (Kolb 1984).
"""

from typing import Final

from sim.exercise import events as e
from sim.exercise.assessment_views import ClassReflection, ReflectionView
from sim.exercise.state import ExerciseState

QUESTIONS: Final = {
    "mattered": "Which decision in your group, yours or that of another seat, mattered most, and how do you know?",
    "changed": "What did you think before the exercise that you now think differently, or with less certainty?",
}


def reflections(state: ExerciseState) -> dict[tuple[int, str], str]:
    """Return the latest answers, by student and question, without empty ones."""
    found = {}
    for event in state.of(e.Reflected):
        if isinstance(event.act, e.Reflected):
            found[event.student, event.act.question] = event.act.text
    return {key: text for key, text in found.items() if text}


def own_reflection(state: ExerciseState, student: int) -> tuple[ReflectionView, ...]:
    """Return the questions with a student's own answers; nothing before the exercise is over."""
    if state.phase != "over":
        return ()
    given = reflections(state)
    return tuple(ReflectionView(name, text, given.get((student, name), "")) for name, text in QUESTIONS.items())


def class_reflection(state: ExerciseState) -> tuple[ClassReflection, ...]:
    """Return the questions with the answers of the class; nothing before the exercise is over."""
    if state.phase != "over":
        return ()
    given = reflections(state)
    return tuple(
        ClassReflection(text, tuple(sorted(answer for (_, asked), answer in given.items() if asked == name)))
        for name, text in QUESTIONS.items()
    )
