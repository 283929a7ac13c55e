"""The 5,000 prisoners on the list: who signs, who is released, who goes back to fighting."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.base import Actor, WorldsModel
from sim.engine.random_streams import Floats
from sim.engine.reductions import ONE, ZERO, accumulate, positive_part
from sim.engine.situation import Flags, Situation
from sim.inputs.parameters import Group
from sim.inputs.provinces import prisoner_homes
from sim.schema.decisions import GhaniDecision

Turns = npt.NDArray[np.int16]

# Three classes of readiness: signs even against the leadership's will, signs if it allows, never signs.
CLASSES = 3
_APART = 8192  # turns of the next class start here, above the longest list
_STRETCH = 100  # rows of the list calculated at once: few enough for the processor's cache
_BACK = np.iinfo(np.int16).max  # the turn of a prisoner who is back at a front: never reached


class Prisoners(Actor):
    """Each prisoner has a home front, a risk grade, a readiness to sign and a resolve to stay home.

    The list runs from the lowest risk grade to the highest. Those ready to sign go first, in the list's
    order, so a prisoner is released once the releases of its class have reached its turn: `turn` (listed,
    worlds) and `freed` (classes, worlds) are the complete state of custody.
    """

    def __init__(self, model: WorldsModel, fronts: int) -> None:
        """Draw the prisoners; nobody is released. fronts: the number of fronts."""
        super().__init__(model)
        self.p = p = model.parameters.group("prisoners")
        self.listed = model.listed
        self.fronts = fronts
        self.home = prisoner_homes()[: self.listed]
        readiness = model.streams.draw_once("prisoners.readiness", self.listed)
        self.turn, self.class_size = turns(readiness, p.sign_alone, p.sign_if_allowed)
        self.high_risk = self._high_risk()
        self.all_high_risk: Floats = np.add.reduce(self.high_risk)  # (worlds,)
        self.resolve = self._resolve(model.streams.draw_once("prisoners.resolve", self.listed), readiness)
        self.freed: Floats = model.filled(0, CLASSES)
        self.released: Floats = model.filled(0)  # over all classes
        self.part: Floats = model.filled(0)  # the fraction of a person that the pace carries over to tomorrow
        self.returned: Floats = model.filled(0)

    def _place(self) -> Floats:
        """Return the place of each list position as a share of the list, (listed, 1)."""
        return (np.arange(self.listed, dtype=np.float32)[:, None] + np.float32(0.5)) / np.float32(self.listed)

    def _high_risk(self) -> Floats:
        """Return how many of each class have a high risk grade, (classes, worlds): the last ones of the class."""
        high = self._place() >= self.p.low_risk_share + self.p.medium_risk_share
        kinds = self.turn // _APART
        counts = [np.add.reduce(high & (kinds == kind), axis=0) for kind in range(CLASSES)]
        return np.stack(counts).astype(np.float32)

    def _resolve(self, luck: Floats, readiness: Floats) -> Floats:
        """Return each prisoner's resolve to stay home, (listed, worlds). luck, readiness: uniforms, same shape."""
        place, resolve = self._place(), np.empty_like(luck)
        for rows in _stretches(self.listed):
            resolve[rows] = stay_home(luck[rows], propensity(place[rows], self.p), readiness[rows], self.p)
        return resolve

    def release(self, d: GhaniDecision, manageable: Floats, allowed: Floats) -> Floats:
        """Release as many as offer, pace, review and pledges allow; return the day's releases, (worlds,).

        manageable: share of the pace that Kabul achieves; allowed: share of those who wait for the leadership's leave
        to sign who have it; both 0 to 1. Changes `freed` and `released`, which never fall.
        """
        open_ = ~d.review & (d.offer > self.released)
        self.part = np.where(open_, self.part + d.pace * manageable, ZERO)
        whole = left = np.floor(np.minimum(self.part, positive_part(d.offer - self.released)))
        self.part = self.part - np.floor(self.part)
        free = ~d.pledge_required
        for kind, eligible in enumerate((free | True, np.maximum(free, allowed), free)):
            ready = np.floor(self.class_size[kind] * eligible)
            taken = np.minimum(left, positive_part(ready - self.freed[kind]))
            self.freed[kind] += taken
            left = left - taken
        self.released = self.freed[0] + self.freed[1] + self.freed[2]
        return whole - left

    def worth(self, weight: Any) -> Floats:
        """Return the releases so far in the eyes of those who asked for names, in people, (worlds,).

        Whoever has a high risk grade counts as `weight` people; the whole list counts as many as it has.
        """
        high = positive_part(self.freed - self.class_size + self.high_risk)
        return self._weighed(self.released, np.add.reduce(high), weight)

    def worth_offered(self, offer: Floats, weight: Any) -> Floats:
        """Return what the first `offer` people of the list are worth in the same eyes, in people, (worlds,)."""
        return self._weighed(offer, positive_part(offer - self.listed + self.all_high_risk), weight)

    def _weighed(self, people: Floats, high: Floats, weight: Any) -> Floats:
        """Return people of whom `high` count as `weight` each, scaled so that the list counts as many as it has."""
        listed, more = np.float32(self.listed), weight - ONE
        return (people + more * high) * listed / (listed + more * self.all_high_risk)

    def draw_returns(self, day: int, s: Situation, monitoring: Floats) -> Floats:
        """Let released prisoners decide on going back, if it is their day; return how many did, (fronts, worlds).

        A person decides once every `weighs_every` days; the pull of that time reduces the resolve, and whoever has
        none left goes back. This is a survival model with the hazard `pull` in the form of Sellke 1983, so that the
        same people go back with the same random numbers. Changes `turn`, `resolve`, `returned`.
        """
        rows = slice(day % self.p.weighs_every, None, self.p.weighs_every)
        worlds = self.turn.shape[1]
        returned = np.zeros((self.fronts, worlds), np.float32)
        if not np.count_nonzero(self.freed):
            return returned
        home, out = self.home[rows], self._out(self.turn[rows])
        resolve = self.resolve[rows]
        resolve -= out * pull(s, monitoring, self.p)
        who, world = np.divmod((out & (resolve < ZERO)).reshape(-1).nonzero()[0], worlds)
        self.turn[rows][who, world] = _BACK
        np.add.at(returned, (home[who], world), np.float32(1))
        self.returned = self.returned + np.add.reduce(returned, axis=0)  # whole numbers: exact in any order
        return returned

    def _out(self, turn: Turns) -> Flags:
        """Return who is released and at home, shape of `turn`: whose turn the releases of the class have reached."""
        freed = self.freed.astype(np.uint16)
        out = turn.view(np.uint16) < freed[0]
        for kind in range(1, CLASSES):
            if np.count_nonzero(freed[kind]):
                # Turns of lower classes become, as unsigned numbers, larger than the size of any class.
                out |= (turn - np.int16(kind * _APART)).view(np.uint16) < freed[kind]
        return out


