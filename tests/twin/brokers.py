"""The power brokers of Kabul, one agent each, and their cohesion."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import mesa

from tests.twin.news import News, between

if TYPE_CHECKING:
    from tests.twin.model import Twin


class Broker(mesa.Agent):  # type: ignore[misc]
    """Leans between Abdullah, -1, and Ghani, +1."""

    def __init__(self, model: "Twin") -> None:
        """Lean to one side at random if the vote is contested, else to the only president."""
        super().__init__(model)
        self.p = p = model.groups["kabul.brokers"]
        strength = between(0, p.conviction + p.conviction_spread * self.random.uniform(-0.5, 0.5), 1)
        votes_ghani = self.random.random() < p.ghani_vote
        self.conviction = strength if votes_ghani or not model.contested else -strength
        self.sway = 1 - abs(self.conviction)
        self.lean = self.conviction

    def follow(self, news: News, shared: bool) -> None:  # noqa: FBT001
        """Move a little towards its conviction, which pressure and shared power weaken, and the winning side."""
        p = self.p
        if shared:
            partisan = p.partisan_when_shared
        else:
            calm = p.calmed_by_pressure * news.pressure_on_abdullah + p.calmed_by_aid * news.aid_felt
            partisan = 1 - between(0, calm, 1)
        aim = self.conviction * partisan + self.sway * p.bandwagon * (2 * news.ghani_support - 1)
        whim = p.noise * self.random.uniform(-0.5, 0.5)
        self.lean = between(-1, self.lean + p.pull * (aim - self.lean) + whim, 1)


def cohesion(brokers: Iterable[Broker]) -> float:
    """Return one minus the mean distance of brokers from their mean leaning."""
    leans = [broker.lean for broker in brokers]
    centre = sum(leans) / len(leans)
    return between(0, 1 - sum(abs(lean - centre) for lean in leans) / len(leans), 1)


def ghani_support(brokers: Iterable[Broker]) -> float:
    """Return the share of brokers who lean to Ghani."""
    sides = [broker.lean > 0 for broker in brokers]
    return sum(sides) / len(sides)
