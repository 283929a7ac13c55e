"""A twin that starts each day where a world of the engine stands, and lives it with that world's luck.

What the two make of the day can then be compared rule by rule, to the last digits that single precision keeps: no
statistics, and no error that grows from day to day. Only the prisoners are never set back: who is out and who went
back is whole numbers, and stays the same in both or not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain
from math import log
from operator import attrgetter
from types import SimpleNamespace
from typing import Any
from unittest import mock

import numpy as np
import numpy.typing as npt

import sim.talks
from sim.counts import Counter, poisson
from sim.dice import Dice, Stream
from sim.model import PeaceProcess
from sim.scenario import Scenario
from sim.series import SERIES
from sim.situation import Situation
from tests.twin import Twin
from tests.twin.news import News
from tests.twin.talks import Talks

Array = npt.NDArray[Any]

PRECISION = 1e-5  # relative to a value or its scale: some steps of a float32 added up, 6e-8 each
ABROAD = 13_000.0  # troops: what is left of a difference of two such numbers is as exact as they are
SCALES = {"us.withdrawal": ABROAD, "us.troops": ABROAD, "series us_troops": ABROAD}  # 1 for all others

# What passes from one day to the next: where the twin keeps it, and where the engine does.
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
    "custody.part": "prisoners.part",
    "talks.stage": "talks.stage",
    "talks.days_of_cooling": "talks.cooling",
    "cohesion": "brokers.cohesion",
    "ghani_support": "brokers.support",
    "violence": "day.violence",
    "air_campaign": "day.air_campaign",
    "truce": "day.truce",
    "days_without_truce": "day.truce_broken_days",
    "broken": "day.broken",
    "shared": "day.shared",
}
CROWDS = {"brokers": ("lean",), "fronts": ("intensity", "fighters", "losses")}  # the same, of each member
TRAITS = {"brokers": ("conviction", "sway"), "fronts": ("autonomy", "grievance")}  # drawn once
RENAMED = {"troops": "us_troops", "behind": "behind_plan"}  # the news in the twin's words, and in the engine's
WAR = ("attacks", "offensives", "airstrikes", "security_forces_killed", "taliban_killed")  # as a front counts them


@dataclass
class Given:
    """Chance that is known beforehand: uniforms and counts are handed out in their order."""

    luck: Iterator[float] = field(default_factory=lambda: iter(()))
    counts: Iterator[int] = field(default_factory=lambda: iter(()))
    means: list[float] = field(default_factory=list)  # expected, of each count handed out

    def random(self) -> float:
        return next(self.luck)

    def uniform(self, low: float, high: float) -> float:
        return low + (high - low) * next(self.luck)

    def expovariate(self, rate: float) -> float:
        return -log(next(self.luck)) / rate

    def poisson(self, mean: float) -> int:
        self.means.append(mean)
        return next(self.counts)


def given(*draws: Any) -> Given:
    """Uniforms to be handed out, first to last."""
    return Given(iter([float(u) for u in chain.from_iterable(np.atleast_1d(draw) for draw in draws)]))


class HeardTalks(Talks):
    """The twin's talks, which tell the hazards that they looked at."""

    def __init__(self, model: "Follower") -> None:
        super().__init__(model)
        self.hazards: list[float] = []

    def _happens(self, hazard: float) -> bool:
        self.hazards.append(hazard)
        return super()._happens(hazard)


class Follower(Twin):
    """The twin of one world of the engine."""

    def __init__(self, scenario: Scenario, engine: PeaceProcess, world: int) -> None:
        """Draw everybody's traits with the world's luck."""
        self.world, self.eve_luck = world, eve_luck(engine, world)
        super().__init__(scenario)
        self.datacollector = SimpleNamespace(collect=lambda _model: None)

    def _people(self) -> None:
        self.random = self.eve_luck
        super()._people()
        self.talks = self.heard = HeardTalks(self)

    def news(self) -> News:
        """The news, kept for comparison."""
        self.read = super().news()
        return self.read

    def share_power(self, news: News) -> None:
        """With the luck of the brokers, and after them of the fronts."""
        self.random = self.luck_at_large
        super().share_power(news)

    def put(self, engine: PeaceProcess) -> None:
        """Stand where the engine's world stands this morning."""
        w = self.world
        for here, there in STATES.items():
            owner, _, name = here.rpartition(".")
            setattr(attrgetter(owner)(self) if owner else self, name, attrgetter(there)(engine)[w].item())
        for crowd, names in CROWDS.items():
            for name in names:
                for member, value in zip(getattr(self, crowd), column(engine, crowd, name, w), strict=True):
                    setattr(member, name, value)
        self.trust.level = {pair: level[w].item() for pair, level in engine.trust.level.items()}
        if engine.day.decisions:
            self.orders = decided(engine, w)

    def live(self, engine: PeaceProcess) -> None:
        """Live the day that the engine has just lived, with its luck."""
        w = self.world
        for actor in ("ghani", "abdullah", "taliban"):
            getattr(self, actor).mood.random = given(today(getattr(engine, actor).mood._stream, w))
        self.random = given(today(engine.ghani.doubt, w))
        self.luck_at_large = given(today(engine.brokers.luck, w), today(engine.fronts.effort, w))
        self.rng = Given(counts=iter(counts_of_the_day(engine, w)))
        draws = ("open",) if self.talks.stage == 0 else ("breakdown", "advance")
        self.talks.random = given(*(today(engine.talks.luck[draw], w) for draw in draws))
        self.heard.hazards = []
        self.step()
        self.hazards = dict(zip(draws, self.heard.hazards, strict=False))


