"""Talks between the Taliban and Kabul: the conditions for opening them, and their progress once open."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engine.base import WorldsModel
from sim.engine.random_streams import Floats
from sim.engine.situation import Flags, Situation
from sim.inputs.parameters import Group
from sim.schema.series import AGENDA, CONDITIONS, SETTLED

STRAIN_AT_MOST = np.float32(60)  # above it talks certainly break down, and the exponential is close to overflow


@dataclass(frozen=True, slots=True)
class TalksInputs:
    """The inputs of today's talks; every field has shape (worlds,)."""

    released: Floats  # prisoners released
    demand: Floats  # prisoners demanded
    cohesion: Floats
    joins: Flags  # Abdullah's camp joins one delegation
    attend: Flags  # the Taliban are willing to attend
    violence: Floats  # smoothed, ratio to 2019
    taliban_losses: Floats  # smoothed, ratio to 2019
    truce: Flags
    broken: Flags
    behind: Floats  # troops above the promised path, share of those at signing
    spoiling: Floats  # violence beyond orders, ratio to 2019


class Talks:
    """The five conditions and the stage of talks in each world."""

    def __init__(self, model: WorldsModel) -> None:
        """Start without talks, and with every condition unmet."""
        self.p = model.parameters.group("talks")
        self.signed = model.signed
        self.satisfied = model.parameters.group("taliban").satisfied_share
        self.due = model.day_of(self.p.planned_date)
        self.stage: Floats = model.filled(0)
        self.cooling: Floats = model.filled(0)  # days before talks can open again
        self.ok: Flags = np.zeros((len(CONDITIONS), model.worlds), bool)
        self.met_on = np.zeros((len(CONDITIONS), model.worlds), np.int16)  # day each was last newly met
        self.blocked_days = np.zeros((len(CONDITIONS), model.worlds), np.int16)
        self.luck = {name: model.streams.stream(f"talks.{name}") for name in ("open", "advance", "breakdown")}

    def step(self, day: int, f: TalksInputs, s: Situation) -> Flags:
        """Open, advance or break down on this day; return where talks broke down, (worlds,)."""
        ok = conditions(f, self.satisfied, self.p) if self.signed else np.zeros_like(self.ok)
        np.copyto(self.met_on, day, where=ok & ~self.ok)
        self.ok = ok
        self.blocked_days += ~ok
        luck = {name: stream.draw()[0] for name, stream in self.luck.items()}
        running = (self.stage > 0) & (self.stage < SETTLED)
        fails = running & (luck["breakdown"] < chance(breakdown_hazard(f, s, ok[-1], self.p)))
        opens = (self.stage == 0) & np.logical_and.reduce(ok) & (self.cooling <= 0) & (day >= self.due)
        opens &= luck["open"] < chance(1 / self.p.opening_days)
        advances = running & ~fails & (luck["advance"] < chance(self._advance_hazard(f, s)))
        self.stage = np.where(fails, 0, self.stage + (opens | advances))
        self.cooling = np.where(fails, self.p.cooling_days, np.maximum(self.cooling - 1, 0))
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


def conditions(f: TalksInputs, satisfied: Any, p: Group) -> Flags:
    """Return whether each condition for talks is met, (conditions, worlds), in the order of CONDITIONS.

    The Taliban's demand for prisoners (S13), one delegation (S17), their willingness to attend (ripeness, Zartman
    2000), violence that both sides tolerate (S7), and a guarantor that keeps its commitments (Walter 2002).
    """
    bearable = (f.violence <= p.bearable_violence) & (f.taliban_losses <= p.bearable_losses)
    return np.array(
        [
            f.released >= satisfied * f.demand,
            (f.cohesion >= p.cohesion_alone) | (f.joins & (f.cohesion >= p.cohesion_joint)),
            f.attend,
            bearable,
            f.truce & ~f.broken & (f.behind <= p.behind_tolerated),
        ]
    )


def chance(hazard: Any) -> Any:
    """Return the probability that an event with this daily hazard happens on a day."""
    return -np.expm1(-hazard)


def progress(f: Any, s: Situation, p: Group) -> Floats:
    """Return the pace of talks relative to their usual pace, > 0, (worlds,): faster with trust and a united Kabul."""
    trust = p.progress_trust * (s.trust["kabul_taliban"] - p.usual_trust)
    return np.exp(trust + p.progress_cohesion * (f.cohesion - p.cohesion_joint))


def breakdown_hazard(f: TalksInputs, s: Situation, guaranteed: Flags, p: Group) -> Floats:
    """Return the daily hazard that talks break down, (worlds,).

    It rises with spoilers and violence (Stedman 1997; Kydd & Walter 2002), with prisoners who return, a patron that
    leaves before any commitment is binding (Fearon 1995), a divided government and a broken guarantee.
    """
    strain = p.strain_violence * np.maximum(f.violence - 1, 0) + p.strain_spoilers * f.spoiling
    strain = strain + p.strain_returns * s.return_rate + p.strain_gone * s.gone
    strain = strain + p.strain_split * (1 - f.cohesion) + p.strain_guarantee * ~guaranteed
    return p.breakdown_a_day * np.exp(np.minimum(strain, STRAIN_AT_MOST))


def bargaining_power(cohesion: Floats, troops: Floats, taliban: Floats, p: Group) -> Floats:
    """Return what Kabul can win in talks: its share of the two sides' strength, 0 to 1, (worlds,).

    A contest success function (Hirshleifer 1989) of the government's strength, which depends on its cohesion and on
    its patron's presence, and of the movement's fighters; a fast exit weakens the government (S1, S17).
    troops: ratio to those at signing; taliban: fighters, ratio to 2019.
    """
    kabul = cohesion * (p.own_strength + p.us_strength * troops)
    return kabul / (kabul + taliban)
