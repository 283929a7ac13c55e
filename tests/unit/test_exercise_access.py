"""Who may see and do what: long codes, waits for those who guess, and nothing of another team."""

import hmac
import itertools
import math
import re
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.exercise import rules
from sim.exercise.access import (
    CODE,
    CROWD,
    FREE,
    LETTERS,
    NEIGHBOURS,
    SECRET,
    RateLimiter,
    device_token,
    new_code,
    new_secret,
    opened,
    tidy,
)
from sim.exercise.presence import PRESENT
from sim.exercise.seats import SEATS
from sim.exercise.service import Classroom
from tests.unit.classroom import Clock, Lesson, lesson, refused

US, GHANI, TALIBAN = (1, "us"), (1, "ghani"), (1, "taliban")


@dataclass(frozen=True)
class Door:
    """Something that a key opens."""

    key: str


def test_codes_are_long_enough_and_easy_to_type() -> None:
    assert CODE * math.log2(len(LETTERS)) >= 50
    assert 8 * SECRET >= 128
    assert not set("01OIL") & set(LETTERS)
    code = new_code()
    assert tidy(f"  {code.lower().replace('-', ' ')} ") == code
    assert len({new_code() for _ in range(1000)}) == 1000
    assert new_secret() != new_secret()


def test_a_key_opens_its_door_alone() -> None:
    doors = [Door("abc"), Door("abd"), Door("")]
    assert opened("abd", doors) is doors[1]
    for wrong in ("ab", "abde", "x" * 100_000, "äöü", "\ud800"):
        assert opened(wrong, doors) is None


def test_every_door_is_tried_whatever_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[bytes] = []
    compare = hmac.compare_digest

    def noted(a: bytes, b: bytes) -> bool:
        tried.append(a)
        return compare(a, b)

    monkeypatch.setattr(hmac, "compare_digest", noted)
    opened("first", [Door("first"), Door("second"), Door("third")])
    assert tried == [b"first", b"second", b"third"]


def test_wrong_codes_have_to_wait_longer_and_longer() -> None:
    clock = Clock(0.0)
    guard = RateLimiter(clock, sleep=lambda _: None)
    for _ in range(FREE):
        guard.admit("phone")
        guard.wrong("phone")
    refused("wait 1 seconds", guard.admit, "phone")
    guard.admit("another phone")
    waits: list[float] = []
    for _ in range(8):
        clock.now += waits[-1] if waits else 1
        guard.admit("phone")
        guard.wrong("phone")
        waits.append(guard._wrong["phone"].free - clock.now)
    assert waits == [2, 4, 8, 16, 32, 32, 32, 32]
    clock.now += 100
    guard.wrong("phone")
    guard.admit("phone")  # after a quiet minute it starts afresh


def test_a_crowd_of_guessers_is_answered_late() -> None:
    clock, slept = Clock(0.0), list[float]()
    guard = RateLimiter(clock, sleep=slept.append)
    for number in range(CROWD + 5):
        guard.wrong(f"phone-{number}")
    assert len(slept) == 5
    clock.now += 120
    guard.wrong("phone")
    assert len(slept) == 5


def test_neighbours_behind_one_address_do_not_wait_for_each_other() -> None:
    """However many devices guess there, and with however many names."""
    clock, slept = Clock(0.0), list[float]()
    guard = RateLimiter(clock, sleep=slept.append)
    for number in range(60):
        for _ in range(FREE if number < 2 else 1):
            guard.wrong(f"192.0.2.7 device{number}")
    for number in range(2):
        refused("too many wrong codes", guard.admit, f"192.0.2.7 device{number}")
    for client in ("192.0.2.7 ", "192.0.2.7 another", "192.0.2.7", "192.0.2.8 device1"):
        guard.admit(client)
    assert len(slept) >= 60 + 2 * (FREE - 1) - NEIGHBOURS, "the answers to wrong codes come late"
    late = len(slept)
    clock.now += 120
    guard.wrong("192.0.2.7 device3")
    assert len(slept) == late


def test_a_guesser_waits_and_a_seated_student_does_not(tmp_path: Path) -> None:
    one = lesson(tmp_path, US, guard=RateLimiter(sleep=lambda _: None))
    for _ in range(FREE):
        refused("opens no seat", one.room.join, "AAAA-AAAA-AAAA", client="10.0.0.7")
    refused("too many wrong codes", one.room.join, one.codes[GHANI], client="10.0.0.7")
    one.room.join(one.codes[GHANI], client="10.0.0.8")
    assert one.room.rejoin(one.tokens[US], client="10.0.0.7").seat == "us"