def turns(readiness: Floats, sign_alone: Any, sign_if_allowed: Any) -> tuple[Turns, Floats]:
    """Return each prisoner's turn within its class, and the size of each class.

    readiness: uniforms, (listed, worlds); sign_alone, sign_if_allowed: shares, scalar or (worlds,).
    Returns turns (listed, worlds), which for class k start at k * 8192, and sizes (classes, worlds).
    """
    turn = np.empty(readiness.shape, np.int16)
    first, second = np.zeros((2, readiness.shape[1]), np.int16)
    for rows in _stretches(len(readiness)):
        alone = (readiness[rows] < sign_alone).astype(np.int16)
        allowed = (readiness[rows] < np.maximum(sign_if_allowed, sign_alone)).astype(np.int16)
        firsts, seconds = _running(alone, first), _running(allowed, second)
        place = np.arange(rows.start + 1, rows.stop + 1, dtype=np.int16)[:, None]
        here = np.subtract(place + np.int16(2 * _APART - 1), seconds, out=turn[rows])  # turns of those who never sign
        here += allowed * (seconds - firsts + np.int16(_APART - 1) - here)  # products are faster than np.where
        here += alone * (firsts - 1 - here)
        first, second = firsts[-1], seconds[-1]
    sizes = np.stack([first, second - first, np.int16(len(readiness)) - second]).astype(np.float32)
    return turn, sizes


def _stretches(listed: int) -> list[slice]:
    """Return the list in stretches of rows that fit the processor's cache."""
    return [slice(start, min(start + _STRETCH, listed)) for start in range(0, listed, _STRETCH)]


def _running(flags: Turns, before: Turns) -> Turns:
    """Return the running count down the list. before: the count before the first row, (worlds,)."""
    counts = flags.copy()
    counts[0] += before
    return accumulate(np.add, counts)


def propensity(place: Floats, p: Group) -> Floats:
    """Return the relative propensity to return by risk grade, (rows, 1 or worlds). place: of (0, 1), (rows, 1)."""
    higher = np.where(place < p.low_risk_share + p.medium_risk_share, p.medium_risk, p.high_risk)
    return np.where(place < p.low_risk_share, p.low_risk, higher)


def stay_home(luck: Floats, propensity: Floats, readiness: Floats, p: Group) -> Floats:
    """Return the resolve to stay home, in days of unit pull, shape of luck: exponential with propensity as rate.

    It is larger for those who would sign (S10). luck, readiness: uniforms, (listed, worlds); propensity: (listed, 1)
    or (listed, worlds).
    """
    resolve = np.log(luck)
    resolve /= -propensity
    signs = readiness < np.maximum(p.sign_if_allowed, p.sign_alone)
    resolve /= np.where(signs, 1 - p.pledge_effect, np.float32(1))
    return resolve


def pull(s: Situation, monitoring: Floats, p: Group) -> Floats:
    """Return the pull of the front since a released prisoner's last decision, (worlds,), >= 0.

    War increases it, monitoring and talks reduce it (reintegration, Humphreys & Weinstein 2007).
    """
    drawn = p.pull_a_day * p.weighs_every * s.violence
    return drawn * (ONE - p.monitoring_effect * monitoring) * (ONE - p.talks_effect * (s.stage > ZERO))
