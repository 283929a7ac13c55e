"""The milestone tracker: which milestones are reached for the first time today, and for which reason."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.parties import Parties
from sim.engine.reductions import ZERO
from sim.engine.situation import Flags, Situation
from sim.engine.state import ProcessState
from sim.inputs.parameters import constant
from sim.schema.decisions import Imposed
from sim.schema.milestones import MILESTONES, MilestoneBook
from sim.schema.series import CEASEFIRE, SETTLED

Reasons = npt.NDArray[np.int8]

RELEASED = ("first_release", "released_1000", "released_1500", "released_5000")  # by the number released
LEFT = ("us_at_8600", "us_at_5000")  # by the number of troops left


class MilestoneTracker:
    """Records milestones at the end of each day; it has no effect on the run."""

    def __init__(
        self, parties: Parties, state: ProcessState, imposed: Sequence[Mapping[str, Imposed]], reached: MilestoneBook
    ) -> None:
        """Track the parties. imposed: the levers imposed on each day; reached: where milestones are recorded."""
        self.parties, self.state, self.imposed, self.book = parties, state, imposed, reached
        self.released_levels = {name: constant(MILESTONES[name].level) for name in RELEASED}
        self.troop_levels = {name: MILESTONES[name].level + parties.us.p.on_plan_within for name in LEFT}

    def record(self, d: dict[str, Any], s: Situation) -> None:
        """Record the milestones that are reached for the first time today.

        d: today's decisions by actor; s: the situation on which they were based.
        """
        day = self.state.number
        reached = self._reached(d, s)
        for name in self.book.newly_reached(reached):
            self.book.mark(name, day, reached[name], self._why(name, d, s, self.imposed[day]))

    def _reached(self, d: dict[str, Any], s: Situation) -> dict[str, Flags]:
        """Return whether each milestone is reached, today or before, (worlds,)."""
        parties, ghani = self.parties, d["kabul.ghani"]
        offer, stage, refused = parties.ghani.offer, parties.talks.stage, ghani.pledge_required
        out = {name: parties.prisoners.released >= level for name, level in self.released_levels.items()}
        troops = {name: parties.us.troops <= level for name, level in self.troop_levels.items()}
        return {
            "decree": offer > ZERO,
            "rejection": (s.offer > ZERO) & (self._too_few(d) | (refused & (d["taliban"].pledges_acceptable <= ZERO))),
            "suspension": ghani.review & (offer > s.released),
            **out,
            "power_shared": self.state.shared,
            "talks_open": stage > ZERO,
            "ceasefire": stage >= CEASEFIRE,
            "settlement": stage >= SETTLED,
            "agreement_broken": self.state.broken,
            **troops,
        }

    def _too_few(self, d: dict[str, Any]) -> Flags:
        """Whether so few prisoners are offered that nobody in the movement is satisfied, (worlds,)."""
        parties = self.parties
        worth = parties.prisoners.worth_offered(parties.ghani.offer, parties.taliban.p.name_weight)
        return worth < parties.talks.p.satisfied_from * d["taliban"].demand

    def _why(self, name: str, d: dict[str, Any], s: Situation, imposed: Mapping[str, Imposed]) -> Reasons | int:
        """Return the index of the reason for reaching a milestone today, scalar or (worlds,); 0 if it has only one."""
        reasons: dict[str, Callable[[], Reasons]] = {
            **dict.fromkeys(RELEASED, lambda: _one_of(~d["kabul.ghani"].pledge_required)),
            **dict.fromkeys(LEFT, self._pace_of_withdrawal),
            "decree": lambda: _by("kabul.ghani.offer", imposed),
            "rejection": lambda: _one_of(~self._too_few(d)),
            "suspension": lambda: np.where(_where("kabul.ghani.review", imposed), 0, self.parties.ghani.grounds),
            "power_shared": lambda: self._why_shared(imposed, s),
            "talks_open": self.parties.talks.last_met,
            "agreement_broken": lambda: _by("taliban.truce", imposed),
        }
        return reasons[name]() if name in reasons else 0

    def _why_shared(self, imposed: Mapping[str, Imposed], s: Situation) -> Reasons:
        """Return the index of the reason for which power is shared, in the order of the milestone's reasons."""
        by_scenario, by_pressure, by_aid, by_terms = range(4)
        terms = _where("kabul.ghani.share_offered", imposed) | _where("kabul.abdullah.share_asked", imposed)
        ghani, abdullah = self.parties.ghani.p, self.parties.abdullah.p
        pressed = ghani.share_pressed * s.pressure_on_ghani + abdullah.ask_pressed * s.pressure_on_abdullah
        withheld = (ghani.share_aid + abdullah.ask_aid) * s.aid_felt
        words = np.where(withheld > pressed, by_aid, np.where(pressed > 0, by_pressure, by_terms))
        return np.where(terms, by_scenario, words).astype(np.int8)

    def _pace_of_withdrawal(self) -> Reasons:
        """Return the index for a withdrawal on its path, behind it or ahead of it, (worlds,)."""
        us = self.parties.us
        on_plan, behind, ahead = range(3)
        gap = us.troops - us.plan.promised(self.state.number)
        within = us.p.on_plan_within
        return np.where(gap > within, behind, np.where(gap < -within, ahead, on_plan)).astype(np.int8)


def _where(lever: str, imposed: Mapping[str, Imposed]) -> Any:
    """Return the worlds in which a lever is imposed: True, False or a mask, (worlds,)."""
    return imposed[lever].where if lever in imposed else False


def _by(lever: str, imposed: Mapping[str, Imposed]) -> Reasons:
    """Return the index of the reason: 0 imposed by the scenario, 1 decided by the actor; scalar or (worlds,)."""
    return np.where(_where(lever, imposed), 0, 1).astype(np.int8)


def _one_of(second: Flags) -> Reasons:
    """Return the index of the reason where there are two: 1 where the second applies, (worlds,)."""
    return second.astype(np.int8)
