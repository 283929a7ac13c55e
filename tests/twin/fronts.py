"""The 34 fronts, one agent each: a Taliban commander, and the Afghan forces and aircraft opposing it."""

from typing import TYPE_CHECKING, Any

import mesa

from tests.twin.inputs import Province

if TYPE_CHECKING:
    from tests.twin.model import Twin


class Front(mesa.Agent):  # type: ignore[misc]
    """A province at war. Ratios are to the same province in 2019, counts are of today."""

    def __init__(self, model: "Twin", province: Province) -> None:
        """Initialise the front as in 2019."""
        super().__init__(model)
        self.p = p = model.groups["fronts"]
        self.forces = f = model.groups["security_forces"]
        self.province, self.share = province, province.share
        self.neighbours: list[Front] = []  # set once all fronts exist
        self.autonomy = min(p.autonomy * (1 + p.autonomy_spread * self.random.uniform(-1, 1)), 1)
        self.grievance = p.grievance * (1 + p.autonomy_spread * self.random.uniform(-1, 1))
        self.fighters_2019 = p.fighters * self.share
        self.killed_2019 = f.taliban_killed_2019 * self.share
        self.fighters = self.fighters_2019
        self.intensity: float = p.opening_intensity if model.signed else p.intensity_2019
        self.aim = self.intensity
        self.losses = 1.0  # smoothed
        self.attacks = self.offensives = self.airstrikes = self.security_forces_killed = self.taliban_killed = 0

    def take_aim(self, ordered: float) -> None:
        """Aim at the order, and at part of what the commander's own aim exceeds it by: war, revenge, neighbours."""
        if not self.model.signed:
            self.aim = ordered
            return
        revenge = self.grievance * max(self.losses - self.p.usual_losses, 0)
        avenging = max(ordered, self.p.intensity_2019) + revenge
        around = sum(other.intensity for other in self.neighbours) / len(self.neighbours)
        own = avenging + self.p.imitation * (around - avenging)
        self.aim = ordered + self.autonomy * max(own - ordered, 0)

    def fight(self, orders: dict[str, Any], managed: float, season: float) -> None:
        """Simulate the day's fighting, once all fronts have an aim. managed: share of orders that Kabul carries out.

        season: the usual violence at this time of year.
        """
        p, f, poisson = self.p, self.forces, self.rng.poisson
        self.intensity += p.adjustment * (self.aim - self.intensity)
        effort = 1 + p.effort_noise * self.random.uniform(-1, 1)
        rate = min(self.intensity * effort, p.intensity_cap) * season
        if orders["taliban.pause"]:
            rate *= self.autonomy
        self.attacks = int(poisson(rate * p.attacks_2019 * self.share * self.fighters / self.fighters_2019))
        flown = self.air_support(orders, rate)
        self.offensives = int(poisson(f.offensives_2019 * self.share * orders["kabul.ghani.posture"] * managed))
        self.airstrikes = int(poisson(f.airstrikes_2019 * self.share * flown))
        lethality = max(f.lethality * (1 - f.air_shield * flown), 0)
        self.security_forces_killed = int(poisson(lethality * self.attacks + f.lethality_offensive * self.offensives))
        self.taliban_killed = int(
            poisson(
                f.taliban_killed_per_attack * self.attacks
                + f.taliban_killed_per_offensive * self.offensives
                + f.taliban_killed_per_airstrike * self.airstrikes
            )
        )
        self.take_losses()

    def air_support(self, orders: dict[str, Any], rate: float) -> float:
        """Return airstrikes at the front: what restraint leaves, and strikes in defence of the attacked."""
        restraint = orders["us.restraint"]
        return float(1 - restraint + restraint * orders["us.defensive_strikes"] * self.forces.defensive_share * rate)

    def take_losses(self) -> None:
        """Remove the killed, recruit to replace the losses of 2019 and part of the gap, and update felt losses."""
        p = self.p
        recruits = self.killed_2019 + p.recruitment * (self.fighters_2019 - self.fighters)
        self.fighters = max(self.fighters + recruits - self.taliban_killed, 0)
        self.losses += p.memory * (self.taliban_killed / self.killed_2019 - self.losses)

    def welcome(self) -> None:
        """Add a returned fighter."""
        self.fighters += self.p.strength_per_return

    def beyond(self, ordered: float) -> float:
        """Return violence beyond orders."""
        return max(self.intensity - ordered, 0.0)


def raise_fronts(model: "Twin") -> dict[str, Front]:
    """Create one front per province, by name, each with its neighbours."""
    fronts = {province.name: Front(model, province) for province in model.inputs.provinces}
    for front in fronts.values():
        front.neighbours = [fronts[name] for name in front.province.neighbours]
    return fronts
