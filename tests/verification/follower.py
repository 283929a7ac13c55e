"""A twin that starts each day in the state of an engine's world and simulates it with the same random numbers.

The results of the day can then be compared rule by rule, up to single precision: without statistics, and without
errors that grow from day to day. Only the prisoners are never reset: who is released and who went back are whole
numbers, which are equal in both or not.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from math import log
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.model import PeaceProcess
from sim.engine.poisson import PoissonSampler, poisson
from sim.engine.random_streams import RandomStreams, Stream
from sim.inputs.scenario import Scenario
from tests.twin import Twin
from tests.twin.news import News
from tests.twin.talks import Talks

Array = npt.NDArray[Any]

# The state carried from one day to the next: where the twin stores it, and where the engine does.
STATES = {
    "us.troops": "us.troops",
    "ghani.mood.value": "ghani.mood.value",
    "ghani.offer": "ghani.offer",
    "ghani.days_since_decree": "ghani.standing",
    "ghani.days_since_raise": "ghani.since_raise",
    "ghani.review_days_left": "ghani.review_left",
    "ghani.has_reviewed": "ghani.reviewed",
    "abdullah.mood.value": "abdullah.mood.value",
    "taliban.mood.value": "taliban.mood.value",
    "taliban.captives_released": "taliban.captives_released",
    "taliban.counted": "taliban.counted",
    "custody.part": "prisoners.part",
    "talks.stage": "talks.stage",
    "talks.days_of_cooling": "talks.cooling",
    "cohesion": "brokers.cohesion",
    "ghani_support": "brokers.support",
    "violence": "state.violence",
    "air_campaign": "state.air_campaign",
    "ground_campaign": "state.ground_campaign",
    "aid_felt": "state.aid_felt",
    "truce": "state.truce",
    "days_without_truce": "state.truce_broken_days",
    "broken": "state.broken",
    "shared": "state.shared",
}
CROWDS = {"brokers": ("lean",), "fronts": ("intensity", "fighters", "losses")}  # the same, for each member
WAR = ("attacks", "offensives", "airstrikes", "security_forces_killed", "taliban_killed")  # in the order of a front


@dataclass
class Given:
    """Random numbers known in advance: uniforms and counts are returned in their order."""

    luck: Iterator[float] = field(default_factory=lambda: iter(()))
    counts: Iterator[int] = field(default_factory=lambda: iter(()))
    means: list[float] = field(default_factory=list)  # expected value of each count returned

    def random(self) -> float:
        """Return the next uniform."""
        return next(self.luck)

    def uniform(self, low: float, high: float) -> float:
        """Return the next uniform, scaled."""
        return low + (high - low) * next(self.luck)

    def expovariate(self, rate: float) -> float:
        """Return the next uniform, transformed to a waiting time."""
        return -log(next(self.luck)) / rate

    def poisson(self, mean: float) -> int:
        """Return the next count, and store its expected value."""
        self.means.append(mean)
        return next(self.counts)


def given(*draws: Any) -> Given:
    """Return a generator of these uniforms, first to last."""
    return Given(iter([float(u) for u in chain.from_iterable(np.atleast_1d(draw) for draw in draws)]))


class HeardTalks(Talks):
    """The twin's talks, which record the hazards that they used."""

    def __init__(self, model: "Follower") -> None:
        super().__init__(model)
        self.hazards: list[float] = []

    def listen(self, luck: Given) -> None:
        """Start a day with its random numbers."""
        self.random: Any = luck
        self.hazards = []

    def _happens(self, hazard: float) -> bool:
        self.hazards.append(hazard)
        return super()._happens(hazard)


