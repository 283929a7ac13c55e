"""What may be done now, by whom: everything else gets one clear line, and nothing changes."""

from pathlib import Path
from typing import Any

import pytest

from sim.exercise.deck import Card
from tests.unit.classroom import Lesson, lesson, refused

US, GHANI, TALIBAN = (1, "us"), (1, "ghani"), (1, "taliban")
BIG = "x" * 100_000


@pytest.fixture
def class_(tmp_path: Path) -> Lesson:
    """A class with two seats taken in group 1 and one in group 2, its first round open for ten minutes."""
    found = lesson(tmp_path, US, GHANI, (2, "taliban"), groups=2, minutes=10)
    found.open()
    return found


def unchanged(one: Lesson, words: str, act: Any, *given: Any) -> None:
    """Refused, and not a line more in the log."""
    before = one.room.version(one.exercise)
    refused(words, act, *given)
    assert one.room.version(one.exercise) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lever", "value", "words"),
    [
        ("us.withdrawal", 5000, "out of bounds (expected 0 to 1000 troops/day)"),
        ("us.withdrawal", float("nan"), "finite"),
        ("us.withdrawal", "100", "must be a number, not text"),
        ("us.withdrawal", True, "must be a number"),
        ("us.withdraw", 100, "did you mean us.withdrawal?"),
        ("taliban.intensity", 1, "is not for The United States to order"),
        ("council.backing", 1, "is not for The United States to order"),
        (None, 1, "no such lever"),
        (BIG, 1, "no such lever"),
        ("us.withdrawal", BIG, "must be a number"),
    ],
)
def test_orders_that_cannot_be(class_: Lesson, lever: Any, value: Any, words: str) -> None:
    unchanged(class_, words, class_.room.order, class_.tokens[US], lever, value)


def test_a_scope_is_one_of_two(class_: Lesson) -> None:
    unchanged(class_, "not a valid choice", class_.room.order, class_.tokens[US], "us.withdrawal", 10, "forever")


@pytest.mark.slow
def test_orders_after_the_deadline_are_refused_and_the_round_stays_closed(class_: Lesson) -> None:
    class_.room.order(class_.tokens[US], "us.withdrawal", 100)
    class_.clock.now += 601
    refused("the round is closed", class_.room.order, class_.tokens[US], "us.withdrawal", 200)
    class_.clock.now -= 100_000  # a clock set back opens nothing
    refused("the round is closed", class_.room.order, class_.tokens[US], "us.withdrawal", 200)
    assert class_.teacher().phase == "closed"
    (order,) = [one.order for one in class_.seat(*US).levers if one.order]
    assert order.value == 100.0
    class_.open()  # only the teacher does
    class_.room.order(class_.tokens[US], "us.withdrawal", 200)


@pytest.mark.slow
@pytest.mark.parametrize("back", [False, True])
def test_what_was_decided_for_another_round_or_take_is_not_sent(class_: Lesson, back: bool) -> None:  # noqa: FBT001
    """A page that stood still while the class went on, or back."""
    token, at = class_.tokens[US], class_.seat(*US).moment
    class_.room.order(token, "us.withdrawal", 10, at=at)
    class_.play()
    if back:
        class_.room.rewind(class_.secret, 1)
    class_.open()
    question = class_.seat(*US).questions[0].question
    words = "the round has changed"
    unchanged(class_, words, lambda: class_.room.order(token, "us.withdrawal", 100, at=at))
    unchanged(class_, words, lambda: class_.room.propose(token, "ghani", {"us.withdrawal": 100.0}, {}, at=at))
    unchanged(class_, words, lambda: class_.room.predict(token, question, 0.5, at=at))
    class_.room.order(token, "us.withdrawal", 100, at=class_.seat(*US).moment)


@pytest.mark.slow
def test_a_clock_set_forward_closes_and_loses_nothing(class_: Lesson) -> None:
    class_.room.order(class_.tokens[GHANI], "kabul.ghani.offer", 2000)
    class_.clock.now += 10_000_000
    assert class_.teacher().phase == "closed"
    class_.play()
    assert any("2,000" in one.text for one in class_.seat(*GHANI).news)


