"""What is timed: the engine, the luck it uses, and the same rules as an ordinary Mesa model."""

from itertools import count

import mesa

from sim.engine.model import PeaceProcess
from sim.engine.random_streams import RandomStreams
from sim.inputs.scenario import Scenario
from sim.runs.runner import CHUNK, simulate
from tests.twin.model import Twin

SEED = 7


def engine(scenario: Scenario, worlds: int) -> None:
    """Run so many worlds."""
    simulate(scenario, worlds=worlds, seed=SEED)


class Luck:
    """The uniforms that a run of so many worlds uses, drawn and thrown away."""

    def __init__(self, scenario: Scenario, worlds: int) -> None:
        """Find out which streams the engine opens."""
        model = PeaceProcess(scenario, 1, SEED, collect=False)
        self.daily = {name: stream.members for name, stream in model.streams.streams.items()}
        self.once = model.streams.drawn_once
        self.days, self.worlds = model.calendar.days, worlds

    @property
    def uniforms(self) -> int:
        """How many uniforms one run draws."""
        return self.worlds * (self.days * sum(self.daily.values()) + sum(self.once.values()))

    def __call__(self) -> None:
        """Draw them all, as many worlds at once as the engine steps."""
        for start in range(0, self.worlds, CHUNK):
            dice = RandomStreams(SEED, min(CHUNK, self.worlds - start), start)
            for name, members in self.once.items():
                dice.draw_once(name, members)
            streams = [dice.stream(name, members) for name, members in self.daily.items()]
            for _ in range(self.days):
                for stream in streams:
                    stream.draw()


class TwinBatch:
    """The twin through Mesa's own batch runner, so many worlds a call, each call with fresh seeds."""

    def __init__(self, worlds: int) -> None:
        """worlds: a call."""
        self.worlds = worlds
        self.seeds = count(1)

    def __call__(self) -> None:
        """Run them, collecting the outcomes at the end as a modeller would."""
        seeds = [next(self.seeds) for _ in range(self.worlds)]
        mesa.batch_run(
            Twin,
            parameters={"scenario": "baseline", "seed": seeds},
            number_processes=1,
            data_collection_period=-1,
            display_progress=False,
        )
