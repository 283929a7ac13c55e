"""The prisoners, one agent each, and their custody."""

import math
from collections import deque
from typing import TYPE_CHECKING, Any

import mesa

from tests.twin.fronts import Front
from tests.twin.news import News

if TYPE_CHECKING:
    from tests.twin.model import Twin

ALONE, IF_ALLOWED, NEVER = range(3)  # who signs the pledge: on their own, if the leadership allows, or never


class Prisoner(mesa.Agent):  # type: ignore[misc]
    """Somebody on the list, with a home front, a risk grade, a readiness to sign and a resolve to stay home."""

    def __init__(self, model: "Twin", place: int, home: Front) -> None:
        """place: position on the list, from 0; the list runs from the lowest grade of risk to the highest."""
        super().__init__(model)
        p = model.groups["prisoners"]
        self.p, self.place, self.home = p, place, home
        self.out = self.back = False  # whether released, and whether back at a front
        self.signs = self._readiness(p)
        rank = (place + 0.5) / model.listed
        self.high_risk = rank >= p.low_risk_share + p.medium_risk_share
        rate = self._propensity(p, rank)
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
        """Return the propensity to return, by grade."""
        if rank < p.low_risk_share:
            return float(p.low_risk)
        return float(p.medium_risk if rank < p.low_risk_share + p.medium_risk_share else p.high_risk)

    def live(self, pull: float) -> None:
        """Decide on going back; go back when no resolve is left."""
        self.resolve -= pull
        if self.resolve < 0:
            self.back = True
            self.home.welcome()


class Custody:
    """The prisoners in custody, in the order of the list, by readiness to sign; and the number released."""

    def __init__(self, model: "Twin", fronts: dict[str, Front]) -> None:
        """Initialise with everybody on the list in custody."""
        self.p = model.groups["prisoners"]
        self.waiting: dict[int, deque[Prisoner]] = {ALONE: deque(), IF_ALLOWED: deque(), NEVER: deque()}
        for place, home in enumerate(model.inputs.homes[: model.listed]):
            prisoner = Prisoner(model, place, fronts[home])
            self.waiting[prisoner.signs].append(prisoner)
        self.sizes = {kind: len(queue) for kind, queue in self.waiting.items()}
        self.people = model.agents_by_type[Prisoner]
        # Released and not back at a front, by the day of the cycle on which they decide: every so many days.
        self.free: list[list[Prisoner]] = [[] for _ in range(self.p.weighs_every)]
        self.listed, self.wanted = model.listed, sum(prisoner.high_risk for prisoner in self.people)
        self.part = 0.0  # fraction of a person that the pace carries over
        self.released = self.returned = self.high_risk_released = 0

    def release(self, orders: dict[str, Any], managed: float) -> None:
        """Release as many as offer, pace, review and pledges allow. managed: share of the pace that is achieved."""
        left = orders["kabul.ghani.offer"] - self.released
        if orders["kabul.ghani.review"] or left <= 0:
            self.part = 0.0
            return
        self.part += orders["kabul.ghani.pace"] * managed
        today = math.floor(min(self.part, left))
        self.part -= math.floor(self.part)
        for queue, kept in self._eligible(orders):
            while today and len(queue) > kept:
                prisoner = queue.popleft()
                prisoner.out = True
                self.free[prisoner.place % self.p.weighs_every].append(prisoner)
                self.released += 1
                self.high_risk_released += prisoner.high_risk
                today -= 1

    def _eligible(self, orders: dict[str, Any]) -> list[tuple["deque[Prisoner]", int]]:
        """Return who can be released, and how many of them have to stay: those who sign first, or everybody."""
        freely = not orders["kabul.ghani.pledge_required"]
        waiting = self.waiting[IF_ALLOWED]
        may_sign = 1.0 if freely else orders["taliban.pledges_acceptable"]
        kept = self.sizes[IF_ALLOWED] - math.floor(self.sizes[IF_ALLOWED] * may_sign)
        queues = [(self.waiting[ALONE], 0), (waiting, kept)]
        if freely:
            queues.append((self.waiting[NEVER], 0))
        return queues

    def worth(self, weight: float) -> float:
        """Return the released as the Taliban weigh them: high risk counts more, and the whole list as it is long."""
        whole = self.listed + (weight - 1) * self.wanted
        return (self.released + (weight - 1) * self.high_risk_released) * self.listed / whole

    def live(self, news: News, monitoring: float) -> None:
        """Simulate the day of those free who decide today; the pull is that of the time between two decisions."""
        p = self.p
        pull = p.pull_a_day * p.weighs_every * news.violence
        pull *= 1 - p.monitoring_effect * monitoring
        if news.in_talks:
            pull *= 1 - p.talks_effect
        today = self.free[news.day % p.weighs_every]
        for prisoner in today:
            prisoner.live(pull)
        self.returned += sum(prisoner.back for prisoner in today)
        today[:] = [prisoner for prisoner in today if not prisoner.back]
