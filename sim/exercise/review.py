"""The joint review: where the groups' worlds diverged, the effect of each decision, what each party got by its aims."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from typing import Final

import numpy as np

from sim.analysis.fact_window import fact_value
from sim.analysis.world_history import History
from sim.errors import InputError
from sim.exercise.aims import revealed
from sim.exercise.compliance import term_records
from sim.exercise.deals import proposals
from sim.exercise.debrief import debrief
from sim.exercise.decision_effects import ALL, DecisionImpact, impacts, worlds_for
from sim.exercise.decisions import decisions
from sim.exercise.divergence import Divergence, find_divergences
from sim.exercise.export import exported
from sim.exercise.forecast_views import class_forecasts, class_reasons, scored
from sim.exercise.futures import futures
from sim.exercise.predictions import score
from sim.exercise.press import headlines
from sim.exercise.quiz_answers import class_quiz
from sim.exercise.review_records import AimReading, DealRecord, OfferRecord, Reached, Recorded, Review
from sim.exercise.rounds import deal_text, group_scenario
from sim.exercise.seats import SEATS
from sim.exercise.state import ExerciseState
from sim.exercise.student_records import student_records
from sim.exercise.time_line import time_line
from sim.exercise.world_cache import WorldCache, run_together
from sim.exercise.worlds import group_histories
from sim.inputs.facts import facts
from sim.results.results import Results
from sim.schema.formatting import setting, with_unit
from sim.schema.milestones import MILESTONES, NEVER
from sim.schema.outcomes import OUTCOMES

Progress = Callable[[int, int], None]
THREADS: Final = 2
BASELINE: Final = 0  # the number of the scenario that no group played
IN_WINDOW: Final = {"attacks": "attacks_2020", "security_forces_killed": "security_forces_killed_2020"}


def review(state: ExerciseState, engine: WorldCache, progress: Progress | None = None) -> Review:
    """Return the review of the rounds played in this take. Raises InputError before a round is played.

    What is read aloud about a group is kept in `engine`: once the exercise is over, its students' phones show it.
    """
    if not state.played:
        raise InputError("no round is played yet, so there is nothing to review")
    settings = state.settings
    groups = range(1, settings.groups + 1)
    base = settings.scenario().with_dates(end=settings.ends(state.played))
    scenarios = [base, *(group_scenario(state, group, state.played) for group in groups)]
    own = dict(enumerate(run_together(scenarios, 1, settings.seed, first=settings.world)))
    many = dict(enumerate(run_together(scenarios, settings.worlds, settings.seed)))
    lived = group_histories(engine, state, state.played)
    taken = _taken(state, progress)
    made = Review(
        settings=settings,
        take=state.take,
        played=state.played,
        own=own,
        many=many,
        hashes={BASELINE: base.hash(), **{group: exported(state, group).hash() for group in groups}},
        reached=tuple(_reached(group, name, own[group], many[group]) for group in own for name in MILESTONES),
        partings=tuple(_partings(own, many)),
        taken=tuple(one for one in taken if one.decision.kind != ALL),
        together=tuple(one for one in taken if one.decision.kind == ALL),
        aims=tuple(_aims(state, own, many)),
        revealed=revealed(state),
        deals=tuple(one for group in groups for one in _deals(state, group, lived[group - 1])),
        offers=tuple(one for group in groups for one in _offers(state, group)),
        forecasts=class_forecasts(engine, state),
        reasons=tuple(one for one in class_reasons(engine, state) if one.round <= state.played),
        quiz=quiz.counts if (quiz := class_quiz(state)) else (),
        score=score(scored(engine, state)),
        students=tuple(student_records(engine, state)),
        recorded=tuple(_recorded(own)),
        futures=tuple(futures(engine, state)),
        time_line=tuple(one for group in groups for one in time_line(state, group)),
        headlines=headlines(state),
    )
    engine.cached(state.debrief_key, lambda: {one.group: one for one in debrief(made)})
    return made


def _reached(group: int, name: str, own: Results, many: Results) -> Reached:
    day = int(own.milestone_day[name][0])
    date = None if day == NEVER else own.calendar.date(day)
    return Reached(group, name, MILESTONES[name].label, date, float((many.milestone_day[name] != NEVER).mean()))


def _partings(own: dict[int, Results], many: dict[int, Results]) -> list[Divergence]:
    """Return the divergences of every group from the baseline and from every other group."""
    return [
        one
        for other, group in combinations(own, 2)
        for one in find_divergences(group, other, (own[group], own[other]), (many[group], many[other]))
    ]


def _taken(state: ExerciseState, progress: Progress | None) -> list[DecisionImpact]:
    """Return the effects of every group's decisions; two groups at a time, because NumPy releases the GIL."""
    groups = range(1, state.settings.groups + 1)
    found = {group: decisions(state, group) for group in groups}
    worlds, taken = worlds_for(state, list(found.values())), []
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        jobs = [pool.submit(impacts, state, group, found[group], worlds) for group in groups]
        for done, job in enumerate(jobs, start=1):
            taken += job.result()
            if progress is not None:
                progress(done, len(groups))
    return taken


