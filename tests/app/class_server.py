"""A class that plays by itself in a process of its own, and says what was acknowledged, until it is killed."""

import random
from multiprocessing.connection import Connection
from typing import Literal

from sim.errors import InputError
from sim.exercise.access import RateLimiter
from sim.exercise.seats import SEATS
from sim.exercise.service import Classroom
from sim.exercise.views import SeatView
from sim.schema.decisions import levers


def serve(path: str, secret: str, tokens: dict[tuple[int, str], str], seed: int, heard: Connection) -> None:
    """Play on from where the file stands: orders, proposals, predictions, rounds, rewinds; never returns by itself.

    Every act is sent to `heard` after the classroom returned from it, as its kind, who, and what.
    """
    room, rng = Classroom(path, guard=RateLimiter(sleep=lambda _: None)), random.Random(seed)  # noqa: S311  no secret
    while True:
        phase = room.teacher(secret).phase
        if phase == "over":
            room.rewind(secret, 1)
            heard.send(("rewound", 0, "", 1))
        elif phase == "waiting":
            room.open_round(secret)
            heard.send(("opened", 0, "", None))
        elif phase == "closed" or rng.random() < 1 / 12:
            number = room.teacher(secret).round
            room.play(secret)
            heard.send(("played", 0, "", number))
        else:
            _act(room, rng, rng.choice(sorted(tokens)), tokens, heard)


def _act(
    room: Classroom, rng: random.Random, place: tuple[int, str], tokens: dict[tuple[int, str], str], heard: Connection
) -> None:
    """One student's act, chosen by chance; what the rules refuse is left out."""
    token, (group, seat) = tokens[place], place
    view = room.seat(token)
    kind = rng.choice(("order", "order", "propose", "answer", "predict"))
    try:
        if kind == "order":
            lever, value = _value(rng, seat)
            room.order(token, lever, value, rng.choice(("round", "until_changed")))
            heard.send(("ordered", group, seat, (lever, value)))
        elif kind == "propose" and view.partners:
            to = rng.choice(view.partners)[0]
            number = room.propose(token, to, dict([_value(rng, seat)]), dict([_value(rng, to)]))
            heard.send(("proposed", group, seat, number))
        elif kind == "answer":
            _answer(room, rng, token, view, heard)
        elif view.questions and view.questions[0].open:
            room.predict(token, view.questions[0].question, share := round(rng.random(), 3))
            heard.send(("predicted", group, seat, share))
    except InputError as error:
        heard.send(("refused", group, seat, str(error)))


def _answer(room: Classroom, rng: random.Random, token: str, view: SeatView, heard: Connection) -> None:
    """Accept or decline the latest proposal that waits for this seat."""
    waiting = [one.proposal for one in view.proposals if one.receiver == view.seat and one.status == "open"]
    if waiting:
        word: Literal["accept", "decline"] = "accept" if rng.random() < 1 / 2 else "decline"
        room.answer(token, waiting[0], word)
        heard.send(("answered", view.group, view.seat, (waiting[0], word)))


def _value(rng: random.Random, seat: str) -> tuple[str, float | bool]:
    """A lever of a seat and a value for it."""
    name = rng.choice(sorted(SEATS[seat].levers))
    lever = levers()[name]
    return name, rng.random() < 1 / 2 if lever.flag else round(rng.uniform(lever.low, lever.high), 3)
