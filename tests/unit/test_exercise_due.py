"""A round's deadline as a day and a time: what is taken, when the round closes, and who plays it."""

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from sim.exercise.act_json import read_act, write_act
from sim.exercise.due import in_words, seconds
from sim.exercise.events import Due
from sim.exercise.exercise_log import ASLEEP
from sim.exercise.settings import ExerciseSettings, load_settings
from sim.exercise.worlds import group_history
from tests.unit.classroom import NOON, Clock, Lesson, lesson, refused

US, GHANI = (1, "us"), (1, "ghani")
ZONE = "Europe/Berlin"
NEXT = "2023-11-16 18:00"  # two days after NOON
AT = dt.datetime(2023, 11, 16, 18, tzinfo=ZoneInfo(ZONE)).timestamp()
WORDS = "Thursday 16 Nov 2023, 18:00 (Europe/Berlin)"


@pytest.fixture
def one(tmp_path: Path) -> Lesson:
    return lesson(tmp_path, US, groups=1, rounds=2, minutes=10, questions=0, time_zone=ZONE)


def moved(one: Lesson, to: float) -> None:
    one.clock.now = to


# What is taken


def test_a_time_is_read_in_the_exercises_own_zone() -> None:
    assert seconds(NEXT, ZONE, NOON) == AT
    assert seconds(NEXT, "UTC", NOON) == AT + 3600
    assert in_words(AT, ZONE) == WORDS
    assert in_words(AT, "UTC") == "Thursday 16 Nov 2023, 17:00 (UTC)"
    assert in_words(None, ZONE) == ""


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("2023-11-14 23:13", "is in the past: it is 2023-11-14 23:13 in Europe/Berlin"),
        ("1999-01-01 00:00", "is in the past"),
        ("2025-11-16 18:00", "more than a year"),
        ("2023-02-30 18:00", "no such day"),
        ("2023-11-16 25:00", "no such day or time"),
        ("0000-11-16 18:00", "no such day"),
        ("2024-03-31 02:30", "the clocks go forward"),
        ("2023-11-16", "such as 2026-12-03 18:00"),
        ("tomorrow", "is no date with a time"),
        ("", "is no date with a time"),
        (5, "until = 5: must be a date and a time such as"),
        (dt.date(2023, 11, 16), "must be a date and a time such as"),
    ],
)
def test_nonsense_and_the_past_are_refused_in_one_line(one: Lesson, given: object, words: str) -> None:
    refused(words, one.room.until, one.secret, given)
    refused("until", one.room.until, one.secret, given)
    assert one.teacher().until == ""


def test_the_zone_is_one_that_exists(tmp_path: Path) -> None:
    stored = json.loads(ExerciseSettings().to_json())
    del stored["time_zone"]
    assert ExerciseSettings.from_json(json.dumps(stored)).time_zone == "UTC", "an exercise of before"
    file = tmp_path / "lesson.toml"
    file.write_text('time_zone = "Europe/Berlni"\n')
    refused("Europe/Berlin", load_settings, file)
    refused("time_zone", ExerciseSettings, time_zone="../../etc/passwd")
    assert read_act("due", write_act(Due(AT, on=True))) == Due(AT, on=True)


# When the round closes


def test_the_round_is_open_until_then_instead_of_minutes(one: Lesson) -> None:
    one.room.until(one.secret, NEXT)
    assert one.teacher().until == WORDS
    one.open()
    view = one.seat(*US)
    assert (view.until, view.deadline, view.plays) == (WORDS, AT, False)
    moved(one, AT - 1)
    one.room.order(one.tokens[US], "us.withdrawal", 80.0)
    moved(one, AT)
    refused("the round is closed", one.room.order, one.tokens[US], "us.withdrawal", 90.0)
    assert one.teacher().phase == "closed", "it waits for the teacher"
    one.play()
    view = one.seat(*US)
    assert (view.phase, view.until) == ("waiting", ""), "the next round has minutes again"
    one.open()
    assert one.teacher().deadline == AT + 600


