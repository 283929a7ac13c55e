"""The quiz before and after: what is read, when it may be answered, and who sees what of it."""

import csv
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dashboard.classroom import desk, quiz
from sim.exercise.act_json import read_act, write_act
from sim.exercise.assessment_views import QuizItem
from sim.exercise.events import Quizzed
from sim.exercise.quiz import FILE, MOST, QuizQuestion, read_quiz
from sim.exercise.review_tables import student_rows
from sim.exercise.rounds import group_scenario
from sim.exercise.settings import ExerciseSettings, load_settings, read_settings
from sim.inputs.facts import SENTENCES
from sim.schema.frozen_map import FrozenMap
from tests.unit.classroom import Lesson, copied, lesson, refused

US, GHANI, TALIBAN = (1, "us"), (1, "ghani"), (1, "taliban")
KEY: Mapping[str, int] = {one.name: one.correct for one in read_quiz()}
WRONG: Mapping[str, int] = {one.name: one.correct % len(one.answers) + 1 for one in read_quiz()}
GOOD = '[one]\ntext = "What?"\nanswers = ["This", "That"]\ncorrect = 2\n'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    """An exercise with the quiz, before round 1."""
    folder = tmp_path_factory.mktemp("made")
    return lesson(folder, US, GHANI, TALIBAN, groups=1, rounds=2, questions=0, quiz=read_quiz())


