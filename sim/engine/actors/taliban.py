"""The Taliban leadership: violence as leverage, a truce with the coalition, and willingness to attend talks."""

import numpy as np

from sim.engine.base import Actor, WorldsModel
from sim.engine.mood import Mood
from sim.engine.random_streams import Floats
from sim.engine.reductions import clip
from sim.engine.situation import Flags, Situation
from sim.inputs.parameters import Group
from sim.schema.decisions import TalibanDecision
from sim.schema.series import CEASEFIRE


class Taliban(Actor):
    """The leadership; its commanders at the fronts follow it to different degrees."""

    def __init__(self, model: WorldsModel) -> None:
        """Initialise with the truce kept if there is an agreement, and with all captives held."""
        super().__init__(model)
        self.p = model.parameters.group("taliban")
        self.signed = model.signed
        self.mood = Mood(model.streams, "taliban.mood", self.p.mood_spread, self.p.mood_memory_days)
        self.demand: Floats = model.filled(self.p.demand_made)
        self.captives_released: Floats = model.filled(0)

    def decide(self, s: Situation) -> TalibanDecision:
        """Return the decision on this day; without an agreement the leadership fights as in 2019."""
        p, mood = self.p, self.mood.draw()
        if not self.signed:
            return self._without_agreement(s)
        return TalibanDecision(
            intensity=np.where(s.broken, p.intensity_without_agreement, ordered_intensity(s, p)),
            truce=~s.broken & keeps_truce(s, mood, p),
            demand=self.demand,
            pledges_acceptable=s.trust["kabul_taliban"] >= p.pledge_trust,
            attend=willingness(s, p) + mood >= 0,
            captives_pace=captives_pace(s, self.captives_released, p),
        )

    def _without_agreement(self, s: Situation) -> TalibanDecision:
        """Return the decision as in the war of 2019: no truce, no demand, no talks."""
        no, nothing = np.zeros_like(s.truce), np.zeros_like(s.violence)
        fight = nothing + self.p.intensity_without_agreement
        return TalibanDecision(fight, no, nothing, no, no, nothing)

    def act(self, d: TalibanDecision) -> None:
        """Release captives. Changes `captives_released`, never above the number held."""
        freed = self.captives_released + d.captives_pace
        self.captives_released = np.minimum(freed, np.float32(1) * self.p.captives_held)

    def expected_on_coalition(self, d: TalibanDecision) -> Floats:
        """Return the expected attacks on the coalition, (worlds,): rare under the truce, else the old rate (S7)."""
        p = self.p
        return np.where(d.truce, p.stray_attacks_on_coalition, p.attacks_on_coalition * d.intensity)


def ordered_intensity(s: Situation, p: Group) -> Floats:
    """Return violence ordered against Afghan forces, ratio to 2019, (worlds,).

    Violence is leverage while the demand for prisoners is unmet and talks are not open (Kydd & Walter
    2002); trust in the US, pressure and talks lower it (S3, S4). A ceasefire ends what the leadership controls.
    """
    leverage = p.leverage * s.unmet
    restraint = p.restraint * s.trust["us_taliban"] + p.restraint_pressed * s.pressure_on_taliban
    in_talks = p.restraint_in_talks * (s.stage > 0)
    order = np.exp(leverage - restraint - in_talks)
    return np.where(s.stage >= CEASEFIRE, np.minimum(order, p.intensity_in_ceasefire), order)


def keeps_truce(s: Situation, mood: Floats, p: Group) -> Flags:
    """Return whether the truce with the coalition is kept, (worlds,).

    It is kept while trust in the US outweighs the gains expected from fighting; the Security Council's backing
    makes breaking it costlier (S13), and a broken truce takes more trust to restore (Axelrod 1984).
    """
    needed = p.truce_trust - p.truce_backing * s.backing
    needed = np.where(s.truce, needed, needed + p.truce_mending)
    return s.trust["us_taliban"] + p.truce_mood * mood >= needed


def willingness(s: Situation, p: Group) -> Floats:
    """Return how much the leadership wants talks, 0 if indifferent, (worlds,).

    A hurting stalemate makes talks attractive (Zartman 2000); a patron that leaves anyway, and a rival too
    weak to commit to anything, make waiting attractive (commitment problem, Fearon 1995; Walter 2002).
    """
    drawn = p.attend_trust_us * s.trust["us_taliban"] + p.attend_trust_kabul * s.trust["kabul_taliban"]
    pushed = p.attend_pressed * s.pressure_on_taliban + p.attend_stalemate * s.taliban_losses
    waiting_pays = p.attend_us_gone * s.gone + p.attend_split * (1 - s.cohesion)
    return p.attend_base + drawn + pushed + p.attend_backing * s.backing - waiting_pays


def captives_pace(s: Situation, released: Floats, p: Group) -> Floats:
    """Return captives to release on a day, (worlds,): in proportion to prisoners released (S13, exchange)."""
    owed = p.captives_held * np.minimum(p.reciprocity * s.released / p.exchanged, 1)
    return np.floor(clip(owed - released, 0, p.captives_pace_at_most))
