"""Trust: each pair of actors moves one step per day towards the level earned by yesterday's actions."""

from typing import TYPE_CHECKING, Any

from sim.schema.series import PAIRS
from tests.twin.news import News, between

if TYPE_CHECKING:
    from tests.twin.model import Twin


class Trust:
    """Trust of every pair, 0 to 1."""

    def __init__(self, model: "Twin") -> None:
        self.p: Any = model.groups["trust"]
        self.level: dict[str, float] = {pair: getattr(self.p, f"{pair}_start") for pair in PAIRS}

    def follow(self, news: News, orders: dict[str, Any], broke_down: bool) -> None:  # noqa: FBT001
        """Move one day's step; a breakdown of talks reduces trust between Kabul and the Taliban at once."""
        deserved = {
            "us_taliban": self.us_taliban(news, orders),
            "us_kabul": self.us_kabul(news),
            "kabul_taliban": self.kabul_taliban(news),
            "ghani_abdullah": self.ghani_abdullah(news, orders),
        }
        for pair, level in self.level.items():
            self.level[pair] = level + self.p.speed * (between(0, deserved[pair], 1) - level)
        if broke_down:
            self.level["kabul_taliban"] *= self.p.after_breakdown

    def us_taliban(self, news: News, orders: dict[str, Any]) -> float:
        """Return earned trust: truce, releases and withdrawal on time, minus airstrikes."""
        p = self.p
        good = p.us_taliban_base + p.us_taliban_releases * (1 - news.unmet)
        if orders["taliban.truce"]:
            good += p.us_taliban_truce
        return float(good - p.us_taliban_strikes * news.air_campaign - p.us_taliban_behind * news.behind)

    def us_kabul(self, news: News) -> float:
        """Return earned trust, reduced by pressure, withheld aid, the patron's exit and the client's division."""
        p = self.p
        worn = p.us_kabul_pressure * news.pressure_on_ghani + p.us_kabul_aid * news.aid_cut
        worn += p.us_kabul_gone * news.gone + p.us_kabul_split * (1 - news.cohesion)
        return float(p.us_kabul_base - worn)

    def kabul_taliban(self, news: News) -> float:
        """Return earned trust: prisoners, captives and talks, minus violence of both sides, reviews and returns."""
        p = self.p
        good = p.kabul_taliban_base + p.kabul_taliban_releases * (1 - news.unmet)
        good += p.kabul_taliban_captives * news.captives
        if news.in_talks:
            good += p.kabul_taliban_talks
        if news.pause:
            good += p.kabul_taliban_pause
        bad = p.kabul_taliban_violence * news.excess + p.kabul_taliban_returns * news.return_rate
        bad += p.kabul_taliban_offensives * news.ground_campaign
        if news.review:
            bad += p.kabul_taliban_review
        return float(good - bad)

    def ghani_abdullah(self, news: News, orders: dict[str, Any]) -> float:
        """Return earned trust: a shared government and a shared delegation."""
        p = self.p
        good = p.ghani_abdullah_base
        if news.shared:
            good += p.ghani_abdullah_shared
        if orders["kabul.abdullah.joins_delegation"]:
            good += p.ghani_abdullah_joint
        return float(good)
