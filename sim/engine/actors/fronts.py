"""The Taliban's 34 provincial fronts: commanders who differ in strength, autonomy and grievance."""

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.base import Actor, WorldsModel
from sim.engine.random_streams import Floats
from sim.engine.reductions import ONE, total
from sim.engine.situation import Flags
from sim.inputs.parameters import Group
from sim.inputs.provinces import attack_shares, neighbours


class Fronts(Actor):
    """All fronts at once; every state has shape (fronts, worlds) unless it says otherwise."""

    def __init__(self, model: WorldsModel) -> None:
        """Initialise with the strength of 2019 and the violence of the day before the run."""
        super().__init__(model)
        self.p = p = model.parameters.group("fronts")
        self.signed = model.signed
        self.share: Floats = attack_shares()[:, None]
        self.size = len(self.share)
        free = spread(model.streams.draw_once("fronts.autonomy", self.size), p.autonomy, p.autonomy_spread)
        self.autonomy = np.minimum(free, 1)
        self.grievance = spread(model.streams.draw_once("fronts.grievance", self.size), p.grievance, p.autonomy_spread)
        self.rate_2019 = p.attacks_2019 * self.share
        self.fighters_2019 = p.fighters * self.share
        self.killed_2019 = model.parameters.group("security_forces").taliban_killed_2019 * self.share
        start = p.opening_intensity if model.signed else p.intensity_2019
        self.intensity: Floats = model.filled(start, self.size)
        self.fighters: Floats = model.filled(1, self.size) * self.fighters_2019
        self.losses: Floats = model.filled(1, self.size)  # smoothed, ratio to 2019
        self.effort = model.streams.stream("fronts.effort", self.size)

    def expected_attacks(self, ordered: Floats, pause: Flags, season: Any) -> Floats:
        """Return the expected attacks of the day, (fronts, worlds); each front follows orders to its own degree.

        ordered: ratio to 2019; pause: a truce is ordered for this day, which a commander keeps as far as it obeys; both
        (worlds,). season: the usual violence at this time of year, ratio to March. Changes `intensity`, and `rate`, the
        day's violence, ratio to 2019.
        """
        p = self.p
        aim = obeyed(ordered, self._own_aim(ordered), self.autonomy) if self.signed else self._as_ordered(ordered)
        aim -= self.intensity
        aim *= p.adjustment
        aim += self.intensity
        self.intensity = aim
        effort = self.effort.draw() * (2 * p.effort_noise)
        effort += ONE - p.effort_noise
        self.rate = self.intensity * effort
        np.minimum(self.rate, p.intensity_cap, out=self.rate)
        if pause.any():
            self.rate *= np.where(pause, self.autonomy, np.float32(1))
        self.rate *= season
        mean = self.rate * self.rate_2019
        mean *= self.fighters / self.fighters_2019
        return mean

    def _own_aim(self, ordered: Floats) -> Floats:
        """Return what commanders would do by themselves, ratio to 2019, (fronts, worlds).

        They would fight on as in 2019, or as ordered if that is more; they avenge losses above what is usual under the
        agreement, and follow their neighbours. ordered: (worlds,).
        """
        avenged = self.losses - self.p.usual_losses
        np.maximum(avenged, 0, out=avenged)
        avenged *= self.grievance
        avenged += np.maximum(ordered, self.p.intensity_2019)
        return own_aim(avenged, among_neighbours(self.intensity), self.p)

    def _as_ordered(self, ordered: Floats) -> Floats:
        """Return the order as the aim of each front, (fronts, worlds): without an agreement nobody is held back."""
        return np.broadcast_to(ordered, self.intensity.shape).copy()

    def take_losses(self, killed: Floats) -> None:
        """Apply losses and recruitment. killed: (fronts, worlds). Changes `fighters`, `losses`.

        Recruitment replaces the losses of 2019 and moves strength back to that of 2019 (Lanchester attrition with
        replacement; sourced size of the movement).
        """
        p = self.p
        gap = self.fighters_2019 - self.fighters
        gap *= p.recruitment
        gap += self.killed_2019
        gap -= killed
        gap += self.fighters
        self.fighters = np.maximum(gap, 0, out=gap)
        fresh = killed / self.killed_2019
        fresh -= self.losses
        fresh *= p.memory
        fresh += self.losses
        self.losses = fresh

    def add_returned(self, returned: Floats) -> None:
        """Add the strength of prisoners who returned. returned: (fronts, worlds). Changes `fighters`."""
        strength = returned * self.p.strength_per_return
        strength += self.fighters
        self.fighters = strength

    def spoiling(self, ordered: Floats) -> Floats:
        """Return violence beyond orders, weighted by share, ratio to 2019, (worlds,) (spoilers, Stedman 1997)."""
        beyond = self.intensity - ordered
        np.maximum(beyond, 0, out=beyond)
        beyond *= self.share
        return total(beyond)


def spread(u: Floats, centre: Any, width: Any) -> Floats:
    """Return a property drawn uniformly within a relative width around its centre, shape of u."""
    return centre * (1 + width * (2 * u - 1))


def obeyed(ordered: Floats, own: Floats, autonomy: Floats) -> Floats:
    """Return a commander's aim: the order, and part of what its own aim exceeds it by.

    Commanders resist restraint, not an order to fight (principal and agent, Weinstein 2007; spoilers, Stedman 1997).
    ordered: (worlds,); own: (fronts, worlds); autonomy: 0 follows the order, 1 its own aim, (fronts, worlds).
    """
    aim = own - ordered
    np.maximum(aim, 0, out=aim)
    aim *= autonomy
    aim += ordered
    return aim


def own_aim(avenged: Floats, around: Floats, p: Group) -> Floats:
    """Return a commander's own aim, ratio to 2019: its losses avenged, moved towards its neighbours' violence."""
    drawn = around - avenged
    drawn *= p.imitation
    drawn += avenged
    return drawn


@lru_cache(maxsize=1)
def _borders() -> tuple[npt.NDArray[np.intp], list[npt.NDArray[np.intp]], Floats]:
    """Return fronts by decreasing number of neighbours, their first, second, ... neighbours, and those numbers.

    Shapes (fronts,), then decreasing lengths, and (fronts, 1).
    """
    index, weight = neighbours()
    number = (weight > 0).sum(axis=1)
    order = np.argsort(-number, kind="stable")
    each = [index[order[number[order] > place], place].astype(np.intp) for place in range(index.shape[1])]
    return np.argsort(order, kind="stable"), each, number[order, None].astype(np.float32)


def among_neighbours(x: Floats) -> Floats:
    """Return the mean of x over each front's neighbours, (fronts, worlds), added in a fixed order for equal bits."""
    back, each, number = _borders()
    around: Floats = x.take(each[0], axis=0)  # `take` is twice as fast as an index
    for index in each[1:]:
        part = around[: len(index)]
        np.add(part, x.take(index, axis=0), out=part)
    around /= number
    return around.take(back, axis=0)
