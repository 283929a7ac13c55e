"""The functions to time: the engine, its random numbers, and the same rules as an ordinary Mesa model."""

from itertools import count

import mesa

from sim.engine.model import PeaceProcess
from sim.engine.random_streams import RandomStreams
from sim.inputs.scenario import Scenario
from sim.runs.runner import CHUNK, simulate
from tests.twin.model import Twin

SEED = 7


def engine(scenario: Scenario, worlds: int) -> None:
    """Run `worlds` worlds of a scenario."""
    simulate(scenario, worlds=worlds, seed=SEED)


class Luck:
    """Draws the uniform random numbers that a run of `worlds` worlds uses."""

    def __init__(self, scenario: Scenario, worlds: int) -> None:
        """Find the streams that the engine uses."""
        model = PeaceProcess(scenario, 1, SEED, collect=False)
        self.daily = {name: stream.members for name, stream in model.streams.streams.items()}
        self.once = model.streams.drawn_once
        self.days, self.worlds = model.calendar.days, worlds

    @property
    def uniforms(self) -> int:
        """The number of uniforms that one run draws."""
        return self.worlds * (self.days * sum(self.daily.values()) + sum(self.once.values()))

    def __call__(self) -> None:
        """Draw all of them, for as many worlds at once as the engine steps."""
        for start in range(0, self.worlds, CHUNK):
            dice = RandomStreams(SEED, min(CHUNK, self.worlds - start), start)
            for name, members in self.once.items():
                dice.draw_once(name, members)
            streams = [dice.stream(name, members) for name, members in self.daily.items()]
            for _ in range(self.days):
                for stream in streams:
                    stream.draw()


class TwinBatch:
    """The twin with Mesa's own batch runner; each call uses new seeds."""

    def __init__(self, worlds: int) -> None:
        """worlds: per call."""
        self.worlds = worlds
        self.seeds = count(1)

    def __call__(self) -> None:
        """Run the worlds and collect the outcomes at the end."""
        seeds = [next(self.seeds) for _ in range(self.worlds)]
        mesa.batch_run(
            Twin,
            parameters={"scenario": "baseline", "seed": seeds},
            number_processes=1,
            data_collection_period=-1,
            display_progress=False,
        )
