"""What an order would probably do in the round, as far as its seat can know: paired worlds with and without it.

Both run to the end of the round over the same worlds with the same luck. What other seats have ordered in this round is
secret until it is played, so it is left out: the other seats are as they stood. The effects are those on the outcomes
that the seat itself wants. Few worlds are run, so that an answer takes a second or two; the intervals say at what cost.
"""

from dataclasses import dataclass, replace
from typing import Final

from sim.exercise import events as e
from sim.exercise.events import Event, Scope
from sim.exercise.lever_terms import Value
from sim.exercise.questions import SHARES
from sim.exercise.rounds import group_scenario
from sim.exercise.seats import SEATS
from sim.exercise.state import ExerciseState
from sim.exercise.world_cache import run_together
from sim.inputs.scenario import Scenario
from sim.results.comparison import Effect, effect_of
from sim.schema.formatting import decimals, signed, signed_interval, unit_label
from sim.schema.outcomes import OUTCOMES, REACHED

WORLDS: Final = 32
PER_CENT: Final = 100
NOTHING: Final = "no difference"
SECRET: Final = (e.Ordered, e.Withdrawn)


@dataclass(frozen=True, slots=True)
class ProbableEffect:
    """What an order would probably change in something that a seat wants, in words, by the end of the round."""

    aim: str
    label: str  # what it is measured by
    text: str
    significant: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """Two scenarios of a group to the end of the round, without and with an order; the same for the same order."""

    seat: str
    without: Scenario
    with_it: Scenario
    seed: int


def trial(state: ExerciseState, group: int, seat: str, lever: str, value: Value, scope: Scope) -> Trial:
    """Return the trial of an order by a seat, as far as the seat can know. The order is checked already."""
    known = replace(state, log=tuple(one for one in state.log if not _secret(state, one, group, seat)))
    without = _then(known, e.Withdrawn(lever), group, seat)
    with_it = _then(known, e.Ordered(lever, value, scope), group, seat)
    without_it, ordered = (group_scenario(one, group, state.round) for one in (without, with_it))
    return Trial(seat, without_it, ordered, state.settings.seed)


def probable_effects(found: Trial) -> tuple[ProbableEffect, ...]:
    """Return the effects of a trial on each of the seat's aims, in their order. It takes about a second."""
    without, with_it = run_together([found.without, found.with_it], WORLDS, found.seed)
    effects = [
        effect_of(OUTCOMES[aim.outcome], *(one.outcomes[aim.outcome].values for one in (without, with_it)))
        for aim in SEATS[found.seat].aims
    ]
    return tuple(
        ProbableEffect(aim.text, effect.label, in_words(effect), effect.significant)
        for aim, effect in zip(SEATS[found.seat].aims, effects, strict=True)
    )


def in_words(effect: Effect, worlds: int = WORLDS) -> str:
    """Return an effect in words: what it probably is, its interval, and in how many worlds."""
    counts = {"more": round(worlds * effect.up), "less": round(worlds * effect.down)}
    if not any(counts.values()):
        return NOTHING
    share = effect.outcome.startswith(REACHED) or effect.unit in SHARES
    mean, low, high = (part * (PER_CENT if share else 1) for part in (effect.effect, effect.low, effect.high))
    places = decimals(mean, low, high)
    unit = "percentage points" if share else unit_label(effect.unit)
    span = "the same in every world" if effect.alike else f"95 % interval {signed_interval(low, high, places)}"
    spread = ", ".join(f"{word} in {count} of {worlds} worlds" for word, count in counts.items() if count)
    head = "probably" if effect.significant else "not significant:"
    return f"{head} {signed(mean, places)} {unit} ({span}), {spread}"


def _secret(state: ExerciseState, one: Event, group: int, seat: str) -> bool:
    """Return whether an event of the group is one that the seat cannot know before the round is played."""
    if one.group != group or one.round != state.round:
        return False
    if isinstance(one.act, e.Proposed):
        return seat not in (one.seat, one.act.to)
    return isinstance(one.act, SECRET) and one.seat != seat


def _then(state: ExerciseState, act: e.Act, group: int, seat: str) -> ExerciseState:
    return state.then(Event(state.seq + 1, 0.0, state.round, state.take, act, group, seat))
