"""Talks: their conditions and their progress."""

import math
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sim.schema.series import CONDITIONS
from tests.twin.news import CEASEFIRE, SETTLED, News

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
        self.met = dict.fromkeys(CONDITIONS, False)

    def meet(self, model: "Twin", orders: dict[str, Any], news: News) -> bool:
        """Simulate a day with or without talks; return whether they broke down."""
        self.met = self.conditions(model, orders, news)
        cooling = self.days_of_cooling > 0
        self.days_of_cooling = max(self.days_of_cooling - 1, 0)
        if self.stage == 0:
            ready = all(self.met.values()) and not cooling and news.day >= self.due
            if ready and self._happens(1 / self.p.opening_days):
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

    def conditions(self, model: "Twin", orders: dict[str, Any], news: News) -> dict[str, bool]:
        """Return the five conditions for talks."""
        p, signed = self.p, model.signed
        joined = orders["kabul.abdullah.joins_delegation"] and model.cohesion >= p.cohesion_joint
        kept = orders["taliban.truce"] and not news.broken and news.behind <= p.behind_tolerated
        demanded = model.groups["taliban"].satisfied_share * orders["taliban.demand"]
        return {
            "prisoners": signed and model.custody.released >= demanded,
            "delegation": signed and (model.cohesion >= p.cohesion_alone or joined),
            "taliban": signed and orders["taliban.attend"],
            "violence": signed
            and news.violence <= p.bearable_violence
            and news.taliban_losses <= p.bearable_losses,
            "guarantee": signed and kept,
        }  # fmt: skip

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
        strain += p.strain_returns * news.return_rate + p.strain_gone * news.gone
        strain += p.strain_split * (1 - model.cohesion)
        if not self.met["guarantee"]:
            strain += p.strain_guarantee
        return float(p.breakdown_a_day * math.exp(strain))

    def bargaining_power(self, cohesion: float, troops: float, taliban: float) -> float:
        """Return Kabul's share of the strength of both sides. troops, taliban: ratios to signing and to 2019."""
        kabul = cohesion * (self.p.own_strength + self.p.us_strength * troops)
        return float(kabul / (kabul + taliban))
