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
        self.p = p = model.groups["taliban"]
        self.mood = Mood(self.random, p.mood_spread, p.mood_memory_days)
        self.captives_released = 0.0

    def decide(self, news: News) -> dict[str, Any]:
        """Return today's decisions; without an agreement as in the war of 2019."""
        p, mood, signed = self.p, self.mood.swing(), self.model.signed
        at_war = not signed or news.broken
        return {
            "taliban.intensity": p.intensity_without_agreement if at_war else self.intensity(news),
            "taliban.truce": not at_war and self.keeps_truce(news, mood),
            "taliban.demand": p.demand_made if signed else 0.0,
            "taliban.pledges_acceptable": signed and news.trust["kabul_taliban"] >= p.pledge_trust,
            "taliban.attend": signed and self.eagerness(news) + mood >= 0,
            "taliban.captives_pace": self.captives_pace(news) if signed else 0.0,
        }

    def intensity(self, news: News) -> float:
        """Return violence ordered: leverage while the demand is unmet; trust, pressure and talks reduce it."""
        p = self.p
        exponent = p.leverage * news.unmet
        exponent -= p.restraint * news.trust["us_taliban"]
        exponent -= p.restraint_pressed * news.pressure_on_taliban
        if news.in_talks:
            exponent -= p.restraint_in_talks
        ordered = math.exp(exponent)
        return min(ordered, p.intensity_in_ceasefire) if news.stage >= CEASEFIRE else ordered

    def keeps_truce(self, news: News, mood: float) -> bool:
        """Whether trust in the US is enough; the Council lowers that threshold, a broken truce raises it."""
        p = self.p
        enough = p.truce_trust - p.truce_backing * news.backing
        if not news.truce:
            enough += p.truce_mending
        return bool(news.trust["us_taliban"] + p.truce_mood * mood >= enough)

    def eagerness(self, news: News) -> float:
        """Return the willingness to attend talks; indifferent at zero."""
        p = self.p
        for_talks = p.attend_trust_us * news.trust["us_taliban"] + p.attend_trust_kabul * news.trust["kabul_taliban"]
        for_talks += p.attend_pressed * news.pressure_on_taliban + p.attend_stalemate * news.taliban_losses
        for_talks += p.attend_backing * news.backing
        for_waiting = p.attend_us_gone * news.gone + p.attend_split * (1 - news.cohesion)
        return float(p.attend_base + for_talks - for_waiting)

    def captives_pace(self, news: News) -> float:
        """Return captives to release, in proportion to released prisoners."""
        p = self.p
        owed = p.captives_held * min(p.reciprocity * news.released / p.exchanged, 1)
        return math.floor(between(0, owed - self.captives_released, p.captives_pace_at_most))

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
