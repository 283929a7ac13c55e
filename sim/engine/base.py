"""What an actor needs of its model, and what every actor has in common."""

import datetime as dt
from typing import Any

import mesa
import numpy as np

from sim.engine.random_streams import Floats, RandomStreams
from sim.engine.situation import Situation
from sim.inputs.parameters import ParameterSet
from sim.schema.calendar import Calendar


class WorldsModel(mesa.Model):  # type: ignore[misc]
    """A Mesa model whose states have the world as their last axis: `worlds` of them side by side.

    It knows the calendar, the parameters, the random streams and, while a day runs, yesterday's public `situation`.
    """

    situation: Situation

    def __init__(self, seed: int, calendar: Calendar, parameters: ParameterSet, streams: RandomStreams) -> None:
        """Hold what the run is given. seed: for Mesa's own generators, which no rule uses."""
        super().__init__(rng=seed)
        self._registered = 0  # agents so far, those that were removed included
        self.calendar, self.parameters, self.streams = calendar, parameters, streams
        self.worlds = streams.worlds
        self.signed = bool(parameters.values["agreement.signed"])
        self.contested = bool(parameters.values["kabul.contested"])
        self.listed = int(parameters.values["prisoners.listed"])

    @property
    def scenario(self) -> Any:
        """What is run. Later versions of Mesa have a scenario of their own, which they alter: it has no place here."""
        return self._scenario

    @scenario.setter
    def scenario(self, scenario: Any) -> None:
        self._scenario = scenario

    def register_agent(self, agent: mesa.Agent) -> None:
        """Take an agent in, under the next number of this model. Every new agent calls it.

        Mesa 3.3 numbers agents in a table of its class, which keeps every model that ever had one. There is no other
        way to be forgotten than to be taken out of that table, which then begins again at 1: so the model counts.
        """
        super().register_agent(agent)
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        self._registered += 1
        agent.unique_id = self._registered

    def filled(self, value: Any, members: int | None = None) -> Floats:
        """A float32 state filled with a value, shape (worlds,) or (members, worlds)."""
        shape = (self.worlds,) if members is None else (members, self.worlds)
        return np.full(shape, value, np.float32)

    def day_of(self, date: dt.date) -> int:
        """The day of the run on which a date falls: negative before it, at least its length after it."""
        return self.calendar.index(date)


class Actor(mesa.Agent):  # type: ignore[misc]
    """A party of the process, or a population: it observes yesterday's situation and decides.

    Mesa's `model.agents.do("step")` and `shuffle_do("step")` give the same decisions, for each draws from its own
    streams and none sees what another decides on the same day. What follows from a decision is the model's part.
    """

    decision: Any = None  # of the last step; None for a population, which decides nothing

    def __init__(self, model: WorldsModel) -> None:
        """Join the model."""
        super().__init__(model)

    def step(self) -> None:
        """Observe the situation and decide: once a day, for it uses up a day's random numbers."""
        self.decision = self.decide(self.model.situation)

    def decide(self, s: Situation) -> Any:
        """Today's decision; a population has none."""
        del s
