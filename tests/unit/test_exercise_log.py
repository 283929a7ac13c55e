"""The log: time that the computer slept, rounds played by other rules, which exercise was used last, two futures."""

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sim.cli import class_
from sim.exercise import review_page
from sim.exercise.act_json import read_act
from sim.exercise.events import RULES
from sim.exercise.lever_terms import usual_bound
from sim.exercise.review_tables import csv_files
from sim.exercise.row_seal import seal
from sim.exercise.service import Classroom
from sim.inputs.scenario_reader import load_scenario
from tests.app.command import jirga
from tests.unit.classroom import Lesson, lesson, refused

US, GHANI, TALIBAN = (1, "us"), (1, "ghani"), (1, "taliban")


@pytest.mark.slow
def test_time_for_which_the_computer_slept_does_not_count(tmp_path: Path) -> None:
    one = lesson(tmp_path, US, minutes=10)
    one.room.tick()
    one.open()
    before = one.teacher().deadline
    assert before is not None
    for _ in range(60):  # awake
        one.clock.now += 1
        one.room.tick()
    assert one.teacher().deadline == before
    one.clock.now += 3600  # the lid was closed; the first to ask is a phone, not the watch
    assert one.seat(*US).phase == "open"
    assert one.teacher().deadline == before + 3600
    one.room.order(one.tokens[US], "us.withdrawal", 10)
    for _ in range(550):
        one.clock.now += 1
        one.room.tick()
    assert one.teacher().phase == "closed"
    one.clock.now += 3600
    one.room.tick()
    assert one.teacher().phase == "closed", "sleep opens nothing"


@pytest.mark.slow
def test_sleep_moves_neither_a_stopped_clock_nor_a_round_that_was_up_before(tmp_path: Path) -> None:
    one = lesson(tmp_path, US, minutes=10)
    one.room.tick()
    one.open()
    one.room.freeze(one.secret)
    deadline = one.teacher().deadline
    one.clock.now += 3600
    one.room.tick()
    assert (one.teacher().deadline, one.teacher().frozen) == (deadline, True)
    one.room.thaw(one.secret)
    for _ in range(598):
        one.clock.now += 1
        one.room.tick()
    one.clock.now += 5  # nobody asks in the last seconds
    one.room.tick()
    one.clock.now += 3600
    assert one.teacher().phase == "closed"


def with_bodies(one: Lesson, kind: str, body: str) -> None:
    """Write the body of the events of a kind anew, as an earlier version did, with the checksums that follow."""
    with closing(sqlite3.connect(one.room._book.path)) as db:
        rows = db.execute("SELECT rowid, * FROM event ORDER BY seq").fetchall()
        before = ""
        for number, *values in rows:
            row = [*values[:-2], body if values[3] == kind else values[-2]]
            before = seal("event", row, before)
            db.execute("UPDATE event SET body = ?, seal = ? WHERE rowid = ?", (row[-1], before, number))
        db.commit()


@pytest.mark.slow
def test_rounds_of_other_rules_are_refused_in_one_line_and_exercises_without_any_open(tmp_path: Path) -> None:
    one = lesson(tmp_path, US, GHANI)
    unplayed = one.room.create(one.teacher().settings)
    one.open()
    one.play()
    with_bodies(one, "played", "{}")
    file = one.room._book.path
    one.room.leave()
    again = Classroom(file)
    words = "a round was played by rules 1 of the exercise"
    refused(words, again.teacher, one.secret)
    assert again.teacher(unplayed.secret).played == 0
    assert [words in str(error) for error in again.unreadable()] == [True]
    shown = jirga("exercise", "list", file, "--json")
    assert [row["exercise"] for row in json.loads(shown.stdout)] == [unplayed.exercise]
    assert words in " ".join(shown.stderr.split())