def test_a_round_takes_nothing_before_it_opens_nor_when_frozen(tmp_path: Path) -> None:
    one = lesson(tmp_path, US, minutes=10)
    unchanged(one, "not open yet", one.room.order, one.tokens[US], "us.withdrawal", 1)
    one.open()
    one.room.freeze(one.secret)
    unchanged(one, "frozen", one.room.order, one.tokens[US], "us.withdrawal", 1)
    one.clock.now += 3600
    one.room.thaw(one.secret)
    assert one.teacher().deadline == one.clock.now + 600
    one.room.order(one.tokens[US], "us.withdrawal", 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("to", "give", "take", "rounds", "note", "words"),
    [
        ("taliban", {}, {"taliban.intensity": 0}, 1, "", "nobody holds that seat"),
        ("us", {}, {}, 1, "", "not to your own"),
        ("pakistan", {}, {}, 1, "", "not a valid choice"),
        (BIG, {}, {}, 1, "", "not a valid choice"),
        ("ghani", {}, {}, 1, "", "at least one term"),
        ("ghani", {"kabul.ghani.pace": 3}, {}, 1, "", "is not for The United States to order"),
        ("ghani", {}, {"us.aid_cut": 1}, 1, "", "is not for Ghani's camp to order"),
        ("ghani", {"us.aid_cut": 9}, {}, 1, "", "out of bounds"),
        ("ghani", {"us.aid_cut": 1}, {}, 4, "", "out of bounds (expected 1 to 3 rounds)"),
        ("ghani", {"us.aid_cut": 1}, {}, 1, BIG, "too long"),
        ("ghani", {"us.aid_cut": 1}, {}, 1, "x" * 501, "too long"),
        ("ghani", {"us.aid_cut": 1}, {}, 1, "a\x1b[2Jb", "control characters"),
        ("ghani", "aid", {}, 1, "", "values by lever"),
    ],
)
def test_proposals_that_cannot_be(
    class_: Lesson, to: str, give: Any, take: Any, rounds: int, note: str, words: str
) -> None:
    unchanged(class_, words, class_.room.propose, class_.tokens[US], to, give, take, rounds, note)


def test_answers_that_cannot_be(class_: Lesson) -> None:
    room, us, ghani = class_.room, class_.tokens[US], class_.tokens[GHANI]
    number = room.propose(us, "ghani", {"us.aid_cut": 0}, {"kabul.ghani.pace": 200}, 2, "<b>please</b> & now")
    unchanged(class_, "not addressed to your seat", room.answer, us, number, "accept")
    unchanged(class_, "no such proposal", room.answer, ghani, number + 1, "accept")
    unchanged(class_, "no such proposal", room.answer, class_.tokens[2, "taliban"], number, "accept")
    unchanged(class_, "not a valid choice", room.answer, ghani, number, "perhaps")
    unchanged(class_, "not yours", room.withdraw_proposal, ghani, number)
    back = room.counter(ghani, number, {"kabul.ghani.pace": 100}, {"us.aid_cut": 0})
    unchanged(class_, "that proposal is countered", room.answer, ghani, number, "accept")
    room.answer(us, back, "decline")
    unchanged(class_, "that proposal is declined", room.answer, us, back, "accept")
    (second, first) = class_.seat(*US).proposals
    assert (first.note, first.status, second.status, second.answers) == (
        "<b>please</b> & now",
        "countered",
        "declined",
        number,
    )  # fmt: skip  the note is kept as text; a page escapes it


def test_predictions_that_cannot_be(class_: Lesson) -> None:
    (question,) = (one.question for one in class_.seat(*US).questions)
    for probability, words in (
        (1.2, "out of bounds"),
        (-0.1, "out of bounds"),
        (float("nan"), "finite"),
        ("1", "must be"),
    ):
        unchanged(class_, words, class_.room.predict, class_.tokens[US], question, probability)
    unchanged(class_, "is not asked", class_.room.predict, class_.tokens[US], "settlement!", 0.5)
    class_.room.predict(class_.tokens[US], question, 0.25)
    class_.room.predict(class_.tokens[US], question, 0.75)
    assert class_.seat(*US).forecasts[0].probability == 0.75


