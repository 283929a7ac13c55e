"""The Afghan security forces and the aircraft that support them: the other side of the 34 fronts."""

from collections.abc import Mapping

import numpy as np

from sim.engine.base import Actor, WorldsModel
from sim.engine.random_streams import Floats
from sim.engine.reductions import ONE, clip_unit
from sim.inputs.parameters import Group
from sim.inputs.provinces import attack_shares


class SecurityForces(Actor):
    """Offensives, airstrikes and losses on both sides; every count has shape (fronts, worlds)."""

    def __init__(self, model: WorldsModel) -> None:
        """Distribute the operations of 2019 over the fronts in proportion to attacks."""
        super().__init__(model)
        self.p = p = model.parameters.group("security_forces")
        share = attack_shares()[:, None]
        self.offensives_2019 = p.offensives_2019 * share
        self.airstrikes_2019 = p.airstrikes_2019 * share

    def expected_operations(self, posture: Floats, support: Floats) -> tuple[Floats, Floats]:
        """Return the expected offensives and airstrikes of the day.

        posture: offensives that Kabul orders and achieves, ratio to 2019, (worlds,); support: see air_support.
        """
        return self.offensives_2019 * posture, self.airstrikes_2019 * support

    def expected_fallen(self, fought: Mapping[str, Floats], support: Floats) -> Floats:
        """Return the security forces expected to be killed in the day's attacks and offensives."""
        p = self.p
        mean = support * (-p.lethality * p.air_shield)
        mean += p.lethality
        np.maximum(mean, 0, out=mean)
        mean *= fought["attacks"]
        mean += p.lethality_offensive * fought["offensives"]
        return mean

    def expected_killed(self, fought: Mapping[str, Floats]) -> Floats:
        """Return the Taliban expected to be killed in the day's operations and in their own attacks."""
        p = self.p
        mean = fought["attacks"] * p.taliban_killed_per_attack
        mean += fought["offensives"] * p.taliban_killed_per_offensive
        mean += fought["airstrikes"] * p.taliban_killed_per_airstrike
        return mean


def air_support(restraint: Floats, defensive: Floats, violence: Floats, p: Group) -> Floats:
    """Return airstrikes flown at each front, ratio to 2019, (fronts, worlds).

    The part of the air campaign that restraint leaves, and strikes in defence of those under attack (S6, S8).
    restraint, defensive: (worlds,); violence: the effort of the front's attackers, ratio to 2019, (fronts, worlds).
    """
    flown = violence * (restraint * defensive * p.defensive_share)
    flown += ONE - restraint
    return flown


def manageable(cohesion: Floats, p: Group) -> Floats:
    """Return the share of orders that a government of this cohesion carries out, 0 to 1, (worlds,) (S15-S17)."""
    return clip_unit(cohesion / p.cohesion_for_all)
