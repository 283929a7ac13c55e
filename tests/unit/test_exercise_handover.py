"""A seat handed on to another device: by a code that works once, soon, and for nobody else."""

from pathlib import Path

import pytest

from dashboard.classroom import hand_on, server_config
from sim.errors import InputError
from sim.exercise.access import LETTERS, RateLimiter
from sim.exercise.handover import LASTS, LENGTH, Handovers
from tests.unit.classroom import Clock, Lesson, lesson, refused

US, GHANI = (1, "us"), (1, "ghani")
PHONE, LAPTOP = "192.0.2.7 phone", "192.0.2.7 laptop"
NO_SEAT = "this device has no seat here"


@pytest.fixture
def one(tmp_path: Path) -> Lesson:
    """An exercise with two students, and an order of the first."""
    found = lesson(tmp_path, GHANI, groups=1, questions=0)
    found.tokens[US] = found.room.join(found.codes[US], client=PHONE).token
    found.open()
    found.room.order(found.tokens[US], "us.withdrawal", 80.0)
    return found


def test_the_seat_moves_with_its_number_and_all_that_was_done(one: Lesson) -> None:
    before, events = one.seat(*US), one.room.version(one.exercise)
    code = one.room.hand_on(one.tokens[US])
    assert repr(one.seat(*US)) == repr(before), "a code alone changes nothing"  # as text: NaN is not equal to itself
    moved = one.room.join(code.lower().replace("-", " "), client=LAPTOP)
    after = one.room.seat(moved.token)
    assert (after.student, after.seat, after.levers) == (before.student, before.seat, before.levers)
    assert one.room.version(one.exercise) == events, "no event: worlds and the log are as they were"
    refused(NO_SEAT, one.room.seat, one.tokens[US])
    refused(NO_SEAT, one.room.order, one.tokens[US], "us.withdrawal", 0.0)
    one.room.order(moved.token, "us.withdrawal", 90.0)
    assert one.room.join(one.codes[US], client=LAPTOP).student == before.student, "the new device is known"
    assert one.room.join(one.codes[US], client=PHONE).student != before.student, "the old one is not"


def test_a_code_works_once(one: Lesson) -> None:
    code = one.room.hand_on(one.tokens[US])
    one.room.join(code)
    refused("this code opens no seat", one.room.join, code)


def test_a_new_code_replaces_the_one_before(one: Lesson) -> None:
    first, second = (one.room.hand_on(one.tokens[US]) for _ in range(2))
    refused("this code opens no seat", one.room.join, first)
    assert one.room.join(second).student == 2


def test_a_code_is_short_and_works_for_five_minutes(one: Lesson) -> None:
    who = one.room._doors.student(one.tokens[US])
    clock = Clock()
    codes = Handovers(clock)
    code = codes.new(who)
    assert len(code.replace("-", "")) == LENGTH
    assert set(code) <= {*LETTERS, "-"}
    clock.now += LASTS - 1
    late = codes.new(who)
    clock.now += LASTS - 1
    assert codes.take(late) == (one.exercise, who.student)
    late = codes.new(who)
    clock.now += LASTS
    assert codes.take(late) is None


def test_guesses_are_counted_as_for_a_seats_code(tmp_path: Path) -> None:
    one = lesson(tmp_path, US, groups=1, guard=RateLimiter(sleep=lambda _: None))
    code = one.room.hand_on(one.tokens[US])
    for _ in range(6):
        with pytest.raises(InputError, match=r"this code opens no seat|too many"):
            one.room.join("AAAA-AAAA", client=PHONE)
    refused("too many wrong codes", one.room.join, code, client=PHONE)
    assert one.room.join(code, client=LAPTOP).seat == "us", "a refused try does not use the code up"


def test_a_student_who_was_removed_cannot_hand_on(one: Lesson) -> None:
    code = one.room.hand_on(one.tokens[US])
    one.room.remove(one.secret, one.seat(*US).student)
    refused("this code opens no seat", one.room.join, code)
    refused(NO_SEAT, one.room.hand_on, one.tokens[US])


def test_no_code_outlives_its_exercise(one: Lesson) -> None:
    code = one.room.hand_on(one.tokens[US])
    one.room.delete(one.secret)
    refused("this code opens no seat", one.room.join, code)


def test_two_numbers_on_one_device_stay_two(one: Lesson) -> None:
    """The device that takes the seat over has another seat number of the same seat already."""
    other = one.room.join(one.codes[US], client=LAPTOP)
    moved = one.room.join(one.room.hand_on(one.tokens[US]), client=LAPTOP)
    assert moved.student != other.student
    assert moved.token != other.token
    assert one.room.seat(other.token).student == other.student


def test_the_phone_shows_the_code_with_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_config, "address", lambda: "http://192.0.2.7:8502")
    page = hand_on.shown("ABCD-EFGH")
    assert "ABCD-EFGH" in page
    assert "http://192.0.2.7:8502/join" in page
    assert "for 5 minutes" in page
    assert 'src="data:image/png' in page