@pytest.fixture(scope="module")
def ended(made: Lesson, tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    """The same after the end; the United States knew everything before, Ghani's camp nothing."""
    one = copied(made, tmp_path_factory.mktemp("ended"))
    one.room.answer_quiz(one.tokens[US], KEY)
    one.room.answer_quiz(one.tokens[GHANI], {})
    for _ in range(2):
        one.open()
        one.play()
    return one


@pytest.fixture
def one(made: Lesson, tmp_path: Path) -> Lesson:
    return copied(made, tmp_path)


@pytest.fixture
def over(ended: Lesson, tmp_path: Path) -> Lesson:
    return copied(ended, tmp_path)


def items(one: Lesson, place: tuple[int, str]) -> tuple[QuizItem, ...]:
    found = one.seat(*place).quiz
    assert found is not None
    return found.items


def asked(one: Lesson, place: tuple[int, str]) -> str | None:
    found = one.seat(*place).quiz
    assert found is not None
    return found.open


# What is read


def test_the_quiz_of_jirga_is_made_from_the_text() -> None:
    found = read_quiz()
    assert 5 <= len(found) <= MOST
    for one in found:
        assert one.because
        assert set(one.rests_on.split(", ")) <= set(SENTENCES), one.rests_on
        years = [int(year) for year in re.findall(r"20\d\d", f"{one.text} {one.because}")]
        assert all(year <= 2020 for year in years)
    assert {one.correct for one in found} == {1, 2, 3}, "the place of an answer says nothing"
    sizes = [len(one.answers[one.correct - 1]) == max(map(len, one.answers)) for one in found]
    assert not all(sizes), "the longest answer is not always right"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("quiz = 1\n", "must be a table"),
        (GOOD + 'hint = "It is That."\n', "one.hint"),
        (GOOD.replace("correct = 2", ""), "has no correct"),
        (GOOD.replace("correct = 2", "correct = 3"), "1 to 2"),
        (GOOD.replace("correct = 2", "correct = 0"), "1 to 2"),
        (GOOD.replace("correct = 2", "correct = 2.0"), "whole number"),
        (GOOD.replace("correct = 2", "correct = true"), "must be a number"),
        (GOOD.replace('"That"', '"This"'), "duplicate"),
        (GOOD.replace(', "That"', ""), "2 to 5 answers"),
        (GOOD.replace('"That"', "2"), "must be text"),
        (GOOD.replace('["This", "That"]', '"This"'), "must be a list"),
        (GOOD.replace("What?", "x" * 301), "too long"),
        (GOOD.replace("That", "x" * 151), "too long"),
        (GOOD.replace("What?", "a\\u0007b"), "plain text"),
        (GOOD.replace("[one]", f"[{'x' * 31}]"), "too long"),
        ("".join(GOOD.replace("[one]", f"[q{number}]") for number in range(MOST + 1)), "at most 12"),
    ],
)
def test_a_wrong_quiz_is_refused_before_anything_is_made(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "quiz.toml"
    file.write_text(text)
    refused(words, read_quiz, file)
    refused("quiz.toml", read_quiz, file)
    settings = tmp_path / "lesson.toml"
    settings.write_text('quiz = "quiz.toml"\n')
    refused(words, load_settings, settings)


def test_settings_turn_it_on(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(GOOD)
    file = tmp_path / "lesson.toml"
    file.write_text('quiz = "own.toml"\n')
    own = load_settings(file)
    assert own.quiz == (QuizQuestion("one", "What?", ("This", "That"), 2),)
    (tmp_path / "own.toml").unlink()
    assert ExerciseSettings.from_json(own.to_json()) == own, "the exercise has the questions themselves"
    refused("own.toml: no such file", load_settings, file)
    assert read_settings({}).quiz == read_settings({"quiz": False}).quiz == ()
    assert read_settings({"quiz": True}).quiz == read_quiz(FILE)
    refused("quiz", read_settings, {"quiz": 1})
    refused("quiz", read_settings, {"quiz": ["pledge"]})
    refused("duplicate", ExerciseSettings, quiz=(*read_quiz(), read_quiz()[0]))


def test_an_exercise_of_before_has_none(tmp_path: Path) -> None:
    stored = json.loads(ExerciseSettings().to_json())
    del stored["quiz"]
    assert ExerciseSettings.from_json(json.dumps(stored)) == ExerciseSettings()
    plain = lesson(tmp_path, US, groups=1)
    assert plain.seat(*US).quiz is None
    assert plain.teacher().quiz is None
    refused("has no quiz", plain.room.answer_quiz, plain.tokens[US], {})


# When it may be answered


def test_it_is_answered_once_before_round_1_and_once_after_the_end(one: Lesson) -> None:
    answer = one.room.answer_quiz
    assert asked(one, US) == "before"
    answer(one.tokens[US], WRONG)
    assert asked(one, US) is None
    assert asked(one, GHANI) == "before"
    refused("already", answer, one.tokens[US], KEY)
    one.open()
    one.play()
    assert asked(one, GHANI) is None
    refused("before round 1 and after the end", answer, one.tokens[GHANI], KEY)


def test_a_round_that_opens_takes_the_quiz_from_no_phone(one: Lesson) -> None:
    """Who was in the quiz may send it until round 1 is played; who joins later, or has sent it, is not asked."""
    answer, moment = one.room.answer_quiz, one.seat(*GHANI).moment
    answer(one.tokens[US], WRONG)
    one.open()
    late = one.room.join(one.codes[1, "abdullah"]).token
    assert [asked(one, place) for place in (US, GHANI, TALIBAN)] == [None, "before", "before"]
    answer(one.tokens[GHANI], KEY, at=moment)
    assert [item.before for item in items(one, GHANI)] == list(KEY.values())
    assert asked(one, GHANI) is None
    refused("already", answer, one.tokens[GHANI], WRONG)
    refused("before round 1 and after the end", answer, late, KEY)
    one.room.close(one.secret)
    answer(one.tokens[TALIBAN], {})
    one.room.open_round(one.secret)
    assert asked(one, TALIBAN) is None
    view = one.teacher().quiz
    assert view is not None
    assert view.counts[0].before == 3


def test_after_the_end_it_is_asked_again(over: Lesson) -> None:
    assert [asked(over, place) for place in (US, GHANI, TALIBAN)] == ["after"] * 3
    over.room.answer_quiz(over.tokens[US], KEY)
    assert asked(over, US) is None
    refused("already", over.room.answer_quiz, over.tokens[US], KEY)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"pledg": 1}, "did you mean pledge?"),
        ({"pledge": 0}, "1 to 3"),
        ({"pledge": 4}, "1 to 3"),
        ({"pledge": "1"}, "must be a number"),
        ({"pledge": True}, "must be a number"),
        ({1: 1}, "not text"),
        ([1, 2], "must be a table"),
        (None, "must be a table"),
    ],
)
def test_answers_that_cannot_be(one: Lesson, answers: Any, words: str) -> None:
    before = one.room.version(one.exercise)
    refused(words, one.room.answer_quiz, one.tokens[US], answers)
    assert one.room.version(one.exercise) == before