def test_minutes_and_a_date_take_each_others_place(one: Lesson) -> None:
    one.open()
    one.room.until(one.secret, NEXT)
    assert one.teacher().deadline == AT, "the open round is prolonged"
    one.room.pace(one.secret, 5)
    assert (one.teacher().until, one.teacher().deadline) == ("", NOON + 300)
    one.room.until(one.secret, NEXT)
    one.room.until(one.secret, None)
    assert (one.teacher().until, one.teacher().deadline) == ("", None)


def test_a_date_stands_whatever_the_clock_and_the_laptop_do(one: Lesson) -> None:
    one.room.until(one.secret, NEXT)
    one.open()
    one.room.freeze(one.secret)
    moved(one, NOON + 3600)
    one.room.thaw(one.secret)
    assert one.teacher().deadline == AT
    one.room.tick()
    moved(one, NOON + 3600 + 10 * ASLEEP)
    one.room.tick()
    assert one.teacher().deadline == AT, "the laptop slept"


def test_a_date_that_has_passed_opens_no_round(one: Lesson) -> None:
    one.room.until(one.secret, NEXT)
    moved(one, AT + 1)
    refused(f"the deadline has passed, {WORDS}", one.open)
    one.room.pace(one.secret, 10)
    one.open()
    assert one.teacher().phase == "open"


# Who plays it


def played_by_hand(folder: Path) -> Lesson:
    folder.mkdir()
    found = lesson(folder, US, groups=1, rounds=2, questions=0)
    found.open()
    found.room.order(found.tokens[US], "us.withdrawal", 80.0)
    found.play()
    return found


@pytest.mark.slow
def test_it_is_played_as_if_the_teacher_had_pressed(one: Lesson, tmp_path: Path) -> None:
    one.room.until(one.secret, NEXT, plays=True)
    one.open()
    assert one.seat(*US).plays
    one.room.order(one.tokens[US], "us.withdrawal", 80.0)
    moved(one, AT - 1)
    assert one.seat(*US).phase == "open"
    moved(one, AT)
    with ThreadPoolExecutor(4) as pool:  # phones that look at the same moment
        views = list(pool.map(lambda _: one.seat(*US), range(4)))
    assert {(view.phase, view.played, view.until) for view in views} == {("waiting", 1, "")}
    kinds = [event.kind for event in one.room._log.state(one.exercise).log]
    assert kinds[-2:] == ["closed", "played"]
    assert kinds.count("played") == 1
    by_hand = played_by_hand(tmp_path / "by-hand")
    worlds = [group_history(each.room._engine, each.room._log.state(each.exercise), 1, 1) for each in (one, by_hand)]
    assert all(
        np.array_equal(worlds[0].results.arrays[name], found) for name, found in worlds[1].results.arrays.items()
    )


@pytest.mark.slow
def test_a_server_that_was_off_plays_it_when_it_is_back(one: Lesson) -> None:
    one.room.until(one.secret, NEXT, plays=True)
    one.open()
    one.room.order(one.tokens[US], "us.withdrawal", 80.0)
    one.room.leave()
    again = type(one.room)(one.room._book.path, clock=Clock(AT + 86_400))
    assert again.teacher(one.secret).played == 1
    assert again.seat(one.tokens[US]).played == 1, "the same address opens the same seat"


@pytest.mark.slow
def test_closed_by_hand_it_is_played_at_its_time_and_not_before(one: Lesson) -> None:
    one.room.until(one.secret, NEXT, plays=True)
    one.open()
    one.room.close(one.secret)
    assert one.teacher().phase == "closed"
    moved(one, AT)
    assert one.teacher().played == 1
    one.room.until(one.secret, "2023-11-20 18:00", plays=True)
    one.room.rewind(one.secret, 1)
    assert (one.teacher().until, one.teacher().plays) == ("", False)


def test_phones_do_not_ask_over_days_who_is_still_there(one: Lesson) -> None:
    from sim.exercise.presence import QUIET, Presence

    time = Clock()
    one.room._presence = Presence(time)
    one.room.until(one.secret, NEXT)
    one.open()
    time.now += 2 * QUIET
    assert not one.seat(*US).asked