def test_what_the_teacher_cannot_do(class_: Lesson) -> None:
    room, secret = class_.room, class_.secret
    unchanged(class_, "already open", room.open_round, secret)
    unchanged(class_, "not frozen", room.thaw, secret)
    unchanged(class_, "no such card", room.inject, secret, "meteor")
    unchanged(class_, "out of bounds", room.inject, secret, "rumour", [3])
    unchanged(class_, "out of bounds", room.rewind, secret, 2)
    unchanged(class_, "out of bounds", room.fork, secret, 0)
    unchanged(class_, "out of bounds", room.pace, secret, 0.1)
    unchanged(class_, "nothing to export", room.export, secret)
    unchanged(class_, "nothing to review", room.review, secret)
    room.close(secret)
    unchanged(class_, "no round is open", room.close, secret)
    unchanged(class_, "no such question", room.open_round, secret, ["weather"])


@pytest.mark.slow
def test_one_student_cannot_flood_the_log(class_: Lesson) -> None:
    for value in range(300):
        class_.room.order(class_.tokens[US], "us.withdrawal", value)
    unchanged(class_, "too many changes in one round", class_.room.order, class_.tokens[US], "us.withdrawal", 1)
    class_.room.order(class_.tokens[GHANI], "kabul.ghani.offer", 1)  # others go on


def test_the_pace_may_change(class_: Lesson) -> None:
    class_.clock.now += 60
    class_.room.pace(class_.secret, 2)
    assert class_.teacher().deadline == class_.clock.now + 120
    class_.room.pace(class_.secret, None)
    class_.clock.now += 1_000_000
    assert class_.teacher().phase == "open"


@pytest.mark.slow
def test_an_event_written_on_the_spot_acts_in_the_groups_named(class_: Lesson) -> None:
    card = Card("", "Flood", "A <i>flood</i> cuts the roads.", 7, {"taliban.intensity": 0.0})
    class_.room.inject(class_.secret, card, [2])
    assert "A <i>flood</i>" in class_.seat(2, "taliban").news[0].text
    assert not class_.seat(*US).news
    class_.play()
    quiet, usual = (
        next(f for f in class_.teacher().groups[at].situation.figures if f.name == "attacks").value for at in (1, 0)
    )
    assert quiet < 0.8 * usual, f"{quiet} attacks per day with the flood, {usual} without"


@pytest.mark.slow
def test_an_event_comes_into_a_round_once_and_can_be_taken_back(class_: Lesson) -> None:
    room, secret = class_.room, class_.secret
    room.inject(secret, "troops-faster", [2])
    unchanged(class_, "is already in the news of this round in group 2", room.inject, secret, "troops-faster")
    room.inject(secret, "troops-faster", [1])
    first, second = class_.teacher().injects
    assert [(one.title, one.groups) for one in (first, second)] == [("Home sooner than planned", (g,)) for g in (2, 1)]
    room.recall(secret, second.inject)
    assert class_.teacher().injects == (first,)
    assert not [news for news in class_.seat(*US).news if news.kind == "inject"]
    unchanged(class_, "cannot be taken back", room.recall, secret, second.inject)
    unchanged(class_, "cannot be taken back", room.recall, secret, True)  # noqa: FBT003
    room.inject(secret, "troops-faster", [1])
    class_.play()
    unchanged(class_, "cannot be taken back", room.recall, secret, first.inject)
    class_.open()
    room.inject(secret, "troops-faster", [2])  # another round


@pytest.mark.slow
def test_an_event_that_would_change_nothing_is_known(class_: Lesson) -> None:
    room, secret = class_.room, class_.secret
    assert room.idle(secret, "guards-strike") == (1, 2), "the list is under review: nobody is released anyway"
    room.order(class_.tokens[GHANI], "kabul.ghani.offer", 1500)  # holds the review back
    assert room.idle(secret, "guards-strike") == (2,)
    room.inject(secret, "guards-strike", [1])
    assert room.idle(secret, "guards-strike", [1]) == (), "the same once it is there"
    room.order(class_.tokens[GHANI], "kabul.ghani.offer", 0)
    assert room.idle(secret, "guards-strike", [1]) == (1,)
    standing = class_.teacher().groups[0].standing
    assert (standing["kabul.ghani.offer"], standing["us.withdrawal"]) == (0.0, 35.0)
    assert room.idle(secret, "rumour") == (1, 2)
