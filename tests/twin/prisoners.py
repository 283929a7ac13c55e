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
        self.p, self.place, self.home = p, place, home
        self.out = self.back = False  # of prison, and at a front again
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

    def live(self, day: int, pull: float) -> None:
        """Once free, weigh going back every so many days, and go when nothing is left of the resolve."""
        if not self.out or self.back or (day - self.place) % self.p.weighs_every:
            return
        self.resolve -= pull
        if self.resolve < 0:
            self.back = True
            self.home.welcome()


class Custody:
    """Who waits, in the order of the list, by readiness to sign; and how many are out."""

    def __init__(self, model: "Twin", fronts: dict[str, Front]) -> None:
        """Put everybody on the list in custody."""
        self.p = model.groups["prisoners"]
        self.waiting: dict[int, deque[Prisoner]] = {ALONE: deque(), IF_ALLOWED: deque(), NEVER: deque()}
        for place, home in enumerate(model.inputs.homes[: model.listed]):
            prisoner = Prisoner(model, place, fronts[home])
            self.waiting[prisoner.signs].append(prisoner)
        self.people = model.agents_by_type[Prisoner]
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
                queue.popleft().out = True
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

    def live(self, news: News, monitoring: float) -> None:
        """Let everybody on the list live the day; the pull of the front is that of the time between two thoughts."""
        p = self.p
        pull = p.pull_a_day * p.weighs_every * min(news.violence, p.pull_cap)
        pull *= 1 - p.monitoring_effect * monitoring
        if news.in_talks:
            pull *= 1 - p.talks_effect
        self.people.do("live", news.day, pull)
        self.returned = sum(self.people.get("back"))
