"""Kabul: two camps that both claim the presidency and bargain over sharing power."""

import numpy as np

from sim.engine.base import Actor, WorldsModel
from sim.engine.hazard import EXPONENT_AT_MOST, chance
from sim.engine.mood import Mood
from sim.engine.random_streams import Floats
from sim.engine.reductions import ONE, ZERO, clip, clip_unit, positive_part
from sim.engine.situation import Flags, Situation
from sim.inputs.parameters import Group
from sim.schema.decisions import AbdullahDecision, GhaniDecision
from sim.schema.series import CEASEFIRE


class Ghani(Actor):
    """Ghani's camp: holds the prisoners and the presidency's powers."""

    def __init__(self, model: WorldsModel) -> None:
        """Initialise without an offer and without a review."""
        super().__init__(model)
        self.p = model.parameters.group("kabul.ghani")
        self.signed, self.listed = model.signed, model.listed
        self.due = model.day_of(model.parameters.group("talks").planned_date)
        self.mood = Mood.of(model, "ghani.mood")
        self.doubt = model.streams.stream("ghani.review")
        self.monitoring: Floats = model.filled(self.p.monitoring_usual)
        self.offer: Floats = model.filled(0)
        self.review_left: Floats = model.filled(0)
        self.reviewed: Flags = model.filled(0) > 0
        self.grounds = np.ones(model.worlds, np.int8)  # reason of the last review, see review_grounds
        self.standing: Floats = model.filled(0)  # days since the decree
        self.since_raise: Floats = model.filled(0)  # days since the offer was last raised

    def decide(self, s: Situation) -> GhaniDecision:
        """Return the decision on this day; without an agreement the camp offers nothing and fights as in 2019."""
        p, mood, doubt = self.p, self.mood.draw(), self.doubt.draw()[0]
        if not self.signed:
            return self._without_agreement(s)
        will = willingness(s, p) + mood
        return GhaniDecision(
            offer=self._offered(s, will),
            pace=p.pace_decreed * caution(s, p) * ((self.standing >= p.notice_days) & ~s.broken),
            pledge_required=will < p.waive_pledge_above,
            review=self._reviews(s, will, doubt),
            monitoring=self.monitoring,
            share_offered=clip_unit(share_offered(s, p) + mood),
            posture=posture(s, p),
        )

    def _without_agreement(self, s: Situation) -> GhaniDecision:
        """Return the decision as in the war of 2019: no offer, offensives as then."""
        no, nothing = np.zeros_like(s.truce), np.zeros_like(s.violence)
        fight = nothing + self.p.posture_without_agreement
        return GhaniDecision(nothing, nothing, no, no, nothing, nothing, fight)

    def act(self, d: GhaniDecision) -> None:
        """Store what was decided or imposed: the offer remains, and a review lasts its number of days."""
        self.standing = (d.offer > ZERO) * (self.standing + ONE)
        offer = np.minimum(d.offer, np.float32(self.listed))
        self.since_raise = (offer <= self.offer) * (self.since_raise + ONE)
        self.offer = offer
        begun = d.review & (self.review_left <= ZERO)
        left = np.where(begun, self.p.review_days, self.review_left)
        self.review_left = d.review * positive_part(left - ONE)
        self.reviewed = self.reviewed | d.review

    def _offered(self, s: Situation, will: Floats) -> Floats:
        """Return prisoners offered, (worlds,): a first decree, then additions; never reduced (audience costs).

        A truce with its forces is answered by an addition at once.
        """
        p = self.p
        first = self.listed * clip_unit(will)
        decreed = (self.offer <= ZERO) & (first >= p.least_offer) & (s.day >= self.due)
        due = (self.offer > ZERO) & (s.released >= self.offer) & (s.pause | (self.since_raise >= p.tranche_days))
        part = np.where(will >= p.tranche_will, p.tranche * will / p.tranche_will, ZERO)
        raised = np.minimum(self.offer + np.floor(part), self.listed)
        return np.where(decreed, np.floor(first), np.where(due, raised, self.offer))

    def _reviews(self, s: Situation, will: Floats, doubt: Floats) -> Flags:
        """Return whether the list is under review today, (worlds,): a review that continues or begins."""
        reluctance, violence = review_grounds(s, will, self.reviewed, self.p)
        self.grounds = (1 + (violence > reluctance)).astype(np.int8)
        begins = (doubt < chance(reluctance + violence)) & (s.offer > s.released)
        return (self.review_left > ZERO) | begins


