"""The peace process as a Mesa model that steps many worlds at once; worlds are the last axis of every state."""

from collections.abc import Mapping
from typing import Any

import mesa
import numpy as np

from sim.engine.actors.security_forces import air_support, manageable
from sim.engine.base import WorldsModel
from sim.engine.experiments import Experiments
from sim.engine.milestone_tracker import MilestoneTracker
from sim.engine.parties import Parties
from sim.engine.poisson import PoissonSampler
from sim.engine.random_streams import Floats, RandomStreams, fresh_seed
from sim.engine.recorder import Record
from sim.engine.reductions import total
from sim.engine.situation import Situation
from sim.engine.state import ProcessState
from sim.engine.talks import TalksInputs
from sim.errors import InputError
from sim.inputs.parameters import ParameterSet
from sim.inputs.scenario import LARGEST_SEED, Scenario, check_first, check_scenario, validate_run
from sim.schema import arguments
from sim.schema.calendar import Calendar
from sim.schema.decisions import DECISIONS, Imposed, impose, shaped
from sim.schema.milestones import NEVER
from sim.schema.series import SERIES


class PeaceProcess(WorldsModel):
    """The model; one step simulates one day in every world at once.

    Order of a day: 1 interventions, 2 the United States decides, 3 Kabul decides, 4 the Taliban decide, 5 the
    fronts fight, 6 prisoners are released and return, 7 talks, 8 trust changes, 9 the day is recorded.

    As with any Mesa model `running` turns False after the last day, so that `run_model()` returns and
    `mesa.batch_run` takes the class. Row 0 of the data collector is the first day and not the initial state: before
    the first day there are no counts, and `batch_run` reads as many rows as there were steps. See docs/mesa.md.
    """

    def __init__(
        self,
        scenario: Scenario,
        worlds: int = 1,
        seed: int | None = None,
        first: int = 0,
        parameters: ParameterSet | None = None,
        *,
        rng: int | None = None,
        experiments: Experiments | None = None,
        collect: bool = True,
    ) -> None:
        """Initialise worlds `first` to `first + worlds - 1` of `seed` before the scenario's first day.

        seed: None for a fresh one from the operating system; see the attribute `seed`. rng: the seed, under the name
        that later versions of Mesa use. parameters: resolved values, which may differ by world, (worlds,); by default
        those of the scenario. experiments: several experiments over the same worlds instead of the scenario alone; the
        model then has that many times as many columns. collect: whether Mesa's data collector records each day too.
        Raises InputError for a scenario, number of worlds or seed out of bounds.
        """
        check_scenario(scenario)
        if seed is not None and rng is not None:
            raise InputError("give a seed or an rng, not both", path="rng", value=rng)
        given = seed if rng is None else arguments.whole("rng", rng, 0, LARGEST_SEED)
        worlds, self.seed = validate_run(worlds, fresh_seed() if given is None else given)
        first, collect = check_first(first), arguments.flag("collect", collect)
        if parameters is not None:
            arguments.instance("parameters", parameters, ParameterSet, "a ParameterSet: ParameterSet.resolve(...)")
        if experiments is not None:
            arguments.instance("experiments", experiments, Experiments, "of type Experiments")
        experiments = experiments or Experiments.of_scenario(scenario, parameters)
        streams = RandomStreams(self.seed, worlds, first, experiments.number)
        super().__init__(self.seed, Calendar(scenario.start, scenario.end), experiments.parameters, streams)
        self.scenario, self.first_world, self.imposed = scenario, first, experiments.imposed
        self.record = Record(self.calendar.days, self.worlds)
        self.today: dict[str, Floats] = {}  # every series of the day, (worlds,)
        self.by_front: dict[str, Floats] = {}  # the day's counts before they are summed, (fronts, worlds)
        self._create_actors()
        self.datacollector = mesa.DataCollector(self.reporters()) if collect else None

    def reporters(self) -> dict[str, Any]:
        """Return what Mesa's data collector records each day: every series, by name. A subclass may add its own.

        Each reporter is a function of the model, called at the end of a day.
        """
        return {name: _reporter(name) for name in SERIES}

    def _create_actors(self) -> None:
        """Create all actors in their state before the first day."""
        self.parties = parties = Parties.create(self)
        self.us, self.ghani, self.abdullah, self.brokers = parties.us, parties.ghani, parties.abdullah, parties.brokers
        self.taliban, self.fronts, self.security_forces = parties.taliban, parties.fronts, parties.security_forces
        self.prisoners, self.council = parties.prisoners, parties.council
        self.talks, self.trust = parties.talks, parties.trust
        share = self.fronts.share[:, 0]
        self.fighting, self.losses = (PoissonSampler(self.streams, _usual(share, kind)) for kind in _USUAL)
        self.state = ProcessState.eve(self, parties)
        self.situation = self.state.situation(self, parties)
        self.milestone_tracker = MilestoneTracker(parties, self.state, self.imposed, self.record.milestones)

    def run(self) -> Record:
        """Step through all remaining days and return the record."""
        self.run_model()
        return self.record

    def dispose(self) -> None:
        """Free the memory at once; the model, to which its agents refer, cannot be used afterwards."""
        self.__dict__.clear()

    def finalize(self) -> None:
        """End the run: record what blocked talks on most days in the worlds where they never opened."""
        book = self.record.milestones
        never = book.day["talks_open"] == NEVER
        book.reason["talks_open"][never] = self.talks.worst_block()[never]
        self.running = False

    def step(self) -> None:
        """Simulate one day in every world. Raises InputError after the last day."""
        if self.state.number >= self.calendar.days:
            raise InputError("the run is over", value=str(self.scenario.end), path="end")
        s = self.situation = self.state.situation(self, self.parties)
        d = self._decide()
        self.act(d, s)
        counts = self._fight(d)
        self._move_prisoners(d, s)
        broke_down = self._talk(d, s)
        self.trust.step(s, d["taliban"].truce, d["kabul.abdullah"].joins_delegation, broke_down)
        self.today = self.state.close(self.parties, d, counts, signed=self.signed)
        self.milestone_tracker.record(d, s)
        self._record()
        if self.state.number == self.calendar.days:
            self.finalize()

    def _decide(self) -> dict[str, Any]:
        """Return every actor's decision, replaced where the scenario imposes a lever."""
        self.agents.do("step")  # the order does not matter: all observe yesterday's situation
        imposed, deciders = _by_actor(self.imposed[self.state.number]), self.parties.deciders()
        return {actor: impose(shaped(deciders[actor].decision, self.worlds), imposed[actor]) for actor in DECISIONS}

    def act(self, d: dict[str, Any], s: Situation) -> None:
        """Carry out decisions: troops leave, captives are released, offers are kept, power is shared or not.

        A subclass may extend it for its own actors; all actors have decided by then, and nothing has happened yet.
        d: the day's decisions by actor, as in DECISIONS; s: yesterday's situation, which must not be changed.
        """
        self.us.act(d["us"], s)
        self.ghani.act(d["kabul.ghani"])
        self.taliban.act(d["taliban"])
        offered, asked = d["kabul.ghani"].share_offered, d["kabul.abdullah"].share_asked
        self.state.share_power(offered, asked, possible=self.signed and self.contested)
        self.brokers.update_leanings(s, self.state.shared)

    def _fight(self, d: dict[str, Any]) -> dict[str, Floats]:
        """Return attacks, operations and losses of the day, national sums, (worlds,)."""
        us, taliban, forces = d["us"], d["taliban"], self.security_forces
        season = self.state.season.factor(self.state.number)
        attacks = self.fronts.expected_attacks(taliban.intensity, taliban.pause, season)
        support = air_support(us.restraint, us.defensive_strikes, self.fronts.rate, forces.p)
        able = manageable(self.brokers.cohesion, forces.p)
        offensives, airstrikes = forces.expected_operations(d["kabul.ghani"].posture * able, support)
        expected = dict(attacks=attacks, offensives=offensives, airstrikes=airstrikes)
        fought = self.fighting.draw(expected | {"attacks_on_coalition": self.taliban.expected_on_coalition(taliban)})
        killed, fallen = forces.expected_killed(fought), forces.expected_fallen(fought, support)
        lost = self.losses.draw({"security_forces_killed": fallen, "taliban_killed": killed})
        self.fronts.take_losses(lost["taliban_killed"])
        self.by_front = fought | lost
        return {name: total(count) for name, count in self.by_front.items()}

    def _move_prisoners(self, d: dict[str, Any], s: Situation) -> None:
        """Release the prisoners whose turn it is; some of the released return to their home front."""
        ghani = d["kabul.ghani"]
        able = manageable(self.brokers.cohesion, self.security_forces.p)
        self.prisoners.release(ghani, able, d["taliban"].pledges_acceptable)
        self.taliban.verify(self.prisoners.worth(self.taliban.p.name_weight))
        returned = self.prisoners.draw_returns(self.state.number, s, ghani.monitoring)
        self.fronts.add_returned(returned)
        self.by_front["returned"] = returned

    def _talk(self, d: dict[str, Any], s: Situation) -> Any:
        """Open, advance or break down talks; returns where they broke down, (worlds,)."""
        state, taliban = self.state, d["taliban"]
        inputs = TalksInputs(
            counted=self.taliban.counted,
            demand=taliban.demand,
            cohesion=self.brokers.cohesion,
            joins=d["kabul.abdullah"].joins_delegation,
            attend=taliban.attend,
            violence=s.violence,
            taliban_losses=s.taliban_losses,
            truce=taliban.truce,
            broken=state.broken,
            behind=s.behind_plan,
            trust_us=s.trust["us_taliban"],
            spoiling=self.fronts.spoiling(taliban.intensity),
        )
        return self.talks.step(state.number, inputs, s)

    def _record(self) -> None:
        """Record the day and go to the next one."""
        self.record.write(self.state.number, self.today)
        self.state.number += 1
        if self.datacollector is not None:
            self.datacollector.collect(self)


# Usual counts per day in the whole country: they affect how fast counts are drawn, not their values.
_USUAL = (
    {"attacks": 110, "offensives": 20, "airstrikes": 5, "attacks_on_coalition": 1},
    {"security_forces_killed": 25, "taliban_killed": 30},
)


def _usual(share: Floats, counts: dict[str, int]) -> dict[str, Floats]:
    """Return usual counts by stream and front, (fronts,); attacks on the coalition are counted for the country."""
    whole = np.ones(1, np.float32)
    return {name: number * (whole if name == "attacks_on_coalition" else share) for name, number in counts.items()}


def _by_actor(imposed: Mapping[str, Imposed]) -> dict[str, dict[str, Imposed]]:
    """Return the imposed fields of each actor's decision."""
    found: dict[str, dict[str, Imposed]] = {actor: {} for actor in DECISIONS}
    for name, one in imposed.items():
        actor, _, leaf = name.rpartition(".")
        found[actor][leaf] = one
    return found


def _reporter(name: str) -> Any:
    """Return a reporter of a series for Mesa's data collector: a number for one world, an array for several."""
    return lambda model: model.today[name].item() if model.worlds == 1 else model.today[name].copy()
