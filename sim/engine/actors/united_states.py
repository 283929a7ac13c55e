"""The United States: an administration that wants to withdraw its troops before an election."""

from dataclasses import fields
from typing import Any

import numpy as np

from sim.engine.base import Actor, WorldsModel
from sim.engine.random_streams import Floats
from sim.engine.reductions import ONE, ZERO, clip, clip_unit, positive_part
from sim.engine.situation import Flags, Situation
from sim.inputs.parameters import Group
from sim.schema.decisions import UnitedStatesDecision


class UnitedStates(Actor):
    """The administration: election clock, troops, and pressure on whoever blocks talks."""

    def __init__(self, model: WorldsModel) -> None:
        """Initialise with all troops in the country."""
        super().__init__(model)
        self.p = model.parameters.group("us")
        self.signed = model.signed
        self.plan = TroopPlan(model, self.p)
        self.troops: Floats = model.filled(self.p.troops_at_signing)
        self.strikes_flown: Floats = model.filled(self.p.defensive_strikes_flown)
        self.patience: Floats = aid_patience(model.streams.draw_once("us.patience")[0], self.p)

    def decide(self, s: Situation) -> UnitedStatesDecision:
        """Return the decision on this day; without an agreement the US fights as in 2019."""
        if not self.signed:
            return UnitedStatesDecision(*[np.zeros_like(s.violence)] * len(fields(UnitedStatesDecision)))
        p = self.p
        clock = self.plan.clock(s.day)
        waited, disputed = (days / (days + p.patience_days) for days in (s.waiting, np.maximum(s.waiting, s.dispute)))
        unite = pressure(np.where(s.divided, ONE, ONE - s.cohesion), disputed, clock, s, p)
        return UnitedStatesDecision(
            withdrawal=self.plan.withdrawal(s.day, self.troops) * (s.truce & ~s.broken),
            conditionality=conditionality(clock, p),
            restraint=restraint(s.truce, s.violence, p),
            defensive_strikes=self.strikes_flown,
            pressure_on_ghani=np.maximum(pressure(s.unmet, waited, clock, s, p), unite),
            pressure_on_abdullah=unite,
            pressure_on_taliban=pressure_on_taliban(s.violence, p),
            aid_cut=aid_cut(s, self.patience, p),
        )

    def act(self, d: UnitedStatesDecision, s: Situation) -> None:
        """Withdraw troops, except those delayed by violence. Changes `troops`, never below zero."""
        held = clip_unit((s.violence - self.p.bearable_violence) / self.p.bearable_violence)
        leaving = d.withdrawal * (ONE - d.conditionality * held)
        self.troops = positive_part(self.troops - leaving)


class TroopPlan:
    """The promised path of troops: 8,600 by mid-July, the pledge for November, the rest by May 2021."""

    def __init__(self, model: WorldsModel, p: Group) -> None:
        """Convert the promised dates to days of the run."""
        self.p = p
        dates = (p.withdrawal_date, p.first_phase_date, p.november_date, p.exit_date)
        self.days = [model.day_of(date) for date in dates]
        self.election = model.day_of(p.election_date)
        self._path = [self._promised(day) for day in range(-1, model.calendar.days)]

    def clock(self, day: int) -> Any:
        """Return the influence of the coming election, 0 to 1, which grows exponentially (S1)."""
        return np.exp(-np.float32(max(self.election - day, 0)) / self.p.clock_days)

    def promised(self, day: int) -> Any:
        """Return the troops left by the promised path at the end of a day of the run; -1 is the day before it."""
        return self._path[day + 1]

    def _promised(self, day: int) -> Any:
        """Return the same, interpolated linearly between the path's dates."""
        p = self.p
        path = (p.troops_at_signing, p.troops_first_phase, p.troops_november, p.troops_after_exit)
        if day < self.days[0]:
            return path[0]
        for start, end, here, there in zip(self.days, self.days[1:], path, path[1:], strict=False):
            if day < end:
                return here + (there - here) * ((day + 1 - start) / (end - start))
        return path[-1]

    def withdrawal(self, day: int, troops: Floats) -> Floats:
        """Return troops to withdraw on a day, (worlds,): the path's next step and part of the delay."""
        p, yesterday = self.p, self.promised(day - 1)
        behind = positive_part(troops - yesterday)
        return clip(yesterday - self.promised(day) + p.catch_up * behind, ZERO, p.lift_capacity)


def aid_patience(u: Floats, p: Group) -> Floats:
    """Return days of deadlock before the US withholds aid, spread around the mean, shape (worlds,)."""
    return p.aid_patience_days * (1 + p.aid_patience_spread * (2 * u - 1))


def conditionality(clock: Any, p: Group) -> Any:
    """Return how far withdrawal depends on violence: less as the election nears (S1; audience costs, Fearon 1994)."""
    return p.conditionality_early * (ONE - clock)


def restraint(truce: Flags, violence: Floats, p: Group) -> Floats:
    """Return the share of airstrikes not flown, (worlds,): high under the truce, low once it is broken (S6, S7).

    Reciprocity between patron and insurgent (Axelrod 1984); violence above 2019 reduces restraint.
    """
    kept = p.restraint_in_truce * np.exp(-p.restraint_worn * positive_part(violence - ONE))
    return np.where(truce, kept, kept * p.restraint_after_truce)


def pressure(obstacle: Floats, waited: Floats, clock: Any, s: Situation, p: Group) -> Floats:
    """Return pressure on a Kabul camp, 0 to 1, (worlds,): for what it blocks, growing with waiting and the clock.

    A patron presses a client whose refusal costs it more each week (two-level games, Putnam 1988).
    obstacle: how much of it remains, 0 to 1; waited: 0 to 1.
    """
    push = (p.pressure_base + p.pressure_waiting * waited) * (ONE + p.pressure_clock * clock)
    standing = clip_unit(obstacle / p.pressure_eases_below)
    return clip_unit(push * standing) * ~s.broken


def pressure_on_taliban(violence: Floats, p: Group) -> Floats:
    """Return pressure on the Taliban, 0 to 1, (worlds,): for violence above what the US tolerates (S7)."""
    return clip_unit(p.taliban_pressure * (violence - p.bearable_violence))


def aid_cut(s: Situation, patience: Floats, p: Group) -> Floats:
    """Return aid withheld from Kabul, bn USD per year, (worlds,): in a deadlock that lasts longer than patience."""
    deadlocked = s.divided & (s.dispute > patience)
    return deadlocked * p.aid_withheld