class Follower(Twin):
    """The twin of one world of the engine."""

    def __init__(self, scenario: Scenario, engine: PeaceProcess, world: int) -> None:
        """Draw the properties of all agents with the world's random numbers."""
        self.world, self.eve_luck = world, eve_luck(engine, world)
        super().__init__(scenario)
        self.datacollector = SimpleNamespace(collect=lambda _model: None)

    def _people(self) -> None:
        self.random: Any = self.eve_luck
        super()._people()
        self.talks = self.heard = HeardTalks(self)

    def news(self) -> News:
        """Return the news, stored for comparison."""
        self.read = super().news()
        return self.read

    def share_power(self, news: News) -> None:
        """Use the random numbers of the brokers, and then those of the fronts."""
        self.random = self.luck_at_large
        super().share_power(news)

    def put(self, engine: PeaceProcess) -> None:
        """Take over the state of the engine's world at the start of the day."""
        w = self.world
        for here, there in STATES.items():
            owner, _, name = here.rpartition(".")
            setattr(attrgetter(owner)(self) if owner else self, name, attrgetter(there)(engine)[w].item())
        for crowd, names in CROWDS.items():
            for name in names:
                for member, value in zip(getattr(self, crowd), column(engine, crowd, name, w), strict=True):
                    setattr(member, name, value)
        self.trust.level = {pair: level[w].item() for pair, level in engine.trust.level.items()}
        if engine.state.decisions:
            self.orders = decided(engine, w)

    def live(self, engine: PeaceProcess, counts: Array) -> None:
        """Simulate the engine's last day with its random numbers. counts: of the day, (kinds of events, worlds)."""
        w = self.world
        for actor in ("ghani", "abdullah", "taliban"):
            getattr(self, actor).mood.random = given(today(getattr(engine, actor).mood._stream, w))
        self.random = given(today(engine.ghani.doubt, w))
        self.luck_at_large = given(today(engine.brokers.luck, w), today(engine.fronts.effort, w))
        self.deal_random: Any = given(today(engine.state.deal_luck, w))
        self.rng = Given(counts=iter(counts[:, w].astype(int).tolist()))
        draws = ("open",) if self.talks.stage == 0 else ("breakdown", "advance")
        self.heard.listen(given(*(today(engine.talks.luck[draw], w) for draw in draws)))
        self.step()
        self.hazards = dict(zip(draws, self.heard.hazards, strict=False))


def eve_luck(engine: PeaceProcess, world: int) -> Given:
    """Return the random numbers of the agents' properties, in the order in which the twin draws them."""
    dice = RandomStreams(engine.streams.seed, engine.worlds, engine.first_world)

    def drawn(*names: str) -> Array:
        """Return the draws of one member after the other, (members x names,)."""
        return np.stack(
            [dice.draw_once(name, engine.streams.drawn_once[name])[:, world] for name in names], axis=1
        ).ravel()

    moods = ("ghani.mood.start", "abdullah.mood.start", "taliban.mood.start")
    return given(
        drawn("us.patience"),
        drawn(*moods),
        drawn("brokers.strength", "brokers.side"),
        drawn("fronts.autonomy", "fronts.grievance"),
        drawn("prisoners.readiness", "prisoners.resolve"),
    )


def today(stream: Stream, world: int) -> Array:
    """Return what a stream of the engine has drawn today for a world, (members,)."""
    drawn: Array = stream.latest[:, world]
    return drawn


def expected(engine: PeaceProcess) -> Array:
    """Return the expected events of the engine's last day, (kinds, worlds), in the order of `in_order`."""
    return in_order(engine, [counter._mean for counter in (engine.fighting, engine.losses)])


def counted(engine: PeaceProcess) -> Array:
    """Return the events of the engine's last day, drawn again with the same random numbers, in the same order."""
    counters = (engine.fighting, engine.losses)
    return in_order(engine, [_again(one)[one._places] for one in counters])


def _again(counter: PoissonSampler) -> Array:
    """Return the events of a counter's last day, drawn again, in the order of its search."""
    return poisson(counter._search.luck, counter._search.mean, counter._reach)


def in_order(engine: PeaceProcess, rows: list[Array]) -> Array:
    """Return rows of both counters in the order of the twin: front by front, then the attacks on the coalition."""
    kinds: dict[str, Array] = {}
    for counter, values in zip((engine.fighting, engine.losses), rows, strict=True):
        kinds |= {name: values[rows] for name, rows in counter._rows.items()}
    at_fronts = np.stack([kinds[name] for name in WAR], axis=1).reshape(-1, engine.worlds)
    return np.concatenate([at_fronts, kinds["attacks_on_coalition"]])


def column(engine: PeaceProcess, crowd: str, name: str, world: int) -> list[float]:
    """Return a state of each member of a population in a world."""
    values: list[float] = getattr(getattr(engine, crowd), name)[:, world].tolist()
    return values


def decided(engine: PeaceProcess, world: int) -> dict[str, Any]:
    """Return the engine's decisions of its last day, by dotted name."""
    return {
        f"{actor}.{name}": getattr(decision, name)[world].item()
        for actor, decision in engine.state.decisions.items()
        for name in decision.__dataclass_fields__
    }
