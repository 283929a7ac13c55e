"""Forecasts as pages and the review have them: each student's, the class's, and the reasons given for them."""

from statistics import fmean
from typing import Any

from sim.exercise import events as e
from sim.exercise.assessment_views import Reason
from sim.exercise.event_store import Place
from sim.exercise.predictions import Reveal, Scored, brier
from sim.exercise.state import ExerciseState
from sim.exercise.views import ClassForecast, Forecast
from sim.exercise.world_cache import WorldCache
from sim.exercise.worlds import reveals


def given_forecasts(state: ExerciseState, number: int) -> dict[tuple[int, str], e.Predicted]:
    """Return the latest forecasts of a round, by student and question."""
    found = {}
    for event in state.of(e.Predicted):
        if event.round == number and isinstance(event.act, e.Predicted):
            found[event.student, event.act.question] = event.act
    return found


def _places(state: ExerciseState) -> dict[int, int]:
    """Return the group of each student."""
    return {event.student: event.group for event in state.of(e.Seated)}


def scored(engine: WorldCache, state: ExerciseState, student: int | None = None) -> list[Scored]:
    """Return the forecasts of the rounds played with their outcomes: of one student, or of all."""
    groups, found = _places(state), []
    for number in range(1, state.played + 1):
        answers = reveals(engine, state, number)
        by_name = {(group, one.question.name): one for group, some in answers.items() for one in some}
        for (who, question), given in given_forecasts(state, number).items():
            answer = by_name.get((groups[who], question))
            if answer is not None and answer.happened is not None and student in (None, who):
                found.append(Scored(given.probability, answer.happened, answer.ensemble))
    return found


def own_forecasts(engine: WorldCache, state: ExerciseState, who: Place) -> tuple[Forecast, ...]:
    """Return a student's forecasts, latest round first; those of the open round have no outcome."""
    found = []
    for number in range(state.round, 0, -1):
        given = given_forecasts(state, number)
        answers = _answers(engine, state, number, who.group)
        for question in state.questions(number):
            text = question.text(state.settings.starts(number), state.settings.ends(number))
            mine = given.get((who.student, question.name))
            chance, reason = (None, "") if mine is None else (mine.probability, mine.reason)
            marks = _marks(chance, answers.get(question.name))
            found.append(Forecast(number, question.name, text, chance, *marks, reason))
    return tuple(found)


def _answers(engine: WorldCache, state: ExerciseState, number: int, group: int) -> dict[str, Reveal]:
    """Return the answers of a round in a group, by question; empty before it is played."""
    if number > state.played:
        return {}
    return {one.question.name: one for one in reveals(engine, state, number)[group]}


def _marks(probability: float | None, answer: Reveal | None) -> tuple[Any, Any, Any, Any]:
    """Return the outcome, the ensemble's share, and both scores; None for each that is missing."""
    if answer is None or answer.happened is None:
        return None, None, None, None
    own = None if probability is None else brier(probability, answer.happened)
    other = None if answer.ensemble is None else brier(answer.ensemble, answer.happened)
    return answer.happened, answer.ensemble, own, other


def class_forecasts(engine: WorldCache, state: ExerciseState) -> tuple[ClassForecast, ...]:
    """Return every question asked so far in every group, latest round first."""
    return tuple(one for number in range(state.round, 0, -1) for one in _class_of_round(engine, state, number))


def class_reasons(engine: WorldCache, state: ExerciseState) -> tuple[Reason, ...]:
    """Return the reasons that students gave for their forecasts, by round, group, question and probability."""
    groups, found = _places(state), []
    for number in range(1, state.round + 1):
        asked = {one.name: one for one in state.questions(number)}
        for (who, name), one in given_forecasts(state, number).items():
            if one.reason and name in asked:
                text = asked[name].text(state.settings.starts(number), state.settings.ends(number))
                answer = _answers(engine, state, number, groups[who]).get(name)
                came = None if answer is None else answer.happened
                found.append(Reason(number, groups[who], name, text, one.probability, one.reason, came))
    return tuple(sorted(found, key=lambda one: (one.round, one.group, one.question, one.probability, one.reason)))


def _class_of_round(engine: WorldCache, state: ExerciseState, number: int) -> list[ClassForecast]:
    groups, given, found = _places(state), given_forecasts(state, number), []
    for question in state.questions(number):
        text = question.text(state.settings.starts(number), state.settings.ends(number))
        for group in range(1, state.settings.groups + 1):
            some = [
                one.probability for (who, name), one in given.items() if name == question.name and groups[who] == group
            ]
            answer = _answers(engine, state, number, group).get(question.name)
            came, share, _, other = _marks(None, answer)
            scores = [] if came is None else [brier(p, came) for p in some]
            mean = fmean(some) if some else float("nan")
            own = fmean(scores) if scores else None
            found.append(ClassForecast(number, group, question.name, text, len(some), mean, came, share, own, other))
    return found
