"""The peace process as a Mesa model that lives many worlds at once: worlds are the last axis of every state."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import mesa
import numpy as np

from sim.engine.actors.brokers import Brokers
from sim.engine.actors.fronts import Fronts
from sim.engine.actors.kabul import Abdullah, Ghani
from sim.engine.actors.prisoners import Prisoners
from sim.engine.actors.security_council import SecurityCouncil
from sim.engine.actors.security_forces import SecurityForces, air_support, manageable
from sim.engine.actors.taliban import Taliban
from sim.engine.actors.united_states import UnitedStates
from sim.engine.experiments import Courses
from sim.engine.milestone_tracker import Chronicle
from sim.engine.poisson import Counter
from sim.engine.random_streams import Dice, Floats
from sim.engine.recorder import Record
from sim.engine.reductions import total
from sim.engine.situation import Situation
from sim.engine.state import Day
from sim.engine.talks import Footing, Talks, bargaining_power
from sim.engine.trust import Trust
from sim.errors import InputError
from sim.inputs.parameters import ParameterSet
from sim.inputs.scenario import Scenario, check_scenario, validate_run
from sim.schema.calendar import Calendar
from sim.schema.decisions import DECISIONS, Imposed, impose, shaped
from sim.schema.milestones import NEVER
from sim.schema.series import SERIES


class PeaceProcess(mesa.Model):  # type: ignore[misc]
    """One step is one day; every world of the ensemble lives it at once.

    A day: 1 interventions, 2 the United States decides, 3 Kabul decides, 4 the Taliban decide, 5 the
    fronts fight, 6 prisoners are released and return, 7 talks, 8 trust changes, 9 the day is recorded.
    """

    def __init__(
        self,
        scenario: Scenario,
        worlds: int = 1,
        seed: int = 0,
        first: int = 0,
        parameters: ParameterSet | None = None,
        *,
        courses: "Courses | None" = None,
        collect: bool = True,
    ) -> None:
        """Set up worlds `first` to `first + worlds - 1` of `seed` on the eve of the scenario's first day.

        parameters: the resolved ones, whose values may differ by world, (worlds,); the scenario's own by
        default. courses: several courses of events over those same worlds, side by side, in place of the
        scenario's own; the model is then that many times as wide. collect: whether Mesa's data collector
        records each day too. Raises InputError for a scenario, number of worlds or seed out of bounds.
        """
        check_scenario(scenario)
        validate_run(worlds, seed)
        super().__init__(seed=seed)
        courses = courses or Courses.of(scenario, parameters)
        self.scenario, self.worlds, self.first_world = scenario, courses.number * worlds, first
        self.calendar = Calendar(scenario.start, scenario.end)
        self.parameters, self.imposed = courses.parameters, courses.imposed
        self.dice = Dice(seed, worlds, first, courses.number)
        self.record = Record(self.calendar.days, self.worlds)
        self._settle()
        # Mesa numbers agents in a table of its class, which keeps every model that ever had one.
        mesa.Agent._ids.pop(self, None)  # noqa: SLF001  there is no other way to be forgotten
        self.today: dict[str, Floats] = {}  # every series of the day, (worlds,)
        self.by_front: dict[str, Floats] = {}  # the day's counts before they are summed, (fronts, worlds)
        self.datacollector = mesa.DataCollector({name: _reporter(name) for name in SERIES}) if collect else None

    def _settle(self) -> None:
        """Bring the actors to their places on the eve of the first day."""
        self.signed = bool(self.parameters.values["agreement.signed"])
        self.contested = bool(self.parameters.values["kabul.contested"])
        self.listed = int(self.parameters.values["prisoners.listed"])
        self.us = UnitedStates(self)
        self.ghani, self.abdullah = Ghani(self), Abdullah(self)
        self.brokers = Brokers(self)
        self.taliban = Taliban(self)
        self.fronts = Fronts(self)
        self.security_forces = SecurityForces(self)
        self.prisoners = Prisoners(self)
        self.council = SecurityCouncil(self)
        self.fighting, self.losses = (Counter(self.dice, _usual(self.fronts.share[:, 0], kind)) for kind in _USUAL)
        self.talks = Talks(self)
        self.trust = Trust.at_start(self.parameters.group("trust"), self.full)
        self.day = Day.eve(self)
        self.chronicle = Chronicle(self)
        self._deciders: dict[str, Any] = {
            "us": self.us,
            "kabul.ghani": self.ghani,
            "kabul.abdullah": self.abdullah,
            "taliban": self.taliban,
            "council": self.council,
        }

    def full(self, value: Any, members: int | None = None) -> Floats:
        """A float32 state filled with a value, shape (worlds,) or (members, worlds)."""
        shape = (self.worlds,) if members is None else (members, self.worlds)
        return np.full(shape, value, np.float32)

    def day_of(self, date: dt.date) -> int:
        """The day of the run on which a date falls: negative before it, at least its length after it."""
        return self.calendar.index(date)

    def run(self) -> Record:
        """Live all days that are left and return the record."""
        while self.day.number < self.calendar.days:
            self.step()
        self.finish()
        return self.record

    def release(self) -> None:
        """Give the memory back at once: the model, whose agents refer back to it, is of no use afterwards."""
        self.__dict__.clear()

    def finish(self) -> None:
        """Note what stood most in the way of talks in the worlds where they never opened."""
        book = self.record.milestones
        never = book.day["talks_open"] == NEVER
        book.reason["talks_open"][never] = self.talks.worst_block()[never]

    def step(self) -> None:
        """Live one day in every world. Raises InputError when the calendar is used up."""
        if self.day.number >= self.calendar.days:
            raise InputError("the run is over", value=str(self.scenario.end), path="end")
        s = self.day.situation(self)
        d = self._decide(s)
        self._act(d, s)
        attacks = self._fight(d)
        self._move_prisoners(d, s)
        broke_down = self._talk(d, s)
        self.trust.follow(s, d["taliban"].truce, d["kabul.abdullah"].joins_delegation, broke_down)
        self.day.close(self, d, attacks)
        self.chronicle.note(d, s)
        self._record()

    def _decide(self, s: Situation) -> dict[str, Any]:
        """Every actor's decision, with what the scenario imposes put in its place."""
        imposed = self.imposed[self.day.number]
        decisions = {}
        for actor in DECISIONS:
            own = shaped(self._deciders[actor].decide(s), self.worlds)
            decisions[actor] = impose(own, _of(actor, imposed))
        return decisions

    def _act(self, d: dict[str, Any], s: Situation) -> None:
        """Troops leave, captives go, offers stand, and the camps settle or do not."""
        self.us.act(d["us"], s)
        self.ghani.act(d["kabul.ghani"])
        self.taliban.act(d["taliban"])
        if self.signed and self.contested:
            self.day.shared = self.day.shared | (d["kabul.ghani"].share_offered >= d["kabul.abdullah"].share_asked)
        self.brokers.lean_on(s, self.day.shared)

    def _fight(self, d: dict[str, Any]) -> dict[str, Floats]:
        """Attacks, operations and losses of the day, national sums, (worlds,)."""
        us, taliban, forces = d["us"], d["taliban"], self.security_forces
        attacks = self.fronts.expected_attacks(taliban.intensity)
        support = air_support(us.restraint, us.defensive_strikes, self.fronts.rate, forces.p)
        able = manageable(self.brokers.cohesion, forces.p)
        offensives, airstrikes = forces.expected_operations(d["kabul.ghani"].posture * able, support)
        expected = dict(attacks=attacks, offensives=offensives, airstrikes=airstrikes)
        fought = self.fighting.draw(expected | {"attacks_on_coalition": self.taliban.expected_on_coalition(taliban)})
        killed, fallen = forces.expected_killed(fought), forces.expected_fallen(fought, support)
        lost = self.losses.draw({"security_forces_killed": fallen, "taliban_killed": killed})
        self.fronts.bury(lost["taliban_killed"])
        self.by_front = fought | lost
        return {name: total(count) for name, count in self.by_front.items()}

    def _move_prisoners(self, d: dict[str, Any], s: Situation) -> None:
        """Release those whose turn it is; some of those out go back to their home front."""
        ghani = d["kabul.ghani"]
        able = manageable(self.brokers.cohesion, self.security_forces.p)
        self.prisoners.release(ghani, able, d["taliban"].pledges_acceptable)
        returned = self.prisoners.weigh_up(self.day.number, s, ghani.monitoring)
        self.fronts.join(returned)
        self.by_front["returned"] = returned

    def _talk(self, d: dict[str, Any], s: Situation) -> Any:
        """Open, advance or break down talks; returns where they broke down, (worlds,)."""
        day, taliban = self.day, d["taliban"]
        footing = Footing(
            released=self.prisoners.released,
            demand=taliban.demand,
            cohesion=self.brokers.cohesion,
            joins=d["kabul.abdullah"].joins_delegation,
            attend=taliban.attend,
            violence=s.violence,
            taliban_losses=s.taliban_losses,
            truce=taliban.truce,
            broken=day.broken,
            behind=s.behind_plan,
            spoiling=self.fronts.spoiling(taliban.intensity),
        )
        return self.talks.meet(day.number, footing, s)

    def bargaining_power(self) -> Floats:
        """What Kabul can win in talks today, 0 to 1, (worlds,)."""
        strength = total(self.fronts.fighters) / self.fronts.p.fighters
        troops = self.us.troops / self.us.p.troops_at_signing
        return bargaining_power(self.brokers.cohesion, troops, strength, self.talks.p)

    def _record(self) -> None:
        """Record the day and move on to the next."""
        self.record.write(self.day.number, self.today)
        self.day.number += 1
        if self.datacollector is not None:
            self.datacollector.collect(self)


# Usual counts a day in the whole country: they set how luck is turned into counts quickly, not what it gives.
_USUAL = (
    {"attacks": 110, "offensives": 20, "airstrikes": 5, "attacks_on_coalition": 1},
    {"security_forces_killed": 25, "taliban_killed": 30},
)


def _usual(share: Floats, counts: dict[str, int]) -> dict[str, Floats]:
    """Usual counts by stream and front, (fronts,); attacks on the coalition are counted for the country."""
    whole = np.ones(1, np.float32)
    return {name: number * (whole if name == "attacks_on_coalition" else share) for name, number in counts.items()}


def _of(actor: str, imposed: Mapping[str, Imposed]) -> dict[str, Imposed]:
    """The fields of one actor among what is imposed."""
    return {name.rpartition(".")[2]: v for name, v in imposed.items() if name.rpartition(".")[0] == actor}


def _reporter(name: str) -> Any:
    """What Mesa's data collector keeps of a series: a number in one world, an array in several."""
    return lambda model: model.today[name].item() if model.worlds == 1 else model.today[name].copy()
