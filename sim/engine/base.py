"""Base classes of the model and of its actors."""

import datetime as dt
from typing import Any

import mesa
import numpy as np

from sim.engine.random_streams import Floats, RandomStreams
from sim.engine.situation import Situation
from sim.inputs.parameters import ParameterSet
from sim.schema import arguments
from sim.schema.calendar import Calendar


class WorldsModel(mesa.Model):  # type: ignore[misc]
    """A Mesa model that runs many worlds at once: the last axis of every state has length `worlds`.

    It has the calendar, the parameters, the random streams and, during a step, yesterday's public `situation`.
    """

    situation: Situation

    def __init__(self, seed: int, calendar: Calendar, parameters: ParameterSet, streams: RandomStreams) -> None:
        """Store the inputs of the run. seed: for Mesa's own random generators, which no rule uses."""
        super().__init__(rng=seed)
        self._registered = 0  # agents so far, including removed ones
        self.calendar, self.parameters, self.streams = calendar, parameters, streams
        self.worlds = streams.worlds
        self.signed = bool(parameters.values["agreement.signed"])
        self.contested = bool(parameters.values["kabul.contested"])
        self.listed = int(parameters.values["prisoners.listed"])

    @property
    def scenario(self) -> Any:
        """The scenario. Later versions of Mesa have their own scenario and modify it, so this property replaces it."""
        return self._scenario

    @scenario.setter
    def scenario(self, scenario: Any) -> None:
        self._scenario = scenario

    def register_agent(self, agent: mesa.Agent) -> None:
        """Register an agent under the next number of this model. Every new agent calls it.

        Mesa 3.3 numbers agents in a table of the class, which keeps a reference to every model. The model has to be
        removed from that table to be freed, after which the table would start again at 1: so the model counts itself.
        """
        super().register_agent(agent)
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        self._registered += 1
        agent.unique_id = self._registered

    def filled(self, value: Any, members: int | None = None) -> Floats:
        """Return a float32 state filled with a value, shape (worlds,) or (members, worlds)."""
        shape = (self.worlds,) if members is None else (members, self.worlds)
        return np.full(shape, value, np.float32)

    def day_of(self, date: dt.date) -> int:
        """Return the index of a date in the run: negative before it, at least its length after it."""
        return self.calendar.index(arguments.date("date", date))


class Actor(mesa.Agent):  # type: ignore[misc]
    """An actor of the process, or a population: it observes yesterday's situation and decides.

    Mesa's `model.agents.do("step")` and `shuffle_do("step")` give the same decisions, because each actor draws from
    its own streams and none sees the decisions of others on the same day. The model carries out the decisions.
    """

    decision: Any = None  # the decision of the last step; None for a population, which decides nothing

    def __init__(self, model: WorldsModel) -> None:
        """Add the actor to the model. Raises InputError for anything but a model of this package."""
        arguments.instance("model", model, WorldsModel, "a PeaceProcess")
        super().__init__(model)

    def step(self) -> None:
        """Observe the situation and decide; call once per day, because it uses the day's random numbers."""
        self.decision = self.decide(self.model.situation)

    def decide(self, s: Situation) -> Any:
        """Return today's decision; None for a population."""
        del s
