"""The prisoners, one agent each, and the custody they wait in."""

import math
from collections import deque
from typing import TYPE_CHECKING, Any

import mesa

from tests.twin.fronts import Front
from tests.twin.news import News

if TYPE_CHECKING:
    from tests.twin.model import Twin

ALONE, IF_ALLOWED, NEVER = range(3)  # who signs the pledge: whatever the leadership says, with its leave, or not


class Prisoner(mesa.Agent):  # type: ignore[misc]
    """Somebody on the list, with a home front, a risk grade, a readiness to sign and a resolve to stay home."""

    def __init__(self, model: "Twin", place: int, home: Front) -> None:
        """place: on the list, 0 to its length - 1; the list runs from the lowest grade of risk to the highest."""
        super().__init__(model)
        p = model.groups["prisoners"]
        self.place, self.home = place, home
        self.signs = self._readiness(p)
        rate = self._propensity(p, (place + 0.5) / model.listed)
        if self.signs != NEVER:
            rate *= 1 - p.pledge_effect
        self.resolve = self.random.expovariate(1.0) / rate if rate > 0 else math.inf  # in days of unit pull

    def _readiness(self, p: Any) -> int:
        ready = self.random.random()
        if ready < p.sign_alone:
            return ALONE
        return IF_ALLOWED if ready < p.sign_if_allowed else NEVER

    @staticmethod
    def _propensity(p: Any, rank: float) -> float:
        """To return, by grade."""
        if rank < p.low_risk_share:
            return float(p.low_risk)
        return float(p.medium_risk if rank < p.low_risk_share + p.medium_risk_share else p.high_risk)

    def weigh_up(self, pull: float) -> bool:
        """Go back to the front when nothing is left of the resolve; returns whether."""
        self.resolve -= pull
        if self.resolve >= 0:
            return False
        self.home.welcome()
        return True


class Custody:
    """Who waits, in the order of the list, by readiness to sign; and who is out and at home, by the day of weighing."""

    def __init__(self, model: "Twin", fronts: dict[str, Front]) -> None:
        """Put everybody on the list in custody."""
        self.p = model.groups["prisoners"]
        self.waiting: dict[int, deque[Prisoner]] = {ALONE: deque(), IF_ALLOWED: deque(), NEVER: deque()}
        for place, home in enumerate(model.inputs.homes[: model.listed]):
            prisoner = Prisoner(model, place, fronts[home])
            self.waiting[prisoner.signs].append(prisoner)
        self.at_home: list[list[Prisoner]] = [[] for _ in range(self.p.weighs_every)]
        self.part = 0.0  # of a person, left over by the pace
        self.released = self.returned = 0

    def release(self, orders: dict[str, Any], managed: float) -> None:
        """Open the door to as many as offer, pace, review and pledges allow. managed: share of the pace done."""
        left = orders["kabul.ghani.offer"] - self.released
        if orders["kabul.ghani.review"] or left <= 0:
            self.part = 0.0
            return
        self.part += orders["kabul.ghani.pace"] * managed
        today = math.floor(min(self.part, left))
        self.part -= math.floor(self.part)
        for queue in self._eligible(orders):
            while today and queue:
                prisoner = queue.popleft()
                self.at_home[prisoner.place % self.p.weighs_every].append(prisoner)
                self.released += 1
                today -= 1

    def _eligible(self, orders: dict[str, Any]) -> list["deque[Prisoner]"]:
        """Those who sign go first, and alone where a pledge is required."""
        freely = not orders["kabul.ghani.pledge_required"]
        queues = [self.waiting[ALONE]]
        if freely or orders["taliban.pledges_acceptable"]:
            queues.append(self.waiting[IF_ALLOWED])
        if freely:
            queues.append(self.waiting[NEVER])
        return queues

    def weigh_up(self, news: News, monitoring: float) -> None:
        """Let those whose day it is think it over: a person does so every so many days, for the time since."""
        p = self.p
        pull = p.pull_a_day * p.weighs_every * min(news.violence, p.pull_cap)
        pull *= 1 - p.monitoring_effect * monitoring
        if news.in_talks:
            pull *= 1 - p.talks_effect
        today = news.day % p.weighs_every
        stay = [prisoner for prisoner in self.at_home[today] if not prisoner.weigh_up(pull)]
        self.returned += len(self.at_home[today]) - len(stay)
        self.at_home[today] = stay
