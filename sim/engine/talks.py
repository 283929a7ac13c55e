"""Talks between the Taliban and Kabul: the conditions for opening them, and their progress once open."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engine.base import WorldsModel
from sim.engine.hazard import EXPONENT_AT_MOST, chance
from sim.engine.random_streams import Floats
from sim.engine.reductions import ONE, TINY, ZERO, clip_unit, positive_part
from sim.engine.situation import Flags, Situation
from sim.inputs.parameters import Group
from sim.schema.series import AGENDA, CONDITIONS, SETTLED


@dataclass(frozen=True, slots=True)
class TalksInputs:
    """The inputs of today's talks; every field has shape (worlds,)."""

    counted: Floats  # prisoners whose release the Taliban have verified, in people
    demand: Floats  # prisoners demanded
    cohesion: Floats
    joins: Flags  # Abdullah's camp joins one delegation
    attend: Flags  # the Taliban are willing to attend
    violence: Floats  # smoothed, ratio to 2019
    taliban_losses: Floats  # smoothed, ratio to 2019
    truce: Flags
    broken: Flags
    behind: Floats  # troops above the promised path, share of those at signing
    trust_us: Floats  # between the United States and the Taliban
    spoiling: Floats  # violence beyond orders, ratio to 2019


class Talks:
    """The five conditions and the stage of talks in each world."""

    def __init__(self, model: WorldsModel) -> None:
        """Start without talks, and with every condition unmet."""
        self.p = model.parameters.group("talks")
        self.signed = model.signed
        self.due = model.day_of(self.p.planned_date)
        self.stage: Floats = model.filled(0)
        self.cooling: Floats = model.filled(0)  # days before talks can open again
        self.ok: Flags = np.zeros((len(CONDITIONS), model.worlds), bool)
        self.met_on = np.zeros((len(CONDITIONS), model.worlds), np.int16)  # day each was last newly met
        self.blocked_days = np.zeros((len(CONDITIONS), model.worlds), np.int16)
        self.degrees: Floats = model.filled(0, len(CONDITIONS))  # how far each is met today
        self.luck = {name: model.streams.stream(f"talks.{name}") for name in ("open", "advance", "breakdown")}

    def step(self, day: int, f: TalksInputs, s: Situation) -> Flags:
        """Open, advance or break down on this day; return where talks broke down, (worlds,)."""
        self.degrees = conditions(f, self.p) * np.float32(self.signed)
        ok = self.degrees > ZERO
        np.copyto(self.met_on, day, where=ok & ~self.ok)
        self.ok = ok
        self.blocked_days += ~ok
        luck = {name: stream.draw()[0] for name, stream in self.luck.items()}
        running = (self.stage > ZERO) & (self.stage < SETTLED)
        fails = running & (luck["breakdown"] < chance(breakdown_hazard(f, s, self.degrees[-1], self.p)))
        opens = (self.stage == ZERO) & (self.cooling <= ZERO) & (day >= self.due)
        opens &= luck["open"] < chance(np.multiply.reduce(self.degrees) / self.p.opening_days)
        advances = running & ~fails & (luck["advance"] < chance(self._advance_hazard(f, s)))
        self.stage = np.where(fails, 0, self.stage + (opens | advances))
        self.cooling = np.where(fails, self.p.cooling_days, positive_part(self.cooling - ONE))
        return fails

    def _advance_hazard(self, f: Floats | TalksInputs, s: Situation) -> Floats:
        """Return the daily hazard that talks move to the next stage, (worlds,)."""
        p = self.p
        later = np.where(self.stage == AGENDA, p.agenda_days, p.ceasefire_days)
        days = np.where(self.stage < AGENDA, p.procedure_days, later)
        return progress(f, s, p) / days

    def last_met(self) -> Any:
        """Return the index of the condition that was met last, (worlds,)."""
        return self.met_on.argmax(axis=0).astype(np.int8)

    def worst_block(self) -> Any:
        """Return the index of the condition that was missing on most days, (worlds,)."""
        return self.blocked_days.argmax(axis=0).astype(np.int8)


def conditions(f: TalksInputs, p: Group) -> Floats:
    """Return how far each condition for talks is met, 0 to 1, (conditions, worlds), in the order of CONDITIONS.

    The Taliban's demand for prisoners (S13), one delegation (S17), their willingness to attend (ripeness, Zartman
    2000), violence that both sides tolerate (S7), and a guarantor that keeps its commitments (Walter 2002). A condition
    that many people judge is met for a growing share of them (thresholds, Granovetter 1978): `satisfied_from` is the
    share of the demand at which the first is satisfied; at the whole demand everybody is.
    """
    met = np.where(f.demand > ZERO, f.counted / np.maximum(f.demand, ONE), ONE)
    alone, joint = (beyond(f.cohesion, limit, p) for limit in (p.cohesion_alone, p.cohesion_joint))
    kept = within(f.behind, p.behind_tolerated, p) * beyond(f.trust_us, p.guarantee_trust, p)
    return np.array(
        [
            clip_unit((met - p.satisfied_from) / (ONE - p.satisfied_from)),
            np.maximum(alone, f.joins * joint),
            f.attend,
            within(f.violence, p.bearable_violence, p) * within(f.taliban_losses, p.bearable_losses, p),
            (f.truce & ~f.broken) * kept,
        ],
        np.float32,
    )


def beyond(x: Floats, limit: Any, p: Group) -> Floats:
    """Return the share of people for whom x is high enough, 0 to 1: none at the limit, everybody at some more."""
    return clip_unit((x / limit - ONE) / p.slope)


def within(x: Floats, limit: Any, p: Group) -> Floats:
    """Return the share of people for whom x is low enough, 0 to 1: none at the limit, everybody at some less."""
    return clip_unit((ONE - x / limit) / p.slope)


def progress(f: Any, s: Situation, p: Group) -> Floats:
    """Return the pace of talks relative to their usual pace, > 0, (worlds,): faster with trust and a united Kabul."""
    trust = p.progress_trust * (s.trust["kabul_taliban"] - p.usual_trust)
    return np.exp(trust + p.progress_cohesion * (f.cohesion - p.cohesion_joint))


def breakdown_hazard(f: TalksInputs, s: Situation, guaranteed: Floats, p: Group) -> Floats:
    """Return the daily hazard that talks break down, (worlds,).

    It rises with spoilers and violence (Stedman 1997; Kydd & Walter 2002), with prisoners who return, with a rival
    too weak to be held to a bargain (Fearon 1995), and with a broken guarantee.
    guaranteed: how far the guarantee is kept, 0 to 1, (worlds,).
    """
    strain = p.strain_violence * positive_part(f.violence - ONE) + p.strain_spoilers * f.spoiling
    strain = strain + p.strain_returns * s.return_rate
    strain = strain + p.strain_weakness * positive_part(s.weakness) + p.strain_guarantee * (ONE - guaranteed)
    return p.breakdown_a_day * np.exp(np.minimum(strain, EXPONENT_AT_MOST))


def bargaining_power(cohesion: Floats, troops: Floats, taliban: Floats, p: Group) -> Floats:
    """Return what Kabul can win in talks: its share of the two sides' strength, 0 to 1, (worlds,).

    A contest success function (Hirshleifer 1989) of the government's strength, which depends on its cohesion and on
    its patron's presence, and of the movement's fighters; a fast exit weakens the government (S1, S17).
    troops: ratio to those at signing; taliban: fighters, ratio to 2019.
    """
    kabul = cohesion * (p.own_strength + p.us_strength * troops)
    return kabul / np.maximum(kabul + taliban, TINY)