def eve_luck(engine: PeaceProcess, world: int) -> Given:
    """The luck of the traits, in the order in which the twin draws them."""
    dice = Dice(engine.dice.seed, engine.worlds, engine.first_world)

    def drawn(*names: str) -> Array:
        """One member's draws after the other's, (members x names,)."""
        return np.stack([dice.once(name, engine.dice.drawn_once[name])[:, world] for name in names], axis=1).ravel()

    moods = ("ghani.mood.start", "abdullah.mood.start", "taliban.mood.start")
    return given(
        drawn("us.patience"),
        drawn(*moods),
        drawn("brokers.strength", "brokers.side"),
        drawn("fronts.autonomy", "fronts.grievance"),
        drawn("prisoners.readiness", "prisoners.resolve"),
    )


def today(stream: Stream, world: int) -> Array:
    """What a stream of the engine has drawn today for a world, (members,)."""
    drawn: Array = stream._batch[stream._next - 1][:, world]
    return drawn


def means(counter: Counter, world: int) -> dict[str, Array]:
    """What was expected of each kind of event today, (members,)."""
    return {name: counter._mean[places, world] for name, places in counter._places.items()}


def counts(counter: Counter, world: int) -> dict[str, Array]:
    """What came of it: drawn again with the same luck, (members,)."""
    drawn = poisson(counter._luck, counter._mean, counter._reach)
    return {name: drawn[places, world] for name, places in counter._places.items()}


def counts_of_the_day(engine: PeaceProcess, world: int) -> list[int]:
    """The day's counts as the twin asks for them: front by front, at last the attacks on the coalition."""
    return in_order(counts(engine.fighting, world) | counts(engine.losses, world))


def in_order(kinds: dict[str, Array]) -> list[Any]:
    at_fronts = np.stack([kinds[name] for name in WAR], axis=1).ravel()
    return [*at_fronts.tolist(), *kinds["attacks_on_coalition"].tolist()]


def column(engine: PeaceProcess, crowd: str, name: str, world: int) -> list[float]:
    """A state of each member of a crowd in a world."""
    values: list[float] = getattr(getattr(engine, crowd), name)[:, world].tolist()
    return values


def decided(engine: PeaceProcess, world: int) -> dict[str, Any]:
    """The engine's decisions of its last day, by dotted name."""
    return {
        f"{actor}.{name}": getattr(decision, name)[world].item()
        for actor, decision in engine.day.decisions.items()
        for name in decision.__dataclass_fields__
    }


@dataclass
class Gaps:
    """Where twin and engine differ: of each rule the first place."""

    first: dict[str, str] = field(default_factory=dict)
    compared: set[str] = field(default_factory=set)

    def look(self, name: str, twin: Any, engine: Any, where: str) -> None:
        """Compare what both make of one rule: numbers or flags, alone or of each member."""
        self.compared.add(name)
        one, other = np.asarray(twin, np.float64), np.asarray(engine, np.float64)
        allowed = PRECISION * np.maximum(np.abs(other), SCALES.get(name, 1.0))
        off = ~(np.abs(one - other) <= allowed)
        if off.any() and name not in self.first:
            worst = int(np.argmax(np.abs(one - other) - allowed))
            self.first[name] = f"{name}: twin {one.flat[worst]:.9g}, engine {other.flat[worst]:.9g}, {where}"

    def __str__(self) -> str:
        """The differences, one a line."""
        return "\n".join(["", *self.first.values()])