def test_a_dropped_phone_comes_back_as_itself(tmp_path: Path) -> None:
    one = lesson(tmp_path, US)
    first = one.room.rejoin(one.tokens[US])
    again = Classroom(tmp_path / "class.sqlite").rejoin(one.tokens[US])
    assert (again.student, again.group, again.seat) == (first.student, 1, "us")
    assert one.room.join(one.codes[US]).student == 2, "the code is a new student"


def test_the_same_device_with_the_same_code_is_the_same_student(tmp_path: Path) -> None:
    """Also after a restart; another device, another seat, and a device that was removed are other students."""
    one = lesson(tmp_path)
    code, phone = one.codes[US], "10.0.0.7 phone"
    first = one.room.join(code, client=phone)
    assert one.room.join(code, client="10.0.0.99 phone") == first, "at another address too"
    one.room.leave()
    again = Classroom(tmp_path / "class.sqlite")
    assert again.join(code, client=phone) == first
    assert len(again.teacher(one.secret).groups[0].seats[0].who) == 1
    others = [
        again.join(code, client="10.0.0.7 other"),
        again.join(one.codes[GHANI], client=phone),
        again.join(code, client="10.0.0.7"),  # no device: always a new student
        again.join(code, client="10.0.0.7"),
    ]
    assert len({first.token, *(one.token for one in others)}) == 5
    assert device_token("a", code, "phone") != device_token("b", code, "phone"), "not without the exercise's secret"
    again.remove(one.secret, first.student)
    refused("no seat", again.seat, first.token)
    assert again.join(code, client=phone).student == 6


def test_no_key_opens_what_is_not_its_own(tmp_path: Path) -> None:
    one = lesson(tmp_path, US, TALIBAN, groups=2)
    room, token, code = one.room, one.tokens[US], one.codes[US]
    one.open()
    teachers = [
        room.teacher, room.open_round, room.close, room.play, room.freeze, room.thaw, room.delete, room.export,
        room.review,
        lambda key: room.pace(key, 5), lambda key: room.inject(key, "rumour"), lambda key: room.rewind(key, 1),
        lambda key: room.fork(key, 1),
    ]  # fmt: skip
    before = room.version(one.exercise)
    for act, key in itertools.product(teachers, (token, code, "", one.exercise, "%", "' OR 1=1 --")):
        refused("not the teacher's link", act, key)
    students = [room.seat, room.rejoin, lambda key: room.order(key, "us.withdrawal", 1)]
    for act, key in itertools.product(students, (one.secret, code, "", one.exercise)):
        refused("no seat here", act, key)
    refused("opens no seat", room.join, one.secret)
    refused("opens no seat", room.join, token)
    assert room.version(one.exercise) == before


@pytest.mark.slow
def test_a_view_holds_nothing_of_another_team_before_the_round(tmp_path: Path) -> None:
    places = [(group, seat) for group in (1, 2) for seat in SEATS]
    one = lesson(tmp_path, *places, groups=2)
    one.open()
    one.room.order(one.tokens[TALIBAN], "taliban.captives_pace", 432.1)
    one.room.order(one.tokens[2, "us"], "us.withdrawal", 87.65)
    number = one.room.propose(one.tokens[TALIBAN], "ghani", {"taliban.demand": 1234}, {"kabul.ghani.offer": 2345})
    one.room.answer(one.tokens[GHANI], number, "accept")
    question = one.seat(*US).questions[0].question
    one.room.predict(one.tokens[TALIBAN], question, 0.123)
    shown = repr(one.seat(*US))
    secrets = ("432.1", "87.65", "1234", "2345", "0.123", *one.tokens.values(), *one.codes.values(), one.secret)
    found = [word for word in secrets if re.search(rf"(?<![\w.]){re.escape(word)}(?![\w.])", shown)]
    assert not [word for word in found if word != one.tokens[US]]
    assert one.tokens[US] not in shown
    for seat in SEATS.values():
        assert (seat.briefing in shown.replace("\\n", "\n")) == (seat.name == "us")
    assert "432.1" in repr(one.seat(*TALIBAN))
    one.play()
    assert "432.1" not in repr(one.seat(2, "us")), "the other group's world stays its own"
    assert "1,234" in repr(one.seat(*US).news), "after the round the own group's decisions are news"


