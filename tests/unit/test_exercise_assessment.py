"""What a class gives for its assessment: reasons beside forecasts, and the reflection at the end."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from dashboard.classroom import desk, forecasts, reflection, server_config
from sim.exercise.act_json import read_act, write_act
from sim.exercise.assessment_rules import LONGEST_REFLECTION
from sim.exercise.events import Predicted, Reflected
from sim.exercise.reflection import QUESTIONS
from sim.exercise.review_tables import student_rows
from sim.exercise.rules import LONGEST_REASON
from tests.unit.classroom import Lesson, copied, lesson, refused

US, GHANI = (1, "us"), (1, "ghani")
EVIL = "=1+1 <script>alert(1)</script> because"
MATTERED = "mattered"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    """A round that is open, with two seats taken."""
    found = lesson(tmp_path_factory.mktemp("begun"), US, GHANI, groups=1, rounds=2, questions=1)
    found.open()
    return found


@pytest.fixture(scope="module")
def ended(begun: Lesson, tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    """The same once it is over, with a forecast and its reason in round 1."""
    one = copied(begun, tmp_path_factory.mktemp("ended"))
    one.room.predict(one.tokens[US], asked(one), 0.3, EVIL)
    one.room.predict(one.tokens[GHANI], asked(one), 0.9)
    one.play()
    one.open()
    one.play()
    return one


@pytest.fixture
def one(begun: Lesson, tmp_path: Path) -> Lesson:
    """A round that is open, for this test alone."""
    return copied(begun, tmp_path)


@pytest.fixture
def over(ended: Lesson, tmp_path: Path) -> Lesson:
    """An exercise that is over, for this test alone."""
    return copied(ended, tmp_path)


def asked(one: Lesson) -> str:
    return one.seat(*US).questions[0].question


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_a_reason_stands_beside_its_forecast(one: Lesson) -> None:
    question = asked(one)
    one.room.predict(one.tokens[US], question, 0.3, "At first.")
    one.room.predict(one.tokens[US], question, 0.4, "No joint delegation yet.")
    (mine,) = one.seat(*US).forecasts
    assert (mine.probability, mine.reason) == (0.4, "No joint delegation yet."), "the latest counts, with its reason"
    (seen,) = one.teacher().reasons
    assert (seen.round, seen.group, seen.probability, seen.reason) == (1, 1, 0.4, "No joint delegation yet.")
    assert seen.happened is None
    assert one.seat(*GHANI).forecasts[0].reason == "", "nobody else sees it"
    one.room.predict(one.tokens[US], question, 0.4)
    assert one.teacher().reasons == (), "a forecast without a reason replaces it"


@pytest.mark.parametrize("reason", ["x" * (LONGEST_REASON + 1), "two\nlines", "\x1b[31m", 5, None])
def test_a_reason_is_a_short_text(one: Lesson, reason: Any) -> None:
    before = one.room.version(one.exercise)
    refused("reason", one.room.predict, one.tokens[US], asked(one), 0.3, reason)
    assert one.room.version(one.exercise) == before
    one.room.predict(one.tokens[US], asked(one), 0.3, "x" * LONGEST_REASON)


def test_the_reflection_comes_at_the_end(one: Lesson) -> None:
    assert one.seat(*US).reflection == ()
    assert one.teacher().reflection == ()
    refused("is not over yet", one.room.reflect, one.tokens[US], MATTERED, "The deal.")


@pytest.mark.slow
def test_answers_may_change_and_the_teacher_reads_them_without_names(over: Lesson) -> None:
    room = over.room
    assert [one.question for one in over.seat(*US).reflection] == list(QUESTIONS)
    room.reflect(over.tokens[US], MATTERED, "The decree.")
    room.reflect(over.tokens[US], MATTERED, "The second decree.")
    room.reflect(over.tokens[GHANI], MATTERED, "Aid.")
    room.reflect(over.tokens[GHANI], "changed", "Nothing.")
    room.reflect(over.tokens[GHANI], "changed", "")
    assert [one.answer for one in over.seat(*US).reflection] == ["The second decree.", ""]
    mattered, changed = over.teacher().reflection
    assert mattered.answers == ("Aid.", "The second decree."), "in alphabetical order"
    assert changed.answers == ()


@pytest.mark.parametrize("answer", ["x" * (LONGEST_REFLECTION + 1), "\x07", 5, None])
def test_an_answer_is_a_text_of_limited_length(over: Lesson, answer: Any) -> None:
    before = over.room.version(over.exercise)
    refused("reflection", over.room.reflect, over.tokens[US], MATTERED, answer)
    refused("mattered", over.room.reflect, over.tokens[US], "matered", "Text.")
    assert over.room.version(over.exercise) == before


def test_going_back_begins_the_reflection_again(over: Lesson) -> None:
    over.room.reflect(over.tokens[US], MATTERED, "The decree.")
    over.room.rewind(over.secret, 2)
    assert over.teacher().reflection == ()
    assert [one.reason for one in over.teacher().reasons] == [EVIL], "round 1 is kept"
    over.open()
    over.play()
    assert [one.answer for one in over.seat(*US).reflection] == ["", ""]


def test_both_are_in_the_data_by_student_number(over: Lesson) -> None:
    over.room.reflect(over.tokens[US], MATTERED, EVIL)
    us, ghani = rows(student_rows(over.room.students(over.secret)))
    assert us["reasons"].startswith("Round 1, ")
    assert us["reasons"].endswith(f", 30 %: {EVIL}")
    assert us["reflection_mattered"] == f"'{EVIL}", "no spreadsheet runs it"
    assert us["reflection_changed"] == ghani["reasons"] == ghani["reflection_mattered"] == ""
    assert us["rounds"] == "1", "looking back is no part of a round"
    assert student_rows(over.room.students(over.secret), "comma").startswith(b"\xef\xbb\xbf")


def test_an_event_of_before_has_no_reason() -> None:
    known = read_act("predicted", '{"question": "attacks", "probability": 0.5}')
    assert known == Predicted("attacks", 0.5, "")
    for act in (Predicted("attacks", 0.5, "Why."), Reflected(MATTERED, "Because.")):
        assert read_act(type(act).__name__.lower(), write_act(act)) == act


def test_pages_escape_what_students_write(over: Lesson) -> None:
    over.room.reflect(over.tokens[US], MATTERED, EVIL)
    view = over.teacher()
    (reason,) = view.reasons
    first = over.seat(*US).forecasts[-1]
    for shown in (desk._reason(reason), forecasts._forecast(first), reflection._answers(view.reflection[0].answers)):
        assert "&lt;script&gt;" in shown
        assert "<script" not in shown
    assert "Nobody has answered yet" in reflection._answers(())


def test_a_phone_sends_what_was_typed(over: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = {"class-token": over.tokens[US], "reflection-mattered": "Two\n  lines. ", "reflection-changed": ""}
    monkeypatch.setattr(st, "session_state", typed)
    monkeypatch.setattr(server_config, "_opened", lambda _: over.room)
    reflection._send(tuple(QUESTIONS))
    assert typed["class-done"] == "Your answers are saved"
    assert [one.answer for one in over.seat(*US).reflection] == ["Two lines.", ""]
