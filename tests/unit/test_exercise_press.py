"""The press and observers: who may write a headline, who sees it, and that it changes nothing."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from sim.exercise.act_json import read_act, write_act
from sim.exercise.events import Headlined
from sim.exercise.export import exported
from sim.exercise.headline import Headline
from sim.exercise.press import LONGEST
from sim.exercise.review_page import page
from sim.exercise.review_tables import csv_files
from sim.exercise.rounds import group_scenario
from sim.exercise.settings import ExerciseSettings, read_settings
from sim.exercise.watch_views import WatchView
from sim.inputs.scenario_reader import load_scenario
from tests.unit.classroom import Lesson, copied, lesson, refused

US, PRESS, OTHER, WATCHES = (1, "us"), (0, "press"), (2, "press"), (0, "observer")
EVIL = "<b>Peace</b> & =1+1"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    """Round 1 of two is played; the press of the class, an observer and the United States are there."""
    folder = tmp_path_factory.mktemp("made")
    found = lesson(folder, US, PRESS, WATCHES, rounds=2, questions=0, press="class", observers=True)
    found.open()
    found.room.order(found.tokens[US], "us.withdrawal", 80.0)
    found.play()
    return found


@pytest.fixture
def one(made: Lesson, tmp_path: Path) -> Lesson:
    return copied(made, tmp_path)


def watched(one: Lesson, place: tuple[int, str]) -> WatchView:
    found = one.room.look(one.tokens[place])
    assert isinstance(found, WatchView)
    return found


def written(one: Lesson) -> list[tuple[int, int, str]]:
    return [(said.round, said.group, said.text) for said in one.teacher().headlines]


# Settings


def test_it_is_off_unless_it_is_set() -> None:
    stored = json.loads(ExerciseSettings().to_json())
    for name in ("press", "observers"):
        del stored[name]
    assert ExerciseSettings.from_json(json.dumps(stored)) == ExerciseSettings()
    assert all(group for group, _ in ExerciseSettings().places)
    refused("press", read_settings, {"press": "one"})
    refused("expected one of none, class, groups", read_settings, {"press": True})
    refused("observers", read_settings, {"observers": "yes"})


@pytest.mark.parametrize(("press", "found"), [("none", []), ("class", [0]), ("groups", [1, 2, 3])])
def test_the_teacher_chooses_whose_press_it_is(tmp_path: Path, press: str, found: list[int]) -> None:
    one = lesson(tmp_path, groups=3, press=press, seats=("us",))
    assert [group for group, _ in one.teacher().watchers] == found
    assert len(one.codes) == 3 + len(found)
    assert one.room.listed()[0].exercise == one.exercise, "no code is missing"


# Who writes


@pytest.mark.slow
def test_the_latest_headline_of_a_round_counts(one: Lesson) -> None:
    for words in ("First", "Second"):
        one.room.headline(one.tokens[PRESS], words)
    assert written(one) == [(1, 0, "Second")]
    one.room.headline(one.tokens[PRESS], "")
    assert written(one) == []
    one.room.headline(one.tokens[PRESS], "Third")
    one.open()
    one.play()
    one.room.headline(one.tokens[PRESS], "The end")
    assert written(one) == [(2, 0, "The end"), (1, 0, "Third")]


@pytest.mark.slow
def test_going_back_keeps_the_headlines_of_the_rounds_before(one: Lesson) -> None:
    one.room.headline(one.tokens[PRESS], "After one")
    one.open()
    one.play()
    one.room.headline(one.tokens[PRESS], "After two")
    one.room.rewind(one.secret, 2)
    assert written(one) == [(1, 0, "After one")]
    copy = one.room.fork(one.secret, 2)
    assert [said.text for said in one.room.teacher(copy.secret).headlines] == ["After one"]
    one.room.rewind(one.secret, 1)
    assert written(one) == []


def test_only_the_press_writes_and_only_plain_text_of_some_length(one: Lesson) -> None:
    refused("only the press writes headlines", one.room.headline, one.tokens[US], "We won")
    refused("only the press writes headlines", one.room.headline, one.tokens[WATCHES], "We saw")
    refused(f'headline = "{"x" * 20}', one.room.headline, one.tokens[PRESS], "x" * (LONGEST + 1))
    refused("plain text", one.room.headline, one.tokens[PRESS], "Two\nlines")
    refused("headline = 3: must be text", one.room.headline, one.tokens[PRESS], 3)
    one.room.headline(one.tokens[PRESS], "x" * LONGEST)
    one.room.freeze(one.secret)
    refused("frozen", one.room.headline, one.tokens[PRESS], "Still here")


def test_who_watches_plays_no_part(one: Lesson) -> None:
    one.open()
    for place in (PRESS, WATCHES):
        token = one.tokens[place]
        for act, given in (
            (one.room.order, ("us.withdrawal", 10.0)),
            (one.room.probable, ("us.withdrawal", 10.0)),
            (one.room.withdraw_order, ("us.withdrawal",)),
            (one.room.propose, ("us", {}, {})),
            (one.room.answer, (1, "accept")),
            (one.room.predict, ("attacks", 0.5)),
        ):
            refused("only watches", act, token, *given)
        refused("only watches", one.room.seat, token)
    refused("to", one.room.propose, one.tokens[US], "press", {"us.withdrawal": 1.0}, {})


def test_who_watches_sees_what_everybody_in_the_groups_knows(one: Lesson) -> None:
    one.open()
    one.room.order(one.tokens[US], "us.restraint", 0.123)
    view = watched(one, PRESS)
    assert [group.group for group in view.groups] == [1, 2]
    assert view.groups[0].situation == one.seat(*US).situation
    assert view.groups[0].news == one.seat(*US).news
    assert "0.123" in repr(one.seat(*US))
    assert "0.123" not in repr(view), "no order before it is played"


def test_the_press_of_a_group_sees_only_that_group(tmp_path: Path) -> None:
    one = lesson(tmp_path, US, OTHER, press="groups", questions=0)
    one.room.headline(one.tokens[OTHER], "Nothing yet")
    assert [group.group for group in watched(one, OTHER).groups] == [2]
    assert one.seat(*US).headlines == (Headline(0, 2, "Nothing yet"),), "all phones show it"
    assert one.seat(*US).headlines[0].source == "The press of group 2"
    view = one.teacher()
    assert {place: seat.present for place, seat in view.watchers} == {1: 0, 2: 1}


# What is kept of it


@pytest.mark.slow
def test_no_headline_changes_a_bit_of_any_world(made: Lesson, one: Lesson) -> None:
    before = made.room.review(made.secret)
    one.room.headline(one.tokens[PRESS], EVIL)
    after = one.room.review(one.secret)
    assert before.hashes == after.hashes
    assert all(
        np.array_equal(before.own[group].arrays[name], after.own[group].arrays[name])
        for group in before.own
        for name in before.own[group].arrays
    )
    state, other = (each.room._log.state(each.exercise) for each in (made, one))
    assert group_scenario(state, 1, 1) == group_scenario(other, 1, 1)


@pytest.mark.slow
def test_it_stands_in_the_review_the_tables_and_the_scenario_file(one: Lesson, tmp_path: Path) -> None:
    one.room.headline(one.tokens[PRESS], EVIL)
    review = one.room.review(one.secret)
    assert "&lt;b&gt;Peace&lt;/b&gt; &amp; =1+1" in page(review)
    assert "<b>Peace" not in page(review)
    (row,) = csv.DictReader(io.StringIO(csv_files(review)["headlines.csv"].decode()))
    assert row == {"round": "1", "group": "0", "text": EVIL}
    comma = csv_files(review, "comma")["headlines.csv"].decode("utf-8-sig")
    assert list(csv.DictReader(io.StringIO(comma), delimiter=";")) == [row]
    state = one.room._log.state(one.exercise)
    for name, text in one.room.export(one.secret).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        back = load_scenario(tmp_path / name)
        assert f"After round 1: The press: {EVIL}" in back.notes
        group = int(name.removesuffix(".toml")[-1])
        assert back.hash() == exported(state, group).hash() == review.hashes[group]
    assert read_act("headlined", write_act(Headlined(1, EVIL))) == Headlined(1, EVIL)


@pytest.mark.slow
def test_a_spreadsheet_runs_no_headline(one: Lesson) -> None:
    one.room.headline(one.tokens[PRESS], "=1+1")
    (row,) = csv.DictReader(io.StringIO(csv_files(one.room.review(one.secret))["headlines.csv"].decode()))
    assert row["text"] == "'=1+1"
