"""The worlds of an exercise: each group's history, its questions, and their answers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.exercise.deck import Card
from sim.exercise.events import Event, Injected
from sim.exercise.predictions import Reveal, reveal
from sim.exercise.questions import Question, named, picked
from sim.exercise.rounds import group_scenario, injects
from sim.exercise.state import ExerciseState
from sim.exercise.world_cache import WorldCache
from sim.inputs.scenario import Scenario
from sim.schema.milestones import MILESTONES
from sim.schema.series import SERIES

if TYPE_CHECKING:
    from sim.analysis.world_history import History


def scenario_of(engine: WorldCache, state: ExerciseState, group: int, through: int) -> Scenario:
    """Return a group's rounds as a scenario; cached for rounds played, which never change within a take."""
    if through > state.played:
        return group_scenario(state, group, through)
    key = ("scenario", state.exercise, state.take, group, through)
    return engine.cached(key, lambda: group_scenario(state, group, through))


def group_history(engine: WorldCache, state: ExerciseState, group: int, through: int) -> "History":
    """Return a group's world to the end of a round. through: 0 for the days before round 1."""
    return engine.histories([scenario_of(engine, state, group, through)], state.settings.world, state.settings.seed)[0]


def group_histories(engine: WorldCache, state: ExerciseState, through: int) -> "list[History]":
    """Return every group's world to the end of a round, run in one call."""
    settings = state.settings
    scenarios = [scenario_of(engine, state, group, through) for group in range(1, settings.groups + 1)]
    return engine.histories(scenarios, settings.world, settings.seed)


def reveals(engine: WorldCache, state: ExerciseState, number: int) -> dict[int, list[Reveal]]:
    """Return the answers to a round's questions, by group."""
    if number > state.played:
        return _revealed(engine, state, number)
    key = ("reveals", state.exercise, state.take, number)
    return engine.cached(key, lambda: _revealed(engine, state, number))


def _revealed(engine: WorldCache, state: ExerciseState, number: int) -> dict[int, list[Reveal]]:
    settings, groups = state.settings, range(1, state.settings.groups + 1)
    asked = state.questions(number)
    if not asked:
        return {group: [] for group in groups}
    scenarios = [scenario_of(engine, state, group, number) for group in groups]
    many = engine.ensembles(scenarios, settings.worlds, settings.seed)
    own = group_histories(engine, state, number)
    return {
        group: [reveal(settings, question, number, world.results, ensemble) for question in asked]
        for group, world, ensemble in zip(groups, own, many, strict=True)
    }


def settled(engine: WorldCache, state: ExerciseState, group: int) -> tuple[str, ...]:
    """Return the questions of the round that have already happened in a group's world."""
    asked = state.questions(state.round)
    if not asked:
        return ()
    own, start = group_history(engine, state, group, state.played).results, state.settings.starts(state.round)
    return tuple(one.name for one in asked if one.settled(own, start)[0])


def ask(engine: WorldCache, state: ExerciseState, names: Sequence[str]) -> tuple[Question, ...]:
    """Return the questions of a round that is about to be opened: those named, or as many as the settings say.

    Raises InputError as `named` does.
    """
    settings = state.settings
    if not names and not settings.questions:
        return ()
    start, end = settings.starts(state.round), settings.ends(state.round)
    groups = range(1, settings.groups + 1)
    scenarios = [scenario_of(engine, state, group, state.round) for group in groups]
    many = engine.ensembles(scenarios, settings.worlds, settings.seed)
    if names:
        return named(names, many, start, end)
    own = group_histories(engine, state, state.played)
    gone = [name for name in MILESTONES if any(one.milestone(name) is not None for one in own)]
    return picked(settings.questions, state.round, many, start, end, gone)


def idle(engine: WorldCache, state: ExerciseState, card: Card, groups: Sequence[int]) -> tuple[int, ...]:
    """Return those of some groups whose world an event does not change before the end of the round.

    The group's world is run with and without the event, with the orders as they stand.
    """
    settings, number = state.settings, state.round
    there = {one.seq for group in groups for one in injects(state, group, number) if one.act.card == card}  # type: ignore[union-attr]
    with_it = state.then(Event(state.seq + 1, 0.0, number, state.take, Injected(card, tuple(groups))))
    scenarios = [group_scenario(with_it, group, number) for group in groups]
    scenarios += [group_scenario(state, group, number, without=there) for group in groups]
    lived = [one.results for one in engine.histories(scenarios, settings.world, settings.seed)]
    return tuple(
        group
        for group, after, before in zip(groups, lived, lived[len(groups) :], strict=False)
        if all(np.array_equal(before.arrays[name], after.arrays[name]) for name in SERIES)
    )


def compute_round(engine: WorldCache, state: ExerciseState) -> None:
    """Compute in advance what every page will need once the round is played."""
    group_histories(engine, state, state.round)
    reveals(engine, state, state.round)