def test_what_an_earlier_version_logged_can_be_read() -> None:
    offer = '{"to": "us", "give": {"kabul.ghani.offer": 1500.0}, "take": {}, "rounds": 1, "note": "", "answers": null}'
    proposed = read_act("proposed", offer)
    assert dict(proposed.bounds) == {}  # type: ignore[union-attr]
    assert usual_bound("kabul.ghani.offer") == "at least"
    assert read_act("played", "{}").rules == 1  # type: ignore[union-attr]
    assert RULES > 1


@pytest.mark.slow
def test_a_restart_leads_the_exercise_that_was_used_last_and_no_copy_that_nobody_has_used(tmp_path: Path) -> None:
    one = lesson(tmp_path, US)
    one.open()
    one.play()
    one.clock.now += 60
    made = one.room.fork(one.secret, 2)
    assert class_.exercise(one.room, None, new=False).exercise == one.exercise
    assert [row.exercise for row in one.room.listed()] == [one.exercise, made.exercise]
    one.clock.now += 60
    one.room.join(made.codes[US])
    assert class_.exercise(one.room, None, new=False).exercise == made.exercise
    one.clock.now += 60
    one.room.rewind(one.secret, 1)
    assert class_.exercise(one.room, None, new=False).exercise == one.exercise, "going back is a use too"
    assert class_.named_exercise(one.room, made.exercise).secret == made.secret
    refused("no such exercise", class_.named_exercise, one.room, "nothing")


@pytest.fixture(scope="module")
def gone_back(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    """Two rounds of full violence, then back before round 1 and two without."""
    one = lesson(tmp_path_factory.mktemp("class"), TALIBAN, groups=1, rounds=2, worlds=16, questions=0)
    for value in (4.0, 0.0):
        for _ in (1, 2):
            one.open()
            one.room.order(one.tokens[TALIBAN], "taliban.intensity", value)
            one.play()
        if value:
            one.room.rewind(one.secret, 1)
            assert one.seat(*TALIBAN).back == 1, "the phone says so"
    return one


@pytest.mark.slow
def test_the_review_keeps_the_future_that_was_left(gone_back: Lesson) -> None:
    assert gone_back.seat(*TALIBAN).back == 0, "no longer after the round was played"
    review = gone_back.room.review(gone_back.secret)
    attacks = next(one for one in review.futures if one.label == "Taliban attacks, total")
    assert (attacks.back, attacks.through, attacks.group) == (1, 2, 1)
    first, now = (float(text.replace(",", "")) for text in (attacks.first, attacks.now))
    assert first > 2 * now
    assert now == review.own[1].outcomes["attacks"].item()
    assert "Before the class went back to round 1" in review_page.page(review)
    rows = list(csv.DictReader(io.StringIO(csv_files(review)["futures.csv"].decode())))
    assert len(rows) == len(review.futures)


@pytest.mark.slow
def test_the_hash_in_the_review_is_that_of_the_exported_file(gone_back: Lesson, tmp_path: Path) -> None:
    review = gone_back.room.review(gone_back.secret)
    ((name, text),) = gone_back.room.export(gone_back.secret).items()
    file = tmp_path / name
    file.write_text(text)
    assert load_scenario(file).hash() == review.hashes[1]
    assert review.hashes[1] in jirga("check", file).stdout
    assert review.hashes[1][:12] in review_page.page(review)


@pytest.mark.slow
def test_the_last_event_of_a_group_counts_what_the_teacher_does_and_not_what_other_groups_do(tmp_path: Path) -> None:
    one = lesson(tmp_path, (1, "us"), (2, "us"), groups=2)
    one.open()
    opened = one.room.version(one.exercise)
    assert [one.room.version(one.exercise, group) for group in (1, 2)] == [opened, opened]
    one.room.order(one.tokens[2, "us"], "us.withdrawal", 10, "round")
    assert [one.room.version(one.exercise, group) for group in (None, 1, 2)] == [opened + 1, opened, opened + 1]
    one.play()
    assert one.room.version(one.exercise, 1) == one.room.version(one.exercise) > opened + 1
