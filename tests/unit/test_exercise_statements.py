"""Public statements: when a seat may make one, who sees it, and that it changes nothing."""

import csv
import io
from pathlib import Path

import pytest

from sim.exercise.act_json import read_act, write_act
from sim.exercise.events import Stated
from sim.exercise.review_page import page
from sim.exercise.review_tables import csv_files
from sim.exercise.rounds import group_scenario
from sim.exercise.statements import LONGEST
from sim.exercise.watch_views import WatchView
from tests.unit.classroom import Lesson, copied, lesson, refused

US, GHANI, OTHER, PRESS = (1, "us"), (1, "ghani"), (2, "us"), (0, "press")
EVIL = "<b>Peace</b> & =1+1"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    """Round 1 of two is open."""
    folder = tmp_path_factory.mktemp("made")
    found = lesson(folder, US, GHANI, OTHER, PRESS, rounds=2, questions=0, press="class")
    found.open()
    return found


@pytest.fixture
def one(made: Lesson, tmp_path: Path) -> Lesson:
    return copied(made, tmp_path, known=False)  # each test plays round 1 with other orders


def heard(one: Lesson, group: int = 1) -> list[tuple[int, str, str]]:
    return [(said.round, said.seat, said.text) for said in one.teacher().groups[group - 1].statements]


def test_everybody_of_the_group_sees_it_under_the_name_of_the_seat(one: Lesson) -> None:
    one.room.statement(one.tokens[US], "We leave by May.")
    wanted = [(1, "us", "We leave by May.")]
    assert heard(one) == wanted
    for place in (US, GHANI):
        assert [(said.round, said.seat, said.text) for said in one.seat(*place).statements] == wanted
    watched = one.room.look(one.tokens[PRESS])
    assert isinstance(watched, WatchView)
    assert [len(group.statements) for group in watched.groups] == [1, 0]
    assert one.seat(*OTHER).statements == (), "another group does not"


def test_one_per_seat_and_round_which_can_be_replaced_until_the_round_is_played(one: Lesson) -> None:
    say, us, ghani = one.room.statement, one.tokens[US], one.tokens[GHANI]
    say(ghani, "No release.")
    say(us, "First")
    say(us, "Second")
    assert heard(one) == [(1, "us", "Second"), (1, "ghani", "No release.")], "in the order of the seats"
    say(ghani, "")
    one.room.close(one.secret)
    say(us, "Third")
    assert heard(one) == [(1, "us", "Third")]
    at = one.seat(*US).moment
    one.play()
    refused("not open yet", say, us, "Too early")
    one.open()
    refused("the round has changed", say, us, "Too late", at=at)
    say(us, "Fourth")
    assert heard(one) == [(2, "us", "Fourth"), (1, "us", "Third")]
    one.room.rewind(one.secret, 2)
    assert heard(one) == [(1, "us", "Third")], "and going back keeps what was said before"


def test_what_cannot_be_said(one: Lesson) -> None:
    say, us = one.room.statement, one.tokens[US]
    refused(f'statement = "{"x" * 20}', say, us, "x" * (LONGEST + 1))
    refused("plain text", say, us, "Two\nlines")
    refused("only watches", say, one.tokens[PRESS], "We saw")
    say(us, "x" * LONGEST)
    one.room.freeze(one.secret)
    refused("frozen", say, us, "Still here")


@pytest.mark.slow
def test_it_changes_no_scenario_and_stands_in_the_review_beside_the_offers(one: Lesson) -> None:
    us, ghani = one.tokens[US], one.tokens[GHANI]
    before = group_scenario(one.room._log.state(one.exercise), 1, 1)
    one.room.statement(us, EVIL)
    offer = one.room.propose(us, "ghani", {"us.aid_cut": 0.0}, {"kabul.ghani.pace": 100.0})
    one.room.statement(ghani, "We release nobody.")
    assert group_scenario(one.room._log.state(one.exercise), 1, 1) == before
    one.room.answer(ghani, offer, "accept")
    one.room.order(ghani, "kabul.ghani.pace", 0.0)
    one.play()
    review = one.room.review(one.secret)
    assert [(line.kind, line.who, line.became) for line in review.time_line] == [
        ("statement", "The United States", ""),
        ("offer", "The United States to Ghani's camp", "a deal"),
        ("statement", "Ghani's camp", ""),
        ("broken promise", "Ghani's camp", "promised: Releases per day: at least 100 people/day"),
    ]
    shown = page(review)
    assert "What was said, and what was promised" in shown
    assert "“&lt;b&gt;Peace&lt;/b&gt; &amp; =1+1”" in shown
    rows = list(csv.DictReader(io.StringIO(csv_files(review)["time_line.csv"].decode())))
    assert [row["text"] for row in rows][:1] == [EVIL]
    assert {one.seat: one.statements for one in review.students if one.group == 1} == {
        "The United States": 1,
        "Ghani's camp": 1,
    }


def test_it_is_in_the_log_as_it_was_said() -> None:
    assert read_act("stated", write_act(Stated(EVIL))) == Stated(EVIL)
