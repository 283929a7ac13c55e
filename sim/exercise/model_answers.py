"""Answers of the model to the offers to a seat that no student holds, by the rules of the seat's own actor.

The actor agrees to what its own rules would lead to on the last day of the deal if the promises made to it were kept
(for what is ordered per day, to its mean over the deal's days). A deal then only brings forward, and makes certain,
what it would come to anyway. So the offer is tried in WORLDS worlds with the promises of the other sides imposed, and
everything asked of the seat is left to its own rules. The Taliban moreover turn down an offer of prisoners that
satisfies nobody, as on the record of the model (the milestone `rejection`).

Nothing is drawn: the same offer in the same state always has the same answer. It is stored with its reason, so that
whoever reads the log later runs nothing again.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import numpy.typing as npt

from sim.errors import InputError
from sim.exercise import deal_rules
from sim.exercise.deals import Proposal
from sim.exercise.event_store import Place
from sim.exercise.events import Event, Ordered
from sim.exercise.lever_terms import Bound, Value, lever_terms, meets, usual_bound
from sim.exercise.orders import DEMANDED, OFFERED, in_force
from sim.exercise.rounds import SHARE, bound_text, group_scenario, lever_text, value_text
from sim.exercise.seats import SEATS, seat_of
from sim.exercise.state import ExerciseState
from sim.inputs.intervention import Intervention
from sim.inputs.scenario import Scenario
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS
from sim.schema.decisions import levers
from sim.schema.formatting import day, number, share, with_unit

if TYPE_CHECKING:
    from sim.engine.model import PeaceProcess
    from sim.exercise.exercise_log import ExerciseLog

Array = npt.NDArray[Any]

WORLDS: Final = 16
ENOUGH: Final = 0.5  # share of the worlds in which the actor's own rule has to lead to what is asked
FLOWS: Final = ("rises", "falls")  # how a series moves by a lever that is ordered per day
PLEDGE: Final = "kabul.ghani.pledge_required"
ALLOWED: Final = "taliban.pledges_acceptable"


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """The answer of the model to an offer, and its reason in one sentence."""

    word: Literal["accept", "decline"]
    why: str


@dataclass(frozen=True)
class _OwnRule:
    """What every lever is at the end of a deal if nobody promises it, (worlds,) by lever: see the top of this file.

    worth: how many people the prisoners offered count as for the Taliban, (worlds,); least: how many have to be offered
    for the first of them to be satisfied, (worlds,).
    """

    decided: Mapping[str, Array]
    worth: Array
    least: Array


def answer_offers(log: "ExerciseLog", exercise: str) -> None:
    """Answer the offers to the seats that the model plays in an exercise, and store each answer with its reason."""
    state = log.current(exercise)
    for group in range(1, state.settings.groups + 1) if state.filled else ():
        for one, seat in deal_rules.unanswered(state, group):
            found = model_answer(state, one, seat)
            store = partial(deal_rules.answer_by_model, answered=one, word=found.word, why=found.why)
            try:
                log.act_as(Place(exercise, group, seat, ""), store)
            except InputError:
                continue  # it was withdrawn or declined, or the round was closed, in the meantime


def model_answer(state: ExerciseState, offer: Proposal, seat: str) -> ModelAnswer:
    """Return the answer of the model to an offer, for a seat that it plays: by what the seat gives and gets."""
    label, asked = SEATS[seat].label, offer.promises[seat]
    promised = any(terms for side, terms in offer.promises.items() if side != seat)
    if not asked and not _offers_prisoners(offer, seat):
        return ModelAnswer("accept", f"{label} accepts: you ask for nothing in return.")
    last = state.settings.ends(offer.round + offer.rounds - 1)
    found = _own_rule(_kept(state, offer, seat), state.settings.starts(offer.round), state.settings.seed)
    until = day(last - dt.timedelta(days=1), year=False)
    with_it = "with the promises of the others kept, " if offer.third else "with your promise kept, "
    given = f"even {with_it}" if promised else ""
    if refused := _turned_down(offer, seat, found):
        return ModelAnswer("decline", f"{label} declines: {refused}.")
    for lever, value in asked.items():
        if _share(found, lever, offer.bounds[lever], value) < ENOUGH:
            led = _led_to(found.decided[lever], lever, value, offer.bounds[lever], until)
            return ModelAnswer("decline", f"{label} declines: {given}by its own rules {led}.")
    if not asked:
        return ModelAnswer("accept", f"{label} accepts: enough of its people would be satisfied with what you offer.")
    least = min(_share(found, lever, offer.bounds[lever], value) for lever, value in asked.items())
    kept = with_it if promised else ""
    how = f"by its own rules it would do this by {until} in {round(least * WORLDS)} of {WORLDS} worlds"
    return ModelAnswer("accept", f"{label} accepts: {kept}{how}.")


def _kept(state: ExerciseState, offer: Proposal, seat: str) -> Scenario:
    """Return the group's scenario to the end of the deal if all sides but one seat keep their promises.

    What that seat is asked for is left to its own rules, or to what the text imposes, even if an earlier deal
    promises some of it.
    """
    settings, rounds = state.settings, range(offer.round, offer.round + offer.rounds)
    freed = [
        Intervention(lever, value, settings.starts(round_), settings.ends(round_))
        for round_ in rounds
        for lever, value in offer.promises[seat].items()
        if lever in in_force(state, offer.group, round_)
    ]
    others = [
        (side, lever, value)
        for side, terms in offer.promises.items()
        for lever, value in terms.items()
        if side != seat
    ]  # fmt: skip
    for round_ in rounds:
        active = in_force(state, offer.group, round_)
        for side, lever, value in others:
            if lever in active and meets(active[lever].value, offer.bounds[lever], value):
                continue  # what stands does as much already, or more
            act = Ordered(lever, value, "round")
            state = state.then(Event(state.seq + 1, 0.0, round_, state.take, act, offer.group, side))
    scenario = group_scenario(state, offer.group, offer.round + offer.rounds - 1)
    found = list(scenario.interventions)
    for gap in freed:
        found = [
            part
            for one in found
            for part in (one.subtract(gap, scenario.start, scenario.end) if one.lever == gap.lever else [one])
        ]
    return replace(scenario, interventions=tuple(found))


def _own_rule(scenario: Scenario, start: dt.date, seed: int) -> _OwnRule:
    """Return what every lever is at the end of a scenario, in worlds 0 to WORLDS - 1. start: of the deal."""
    from sim.engine.model import PeaceProcess  # Mesa only when something is run
    from sim.runs.parameter_sampling import world_parameters

    parameters = world_parameters(scenario, DEFAULT_ASSUMPTIONS, seed, WORLDS, 0)
    model = PeaceProcess(scenario, WORLDS, seed, parameters=parameters, collect=False)
    try:
        done = {name: np.zeros(model.worlds) for name, term in lever_terms().items() if term.moves in FLOWS}
        for index in range(model.calendar.days):
            model.step()
            if model.calendar.date(index) >= start:
                done = {name: sum_ + _decision(model, name) for name, sum_ in done.items()}
        days = (scenario.end - start).days
        return _read(model, {name: sum_ / days for name, sum_ in done.items()})
    finally:
        model.dispose()


def _read(model: "PeaceProcess", daily: Mapping[str, Array]) -> _OwnRule:
    """Return what stands on a model's last day. daily: the mean of what is ordered per day, by lever."""
    decided = {name: np.array(_decision(model, name)) for name in levers()} | dict(daily)
    worth = model.prisoners.worth_offered(model.ghani.offer, model.taliban.p.name_weight)
    least = model.talks.p.satisfied_from * decided[DEMANDED]
    return _OwnRule(decided, np.array(worth), np.array(least))


