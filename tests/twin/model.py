"""The twin as a Mesa model: one world, one agent each for actors, brokers, fronts and prisoners; a step is a day."""

import datetime as dt
import math
from typing import Any

import mesa

from sim.inputs.scenario import Scenario
from sim.schema.series import SERIES
from tests.twin.abroad import SecurityCouncil, UnitedStates
from tests.twin.brokers import Broker, cohesion, ghani_support
from tests.twin.fronts import Front, raise_fronts
from tests.twin.inputs import read
from tests.twin.kabul import Abdullah, Ghani
from tests.twin.news import News, between
from tests.twin.prisoners import Custody
from tests.twin.taliban import Taliban
from tests.twin.talks import Talks
from tests.twin.trust import Trust

MAIN = (
    "attacks",
    "security_forces_killed",
    "taliban_killed",
    "prisoners_released",
    "returned_to_fighting",
    "day_talks_open",
    "kabul_cohesion",
    "us_troops_november",
)  # the eight main outcomes: totals of counts, levels at the end, days from the start


class Twin(mesa.Model):  # type: ignore[misc]
    """The same rules as Jirga's engine for one world; stops running after the scenario's last day."""

    def __init__(self, scenario: str | Scenario = "baseline", seed: int | None = None) -> None:
        """Initialise one world. scenario: by name, or as an object.

        The data collector has every daily series and, as `outcome_*`, the outcomes so far.
        """
        super().__init__(rng=seed)
        self.inputs = read(scenario)
        self.groups = self.inputs.groups
        self.signed: bool = self.groups["agreement"].signed
        self.contested: bool = self.groups["kabul"].contested
        self.listed: int = self.groups["prisoners"].listed
        self._people()
        self._eve()
        reporters = {name: _daily(name) for name in SERIES} | {f"outcome_{name}": _outcome(name) for name in OUTCOMES}
        self.datacollector = mesa.DataCollector(model_reporters=reporters)

    def _people(self) -> None:
        """Create all actors."""
        self.us, self.council = UnitedStates(self), SecurityCouncil(self)
        self.ghani, self.abdullah = Ghani(self), Abdullah(self)
        self.taliban = Taliban(self)
        self.brokers = Broker.create_agents(self, self.groups["kabul.brokers"].number)
        fronts = raise_fronts(self)
        self.fronts = self.agents_by_type[Front]
        self.custody = Custody(self, fronts)
        self.talks, self.trust = Talks(self), Trust(self)

    def _eve(self) -> None:
        """Initialise the state before the first day."""
        self.day = 0
        self.ground_campaign: float = self.groups["kabul.ghani"].posture_defence if self.signed else 1.0
        self.aid_felt = 0.0
        self.violence: float = sum(front.share * front.intensity for front in self.fronts)
        self.air_campaign: float = 1 - self.groups["us"].restraint_in_truce if self.signed else 1.0
        self.truce, self.broken, self.shared = self.signed, False, False
        self.days_without_truce = 0
        self.cohesion, self.ghani_support = cohesion(self.brokers), ghani_support(self.brokers)
        self.deal_random = self.random
        self.orders: dict[str, Any] = {
            "taliban.demand": self.groups["taliban"].demand_made,
            "council.backing": self.council.backing,
        }
        self.today: dict[str, float] = {}
        self.outcomes: dict[str, float] = dict.fromkeys(OUTCOMES, 0.0)
        self.outcomes |= {"day_talks_open": float(self.inputs.days), "day_power_shared": float(self.inputs.days)}

    def step(self) -> None:
        """Simulate a day: read the news, decide, act, fight, move prisoners, talk, and update the state."""
        news = self.news()
        self.orders = orders = self.decide(news)
        self.us.act(orders, news)
        self.ghani.act(orders)
        self.taliban.act(orders)
        self.share_power(news)
        self.fronts.do("take_aim", orders["taliban.intensity"])
        self.fronts.do("fight", orders, self.managed, self.season())
        self.custody.release(orders, self.managed)
        self.taliban.verify(self.custody.worth(self.groups["taliban"].name_weight))
        self.custody.live(news, orders["kabul.ghani.monitoring"])
        broke_down = self.talks.meet(self, orders, news)
        self.trust.follow(news, orders, broke_down)
        self.close()

    def news(self) -> News:
        """Return the public state at the end of yesterday."""
        troops_2020 = self.groups["us"].troops_at_signing
        behind = max(self.us.troops - self.us.promised(self.day - 1), 0) / troops_2020
        fronts, orders = self.fronts, self.orders
        divided = self.signed and self.contested and not self.shared
        late = max(self.day - self.talks.due, 0)
        return News(
            day=self.day,
            eid=self.is_eid(),
            violence=self.violence,
            air_campaign=self.air_campaign,
            ground_campaign=self.ground_campaign,
            taliban_losses=sum(front.share * front.losses for front in fronts),
            truce=self.truce,
            pause=orders.get("taliban.pause", False),
            troops=self.us.troops,
            behind=behind if self.signed else 0.0,
            gone=1 - self.us.troops / troops_2020,
            offer=self.ghani.offer,
            review=orders.get("kabul.ghani.review", False),
            released=self.custody.released,
            returned=self.custody.returned,
            unmet=self.unmet(),
            captives=self.taliban.captives_released / max(self.groups["taliban"].captives_held, 1),
            answered=self.taliban.answered(self.custody.released),
            cohesion=self.cohesion,
            ghani_support=self.ghani_support,
            shared=self.shared,
            divided=divided,
            weakness=self.talks.p.even_power - self.power(),
            stage=self.talks.stage,
            waiting=late if self.talks.stage == 0 else 0,
            dispute=late if divided else 0,
            broken=self.broken,
            pressure_on_ghani=orders.get("us.pressure_on_ghani", 0.0),
            pressure_on_abdullah=orders.get("us.pressure_on_abdullah", 0.0),
            pressure_on_taliban=orders.get("us.pressure_on_taliban", 0.0),
            aid_cut=orders.get("us.aid_cut", 0.0),
            aid_felt=self.aid_felt,
            backing=orders["council.backing"],
            trust=dict(self.trust.level),
        )

    def season(self) -> float:
        """Return the usual violence at this time of year: half a sine wave over the fighting season, else 1."""
        p = self.groups["season"]
        part = between(0, (self.day - self.inputs.day(p.start)) / p.days, 1)
        return float(1 + p.rise * math.sin(math.pi * part))

    def is_eid(self) -> bool:
        """Whether today is a day of Eid."""
        p = self.groups["season"]
        return any(0 <= self.day - self.inputs.day(date) < p.eid_days for date in (p.eid_fitr, p.eid_adha))

    def unmet(self) -> float:
        """Return the share of the demand that the Taliban do not count as met."""
        if not self.signed:
            return 0.0
        wanted = self.orders["taliban.demand"]
        return between(0, (wanted - self.taliban.counted) / max(wanted, 1), 1)

    def power(self) -> float:
        """Return what Kabul can win in talks: its share of the strength of both sides."""
        strength = sum(front.fighters for front in self.fronts) / self.groups["fronts"].fighters
        return self.talks.bargaining_power(
            self.cohesion, self.us.troops / self.groups["us"].troops_at_signing, strength
        )

    def decide(self, news: News) -> dict[str, Any]:
        """Return all decisions of the day, replaced where the scenario imposes a lever."""
        orders: dict[str, Any] = {}
        for actor in (self.us, self.ghani, self.abdullah, self.taliban, self.council):
            orders |= actor.decide(news)
        return orders | self.inputs.imposed[self.day]

    def share_power(self, news: News) -> None:
        """Share power permanently where the camps agree, and move the brokers."""
        p, orders = self.groups["kabul"], self.orders
        gap = orders["kabul.ghani.share_offered"] - orders["kabul.abdullah.share_asked"]
        hazard = math.exp(between(-60, gap / p.deal_spread, 60)) / p.deal_days
        if self.contested and self.signed and self.deal_random.random() < 1 - math.exp(-hazard):
            self.shared = True
        self.brokers.do("follow", news, self.shared)
        self.cohesion, self.ghani_support = cohesion(self.brokers), ghani_support(self.brokers)

    @property
    def managed(self) -> float:
        """Return the share of orders that a government of this cohesion carries out."""
        return between(0, self.cohesion / self.groups["security_forces"].cohesion_for_all, 1)

    def close(self) -> None:
        """Update the state at the end of the day."""
        self.today = self.series()
        memory = self.groups["agreement"].memory
        seen = self.today["attacks"] / (self.groups["fronts"].attacks_2019 * self.season())
        flown = self.today["airstrikes"] / self.groups["security_forces"].airstrikes_2019
        self.violence += memory * (seen - self.violence)
        self.air_campaign += memory * (flown - self.air_campaign)
        fought = self.today["offensives"] / self.groups["security_forces"].offensives_2019
        self.ground_campaign += memory * (fought - self.ground_campaign)
        self.aid_felt += (self.orders["us.aid_cut"] - self.aid_felt) / self.groups["us"].aid_bite_days
        self.mind_the_agreement()
        self.keep_outcomes()
        self.datacollector.collect(self)
        self.day += 1
        if self.day == self.inputs.days:
            self.running = False
            # Mesa 3.3 numbers agents in a dictionary of the class, which would keep every finished model in memory.
            getattr(mesa.Agent, "_ids", {}).pop(self, None)

    def mind_the_agreement(self) -> None:
        """Break the agreement when the truce has been broken for too long."""
        p = self.groups["agreement"]
        self.truce = self.orders["taliban.truce"]
        self.days_without_truce = 0 if self.truce or not self.signed else self.days_without_truce + 1
        if self.days_without_truce > p.broken_after_days * (1 + p.backing_grace * self.orders["council.backing"]):
            self.broken = True

    def series(self) -> dict[str, float]:
        """Return every daily series of today."""
        strength = sum(front.fighters for front in self.fronts)
        counts = ("attacks", "security_forces_killed", "taliban_killed", "offensives", "airstrikes")
        today: dict[str, float] = {name: sum(getattr(front, name) for front in self.fronts) for name in counts}
        today |= {
            "attacks_on_coalition": self.taliban.attack_coalition(self.orders),
            "offensives_and_airstrikes": today["offensives"] + today["airstrikes"],
            "us_troops": self.us.troops,
            "prisoners_released": self.custody.released,
            "captives_released": self.taliban.captives_released,
            "returned_to_fighting": self.custody.returned,
            "taliban_strength": strength,
            "kabul_cohesion": self.cohesion,
            "kabul_bargaining_power": self.power(),
            "talks_stage": self.talks.stage,
        }
        today |= {f"trust_{pair}": level for pair, level in self.trust.level.items()}
        return today | {f"blocked_by_{name}": not met for name, met in self.talks.met.items()}

    def keep_outcomes(self) -> None:
        """Update the outcomes."""
        for name, series in SERIES.items():
            self.outcomes[name] = self.today[name] + (0 if series.kind == "level" else self.outcomes[name])
        if self.inputs.start + dt.timedelta(days=self.day) == dt.date(self.inputs.start.year, 11, 1):
            self.outcomes["us_troops_november"] = self.us.troops
        for name, happened in (("day_talks_open", self.talks.stage > 0), ("day_power_shared", self.shared)):
            if happened:
                self.outcomes[name] = min(self.outcomes[name], float(self.day))


OUTCOMES = (*SERIES, "us_troops_november", "day_talks_open", "day_power_shared")  # a day never reached: after the end


def _daily(name: str) -> Any:
    return lambda model: model.today[name]


def _outcome(name: str) -> Any:
    return lambda model: model.outcomes[name]
