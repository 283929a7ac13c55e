"""The Afghan security forces and the aircraft that support them: the other side of the 34 fronts."""

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from sim.counts import poisson
from sim.dice import Floats
from sim.members import clip
from sim.provinces import attack_shares

if TYPE_CHECKING:
    from sim.model import PeaceProcess


class SecurityForces(mesa.Agent):  # type: ignore[misc]
    """Offensives, airstrikes and losses on both sides; every count has shape (fronts, worlds)."""

    def __init__(self, model: "PeaceProcess") -> None:
        """Spread the operations of 2019 over the fronts as the attacks are spread."""
        super().__init__(model)
        self.p = p = model.parameters.group("security_forces")
        share = attack_shares()[:, None]
        self.offensives_2019 = p.offensives_2019 * share
        self.airstrikes_2019 = p.airstrikes_2019 * share
        names = ("offensives", "airstrikes", "killed", "taliban_killed")
        self.luck = {name: model.dice.stream(f"security_forces.{name}", len(share)) for name in names}

    def operate(self, posture: Floats, support: Floats) -> tuple[Floats, Floats]:
        """Offensives and airstrikes of the day.

        posture: offensives that Kabul orders and manages, ratio to 2019, (worlds,); support: see air_support.
        """
        means = (self.offensives_2019 * posture, self.airstrikes_2019 * support)
        return self._count(("offensives", "airstrikes"), means)

    def lose(
        self, attacks: Floats, offensives: Floats, airstrikes: Floats, support: Floats
    ) -> tuple[Floats, Floats]:
        """Security forces and Taliban killed on the day, given what was fought."""
        means = (self._falling(attacks, offensives, support), self._killing(attacks, offensives, airstrikes))
        return self._count(("killed", "taliban_killed"), means)

    def _count(self, names: tuple[str, str], means: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
        """Two counts drawn at once, each with the luck of its own stream."""
        luck = np.concatenate([self.luck[name].draw() for name in names])
        both = poisson(luck, np.concatenate(means), steps=5)
        half = len(both) // 2
        return both[:half], both[half:]

    def _falling(self, attacks: Floats, offensives: Floats, support: Floats) -> Floats:
        """Security forces expected to be killed."""
        p = self.p
        mean = support * (-p.lethality * p.air_shield)
        mean += p.lethality
        np.maximum(mean, 0, out=mean)
        mean *= attacks
        mean += p.lethality_offensive * offensives
        return mean

    def _killing(self, attacks: Floats, offensives: Floats, airstrikes: Floats) -> Floats:
        """Taliban expected to be killed, in the day's operations and in attacks that were repelled."""
        p = self.p
        mean = attacks * p.taliban_killed_per_attack
        mean += offensives * p.taliban_killed_per_offensive
        mean += airstrikes * p.taliban_killed_per_airstrike
        return mean


def air_support(restraint: Floats, defensive: Floats, violence: Floats, p: Any) -> Floats:
    """Airstrikes flown at each front, ratio to 2019, (fronts, worlds).

    What restraint leaves of the campaign, and strikes in defence of those under attack (S6, S8).
    restraint, defensive: (worlds,); violence: attacks at the front, ratio to 2019, (fronts, worlds).
    """
    flown = violence * (restraint * defensive * p.defensive_share)
    flown += 1 - restraint
    return flown


def manageable(cohesion: Floats, p: Any) -> Floats:
    """Share of what is ordered that a government of this cohesion gets done, 0 to 1, (worlds,) (S15-S17)."""
    return clip(cohesion / p.cohesion_for_all, 0, 1)
