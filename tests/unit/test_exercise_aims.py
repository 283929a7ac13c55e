"""The aims of the seats: hidden from the others until the teacher reveals them after the end, then shown to all."""

from dataclasses import replace
from pathlib import Path

import pytest

from sim.exercise.aims import became
from sim.exercise.events import Revealed
from sim.exercise.review_page import page
from sim.exercise.seats import SEATS
from sim.exercise.views import AimView
from sim.exercise.watch_views import WatchView
from tests.unit.classroom import Lesson, copied, lesson, refused

US, OTHER, WATCHES = (1, "us"), (2, "taliban"), (0, "observer")


@pytest.fixture(scope="module")
def over(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    """Both rounds are played."""
    found = lesson(tmp_path_factory.mktemp("over"), US, OTHER, WATCHES, rounds=2, questions=0, observers=True)
    for _ in range(2):
        found.open()
        found.play()
    return found


@pytest.fixture
def one(over: Lesson, tmp_path: Path) -> Lesson:
    return copied(over, tmp_path)


def foreign(seat: str) -> set[str]:
    """The aims of the other seats that the seat itself does not have."""
    own = {aim.text for aim in SEATS[seat].aims}
    return {aim.text for other in SEATS.values() for aim in other.aims} - own


@pytest.mark.slow
def test_no_student_can_read_the_aims_of_another_seat_before(one: Lesson) -> None:
    one.room.review(one.secret)  # its sentences come to the phones
    view = one.seat(*US)
    assert view.debrief
    shown = repr(view) + repr(one.room.look(one.tokens[WATCHES]))
    assert not [text for text in foreign("us") if text in shown]
    assert view.sides == ()


def test_the_teacher_reveals_them_once_the_exercise_is_over(one: Lesson, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    early = lesson(tmp_path / "new", questions=0)
    refused("the exercise is not over yet", early.room.reveal, early.secret)
    one.room.reveal(one.secret)
    version = one.room.version(one.exercise)
    one.room.reveal(one.secret)
    assert one.room.version(one.exercise) == version, "a second time changes nothing"
    assert [event.seq for event in one.room._log.state(one.exercise).of(Revealed)] == [version]
    view = one.seat(*US)
    assert [side.seat for side in view.sides] == list(SEATS)
    assert view.sides[0].aims == view.aims
    assert one.seat(*OTHER).sides == one.teacher().groups[1].sides
    watched = one.room.look(one.tokens[WATCHES])
    assert isinstance(watched, WatchView)
    assert watched.groups[0].sides == view.sides
    one.room.rewind(one.secret, 2)
    assert not one.teacher().revealed
    assert one.seat(*US).sides == ()


@pytest.mark.slow
def test_the_page_of_the_review_has_them_from_then_on(one: Lesson) -> None:
    hidden = one.room.review(one.secret)
    one.room.reveal(one.secret)
    assert not [text for text in foreign("us") if text in page(hidden)]
    shown = page(replace(hidden, revealed=True))
    assert "What each party wanted, and what it got" in shown
    assert all(aim.text in shown for seat in SEATS.values() for aim in seat.aims)


@pytest.mark.parametrize(
    ("wants", "value", "first", "words"),
    [
        ("more", 2.0, 1.0, "as wanted"),
        ("less", 2.0, 1.0, "not as wanted"),
        ("less", 1.0, 2.0, "as wanted"),
        ("less", 1.00001, 1.0, "as at the start"),
        ("reached", True, None, "as wanted"),
        ("not reached", True, None, "not as wanted"),
        ("reached", False, None, "not as wanted"),
    ],
)
def test_what_became_of_an_aim_is_a_direction(wants: str, value: float, first: float | None, words: str) -> None:
    assert became(AimView("", wants, "", "", value, None, first=first)) == words