def _aims(state: ExerciseState, own: dict[int, Results], many: dict[int, Results]) -> list[AimReading]:
    found = []
    for group in range(1, state.settings.groups + 1):
        for seat in SEATS.values():
            for aim in seat.aims:
                outcome, name = OUTCOMES[aim.outcome], aim.outcome
                one, all_, base_one, base_all = (
                    float(np.mean(some[number].outcomes[name].values))
                    for number in (group, BASELINE)
                    for some in (own, many)
                )
                found.append(
                    AimReading(
                        group, seat.name, aim.text, aim.wants, aim.why, aim.rests_on, name, outcome.label, outcome.unit,
                        one, all_, base_one, base_all,
                    )
                )  # fmt: skip
    return found


def _deals(state: ExerciseState, group: int, lived: History) -> list[DealRecord]:
    """Return the deals of a group that began in a round played. lived: its world."""
    return [
        DealRecord(
            group=group,
            proposal=one.number,
            sender=one.sender,
            receiver=one.receiver,
            terms=term_records(state, one, lived),
            first=one.first,
            last=min(one.first + one.rounds - 1, state.played),
            third=one.third,
        )
        for one in proposals(state, group)
        if one.first is not None and one.first <= state.played
    ]


def _offers(state: ExerciseState, group: int) -> list[OfferRecord]:
    """Return the offers of the rounds played that did not become a deal."""
    return [
        OfferRecord(
            group, one.round, one.sender, one.receiver, deal_text(one), one.status, one.note, one.why, one.third
        )
        for one in proposals(state, group)
        if one.first is None and one.round <= state.played
    ]


def _recorded(own: dict[int, Results]) -> list[Recorded]:
    """Return the text's facts, each with the same count in every group's world over the text's days, if any."""
    start, end = (
        fact_value("window_start"),
        fact_value("window_start") + dt.timedelta(days=int(fact_value("window_days"))),
    )
    counted = {fact: series for series, fact in IN_WINDOW.items()}
    found = []
    for name, fact in facts().items():
        if fact.outside:
            continue
        figures: tuple[float, ...] = ()
        if name in counted and own[BASELINE].calendar.end >= end:
            window = own[BASELINE].calendar.window(start, end)
            figures = tuple(float(one.series(counted[name])[0, window].sum()) for group, one in own.items() if group)
        found.append(Recorded(fact.sentence, fact.states, _figure(fact.value, fact.relation, fact.unit), figures))
    return found


def _figure(value: object, relation: str, unit: str) -> str:
    """Return a fact's figure in words; "" for a statement without a figure."""
    if isinstance(value, bool):
        return ""
    shown = "" if relation == "exactly" else f"{relation} "
    return shown + with_unit(setting(value), unit)