def deal_hazard(offered: Floats, asked: Floats, p: Group) -> Floats:
    """Return the daily hazard that the camps agree to share power, (worlds,).

    Two offers that are close are settled sooner than two that are far apart, by the rule of thumb of a logit choice
    (quantal response, McKelvey & Palfrey 1995). offered, asked: shares of power, (worlds,).
    """
    return np.exp(clip((offered - asked) / p.deal_spread, -EXPONENT_AT_MOST, EXPONENT_AT_MOST)) / p.deal_days


class Abdullah(Actor):
    """Abdullah's camp: also claims the presidency, and accepts a share of power or not."""

    def __init__(self, model: WorldsModel) -> None:
        """Initialise as the rival claimant."""
        super().__init__(model)
        self.p = model.parameters.group("kabul.abdullah")
        self.mood = Mood.of(model, "abdullah.mood")

    def decide(self, s: Situation) -> AbdullahDecision:
        """Return the decision on this day."""
        mood = self.mood.draw()
        asked = share_asked(s, self.p) + mood
        eased = self.p.join_trust * s.trust["ghani_abdullah"]
        joins = s.shared | (s.pressure_on_abdullah + eased + mood >= self.p.join_pressure)
        return AbdullahDecision(share_asked=clip_unit(asked), joins_delegation=joins)


def willingness(s: Situation, p: Group) -> Floats:
    """Return the share of the list that Ghani's camp would release, before its mood, (worlds,).

    Prisoners are leverage that is lost once they are released to a rival who cannot commit not to use them
    (commitment problem, Fearon 1995). US pressure, as far as the patron is trusted, and withheld aid increase it;
    violence and a rival who outbids decrease it (two-level games, Putnam 1988; S10, S14, S16).
    """
    heeded = s.pressure_on_ghani * s.trust["us_kabul"] / p.usual_trust
    pushed = p.will_pressed * heeded + p.will_aid * s.aid_felt
    drawn = p.will_trust * s.trust["kabul_taliban"]
    held = p.will_violence * positive_part(s.violence - ONE) + p.will_split * (ONE - s.cohesion)
    return p.will_base + pushed + drawn - held


def caution(s: Situation, p: Group) -> Floats:
    """Return the share of the decreed pace that the camp orders, 0 to 1, (worlds,).

    Returns to fighting slow releases, and so do captives whom the other side owes in exchange (reciprocity, Axelrod
    1984).
    """
    return np.exp(-p.caution * s.return_rate) * (ONE - p.exchange_insisted * (ONE - s.answered))


def review_grounds(s: Situation, will: Floats, reviewed: Flags, p: Group) -> tuple[Floats, Floats]:
    """Return daily hazards that a review begins, by reason: reluctance, violence; each >= 0, (worlds,).

    Delay keeps leverage without refusing the patron (S14). Reluctance causes a review only once, and only while
    few prisoners are released.
    """
    reluctance = p.review_reluctance * clip_unit(ONE - will) * (~reviewed & (s.released < p.review_until))
    violence = p.review_violence * positive_part(s.violence - ONE)
    return reluctance, violence


def posture(s: Situation, p: Group) -> Floats:
    """Return offensives ordered, ratio to 2019, (worlds,): more under attack (S6).

    There are almost none in a ceasefire, nor after a day of truce (reciprocity, Axelrod 1984). Once the agreement is
    broken the war of 2019 is back.
    """
    ordered = p.posture_defence + p.posture_answer * positive_part(s.violence - ONE)
    ordered = np.where(s.broken, np.maximum(ordered, p.posture_without_agreement), ordered)
    return np.where(s.pause | (s.stage >= CEASEFIRE), p.posture_in_ceasefire, ordered)


def share_offered(s: Situation, p: Group) -> Floats:
    """Return the share of power that Ghani's camp would give, before its mood, (worlds,).

    A camp concedes more as its outside option gets worse, which depends on the patron's pressure and money and on
    the brokers' support (Rubinstein 1982; Putnam 1988; S15, S16).
    """
    pushed = p.share_pressed * s.pressure_on_ghani + p.share_aid * s.aid_felt
    return p.share_base + pushed - p.share_support * (s.ghani_support - p.even_support)


def share_asked(s: Situation, p: Group) -> Floats:
    """Return the least share Abdullah's camp would accept, before its mood: less with pressure, trust, lost brokers."""
    pushed = p.ask_pressed * s.pressure_on_abdullah + p.ask_aid * s.aid_felt
    pushed = pushed + p.ask_trust * s.trust["ghani_abdullah"]
    return p.ask_base - pushed - p.ask_support * (s.ghani_support - p.even_support)
