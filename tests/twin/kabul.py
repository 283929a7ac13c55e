"""The two camps in Kabul."""

import math
from typing import TYPE_CHECKING, Any

import mesa

from tests.twin.news import CEASEFIRE, Mood, News, between

if TYPE_CHECKING:
    from tests.twin.model import Twin


class Ghani(mesa.Agent):  # type: ignore[misc]
    """Holds the prisoners, orders the offensives, offers a share of power."""

    def __init__(self, model: "Twin") -> None:
        """Initialise without an offer and without a review."""
        super().__init__(model)
        self.p = model.groups["kabul.ghani"]
        self.mood = Mood(self.random, model.groups["agreement"])
        self.due = model.inputs.day(model.groups["talks"].planned_date)
        self.offer = 0.0
        self.days_since_decree = 0
        self.days_since_raise = 0
        self.review_days_left = 0.0
        self.has_reviewed = False

    def decide(self, news: News) -> dict[str, Any]:
        """Return today's decisions; without an agreement as in the war of 2019."""
        p, mood = self.p, self.mood.swing()
        will = self.will(news) + mood
        signed = self.model.signed
        slowed = math.exp(-p.caution * news.return_rate) * (1 - p.exchange_insisted * (1 - news.answered))
        ready = signed and not news.broken and self.days_since_decree >= p.notice_days
        return {
            "kabul.ghani.offer": self.next_offer(news, will) if signed else 0.0,
            "kabul.ghani.pace": p.pace_decreed * slowed if ready else 0.0,
            "kabul.ghani.pledge_required": signed and will < p.waive_pledge_above,
            "kabul.ghani.review": signed and self.reviews(news, will),
            "kabul.ghani.monitoring": p.monitoring_usual if signed else 0.0,
            "kabul.ghani.share_offered": between(0, self.share(news) + mood, 1) if signed else 0.0,
            "kabul.ghani.posture": self.posture(news) if signed else p.posture_without_agreement,
        }

    def will(self, news: News) -> float:
        """Return the share of the list that the camp would release, without its mood."""
        p = self.p
        heeded = news.pressure_on_ghani * news.trust["us_kabul"] / p.usual_trust
        will = p.will_base + p.will_pressed * heeded + p.will_aid * news.aid_felt
        will += p.will_trust * news.trust["kabul_taliban"]
        return float(will - p.will_violence * news.excess - p.will_split * (1 - news.cohesion))

    def next_offer(self, news: News, will: float) -> float:
        """Return the offer: a decree once talks are due, then additions when it is used up and some time has passed."""
        p, listed = self.p, self.model.listed
        if self.offer <= 0:
            first = listed * between(0, will, 1)
            return math.floor(first) if first >= p.least_offer and news.day >= self.due else self.offer
        if (
            news.released >= self.offer
            and (news.pause or self.days_since_raise >= p.tranche_days)
            and will >= p.tranche_will
        ):
            return min(self.offer + math.floor(p.tranche * will / p.tranche_will), listed)
        return self.offer

    def reviews(self, news: News, will: float) -> bool:
        """Whether there is a review: it lasts some days, and can begin while offered prisoners are in custody."""
        p = self.p
        if self.review_days_left > 0:
            return True
        if news.offer <= news.released:
            return False
        hazard = p.review_violence * news.excess
        if not self.has_reviewed and news.released < p.review_until:
            hazard += p.review_reluctance * between(0, 1 - will, 1)
        return bool(self.random.random() < 1 - math.exp(-hazard))

    def share(self, news: News) -> float:
        """Return the share of power that the camp would give, without its mood: more under pressure."""
        p = self.p
        pushed = p.share_pressed * news.pressure_on_ghani + p.share_aid * news.aid_felt
        return float(p.share_base + pushed - p.share_support * (news.ghani_support - p.even_support))

    def posture(self, news: News) -> float:
        """Return offensives, ratio to 2019."""
        p = self.p
        if news.pause or news.stage >= CEASEFIRE:
            return float(p.posture_in_ceasefire)
        ordered = p.posture_defence + p.posture_answer * news.excess
        return float(max(ordered, p.posture_without_agreement) if news.broken else ordered)

    def act(self, orders: dict[str, Any]) -> None:
        """Update the days since the decree, the offer and the review, whether decided or imposed."""
        offer = min(orders["kabul.ghani.offer"], self.model.listed)
        self.days_since_decree = self.days_since_decree + 1 if offer > 0 else 0
        self.days_since_raise = 0 if offer > self.offer else self.days_since_raise + 1
        self.offer = offer
        if not orders["kabul.ghani.review"]:
            self.review_days_left = 0
            return
        self.has_reviewed = True
        if self.review_days_left <= 0:
            self.review_days_left = self.p.review_days
        self.review_days_left = max(self.review_days_left - 1, 0)


class Abdullah(mesa.Agent):  # type: ignore[misc]
    """The rival claimant: asks for a share of power, and may join a delegation without one."""

    def __init__(self, model: "Twin") -> None:
        super().__init__(model)
        self.p = model.groups["kabul.abdullah"]
        self.mood = Mood(self.random, model.groups["agreement"])

    def decide(self, news: News) -> dict[str, Any]:
        """Return today's decisions."""
        mood = self.mood.swing()
        eased = self.p.join_trust * news.trust["ghani_abdullah"]
        pressed = news.pressure_on_abdullah + eased + mood >= self.p.join_pressure
        return {
            "kabul.abdullah.share_asked": between(0, self.asks(news) + mood, 1),
            "kabul.abdullah.joins_delegation": news.shared or bool(pressed),
        }

    def asks(self, news: News) -> float:
        """Return the least share of power it accepts, without its mood: less under pressure and with few brokers."""
        p = self.p
        pushed = p.ask_pressed * news.pressure_on_abdullah + p.ask_aid * news.aid_felt
        pushed += p.ask_trust * news.trust["ghani_abdullah"]
        return float(p.ask_base - pushed - p.ask_support * (news.ghani_support - p.even_support))
