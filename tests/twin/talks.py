"""Talks: their conditions and their progress."""

import math
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sim.schema.series import CONDITIONS
from tests.twin.news import CEASEFIRE, SETTLED, News, between

if TYPE_CHECKING:
    from tests.twin.model import Twin


class Talks:
    """Talks with the stages none, procedure, agenda, ceasefire and settlement, 0 to 4."""

    def __init__(self, model: "Twin") -> None:
        """Initialise without talks."""
        self.p: Any = model.groups["talks"]
        self.random: Random = model.random
        self.due = model.inputs.day(self.p.planned_date)
        self.stage = 0
        self.days_of_cooling = 0.0
        self.degrees = dict.fromkeys(CONDITIONS, 0.0)
        self.met = dict.fromkeys(CONDITIONS, False)

    def meet(self, model: "Twin", orders: dict[str, Any], news: News) -> bool:
        """Simulate a day with or without talks; return whether they broke down."""
        self.degrees = self.conditions(model, orders, news)
        self.met = {name: degree > 0 for name, degree in self.degrees.items()}
        cooling = self.days_of_cooling > 0
        self.days_of_cooling = max(self.days_of_cooling - 1, 0)
        if self.stage == 0:
            ready = not cooling and news.day >= self.due
            if ready and self._happens(math.prod(self.degrees.values()) / self.p.opening_days):
                self.stage = 1
        elif self.stage < SETTLED:
            if self._happens(self.breakdown_hazard(model, orders, news)):
                self.stage, self.days_of_cooling = 0, self.p.cooling_days
                return True
            if self._happens(self.progress(model, news) / self.usual_days()):
                self.stage += 1
        return False

    def _happens(self, hazard: float) -> bool:
        """Whether an event with this daily hazard happens today."""
        return self.random.random() < 1 - math.exp(-hazard)

    def conditions(self, model: "Twin", orders: dict[str, Any], news: News) -> dict[str, float]:
        """Return how far each of the five conditions for talks is met, 0 to 1."""
        if not model.signed:
            return dict.fromkeys(CONDITIONS, 0.0)
        p, demand = self.p, orders["taliban.demand"]
        met = model.taliban.counted / demand if demand > 0 else 1
        joint = self.beyond(model.cohesion, p.cohesion_joint) if orders["kabul.abdullah.joins_delegation"] else 0.0
        kept = orders["taliban.truce"] and not news.broken
        on_time = self.within(news.behind, p.behind_tolerated)
        calm = self.within(news.violence, p.bearable_violence) * self.within(news.taliban_losses, p.bearable_losses)
        return {
            "prisoners": between(0, (met - p.satisfied_from) / (1 - p.satisfied_from), 1),
            "delegation": max(self.beyond(model.cohesion, p.cohesion_alone), joint),
            "taliban": 1.0 if orders["taliban.attend"] else 0.0,
            "violence": calm,
            "guarantee": on_time * self.beyond(news.trust["us_taliban"], p.guarantee_trust) if kept else 0.0,
        }

    def beyond(self, value: float, limit: float) -> float:
        """Return the share of people for whom a value is high enough: from none at the limit to all."""
        return between(0, (value - limit) / (limit * self.p.slope), 1)

    def within(self, value: float, limit: float) -> float:
        """Return the share of people for whom a value is low enough: from none at the limit to all."""
        return between(0, (limit - value) / (limit * self.p.slope), 1)

    def usual_days(self) -> float:
        """Return the days that the present stage takes at the usual pace."""
        p: SimpleNamespace = self.p
        return float({1: p.procedure_days, 2: p.agenda_days, CEASEFIRE: p.ceasefire_days}[self.stage])

    def progress(self, model: "Twin", news: News) -> float:
        """Return the pace relative to the usual one: trust and a united Kabul speed up talks."""
        p = self.p
        trust = p.progress_trust * (news.trust["kabul_taliban"] - p.usual_trust)
        return math.exp(trust + p.progress_cohesion * (model.cohesion - p.cohesion_joint))

    def breakdown_hazard(self, model: "Twin", orders: dict[str, Any], news: News) -> float:
        """Return the daily hazard that talks break down."""
        p = self.p
        spoiling = sum(front.share * front.beyond(orders["taliban.intensity"]) for front in model.fronts)
        strain = p.strain_violence * news.excess + p.strain_spoilers * spoiling
        strain += p.strain_returns * news.return_rate
        strain += p.strain_weakness * max(news.weakness, 0)
        strain += p.strain_guarantee * (1 - self.degrees["guarantee"])
        return float(p.breakdown_a_day * math.exp(strain))

    def bargaining_power(self, cohesion: float, troops: float, taliban: float) -> float:
        """Return Kabul's share of the strength of both sides. troops, taliban: ratios to signing and to 2019."""
        kabul = cohesion * (self.p.own_strength + self.p.us_strength * troops)
        return float(kabul / (kabul + taliban)) if kabul + taliban > 0 else 0.0