def test_going_back_keeps_what_was_known_before(over: Lesson) -> None:
    over.room.answer_quiz(over.tokens[GHANI], KEY)
    over.room.rewind(over.secret, 1)
    assert [one.before for one in items(over, US)] == list(KEY.values())
    assert asked(over, TALIBAN) is None, "round 1 was played before"
    refused("before round 1 and after the end", over.room.answer_quiz, over.tokens[TALIBAN], KEY)
    for _ in range(2):
        over.open()
        over.play()
    assert asked(over, GHANI) == "after", "the end comes again"


def test_what_was_chosen_for_another_time_is_not_sent(over: Lesson) -> None:
    refused("the round has changed", lambda: over.room.answer_quiz(over.tokens[US], KEY, at=(0, 1)))


def test_an_event_comes_back_as_it_was() -> None:
    act = Quizzed("before", FrozenMap({"pledge": 3}))
    assert read_act("quizzed", write_act(act)) == act


# Who sees what


def test_no_phone_has_the_right_answers_before_the_student_has_answered_after_the_end(one: Lesson) -> None:
    one.room.answer_quiz(one.tokens[US], KEY)
    reasons = [question.because for question in read_quiz()]
    shown = repr(one.seat(*US).quiz)
    assert not [reason for reason in reasons if reason in shown]
    assert {item.correct for item in items(one, US)} == {None}


def test_afterwards_a_phone_says_what_was_right_and_why(over: Lesson) -> None:
    over.room.answer_quiz(over.tokens[US], WRONG)
    found = items(over, US)
    assert {one.question: one.correct for one in found} == KEY
    assert quiz._score(found) == "0 of 6 right; before round 1 it was 6"
    explained = quiz._explained(found[0])
    assert found[0].because in explained
    assert "(S4)" in explained
    assert "you said: They were fewer, as agreed" in explained
    over.room.answer_quiz(over.tokens[TALIBAN], {})
    found = items(over, TALIBAN)
    assert quiz._score(found) == "0 of 6 right", "who was not there before is not counted as ignorant"
    assert "you did not know" in quiz._explained(found[0])


def test_the_desk_says_how_many_knew_each_answer(over: Lesson) -> None:
    room, tokens = over.room, over.tokens
    room.answer_quiz(tokens[US], {**KEY, "pledge": WRONG["pledge"]})
    room.answer_quiz(tokens[GHANI], {"attacks": KEY["attacks"]})
    room.answer_quiz(tokens[TALIBAN], KEY)
    view = over.teacher().quiz
    assert view is not None
    by_name = {one.question: one for one in view.counts}
    shown = [
        (one.right_before, one.before, one.right_after, one.after, one.gained, one.lost)
        for one in (by_name["attacks"], by_name["pledge"])
    ]
    assert shown == [(1, 2, 3, 3, 1, 0), (1, 2, 1, 3, 0, 1)]
    page = quiz.counts(view)
    assert "<td>1 of 2</td><td>3 of 3</td><td>1</td><td>0</td>" in page
    assert (
        quiz.progress(view, desk._students(over.teacher()))
        == "The quiz after the end: answered by 3 of 3 students who have joined."
    )
    room.remove(over.secret, over.seat(*TALIBAN).student)
    view = over.teacher().quiz
    assert view is not None
    assert view.answered == 2


def test_each_students_row_has_both(over: Lesson) -> None:
    over.room.answer_quiz(over.tokens[GHANI], {"attacks": KEY["attacks"]})
    rows = list(csv.DictReader(io.StringIO(student_rows(over.room.students(over.secret)).decode())))
    shown = [(row["quiz_before"], row["quiz_after"], row["quiz_questions"], row["rounds"]) for row in rows]
    assert shown == [("6", "", "6", "0"), ("0", "1", "6", "0"), ("", "", "6", "0")]


@pytest.mark.slow
def test_who_answers_the_quiz_changes_no_world(over: Lesson, tmp_path: Path) -> None:
    folder = tmp_path / "nobody"
    folder.mkdir()
    nobody = lesson(folder, groups=1, rounds=2, questions=0)
    for _ in range(2):
        nobody.open()
        nobody.play()
    ours, theirs = (one.room._log.state(one.exercise) for one in (over, nobody))
    assert group_scenario(ours, 1, 2).hash() == group_scenario(theirs, 1, 2).hash()


def test_words_of_a_teachers_own_quiz_are_no_markup() -> None:
    evil = "<script>alert(1)</script>"
    item = QuizItem("one", evil, (evil, "b"), None, 2, 1, evil, evil)
    assert "<script" not in quiz._explained(item)
    assert "&lt;script&gt;" in quiz._explained(item)
