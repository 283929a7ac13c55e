"""The chronicle: which milestones today brings for the first time, and why."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.decisions import Imposed
from sim.milestones import MILESTONES
from sim.series import CEASEFIRE, SETTLED
from sim.situation import Flags, Situation

if TYPE_CHECKING:
    from sim.model import PeaceProcess

Reasons = npt.NDArray[np.int8]


class Chronicle:
    """Enters milestones in the model's record at the end of each day; it decides nothing."""

    def __init__(self, model: "PeaceProcess") -> None:
        """Open the book."""
        self.model, self.book = model, model.record.milestones
        self.telling_pressure = model.parameters.group("agreement").telling_pressure

    def note(self, d: dict[str, Any], s: Situation) -> None:
        """Enter what happens today. d: today's decisions by actor; s: the situation they were taken in."""
        imposed = self.model.imposed[self.model.day.number]
        self._note_offers(d, s, imposed)
        self._note_releases(d["kabul.ghani"])
        self._note_talks()
        self._mark("power_shared", self.model.day.shared, self._why_shared(imposed, s))
        self._mark("agreement_broken", self.model.day.broken, _by("taliban.truce", imposed))
        self._note_troops()

    def _mark(self, name: str, reached: Flags, reason: Reasons | int = 0) -> None:
        self.book.mark(name, self.model.day.number, reached, reason)

    def _note_offers(self, d: dict[str, Any], s: Situation, imposed: Mapping[str, Imposed]) -> None:
        """Enter decree, rejection and suspension: an offer short of the demand, or on terms refused, is rejected."""
        ghani, taliban, offer = d["kabul.ghani"], d["taliban"], self.model.ghani.offer
        self._mark("decree", offer > 0, _by("kabul.ghani.offer", imposed))
        few = offer < self.model.taliban.p.satisfied_share * taliban.demand
        refused = ghani.pledge_required & ~taliban.pledges_acceptable
        self._mark("rejection", (s.offer > 0) & (few | refused), _one_of(~few))
        grounds = np.where(_where("kabul.ghani.review", imposed), 0, self.model.ghani.grounds)
        self._mark("suspension", ghani.review & (offer > s.released), grounds)

    def _note_releases(self, ghani: Any) -> None:
        """Enter how many are out, and whether with a pledge."""
        out, without = self.model.prisoners.released, _one_of(~ghani.pledge_required)
        for name in ("first_release", "released_1000", "released_1500", "released_5000"):
            self._mark(name, out >= MILESTONES[name].level, without)

    def _note_talks(self) -> None:
        """Enter how far talks have come; they open for the condition that was met last."""
        talks = self.model.talks
        self._mark("talks_open", talks.stage > 0, talks.last_met())
        self._mark("ceasefire", talks.stage >= CEASEFIRE)
        self._mark("settlement", talks.stage >= SETTLED)

    def _why_shared(self, imposed: Mapping[str, Imposed], s: Situation) -> Reasons:
        """Index of the reason for which power is shared, in the order the milestone lists them."""
        by_scenario, by_pressure, by_aid, by_terms = range(4)
        terms = _where("kabul.ghani.share_offered", imposed) | _where("kabul.abdullah.share_asked", imposed)
        words = np.where(s.pressure_on_abdullah >= self.telling_pressure, by_pressure, by_terms)
        words = np.where(s.aid_cut > 0, by_aid, words)
        return np.where(terms, by_scenario, words).astype(np.int8)

    def _note_troops(self) -> None:
        """Enter the promised troop levels, and whether withdrawal is on its path, behind it or ahead."""
        us = self.model.us
        on_plan, behind, ahead = range(3)
        gap = us.troops - us.plan.promised(self.model.day.number)
        within = us.p.on_plan_within
        pace = np.where(gap > within, behind, np.where(gap < -within, ahead, on_plan)).astype(np.int8)
        for name in ("us_at_8600", "us_at_5000"):
            self._mark(name, us.troops <= MILESTONES[name].level + within, pace)


def _where(lever: str, imposed: Mapping[str, Imposed]) -> Any:
    """In which worlds a lever is imposed: True, False or a mask, (worlds,)."""
    return imposed[lever].where if lever in imposed else False


def _by(lever: str, imposed: Mapping[str, Imposed]) -> Reasons:
    """Index of the reason: 0 imposed by the scenario, 1 decided by the actor; scalar or (worlds,)."""
    return np.where(_where(lever, imposed), 0, 1).astype(np.int8)


def _one_of(second: Flags) -> Reasons:
    """Index of the reason where there are two: 1 where the second holds, (worlds,)."""
    return second.astype(np.int8)
