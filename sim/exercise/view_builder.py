"""Builds the teacher's view and a student's view from the state and the groups' worlds."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sim.exercise.aims import aim_view, revealed, side_aims
from sim.exercise.deal_views import ProposalView, Term
from sim.exercise.deals import Proposal, proposals
from sim.exercise.deck import deck
from sim.exercise.due import in_words
from sim.exercise.event_store import Place
from sim.exercise.forecast_views import class_forecasts, class_reasons, given_forecasts, own_forecasts, scored
from sim.exercise.lever_terms import Bound, Value
from sim.exercise.lever_views import implied, lever_views, order_views, public_levers, standing, warnings
from sim.exercise.orders import Breach, breaches
from sim.exercise.predictions import score
from sim.exercise.presence import Standing
from sim.exercise.press import headlines
from sim.exercise.quiz_answers import class_quiz, own_quiz
from sim.exercise.reflection import class_reflection, own_reflection
from sim.exercise.rounds import injected_news, injects, news, situation
from sim.exercise.seats import SEATS, seat_of
from sim.exercise.state import ExerciseState
from sim.exercise.statements import statements
from sim.exercise.views import (
    GroupView,
    InjectView,
    LeverView,
    News,
    OrderView,
    QuestionView,
    SeatState,
    SeatView,
    TeacherView,
)
from sim.exercise.watch_views import WatchedGroup, WatchView
from sim.exercise.watchers import WATCHERS, WHOLE_CLASS, label_of
from sim.exercise.world_cache import WorldCache
from sim.exercise.worlds import group_histories, group_history, settled
from sim.schema.decisions import levers

Standings = Callable[[Place], Standing]
BY_MODEL: Final = ", played by the model"


def teacher_view(
    engine: WorldCache,
    state: ExerciseState,
    seats: Sequence[Place],
    students: Sequence[Place],
    presence: Standings,
    now: float,
) -> TeacherView:
    """Return all that the teacher's pages show."""
    settings, forecasts = state.settings, class_forecasts(engine, state)
    players, watchers = ([one for one in seats if (one.seat in WATCHERS) == watches] for watches in (False, True))
    for through in range(state.played + 1):
        group_histories(engine, state, through)  # all groups are run in one call if they are not cached
    return TeacherView(
        exercise=state.exercise,
        **_clock(state, now),
        settings=settings,
        groups=tuple(
            _group(engine, state, group, [one for one in players if one.group == group], students, presence)
            for group in range(1, settings.groups + 1)
        ),
        deck=tuple(deck().values()),
        injects=_injects(state),
        questions=_questions(state, ()),
        forecasts=forecasts,
        score=score(scored(engine, state)),
        reasons=class_reasons(engine, state),
        reflection=class_reflection(state),
        quiz=class_quiz(state),
        revealed=revealed(state),
        filled=state.filled,
        watchers=tuple((one.group, _seat(state, one, {}, students, presence)) for one in watchers),
        headlines=headlines(state),
    )


def seat_view(engine: WorldCache, state: ExerciseState, who: Place, now: float, *, asked: bool = False) -> SeatView:
    """Return all that a student's page shows. asked: whether it asks if somebody is still there."""
    seat, group = SEATS[who.seat], who.group
    world = group_history(engine, state, group, state.played)

    def levers_of(name: str) -> tuple[LeverView, ...]:
        return public_levers(state, name, world)

    return SeatView(
        **_joined(state, who, seat.label, now),
        briefing=seat.briefing,
        aims=tuple(aim_view(state, aim, world) for aim in seat.aims),
        situation=situation(state, world),
        news=_all_news(engine, state, group),
        statements=statements(state, group),
        sides=side_aims(state, world),
        levers=lever_views(state, group, who.seat, world),
        warnings=warnings(state, group, who.seat, world),
        back=state.back if state.back == state.round else 0,
        partners=tuple(
            (name, SEATS[name].label + (BY_MODEL if state.answers(group, name) else ""), levers_of(name))
            for name in SEATS
            if name != who.seat and ((group, name) in state.taken or state.filled)
        ),
        proposals=_proposals(engine, state, group, who.seat),
        questions=_questions(state, settled(engine, state, group)),
        forecasts=own_forecasts(engine, state, who),
        score=score(scored(engine, state, who.student)),
        asked=asked,
        debrief=_debrief(engine, state, group),
    )


def watch_view(engine: WorldCache, state: ExerciseState, who: Place, now: float) -> WatchView:
    """Return all that the page of the press or of an observer shows."""
    numbers = range(1, state.settings.groups + 1) if who.group == WHOLE_CLASS else (who.group,)
    return WatchView(
        **_joined(state, who, WATCHERS[who.seat], now),
        groups=tuple(
            WatchedGroup(
                number,
                situation(state, group_history(engine, state, number, state.played)),
                _all_news(engine, state, number),
                statements(state, number),
                side_aims(state, group_history(engine, state, number, state.played)),
            )
            for number in numbers
        ),
    )


def _debrief(engine: WorldCache, state: ExerciseState, group: int) -> tuple[str, ...]:
    """Return what the review says about a group, and its question; nothing before the end or before it is made."""
    spoken = engine.known(state.debrief_key) if state.phase == "over" else None
    return () if spoken is None else (*spoken[group].sentences, spoken[group].question)


def _joined(state: ExerciseState, who: Place, label: str, now: float) -> dict[str, Any]:
    """Return the fields of `JoinedView`. label: of the seat."""
    return _clock(state, now) | {
        "exercise": who.exercise,
        "title": state.settings.title,
        "rounds": state.settings.rounds,
        "group": who.group,
        "seat": who.seat,
        "label": label,
        "student": who.student,
        "headlines": headlines(state),
        "reflection": own_reflection(state, who.student),
        "quiz": own_quiz(state, who.student),
    }


