"""The power brokers of Kabul, whose leanings make the government united or divided."""

import numpy as np

from sim.engine.base import Actor, WorldsModel
from sim.engine.mood import centred
from sim.engine.random_streams import Floats
from sim.engine.reductions import ONE, ZERO, clip_unit, mean
from sim.engine.situation import Flags, Situation


class Brokers(Actor):
    """Some sixty power brokers, each leaning between Abdullah (-1) and Ghani (+1), shape (brokers, worlds)."""

    def __init__(self, model: WorldsModel) -> None:
        """Start with leanings equal to convictions, which are divided like the vote, or all for one president."""
        super().__init__(model)
        self.p = p = model.parameters.group("kabul.brokers")
        self.size = int(p.number)
        drawn = p.conviction + p.conviction_spread * centred(model.streams.draw_once("brokers.strength", self.size))
        strength = clip_unit(drawn)
        ghani = model.streams.draw_once("brokers.side", self.size) < p.ghani_vote
        side = np.where(ghani | (not model.contested), np.float32(1), np.float32(-1))
        self.conviction: Floats = strength * side
        self.sway: Floats = 1 - np.abs(self.conviction)  # influence of the winning side on each broker
        self.lean: Floats = self.conviction.copy()
        self.luck = model.streams.stream("brokers.lean", self.size)
        self._update_support()

    def update_leanings(self, s: Situation, shared: Flags) -> None:
        """Move each broker towards its preferred side; changes `lean`, kept within [-1, 1].

        A broker follows its conviction, the side that seems to win if its conviction is weak (bandwagon,
        Granovetter 1978) and the patron's pressure to end the dispute; shared power gives all a stake in one
        government (S15-S17). The step towards the aim and a random step are calculated term by term for speed.
        """
        p = self.p
        calm = clip_unit(p.calmed_by_pressure * s.pressure_on_abdullah + p.calmed_by_aid * s.aid_felt)
        partisan = np.where(shared, p.partisan_when_shared, ONE - calm)
        bandwagon = p.bandwagon * (2 * s.ghani_support - ONE)
        lean = self.lean * (ONE - p.pull)
        lean += self.conviction * (p.pull * partisan)
        lean += self.luck.draw() * p.noise
        lean += self.sway * (p.pull * bandwagon)
        lean -= p.noise / 2
        np.maximum(lean, -ONE, out=lean)
        self.lean = np.minimum(lean, ONE, out=lean)
        self._update_support()

    def _update_support(self) -> None:
        """Calculate `support` and `cohesion`, (worlds,), from the brokers' leanings."""
        self.support: Floats = mean((self.lean > ZERO).astype(np.float32))
        self.cohesion: Floats = cohesion(self.lean)


def cohesion(lean: Floats) -> Floats:
    """Return one minus the brokers' mean distance from their mean leaning, 0 to 1, (worlds,).

    It is high when all lean to one side or, with shared power, to neither, and low when they are divided
    (polarisation as dispersion, DiMaggio et al. 1996; S15-S17). lean: -1 to 1, (brokers, worlds).
    """
    distance = lean - mean(lean)
    return clip_unit(ONE - mean(np.abs(distance, out=distance)))
