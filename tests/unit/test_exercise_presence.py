"""Presence is asked for after minutes of silence: who is idle, asked and gone, and that nothing is lost by it."""

from pathlib import Path

import pytest

from sim.exercise.presence import IDLE, PRESENT, QUIET, UNANSWERED, Presence
from tests.unit.classroom import Clock, Lesson, copied, lesson

US, GHANI = (1, "us"), (1, "ghani")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return lesson(tmp_path_factory.mktemp("made"), US, GHANI, groups=1, questions=0)


@pytest.fixture
def time() -> Clock:
    return Clock()


@pytest.fixture
def one(made: Lesson, tmp_path: Path, time: Clock) -> Lesson:
    """Before round 1; the test moves the time of the phones."""
    found = copied(made, tmp_path)
    found.room._presence = found.room._joining._presence = Presence(time)
    return found


def wait(one: Lesson, time: Clock, seconds: float, *places: tuple[int, str]) -> None:
    """Let time pass while the pages of these phones are open and fetch their view, as pages do."""
    end = time.now + seconds
    while time.now < end:
        time.now = min(time.now + PRESENT / 2, end)
        for place in places:
            one.seat(*place)


def counts(one: Lesson, place: tuple[int, str]) -> tuple[int, int, int]:
    """How many are present, idle and asked."""
    (found,) = [seat for seat in one.teacher().groups[0].seats if seat.seat == place[1]]
    return found.present, found.idle, found.asked


def test_a_silent_phone_is_idle_then_asks_and_then_counts_as_gone(one: Lesson, time: Clock) -> None:
    one.open()
    wait(one, time, IDLE - 1, US)
    assert counts(one, US) == (1, 0, 0)
    wait(one, time, 2, US)
    assert counts(one, US) == (1, 1, 0)
    wait(one, time, QUIET - IDLE, US)
    assert one.seat(*US).asked
    assert counts(one, US) == (1, 0, 1)
    wait(one, time, UNANSWERED + 1, US)
    assert counts(one, US) == (0, 0, 0)
    assert one.seat(*US).asked, "it may still answer"
    one.room.here(one.tokens[US])
    assert not one.seat(*US).asked
    assert counts(one, US) == (1, 0, 0)


def test_a_phone_that_slept_is_present_again_once_it_answers(one: Lesson, time: Clock) -> None:
    one.open()
    one.seat(*US)
    wait(one, time, 2 * QUIET)
    assert counts(one, US) == (0, 0, 0)
    assert one.seat(*US).asked, "it wakes and asks"
    assert counts(one, US) == (1, 0, 1)
    one.room.here(one.tokens[US])
    assert counts(one, US) == (1, 0, 0)


def test_any_action_answers_and_begins_the_silence_anew(one: Lesson, time: Clock) -> None:
    one.open()
    wait(one, time, QUIET + 1, US, GHANI)
    assert one.seat(*US).asked
    one.room.order(one.tokens[US], "us.withdrawal", 80.0)
    assert not one.seat(*US).asked
    assert one.seat(*GHANI).asked, "each phone for itself"
    wait(one, time, QUIET - 1, US)
    assert not one.seat(*US).asked


def test_nothing_is_lost_if_nobody_answers(one: Lesson, time: Clock) -> None:
    one.open()
    one.room.order(one.tokens[US], "us.withdrawal", 80.0)
    version = one.room.version(one.exercise)
    wait(one, time, 2 * QUIET, US)
    assert one.room.version(one.exercise) == version, "nothing is stored"
    one.play()
    (order,) = [news for news in one.seat(*US).news if news.kind == "order"]
    assert "80" in order.text


def test_it_is_asked_in_an_open_round_alone(one: Lesson, time: Clock) -> None:
    wait(one, time, 2 * QUIET, US)
    assert not one.seat(*US).asked, "before the round"
    one.open()
    assert not one.seat(*US).asked, "silence before the round does not count"
    wait(one, time, QUIET + 1, US)
    assert one.seat(*US).asked
    one.room.freeze(one.secret)
    assert not one.seat(*US).asked, "while the clock is stopped"
    assert counts(one, US) == (1, 0, 0)
    one.room.thaw(one.secret)
    assert not one.seat(*US).asked
    wait(one, time, QUIET + 1, US)
    assert one.seat(*US).asked
    one.room.close(one.secret)
    assert not one.seat(*US).asked


def test_a_student_who_was_removed_is_forgotten() -> None:
    from sim.exercise.event_store import Place

    clock = Clock()
    found, who = Presence(clock), Place("e", 1, "us", "", 1)
    found.acted(who)
    clock.now += QUIET
    assert found.asks(who, may=True)
    found.forget("e", 1)
    assert not found.of(who)
    assert not any((found._heard, found._acted, found._asked))


def test_who_only_watches_is_not_asked(tmp_path: Path) -> None:
    watches = (0, "observer")
    one, time = lesson(tmp_path, watches, groups=1, questions=0, observers=True), Clock()
    one.room._presence = Presence(time)
    one.open()
    time.now += 2 * QUIET
    one.room.look(one.tokens[watches])
    ((_, seat),) = one.teacher().watchers
    assert (seat.present, seat.idle, seat.asked) == (1, 0, 0)
