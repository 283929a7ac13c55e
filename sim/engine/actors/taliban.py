"""The Taliban leadership: violence as leverage, a truce with the coalition, and willingness to attend talks."""

import numpy as np

from sim.engine.base import Actor, WorldsModel
from sim.engine.mood import Mood
from sim.engine.random_streams import Floats
from sim.engine.reductions import ONE, ZERO, clip, clip_unit
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
        self.mood = Mood.of(model, "taliban.mood")
        self.demand: Floats = model.filled(self.p.demand_made)
        self.captives_released: Floats = model.filled(0)
        self.counted: Floats = model.filled(0)  # prisoners whose release it has verified, in people
        self.trust_at_signing = model.parameters.group("trust").us_taliban_start

    def decide(self, s: Situation) -> TalibanDecision:
        """Return the decision on this day; without an agreement the leadership fights as in 2019."""
        p, mood = self.p, self.mood.draw()
        if not self.signed:
            return self._without_agreement(s)
        return TalibanDecision(
            intensity=ordered_intensity(s, s.trust["us_taliban"] - self.trust_at_signing, p),
            truce=~s.broken & keeps_truce(s, mood, p),
            pause=s.eid & ~s.broken & (s.trust["kabul_taliban"] + mood >= p.pause_trust),
            demand=self.demand,
            pledges_acceptable=pledges_allowed(s, p),
            attend=willingness(s, p) + mood >= ZERO,
            captives_pace=np.floor(clip(self.owed(s.released) - self.captives_released, ZERO, p.captives_pace_at_most)),
        )

    def _without_agreement(self, s: Situation) -> TalibanDecision:
        """Return the decision as in the war of 2019: no truce, no demand, no talks."""
        no, nothing = np.zeros_like(s.truce), np.zeros_like(s.violence)
        fight = nothing + self.p.intensity_without_agreement
        return TalibanDecision(fight, no, no, nothing, nothing, no, nothing)

    def act(self, d: TalibanDecision) -> None:
        """Release captives. Changes `captives_released`, never above the number held."""
        freed = self.captives_released + d.captives_pace
        self.captives_released = np.minimum(freed, self.p.captives_held)

    def verify(self, worth: Floats) -> None:
        """Count part of the releases that its people have not verified yet, by name. Changes `counted`.

        worth: the releases so far, in people, as `Prisoners.worth` weighs them, (worlds,).
        """
        self.counted = self.counted + (worth - self.counted) / self.p.verification_days

    def owed(self, released: Floats) -> Floats:
        """Return the captives owed for so many prisoners, (worlds,): in proportion (exchange of the agreement)."""
        return np.minimum(self.p.captives_held * released / self.p.exchanged, self.p.captives_held)

    def answered(self, released: Floats) -> Floats:
        """Return the share of the captives owed for so many prisoners that are released, (worlds,); 1 if none is."""
        owed = np.floor(self.owed(released))
        return np.where(owed > ZERO, np.minimum(self.captives_released / np.maximum(owed, ONE), ONE), ONE)

    def expected_on_coalition(self, d: TalibanDecision) -> Floats:
        """Return the expected attacks on the coalition, (worlds,): rare under the truce, else the old rate (S7)."""
        p = self.p
        return np.where(d.truce, p.stray_attacks_on_coalition, p.attacks_on_coalition * d.intensity)


def ordered_intensity(s: Situation, earned: Floats, p: Group) -> Floats:
    """Return violence ordered against Afghan forces, ratio to 2019, (worlds,).

    Violence is leverage for what is still to be won: for the prisoners not yet released (Kydd & Walter 2002), and for
    the terms of a settlement (Wagner 2000; Slantchev 2003). Trust in the US that was earned since signing, pressure
    and talks lower it (S3, S4, S7); without a truce or an agreement there is nothing to lose by fighting. A ceasefire
    ends what the leadership controls. earned: trust in the US since signing, (worlds,).
    """
    stakes = np.where(s.broken, ONE, ONE - p.prisoners_share * (ONE - s.unmet))
    calm = p.restraint * earned + p.restraint_pressed * s.pressure_on_taliban + p.restraint_in_talks * (s.stage > ZERO)
    order = np.exp(p.leverage * stakes - calm + p.escalation * (~s.truce | s.broken))
    return np.where(s.stage >= CEASEFIRE, np.minimum(order, p.intensity_in_ceasefire), order)


def pledges_allowed(s: Situation, p: Group) -> Floats:
    """Return the share of those waiting for the leadership's leave who may sign a pledge, 0 to 1, (worlds,).

    Each of them would be let go with a pledge at another level of trust in Kabul, spread evenly around the middle
    (thresholds, Granovetter 1978; S11, S13).
    """
    above = s.trust["kabul_taliban"] - p.pledge_trust + p.pledge_spread
    return clip_unit(above / (2 * p.pledge_spread))


def keeps_truce(s: Situation, mood: Floats, p: Group) -> Flags:
    """Return whether the truce with the coalition is kept, (worlds,).

    It is kept while trust in the US outweighs the gains expected from fighting; the Security Council's backing
    makes breaking it costlier (S13), and a broken truce takes more trust to restore (Axelrod 1984).
    """
    needed = p.truce_trust - p.truce_backing * s.backing
    return s.trust["us_taliban"] + p.truce_mood * mood >= needed


def willingness(s: Situation, p: Group) -> Floats:
    """Return how much the leadership wants talks, 0 if indifferent, (worlds,).

    A hurting stalemate makes talks attractive (Zartman 2000). A weak rival, because its patron leaves or because it is
    divided, makes waiting attractive: what it concedes tomorrow is more than it concedes today (commitment problem,
    Fearon 1995; Walter 2002).
    """
    drawn = p.attend_trust_us * s.trust["us_taliban"] + p.attend_trust_kabul * s.trust["kabul_taliban"]
    pushed = p.attend_pressed * s.pressure_on_taliban + p.attend_stalemate * s.taliban_losses
    return p.attend_base + drawn + pushed + p.attend_backing * s.backing - p.attend_waiting * s.weakness
