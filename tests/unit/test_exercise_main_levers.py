"""The short version: at most three orders per seat, and the same worlds for the same orders."""

import json
from pathlib import Path

import numpy as np
import pytest

from sim.exercise.seats import SEATS
from sim.exercise.settings import ExerciseSettings, load_settings
from sim.exercise.worlds import group_history
from tests.unit.classroom import Lesson, lesson, refused

US, GHANI, ABDULLAH = (1, "us"), (1, "ghani"), (1, "abdullah")
SCHOOL = Path(__file__).resolve().parents[2] / "docs" / "teaching" / "school-45.toml"


@pytest.fixture
def short(tmp_path: Path) -> Lesson:
    found = lesson(tmp_path, US, GHANI, ABDULLAH, groups=1, questions=0, levers="main")
    found.open()
    return found


def test_each_seat_has_two_or_three_of_its_own_orders() -> None:
    for seat in SEATS.values():
        main = seat.ordered("main")
        assert 2 <= len(main) == len(seat.main) <= 3, seat.name
        assert main.items() <= seat.levers.items()
        assert seat.ordered("all") == seat.levers
    stored = json.loads(ExerciseSettings().to_json())
    del stored["levers"]
    assert ExerciseSettings.from_json(json.dumps(stored)).levers == "all", "an exercise of before"
    refused("levers", ExerciseSettings, levers="few")
    assert load_settings(SCHOOL).levers == "main"


def test_a_phone_shows_them_alone_its_own_and_those_of_others(short: Lesson) -> None:
    view = short.seat(*US)
    assert {one.lever for one in view.levers} == set(SEATS["us"].ordered("main"))
    for name, _, theirs in view.partners:
        assert {one.lever for one in theirs} == set(SEATS[name].ordered("main"))


def test_another_order_is_refused_in_one_line(short: Lesson) -> None:
    room, token = short.room, short.tokens[US]
    words = "us.conditionality: is not in this exercise, which has the main levers only"
    refused(words, room.order, token, "us.conditionality", 0.5)
    refused(words, room.propose, token, "ghani", {"us.conditionality": 0.5}, {})
    refused("kabul.ghani.review", room.propose, token, "ghani", {}, {"kabul.ghani.review": False})
    refused("is not for The United States to order", room.order, token, "kabul.ghani.offer", 5.0)
    number = room.propose(token, "ghani", {"us.aid_cut": 0.0}, {"kabul.ghani.offer": 3000.0})
    room.answer(short.tokens[GHANI], number, "accept")


@pytest.mark.slow
def test_the_same_orders_give_the_same_world_as_in_the_full_version(short: Lesson, tmp_path: Path) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    full = lesson(folder, US, GHANI, ABDULLAH, groups=1, questions=0)
    full.open()
    worlds = []
    for one in (short, full):
        one.room.order(one.tokens[US], "us.withdrawal", 80.0)
        one.play()
        worlds.append(group_history(one.room._engine, one.room._log.state(one.exercise), 1, 1).results.arrays)
    assert all(np.array_equal(worlds[0][name], worlds[1][name]) for name in worlds[0])