def _clock(state: ExerciseState, now: float) -> dict[str, Any]:
    """Return the fields that all views have: round, phase and clock."""
    return {
        "version": state.seq,
        "phase": state.phase,
        "frozen": state.frozen,
        "round": state.round,
        "played": state.played,
        "take": state.take,
        "starts": state.settings.starts(state.round),
        "ends": state.settings.ends(state.round),
        "now": now,
        "deadline": state.deadline,
        "until": in_words(state.due, state.settings.time_zone),
        "plays": state.plays,
    }


def _group(
    engine: WorldCache,
    state: ExerciseState,
    group: int,
    seats: Sequence[Place],
    students: Sequence[Place],
    presence: Standings,
) -> GroupView:
    orders, world = order_views(state, group), group_history(engine, state, group, state.played)
    return GroupView(
        group=group,
        seats=tuple(_seat(state, one, orders, students, presence) for one in seats),
        situation=situation(state, world),
        orders=tuple(orders.values()),
        standing=standing(state, group, world),
        proposals=_proposals(engine, state, group),
        news=_all_news(engine, state, group),
        statements=statements(state, group),
        sides=side_aims(state, world),
    )


def _seat(
    state: ExerciseState, place: Place, orders: Mapping[str, OrderView], students: Sequence[Place], presence: Standings
) -> SeatState:
    here = [one for one in students if (one.group, one.seat) == (place.group, place.seat)]
    own = {one.student: presence(one) for one in here if one.student not in state.removed}
    asked = len(state.questions(state.round))
    answers = given_forecasts(state, state.round)
    complete = [one for one in own if asked and sum(who == one for who, _ in answers) == asked]
    return SeatState(
        seat=place.seat,
        label=label_of(place.seat),
        code=place.key,
        students=len(own),
        present=sum(found != "gone" for found in own.values()),
        idle=sum(found == "idle" for found in own.values()),
        asked=sum(found == "asked" for found in own.values()),
        who=tuple((one, found != "gone") for one, found in own.items()),
        answers=state.answers(place.group, place.seat),
        orders=sum(seat_of(lever) == place.seat for lever in orders),
        predictions=len(complete),
    )


def _proposals(
    engine: WorldCache, state: ExerciseState, group: int, seat: str | None = None
) -> tuple[ProposalView, ...]:
    """Return a group's proposals, latest first: those of a seat, or all."""
    broken = [one for number in range(1, state.played + 1) for one in _breaches(engine, state, group, number)]
    found = [one for one in proposals(state, group) if seat is None or seat in one.sides]
    return tuple(_proposal(one, broken) for one in reversed(found))


def _breaches(engine: WorldCache, state: ExerciseState, group: int, number: int) -> list[Breach]:
    """Return what was broken in a round that was played; cached, because that never changes within a take."""
    key = ("breaches", state.exercise, state.take, group, number)
    return engine.cached(key, lambda: breaches(state, group, number))


def _proposal(one: Proposal, broken: Sequence[Breach]) -> ProposalView:
    return ProposalView(
        proposal=one.number,
        round=one.round,
        sender=one.sender,
        receiver=one.receiver,
        give=_terms(one.give, one.bounds),
        take=_terms(one.take, one.bounds),
        rounds=one.rounds,
        note=one.note,
        status=one.status,
        first=one.first,
        answers=one.answers,
        broken=tuple((b.round, b.seat, b.lever) for b in broken if b.deal == one.number),
        implies=implied(one),
        why=one.why,
        third=one.third,
        third_gives=_terms(one.third_gives, one.bounds),
        accepted=one.accepted,
    )


def _terms(terms: Mapping[str, Value], bounds: Mapping[str, Bound]) -> tuple[Term, ...]:
    return tuple(
        Term(name, levers()[name].label, value, levers()[name].unit, bounds[name]) for name, value in terms.items()
    )


def _injects(state: ExerciseState) -> tuple[InjectView, ...]:
    """Return the events that were brought into the round, in order."""
    groups = () if state.phase == "over" else range(1, state.settings.groups + 1)
    some = {one.seq: one for group in groups for one in injects(state, group, state.round)}
    return tuple(
        InjectView(seq, one.act.card.title, one.act.groups)  # type: ignore[union-attr]
        for seq, one in sorted(some.items())
    )


def _all_news(engine: WorldCache, state: ExerciseState, group: int) -> tuple[News, ...]:
    """Return the news of the coming round, then of every round played, latest round first."""
    coming = injected_news(state, group, state.round) if state.phase != "over" else []
    return (*coming, *(one for number in range(state.played, 0, -1) for one in _news(engine, state, group, number)))


def _news(engine: WorldCache, state: ExerciseState, group: int, number: int) -> list[News]:
    """Return the news of a round that was played; cached, because they never change within a take."""
    key = ("news", state.exercise, state.take, group, number)
    return engine.cached(key, lambda: news(state, group, number, group_history(engine, state, group, number)))


def _questions(state: ExerciseState, done: Sequence[str]) -> tuple[QuestionView, ...]:
    """Return the questions of the round. done: those that have already happened in the group."""
    start, end = state.settings.starts(state.round), state.settings.ends(state.round)
    return tuple(
        QuestionView(state.round, one.name, one.text(start, end), end, one.name not in done)
        for one in state.questions(state.round)
    )
