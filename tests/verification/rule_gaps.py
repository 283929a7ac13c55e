"""Where twin and engine part: what a day of each is compared by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any
from unittest import mock

import numpy as np

import sim.engine.talks
from sim.engine.actors.prisoners import _APART, _BACK
from sim.engine.model import PeaceProcess
from sim.engine.situation import Situation
from sim.schema.series import SERIES
from tests.verification.follower import CROWDS, STATES, WAR, Array, Follower, column, counted, decided, expected

PRECISION = 2e-6  # relative to a value or its scale: some steps of a float32 added up, 6e-8 each
TROOPS, RELEASES = (
    13_000.0,
    100.0,
)  # what is left when two such numbers are taken from each other is as exact as they are
PERSON = 1.01 / PRECISION  # an offer is rounded down to whole people, in rare worlds from either side of one
SCALES = {
    "us.withdrawal": TROOPS,
    "us.troops": TROOPS,
    "series us_troops": TROOPS,
    "custody.part": RELEASES,
    "kabul.ghani.offer": PERSON,
    "ghani.offer": PERSON,
}  # 1 for all others
TRAITS = {"brokers": ("conviction", "sway"), "fronts": ("autonomy", "grievance")}  # drawn once
RENAMED = {"troops": "us_troops", "behind": "behind_plan"}  # the news in the twin's words, and in the engine's

Pairs = dict[str, tuple[Any, Any]]  # what twin and engine make of each rule, by its name


@dataclass
class Gaps:
    """Where twin and engine differ: of each rule the first place."""

    first: dict[str, str] = field(default_factory=dict)
    compared: set[str] = field(default_factory=set)

    def look(self, pairs: Pairs, where: str) -> None:
        """Compare numbers or flags of the twin with the engine's."""
        one, other = np.array(list(pairs.values()), np.float64).T
        scale = np.array([SCALES.get(name, 1.0) for name in pairs])
        names = list(pairs)
        for place in apart(one, other, scale):
            self._note(names[place], one[place], other[place], where)
        self.compared.update(names)

    def look_at_all(self, name: str, twin: list[float], engine: list[float], where: str) -> None:
        """Compare what each member of a crowd makes of one rule."""
        one, other = np.array(twin, np.float64), np.array(engine, np.float64)
        for place in apart(one, other, 1.0):
            self._note(name, one[place], other[place], f"{where}, member {place}")
        self.compared.add(name)

    def _note(self, name: str, twin: float, engine: float, where: str) -> None:
        self.first.setdefault(name, f"{name}: twin {twin:.9g}, engine {engine:.9g}, {where}")

    def __str__(self) -> str:
        """The differences, one a line."""
        return "\n".join(["", *self.first.values()])


def apart(one: Array, other: Array, scale: Any) -> list[int]:
    """Places at which two rows differ by more than single precision explains."""
    near = np.abs(one - other) <= PRECISION * np.maximum(np.abs(other), scale)
    return [] if near.all() else np.flatnonzero(~near).tolist()


def follow(engine: PeaceProcess, twins: list[Follower], days: int) -> Gaps:
    """Let the twins follow the engine for some days, and collect where they part."""
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
    """Let the engine live a day; returns the hazards of talks, (worlds,), told by the order in which they are asked."""
    with mock.patch("sim.engine.talks.chance", wraps=sim.engine.talks.chance) as chance:
        engine.step()
    heard = [np.broadcast_to(call.args[0], engine.worlds) for call in chance.call_args_list]
    return dict(zip(("breakdown", "open", "advance"), heard, strict=True))


def look_at_traits(gaps: Gaps, twin: Follower, engine: PeaceProcess) -> None:
    """What was drawn before the first day, and where everybody stands on its eve."""
    where = f"the eve, world {twin.world}"
    gaps.look(
        evenings(twin, engine, ()) | {"us.patience": (twin.us.aid_patience, engine.us.patience[twin.world])}, where
    )
    look_at_crowds(gaps, twin, engine, TRAITS, where)
    look_at_crowds(gaps, twin, engine, CROWDS, where)
    classes = (engine.prisoners.turn[:, twin.world] // _APART).tolist()
    gaps.look_at_all("prisoners.signs", [one.signs for one in twin.custody.people], classes, where)


def mornings(twin: Follower, seen: Situation) -> Pairs:
    """What is known."""
    mine = vars(twin.read) | {"return_rate": twin.read.return_rate}
    names = [name for name in mine if name not in ("day", "trust")]
    return {f"news {name}": (mine[name], getattr(seen, RENAMED.get(name, name))[twin.world]) for name in names}


def decisions(twin: Follower, engine: PeaceProcess) -> Pairs:
    """What is decided, or imposed."""
    return {lever: (twin.orders[lever], its) for lever, its in decided(engine, twin.world).items()}


def evenings(twin: Follower, engine: PeaceProcess, series: Iterable[str] = tuple(SERIES)) -> Pairs:
    """What the day leaves, and what is told of it."""
    left = {here: (attrgetter(here)(twin), attrgetter(there)(engine)[twin.world]) for here, there in STATES.items()}
    return left | {f"series {name}": (twin.today[name], engine.today[name][twin.world]) for name in series}


def talks(twin: Follower, hazards: dict[str, Array]) -> Pairs:
    """The hazards of talks, those that mattered."""
    return {f"hazard {name}": (hazard, hazards[name][twin.world]) for name, hazard in twin.hazards.items()}


def look_at_crowds(
    gaps: Gaps, twin: Follower, engine: PeaceProcess, crowds: Mapping[str, Iterable[str]], where: str
) -> None:
    """Some states of each member."""
    for crowd, names in crowds.items():
        members = list(getattr(twin, crowd))
        for name in names:
            mine = list(map(attrgetter(name), members))
            gaps.look_at_all(f"{crowd}.{name}", mine, column(engine, crowd, name, twin.world), where)


def look_at_war(gaps: Gaps, twin: Follower, means: list[float], where: str) -> None:
    """What both expect of the fighting; means: of the engine, in the order in which the twin asks for counts."""
    for place, name in enumerate(WAR):
        one = slice(place, -1, len(WAR))
        gaps.look_at_all(f"expected {name}", twin.rng.means[one], means[one], where)
    gaps.look({"expected attacks_on_coalition": (twin.rng.means[-1], means[-1])}, where)


def look_at_prisoners(gaps: Gaps, twin: Follower, engine: PeaceProcess) -> None:
    """Who is out, who went back, and what is left of everybody's resolve."""
    w, where, people = twin.world, f"the end, world {twin.world}", list(twin.custody.people)
    turn, resolve = engine.prisoners.turn, engine.prisoners.resolve[:, w]
    gaps.look_at_all("prisoners.back", [one.back for one in people], (turn[:, w] == _BACK).tolist(), where)
    at_home = engine.prisoners._out(turn)[:, w].tolist()
    gaps.look_at_all("prisoners.out", [one.out and not one.back for one in people], at_home, where)
    gaps.look_at_all("prisoners.resolve", [one.resolve for one in people], resolve.tolist(), where)
