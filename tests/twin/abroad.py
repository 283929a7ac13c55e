"""The foreign actors: the United States and the Security Council."""

import math
from typing import TYPE_CHECKING, Any

import mesa

from tests.twin.news import News, between

if TYPE_CHECKING:
    from tests.twin.model import Twin


class UnitedStates(mesa.Agent):  # type: ignore[misc]
    """The administration: withdraws troops, orders airstrikes, and applies pressure and aid."""

    def __init__(self, model: "Twin") -> None:
        """Initialise with all troops in the country."""
        super().__init__(model)
        self.p = p = model.groups["us"]
        day = model.inputs.day
        self.election = day(p.election_date)
        self.path = [
            (day(p.withdrawal_date), p.troops_at_signing),
            (day(p.first_phase_date), p.troops_first_phase),
            (day(p.november_date), p.troops_november),
            (day(p.exit_date), p.troops_after_exit),
        ]
        self.troops: float = p.troops_at_signing
        self.aid_patience = p.aid_patience_days * (1 + self.random.uniform(-1, 1) * p.aid_patience_spread)

    def promised(self, day: int) -> float:
        """Return troops on the promised path at the end of a day, interpolated linearly between its dates."""
        evening = day + 1
        if evening <= self.path[0][0]:
            return float(self.path[0][1])
        for (start, here), (end, there) in zip(self.path, self.path[1:], strict=False):
            if evening <= end:
                return float(here + (there - here) * (evening - start) / (end - start))
        return float(self.path[-1][1])

    def clock(self, day: int) -> float:
        """Return the influence of the election, 1 on its day and after."""
        return math.exp(-max(self.election - day, 0) / self.p.clock_days)

    def decide(self, news: News) -> dict[str, Any]:
        """Return today's decisions; all zero without an agreement."""
        p, clock = self.p, self.clock(news.day)
        if not self.model.signed:
            return dict.fromkeys(_LEVERS, 0.0)
        split = 1 if news.divided else 1 - news.cohesion
        disputed = self.pressure(split, max(news.waiting, news.dispute), news)
        return {
            "us.withdrawal": self.withdrawal(news.day) if news.truce and not news.broken else 0.0,
            "us.conditionality": p.conditionality_early * (1 - clock),
            "us.restraint": self.restraint(news),
            "us.defensive_strikes": p.defensive_strikes_flown,
            "us.pressure_on_ghani": max(self.pressure(news.unmet, news.waiting, news), disputed),
            "us.pressure_on_abdullah": disputed,
            "us.pressure_on_taliban": between(0, p.taliban_pressure * (news.violence - p.bearable_violence), 1),
            "us.aid_cut": p.aid_withheld if self.gives_up(news) else 0.0,
        }

    def withdrawal(self, day: int) -> float:
        """Return the next step of the path and part of the delay, up to the transport capacity."""
        p, due = self.p, self.promised(day - 1)
        arrears = max(self.troops - due, 0)
        return between(0, due - self.promised(day) + p.catch_up * arrears, p.lift_capacity)

    def restraint(self, news: News) -> float:
        """Return the share of the airstrikes of 2019 that is not flown."""
        kept: float = self.p.restraint_in_truce * math.exp(-self.p.restraint_worn * news.excess)
        return kept if news.truce else kept * self.p.restraint_after_truce

    def pressure(self, obstacle: float, waiting: float, news: News) -> float:
        """Return pressure on a camp that blocks talks: more with waiting and near the election, less as it yields."""
        p = self.p
        if news.broken:
            return 0.0
        impatience = waiting / (waiting + p.patience_days)
        push = (p.pressure_base + p.pressure_waiting * impatience) * (1 + p.pressure_clock * self.clock(news.day))
        return between(0, push * between(0, obstacle / p.pressure_eases_below, 1), 1)

    def gives_up(self, news: News) -> bool:
        """Whether the deadlock has lasted so long that aid is withheld."""
        return news.divided and news.dispute > self.aid_patience

    def act(self, orders: dict[str, Any], news: News) -> None:
        """Withdraw troops, except those delayed by violence."""
        bearable = self.p.bearable_violence
        held = between(0, (news.violence - bearable) / bearable, 1)
        leaving = orders["us.withdrawal"] * (1 - orders["us.conditionality"] * held)
        self.troops = max(self.troops - leaving, 0.0)


class SecurityCouncil(mesa.Agent):  # type: ignore[misc]
    """Backs the agreement, if there is one."""

    def __init__(self, model: "Twin") -> None:
        super().__init__(model)
        self.backing: float = model.groups["council"].backing_given if model.signed else 0.0

    def decide(self, _news: News) -> dict[str, Any]:
        """Return the same backing every day."""
        return {"council.backing": self.backing}


_LEVERS = tuple(
    f"us.{name}"
    for name in (
        "withdrawal", "conditionality", "restraint", "defensive_strikes",
        "pressure_on_ghani", "pressure_on_abdullah", "pressure_on_taliban", "aid_cut",
    )
)  # fmt: skip
