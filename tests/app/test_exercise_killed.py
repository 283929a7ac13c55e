"""The server is killed at many moments and started again: nothing acknowledged is lost, no round is played twice.

JIRGA_KILLS says at how many, see `repeats`.
"""

import multiprocessing
import os
import random
import signal
import sqlite3
import time
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.analysis.world_history import histories
from sim.exercise import events as e
from sim.exercise.events import Event
from sim.exercise.rounds import group_scenario
from sim.exercise.service import Classroom
from sim.exercise.settings import ExerciseSettings
from sim.exercise.state import ExerciseState
from sim.inputs.scenario_reader import parse_scenario
from tests.app.class_server import serve
from tests.repeats import repeats

pytestmark = pytest.mark.kills

KILLS = repeats("JIRGA_KILLS", 10)
MOST = 20  # acts of a server before it is killed
LONGEST = 0.05  # seconds from the last of them to its end: about an act
SETTINGS = ExerciseSettings(rounds=3, weeks=2, groups=2, worlds=16, questions=1, world=2, seed=11)
NEEDED = [
    "sim.exercise.service",
    "sim.exercise.review",
    "sim.runs.runner",
    "sim.analysis.world_history",
    "tests.app.class_server",
]

Acknowledged = tuple[str, int, str, Any]


def test_killed_again_and_again_it_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "class.sqlite"
    room = Classroom(path)
    made = room.create(SETTINGS)
    tokens = {place: room.join(code).token for place, code in made.codes.items()}
    shown = killed_again_and_again(path, made.secret, tokens)
    kinds = {kind for kind, *_ in shown}
    assert kinds >= {"ordered", "proposed", "answered", "predicted", "opened", "played"}, f"only {kinds}"

    log = room._book.events(made.exercise)
    acknowledged = [one for one in shown if one[0] != "refused"]
    assert in_order([one for one in map(as_acknowledged, log) if one], acknowledged)
    played = [(one.take, one.round) for one in log if one.kind == "played"]
    assert len(set(played)) == len(played) >= KILLS // 5
    assert [one.seq for one in log] == list(range(1, len(log) + 1)), "no gap and no act twice"
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)

    state, again = room._log.state(made.exercise), replayed(log, tmp_path / "undisturbed.sqlite")
    through = max(state.played, again.played)
    assert state.played == again.played
    assert state.taken == again.taken
    for one, other in zip(worlds(state, through), worlds(again, through), strict=True):
        assert one.scenario == other.scenario
        for name, values in one.results.arrays.items():
            np.testing.assert_array_equal(values, other.results.arrays[name])
    if through:
        for text, own in zip(room.export(made.secret).values(), worlds(state, through), strict=True):
            assert parse_scenario(text).interventions == own.scenario.interventions


def killed_again_and_again(path: Path, secret: str, tokens: dict[tuple[int, str], str]) -> list[Acknowledged]:
    """Start the server and kill it by its own pid, at moments spread over its life; what it acknowledged.

    How many acts it lives through is drawn with a fixed seed; what it is at when it is killed is up to the machine.
    """
    context, shown = multiprocessing.get_context("forkserver"), list[Acknowledged]()
    rng = random.Random(4)  # noqa: S311  no secret
    context.set_forkserver_preload(NEEDED)
    for number in range(KILLS):
        ours, theirs = context.Pipe(duplex=False)
        server = context.Process(target=serve, args=(str(path), secret, tokens, number, theirs), daemon=True)
        server.start()
        theirs.close()
        shown += [ours.recv() for _ in range(1 + rng.randrange(MOST))]
        time.sleep(rng.uniform(0, LONGEST))
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        server.join()
        assert server.exitcode == -signal.SIGKILL
        shown += left_in(ours)
    return shown


def left_in(pipe: Connection) -> list[Acknowledged]:
    """What the server said before it was killed; a sentence cut short was not said."""
    found = []
    try:
        while pipe.poll():
            found.append(pipe.recv())
    except (EOFError, OSError):
        pass
    return found


def as_acknowledged(event: Event) -> Acknowledged | None:
    """An event of the log as the server tells of it; None for what it does not tell."""
    who = event.group, event.seat
    match event.act:
        case e.Ordered(lever=lever, value=value):
            return "ordered", *who, (lever, value)
        case e.Proposed():
            return "proposed", *who, event.seq
        case e.Answered(proposal=proposal, answer=word):
            return "answered", *who, (proposal, word)
        case e.Predicted(probability=share):
            return "predicted", *who, share
        case e.Opened():
            return "opened", *who, None
        case e.Played() | e.Rewound():
            return event.kind, *who, event.round
    return None


def in_order(log: list[Acknowledged], shown: list[Acknowledged]) -> bool:
    """Return whether everything acknowledged is in the log, in that order."""
    rest = iter(log)
    return all(any(one == there for there in rest) for one in shown)


def replayed(log: list[Event], path: Path) -> ExerciseState:
    """The same acts again in an exercise that nothing disturbs."""
    room = Classroom(path)
    made = room.create(SETTINGS)
    tokens: dict[int, str] = {}
    for event in log:
        again(room, made.secret, event, tokens, made.codes)
    return room._log.state(made.exercise)


def again(room: Classroom, secret: str, event: Event, tokens: dict[int, str], codes: Any) -> None:
    """One act once more, through the front door."""
    match event.act:
        case e.Seated():
            tokens[event.student] = room.join(codes[event.group, event.seat]).token
        case e.Ordered(lever=lever, value=value, scope=scope):
            room.order(tokens[event.student], lever, value, scope)
        case e.Proposed(to=to, give=give, take=take, rounds=rounds, note=note):
            assert room.propose(tokens[event.student], to, give, take, rounds, note) == event.seq
        case e.Answered(proposal=proposal, answer=word):
            room.answer(tokens[event.student], proposal, word)
        case e.Predicted(question=question, probability=share):
            room.predict(tokens[event.student], question, share)
        case e.Opened(questions=questions):
            room.open_round(secret, [one.name for one in questions])
        case e.Closed():
            room.close(secret)
        case e.Played():
            room.play(secret)
        case e.Rewound():
            room.rewind(secret, event.round)
        case other:
            raise AssertionError(f"the server never does this: {other}")


def worlds(state: ExerciseState, through: int) -> list[Any]:
    """Every group's own world."""
    scenarios = [group_scenario(state, group, through) for group in range(1, SETTINGS.groups + 1)]
    return histories(scenarios, SETTINGS.world, SETTINGS.seed)
