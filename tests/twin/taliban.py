"""The Taliban leadership."""

import math
from typing import TYPE_CHECKING, Any

import mesa

from tests.twin.news import CEASEFIRE, Mood, News, between

if TYPE_CHECKING:
    from tests.twin.model import Twin


class Taliban(mesa.Agent):  # type: ignore[misc]
    """Orders violence, keeps or breaks the truce, holds captives, and attends talks or not."""

    def __init__(self, model: "Twin") -> None:
        """Initialise with all captives held."""
        super().__init__(model)
        self.p = model.groups["taliban"]
        self.mood = Mood(self.random, model.groups["agreement"])
        self.captives_released = 0.0
        self.counted = 0.0  # prisoners whose release is verified
        self.trust_at_signing: float = model.groups["trust"].us_taliban_start

    def decide(self, news: News) -> dict[str, Any]:
        """Return today's decisions; without an agreement as in the war of 2019."""
        p, mood, signed = self.p, self.mood.swing(), self.model.signed
        return {
            "taliban.intensity": self.intensity(news) if signed else p.intensity_without_agreement,
            "taliban.truce": signed and not news.broken and self.keeps_truce(news, mood),
            "taliban.pause": signed and not news.broken and self.pauses(news, mood),
            "taliban.demand": p.demand_made if signed else 0.0,
            "taliban.pledges_acceptable": self.pledges_allowed(news) if signed else 0.0,
            "taliban.attend": signed and self.eagerness(news) + mood >= 0,
            "taliban.captives_pace": self.captives_pace(news) if signed else 0.0,
        }

    def intensity(self, news: News) -> float:
        """Return violence ordered: leverage for prisoners and for terms; trust, pressure and talks reduce it."""
        p = self.p
        for_prisoners = p.prisoners_share * (1.0 if news.broken else news.unmet)
        exponent = p.leverage * (for_prisoners + 1 - p.prisoners_share)
        exponent -= p.restraint * (news.trust["us_taliban"] - self.trust_at_signing)
        exponent -= p.restraint_pressed * news.pressure_on_taliban
        if news.in_talks:
            exponent -= p.restraint_in_talks
        if news.broken or not news.truce:
            exponent += p.escalation
        ordered = math.exp(exponent)
        return min(ordered, p.intensity_in_ceasefire) if news.stage >= CEASEFIRE else ordered

    def keeps_truce(self, news: News, mood: float) -> bool:
        """Whether trust in the US is enough; the Council lowers that threshold."""
        p = self.p
        enough = p.truce_trust - p.truce_backing * news.backing
        return bool(news.trust["us_taliban"] + p.truce_mood * mood >= enough)

    def pauses(self, news: News, mood: float) -> bool:
        """Whether there is a truce with Kabul's forces: over Eid, with a little trust."""
        return bool(news.eid and news.trust["kabul_taliban"] + mood >= self.p.pause_trust)

    def eagerness(self, news: News) -> float:
        """Return the willingness to attend talks; indifferent at zero."""
        p = self.p
        for_talks = p.attend_trust_us * news.trust["us_taliban"] + p.attend_trust_kabul * news.trust["kabul_taliban"]
        for_talks += p.attend_pressed * news.pressure_on_taliban + p.attend_stalemate * news.taliban_losses
        for_talks += p.attend_backing * news.backing
        return float(p.attend_base + for_talks - p.attend_waiting * news.weakness)

    def captives_pace(self, news: News) -> float:
        """Return captives to release, in proportion to released prisoners."""
        left = self.owed(news.released) - self.captives_released
        return math.floor(between(0, left, self.p.captives_pace_at_most))

    def verify(self, worth: float) -> None:
        """Verify part of the releases that are not counted yet."""
        self.counted += (worth - self.counted) / self.p.verification_days

    def owed(self, released: float) -> float:
        """Return the captives owed for released prisoners."""
        return float(min(self.p.captives_held * released / self.p.exchanged, self.p.captives_held))

    def answered(self, released: float) -> float:
        """Return the share of the captives owed that are released; all where none is owed."""
        owed = math.floor(self.owed(released))
        return min(self.captives_released / owed, 1.0) if owed else 1.0

    def pledges_allowed(self, news: News) -> float:
        """Return the share of the waiting who may sign: their levels of trust lie evenly around the middle."""
        low = self.p.pledge_trust - self.p.pledge_spread
        return between(0, (news.trust["kabul_taliban"] - low) / (2 * self.p.pledge_spread), 1)

    def act(self, orders: dict[str, Any]) -> None:
        """Release captives while there are any."""
        freed = self.captives_released + orders["taliban.captives_pace"]
        self.captives_released = min(freed, self.p.captives_held)

    def attack_coalition(self, orders: dict[str, Any]) -> int:
        """Return attacks on the coalition: rare under the truce, frequent without it."""
        p = self.p
        if orders["taliban.truce"]:
            return int(self.rng.poisson(p.stray_attacks_on_coalition))
        return int(self.rng.poisson(p.attacks_on_coalition * orders["taliban.intensity"]))