def test_those_who_have_left_keep_nobody_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_STUDENTS", 3)
    one, now = lesson(tmp_path, groups=1), [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    for _ in range(5):
        tokens = [one.room.join(one.codes[US]).token for _ in range(3)]
        refused("the exercise is full", one.room.join, one.codes[US])
        now[0] += PRESENT
    one.room.seat(tokens[0])
    assert [one.room.join(one.codes[US]).student for _ in range(2)] == [16, 17]
    refused("the exercise is full", one.room.join, one.codes[US])
    copy = one.room.fork(one.secret, 1)
    assert one.room.join(copy.codes[US]).student == 18


@pytest.mark.slow
@pytest.mark.parametrize("renew", [False, True])
def test_a_student_can_be_removed(tmp_path: Path, renew: bool) -> None:  # noqa: FBT001
    one = lesson(tmp_path, US, GHANI)
    one.open()
    one.room.order(one.tokens[US], "us.withdrawal", 5)
    for wrong in (0, 3, -1, 10**9, None, "1", 1.0):
        refused("no such student", one.room.remove, one.secret, wrong)
    refused("not the teacher's link", one.room.remove, one.tokens[GHANI], 1)
    one.room.remove(one.secret, 1, renew=renew)
    refused("no such student", one.room.remove, one.secret, 1)
    refused("no seat here", one.room.seat, one.tokens[US])
    refused("no seat here", one.room.order, one.tokens[US], "us.withdrawal", 7)
    seats = {seat.seat: seat for seat in one.teacher().groups[0].seats}
    assert (seats["us"].students, seats["us"].who, seats["us"].orders) == (0, (), 1)
    assert (seats["us"].code == one.codes[US]) is not renew
    if renew:
        refused("opens no seat", one.room.join, one.codes[US])
    assert one.room.join(seats["us"].code).student == 3, "a number is not given twice"
    one.play()
    one.room.rewind(one.secret, 1)
    again = Classroom(tmp_path / "class.sqlite")
    assert [number for seat in again.teacher(one.secret).groups[0].seats for number, _ in seat.who] == [3, 2]
    assert again.unreadable() == []
    assert again.seat(one.tokens[GHANI]).student == 2


@pytest.mark.slow
def test_two_clicks_play_a_round_once(tmp_path: Path) -> None:
    one = lesson(tmp_path, US)
    one.open()
    one.room.close(one.secret)
    rooms = [one.room, Classroom(tmp_path / "class.sqlite", clock=one.clock)]
    came: list[str] = []

    def click(room: Classroom) -> None:
        try:
            room.play(one.secret)
            came.append("played")
        except InputError as error:
            came.append(error.problem)

    clicks = [threading.Thread(target=click, args=(room,)) for room in rooms * 2]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    assert sorted(came) == ["played", *["there is no closed round to play"] * 3]
    assert one.teacher().played == 1


@pytest.mark.slow
def test_a_rewind_keeps_what_came_before_and_a_fork_is_another_exercise(tmp_path: Path) -> None:
    one = lesson(tmp_path, US, GHANI, groups=1)
    for value in (100, 200, 300):
        one.open()
        one.room.order(one.tokens[US], "us.withdrawal", value)
        one.play()
    before = one.room.export(one.secret)
    fork = one.room.fork(one.secret, 3)
    one.room.rewind(one.secret, 2)
    view = one.teacher()
    assert (view.round, view.played, view.take, view.phase) == (2, 1, 1, "waiting")
    assert not one.seat(*US).levers[0].order
    assert {news.round for news in one.seat(*US).news} == {1}
    for value in (200, 300):
        one.open()
        one.room.order(one.tokens[US], "us.withdrawal", value)
        one.play()
    assert one.room.export(one.secret) == before, "the same orders again are the same exercise again"

    copy = one.room.teacher(fork.secret)
    assert (copy.round, copy.played, copy.phase, copy.take) == (3, 2, "waiting", 0)
    refused("not the teacher's link", one.room.teacher, fork.exercise)
    assert set(fork.codes.values()).isdisjoint(one.codes.values())
    new = one.room.join(fork.codes[US])
    one.room.open_round(fork.secret)
    one.room.order(new.token, "us.withdrawal", 0)
    one.room.play(fork.secret)
    assert one.room.teacher(fork.secret).phase == "over"
    assert one.teacher().version != one.room.teacher(fork.secret).version
    (text,) = one.room.export(fork.secret).values()
    (was,) = before.values()
    assert text.split("[run]")[1] != was.split("[run]")[1]
    assert "round 2" in text


@pytest.mark.slow
def test_presence_and_counts(tmp_path: Path) -> None:
    one: Lesson = lesson(tmp_path, US, GHANI)
    one.open()
    one.room.order(one.tokens[US], "us.withdrawal", 5)
    one.room.predict(one.tokens[US], one.seat(*US).questions[0].question, 0.5)
    by_name = {seat.seat: seat for seat in one.teacher().groups[0].seats}
    us = by_name["us"]
    assert (us.students, us.present, us.orders, us.predictions) == (1, 1, 1, 1)
    assert (by_name["ghani"].orders, by_name["ghani"].predictions, by_name["taliban"].students) == (0, 0, 0)