def follow(engine: PeaceProcess, twins: list[Follower], days: int) -> Gaps:
    """Let the twins follow the engine for some days, and collect where they part."""
    gaps = Gaps()
    for twin in twins:
        look_at_traits(gaps, twin, engine)
    for day in range(days):
        for twin in twins:
            twin.put(engine)
        seen = engine.day.situation(engine)
        hazards = step_heard(engine)
        for twin in twins:
            twin.live(engine)
            where = f"day {day}, world {twin.world}"
            look_at_mornings(gaps, twin, engine, seen, where)
            look_at_war(gaps, twin, engine, where)
            look_at_evenings(gaps, twin, engine, where)
            for name, hazard in twin.hazards.items():
                gaps.look(f"hazard {name}", hazard, np.broadcast_to(hazards[name], engine.worlds)[twin.world], where)
    for twin in twins:
        look_at_prisoners(gaps, twin, engine)
    return gaps


def step_heard(engine: PeaceProcess) -> dict[str, Any]:
    """Let the engine live a day; returns the hazards of talks, in the order in which they are looked at."""
    with mock.patch("sim.talks.chance", wraps=sim.talks.chance) as chance:
        engine.step()
    heard = [call.args[0] for call in chance.call_args_list]
    return dict(zip(("breakdown", "open", "advance"), heard, strict=True))


def look_at_traits(gaps: Gaps, twin: Follower, engine: PeaceProcess) -> None:
    """What was drawn before the first day."""
    where = f"the eve, world {twin.world}"
    gaps.look("us.patience", twin.us.aid_patience, engine.us.patience[twin.world], where)
    for crowd, names in (TRAITS | CROWDS).items():
        look_at_members(gaps, twin, engine, crowd, names, where)
    for crowd, names in CROWDS.items():
        look_at_members(gaps, twin, engine, crowd, names, where)
    for here, there in STATES.items():
        gaps.look(here, attrgetter(here)(twin), attrgetter(there)(engine)[twin.world], where)
    classes = engine.prisoners.turn[:, twin.world] // sim.actors.prisoners._APART
    gaps.look("prisoners.signs", [one.signs for one in twin.custody.people], classes, where)


def look_at_members(
    gaps: Gaps, twin: Follower, engine: PeaceProcess, crowd: str, names: Iterable[str], where: str
) -> None:
    """Some states of each member of a crowd."""
    for name in names:
        mine = [getattr(member, name) for member in getattr(twin, crowd)]
        gaps.look(f"{crowd}.{name}", mine, column(engine, crowd, name, twin.world), where)


def look_at_mornings(gaps: Gaps, twin: Follower, engine: PeaceProcess, seen: Situation, where: str) -> None:
    """What is known and what is decided."""
    w = twin.world
    for name, mine in vars(twin.read).items():
        if name not in ("day", "trust"):
            gaps.look(f"news {name}", mine, getattr(seen, RENAMED.get(name, name))[w], where)
    gaps.look("news return_rate", twin.read.return_rate, seen.return_rate[w], where)
    for lever, its in decided(engine, w).items():
        gaps.look(lever, twin.orders[lever], its, where)


def look_at_war(gaps: Gaps, twin: Follower, engine: PeaceProcess, where: str) -> None:
    """What both expect of the fighting."""
    expected = in_order(means(engine.fighting, twin.world) | means(engine.losses, twin.world))
    for place, name in enumerate(WAR):
        gaps.look(f"expected {name}", twin.rng.means[place:-1:5], expected[place:-1:5], where)
    gaps.look("expected attacks_on_coalition", twin.rng.means[-1], expected[-1], where)


def look_at_evenings(gaps: Gaps, twin: Follower, engine: PeaceProcess, where: str) -> None:
    """What the day leaves."""
    w = twin.world
    for here, there in STATES.items():
        gaps.look(here, attrgetter(here)(twin), attrgetter(there)(engine)[w], where)
    for crowd, names in CROWDS.items():
        look_at_members(gaps, twin, engine, crowd, names, where)
    for name in SERIES:
        gaps.look(f"series {name}", twin.today[name], engine.today[name][w], where)


def look_at_prisoners(gaps: Gaps, twin: Follower, engine: PeaceProcess) -> None:
    """Who is out, who went back, and what is left of everybody's resolve."""
    w, where, people = twin.world, f"the end, world {twin.world}", list(twin.custody.people)
    turn = engine.prisoners.turn
    gaps.look("prisoners.back", [one.back for one in people], turn[:, w] == sim.actors.prisoners._BACK, where)
    at_home = engine.prisoners._out(turn)[:, w]
    gaps.look("prisoners.out", [one.out and not one.back for one in people], at_home, where)
    gaps.look("prisoners.resolve", [one.resolve for one in people], engine.prisoners.resolve[:, w], where)