def _decision(model: "PeaceProcess", lever: str) -> Array:
    known = levers()[lever]
    return np.asarray(getattr(model.state.decisions[known.actor], known.field))


def _offers_prisoners(offer: Proposal, seat: str) -> bool:
    """Return whether a seat is the Taliban's and is offered prisoners: it has to say whether that satisfies it."""
    return OFFERED in offer.terms and seat == seat_of(DEMANDED)


def _turned_down(offer: Proposal, seat: str, found: _OwnRule) -> str:
    """Return why the Taliban turn down an offer of prisoners in most worlds, in words; "" if they do not."""
    if not _offers_prisoners(offer, seat):
        return ""
    yours = OFFERED in offer.give
    if (found.worth < found.least).mean() >= ENOUGH:
        worth, least = (number(float(np.median(part)), 0) for part in (found.worth, found.least))
        which = "that you offer" if yours else "offered"
        return f"by name, the prisoners {which} count as {worth} people, and fewer than {least} satisfy nobody"
    if (found.decided[PLEDGE] & (found.decided[ALLOWED] <= 0)).mean() >= ENOUGH:
        who = "you require" if yours else "Kabul requires"
        return f"{who} a pledge, and with so little trust in Kabul it lets nobody sign one"
    return ""


def _share(found: _OwnRule, lever: str, bound: Bound, value: Value) -> float:
    """Return the share of the worlds in which the actor's own rule leads to what is asked, or further.

    What is to be exactly so much is no more of a promise than at least or at most so much, as is usual for the lever.
    """
    way = usual_bound(lever) if bound == "exactly" else bound
    promised = value if isinstance(value, bool) else float(np.float32(value))
    return float(np.mean([meets(done.item(), way, promised) for done in found.decided[lever]]))


def _led_to(done: Array, lever: str, value: Value, bound: Bound, until: str) -> str:
    """Return what a rule leads to instead of what is asked, in words. until: the last day of the deal."""
    known = levers()[lever]
    if known.flag:
        count = int((done == value).sum())
        return f"“{lever_text(lever, value)}” would be so on {until} in {count or 'none'} of {len(done)} worlds"
    middle = float(np.median(done))
    shown = share(middle) if known.unit == SHARE else with_unit(number(middle), known.unit)
    when = f"on average until {until}" if lever_terms()[lever].moves in FLOWS else f"on {until}"
    asked = f"{bound_text(bound)}{value_text(value, known.unit)}"
    return f"it would be “{known.label}: {shown}” {when}, and you ask for {asked}"
