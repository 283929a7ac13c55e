"""Differences between twin and engine: the comparison of each day, rule by rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any
from unittest import mock

import numpy as np

from sim.engine.actors.prisoners import _APART, _BACK
from sim.engine.hazard import chance
from sim.engine.model import PeaceProcess
from sim.engine.situation import Situation
from sim.schema.series import SERIES
from tests.verification.follower import CROWDS, STATES, WAR, Array, Follower, column, counted, decided, expected

PRECISION = 2e-6  # relative to a value or its scale: several float32 rounding errors of 6e-8 each
TROOPS, RELEASES = (
    13_000.0,
    100.0,
)  # the difference of two such numbers has the same absolute precision as the numbers
PERSON = 1.01 / PRECISION  # an offer is rounded down to whole people, so that it can rarely differ by one person
SCALES = {
    "us.withdrawal": TROOPS,
    "us.troops": TROOPS,
    "series us_troops": TROOPS,
    "custody.part": RELEASES,
    "kabul.ghani.offer": PERSON,
    "ghani.offer": PERSON,
}  # 1 for all others
TRAITS = {"brokers": ("conviction", "sway"), "fronts": ("autonomy", "grievance")}  # drawn once
RENAMED = {"troops": "us_troops", "behind": "behind_plan"}  # names in the twin's news, and in the engine's situation

Pairs = dict[str, tuple[Any, Any]]  # the results of twin and engine by rule


@dataclass
class Gaps:
    """The first difference between twin and engine by rule."""

    first: dict[str, str] = field(default_factory=dict)
    compared: set[str] = field(default_factory=set)

    def look(self, pairs: Pairs, where: str) -> None:
        """Compare numbers or flags of the twin with those of the engine."""
        one, other = np.array(list(pairs.values()), np.float64).T
        scale = np.array([SCALES.get(name, 1.0) for name in pairs])
        names = list(pairs)
        for place in apart(one, other, scale):
            self._note(names[place], one[place], other[place], where)
        self.compared.update(names)

    def look_at_all(self, name: str, twin: list[float], engine: list[float], where: str) -> None:
        """Compare the results of one rule for each member of a population."""
        one, other = np.array(twin, np.float64), np.array(engine, np.float64)
        for place in apart(one, other, 1.0):
            self._note(name, one[place], other[place], f"{where}, member {place}")
        self.compared.add(name)

    def _note(self, name: str, twin: float, engine: float, where: str) -> None:
        self.first.setdefault(name, f"{name}: twin {twin:.9g}, engine {engine:.9g}, {where}")

    def __str__(self) -> str:
        """Return the differences, one per line."""
        return "\n".join(["", *self.first.values()])


def apart(one: Array, other: Array, scale: Any) -> list[int]:
    """Return the positions at which two rows differ by more than single precision explains."""
    near = np.abs(one - other) <= PRECISION * np.maximum(np.abs(other), scale)
    return [] if near.all() else np.flatnonzero(~near).tolist()


def follow(engine: PeaceProcess, twins: list[Follower], days: int) -> Gaps:
    """Let the twins follow the engine for some days, and return their differences."""
    gaps = Gaps()
    for twin in twins:
        look_at_traits(gaps, twin, engine)
    for day in range(days):
        for twin in twins:
            twin.put(engine)
        seen = engine.state.situation(engine, engine.parties)
        hazards = step_heard(engine)
        means, counts = expected(engine), counted(engine)
        for twin in twins:
            twin.live(engine, counts)
            where = f"day {day}, world {twin.world}"
            pairs = mornings(twin, seen) | decisions(twin, engine) | evenings(twin, engine) | talks(twin, hazards)
            gaps.look(pairs, where)
            look_at_war(gaps, twin, means[:, twin.world].tolist(), where)
            look_at_crowds(gaps, twin, engine, CROWDS, where)
    for twin in twins:
        look_at_prisoners(gaps, twin, engine)
    return gaps


def step_heard(engine: PeaceProcess) -> dict[str, Array]:
    """Step the engine; return the hazards of talks, (worlds,), identified by the order in which they are used."""
    with mock.patch("sim.engine.talks.chance", wraps=chance) as heard_chance:
        engine.step()
    heard = dict(zip(("breakdown", "open", "advance"), heard_chance.call_args_list, strict=True))
    return {name: np.broadcast_to(call.args[0], engine.worlds) for name, call in heard.items()}


def look_at_traits(gaps: Gaps, twin: Follower, engine: PeaceProcess) -> None:
    """Compare the draws and the state before the first day."""
    where = f"the eve, world {twin.world}"
    gaps.look(
        evenings(twin, engine, ()) | {"us.patience": (twin.us.aid_patience, engine.us.patience[twin.world])}, where
    )
    look_at_crowds(gaps, twin, engine, TRAITS, where)
    look_at_crowds(gaps, twin, engine, CROWDS, where)
    classes = (engine.prisoners.turn[:, twin.world] // _APART).tolist()
    gaps.look_at_all("prisoners.signs", [one.signs for one in twin.custody.people], classes, where)


def mornings(twin: Follower, seen: Situation) -> Pairs:
    """Return the public state of both."""
    mine = vars(twin.read) | {"return_rate": twin.read.return_rate}
    names = [name for name in mine if name not in ("day", "eid", "trust")]
    return {f"news {name}": (mine[name], getattr(seen, RENAMED.get(name, name))[twin.world]) for name in names}


def decisions(twin: Follower, engine: PeaceProcess) -> Pairs:
    """Return the decisions of both, with those imposed."""
    return {lever: (twin.orders[lever], its) for lever, its in decided(engine, twin.world).items()}


def evenings(twin: Follower, engine: PeaceProcess, series: Iterable[str] = tuple(SERIES)) -> Pairs:
    """Return the state and the series of both at the end of the day."""
    left = {here: (attrgetter(here)(twin), attrgetter(there)(engine)[twin.world]) for here, there in STATES.items()}
    return left | {f"series {name}": (twin.today[name], engine.today[name][twin.world]) for name in series}


def talks(twin: Follower, hazards: dict[str, Array]) -> Pairs:
    """Return the hazards of talks that the twin used, of both."""
    return {f"hazard {name}": (hazard, hazards[name][twin.world]) for name, hazard in twin.hazards.items()}


def look_at_crowds(
    gaps: Gaps, twin: Follower, engine: PeaceProcess, crowds: Mapping[str, Iterable[str]], where: str
) -> None:
    """Compare some states of each member."""
    for crowd, names in crowds.items():
        members = list(getattr(twin, crowd))
        for name in names:
            mine = list(map(attrgetter(name), members))
            gaps.look_at_all(f"{crowd}.{name}", mine, column(engine, crowd, name, twin.world), where)


def look_at_war(gaps: Gaps, twin: Follower, means: list[float], where: str) -> None:
    """Compare expected counts of the fighting; means: of the engine, in the order in which the twin draws counts."""
    for place, name in enumerate(WAR):
        one = slice(place, -1, len(WAR))
        gaps.look_at_all(f"expected {name}", twin.rng.means[one], means[one], where)
    gaps.look({"expected attacks_on_coalition": (twin.rng.means[-1], means[-1])}, where)


def look_at_prisoners(gaps: Gaps, twin: Follower, engine: PeaceProcess) -> None:
    """Compare who is released, who went back, and everybody's remaining resolve."""
    w, where, people = twin.world, f"the end, world {twin.world}", list(twin.custody.people)
    turn, resolve = engine.prisoners.turn, engine.prisoners.resolve[:, w]
    gaps.look_at_all("prisoners.back", [one.back for one in people], (turn[:, w] == _BACK).tolist(), where)
    at_home = engine.prisoners._out(turn)[:, w].tolist()
    gaps.look_at_all("prisoners.out", [one.out and not one.back for one in people], at_home, where)
    gaps.look_at_all("prisoners.resolve", [one.resolve for one in people], resolve.tolist(), where)
