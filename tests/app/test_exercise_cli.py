"""`jirga exercise`: the game on a terminal, and what is kept of it."""

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.exercise.service import Classroom
from sim.exercise.worlds import group_history
from sim.schema.series import SERIES
from tests.app.command import ERROR, fail, jirga, succeed

pytestmark = pytest.mark.slow

GAME = """
# two seats, two rounds
seat us
order withdrawal 80 always
order restraint 40%
propose ghani give aid_cut==0 take pace=200 review=no for 2
seat ghani
accept {deal}
order offer 3000
predict {question} 70%
briefing
inject rumour
play
seat ghani
news
order pace 5
play
"""
SHORT = ("--rounds", "2", "--weeks", "2", "--seats", "us,ghani", "--seed", "3")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A game that was played to its end, and what the screen said."""
    file = tmp_path_factory.mktemp("game") / "class.sqlite"
    lesson = file.with_name("lesson.toml")
    lesson.write_text('title = "A lesson"\nworld = 3\ngroups = 1\nworlds = 16\n')
    said = succeed("exercise", "play", lesson, "--file", file, *SHORT, stdin="look\n")
    question = "attacks" if "attacks:" in said else "first_release"
    deal = Classroom(file).version(Classroom(file).listed()[0].exercise) + 3  # two orders, the proposal
    return file, succeed("exercise", "play", "--file", file, stdin=GAME.format(deal=deal, question=question))


def test_a_game_from_a_script(played: tuple[Path, str]) -> None:
    _, said = played
    assert "Brier score so far" in said
    assert "A tool for thinking about mechanisms, not a forecast." in said
    assert "You hold the palace in Kabul" in said
    assert "Ordered: Restraint in the air: 40 %" in said
    assert "What your side wants, and where it stands" in said
    assert "is broken: Releases per day: 5 people/day" in " ".join(said.split())
    assert "Type review DIR for the joint review" in said


def test_one_student_plays_against_the_model(tmp_path: Path) -> None:
    file = tmp_path / "class.sqlite"
    said = succeed(
        "exercise", "play", "--file", file, "--rounds", "2", "--weeks", "2", "--seats", "ghani", "--fill",
        stdin="propose abdullah take share_asked<=100%\npropose taliban give offer=10\nlook\n",
    )  # fmt: skip
    said = " ".join(said.split())
    assert "Abdullah's camp accepts: by its own rules it would do this by 23 Mar in 16 of 16 worlds." in said
    assert "The Taliban leadership declines: by name, the prisoners that you offer count as 8 people" in said
    assert ": Ghani's camp gives nothing; Abdullah's camp gives Share of power asked: at most 100 %" in said
    again = jirga("exercise", "play", "--file", file, stdin="fill\n")
    assert again.exit_code == ERROR
    assert "the model answers offers already" in again.stderr


def test_the_export_runs_to_the_same_world(played: tuple[Path, str], tmp_path: Path) -> None:
    file, _ = played
    succeed("exercise", "export", file, "--out", tmp_path)
    (plan,) = tmp_path.glob("*.toml")
    succeed("run", plan, "--out", tmp_path / "run", "--no-charts")
    room = Classroom(file)
    own = group_history(room._engine, room._log.state(room.listed()[0].exercise), 1, 2).results
    days = pq.read_table(tmp_path / "run" / "days.parquet").to_pydict()
    last = [place for place, world in enumerate(days["world"]) if world == own.first]
    assert len(last) == own.days
    for name in SERIES:
        np.testing.assert_array_equal(np.array([days[name][place] for place in last], np.float32), own.arrays[name][0])


def test_the_review_is_written_whole(played: tuple[Path, str], tmp_path: Path) -> None:
    file, _ = played
    succeed("exercise", "review", file, "--out", tmp_path / "review")
    names = {path.name for path in (tmp_path / "review").iterdir()}
    assert {"review.html", "worlds.csv", "decisions.csv", "forecasts.csv"} <= names
    assert "already exists" in fail("exercise", "review", file, "--out", tmp_path / "review")


def test_a_file_of_exercises_is_listed_and_emptied(tmp_path: Path) -> None:
    file = tmp_path / "class.sqlite"
    succeed("exercise", "play", "--file", file, *SHORT, stdin="")
    (row,) = json.loads(succeed("exercise", "list", file, "--json"))
    assert (row["title"], row["groups"], row["played"], row["rounds"]) == ("Class exercise", 1, 0, 2)
    assert row["exercise"] in succeed("exercise", "list", file)
    assert "nothing to export" in fail("exercise", "export", file)
    assert "no such exercise" in fail("exercise", "delete", file, "nothing", "--yes")
    succeed("exercise", "delete", file, row["exercise"], "--yes")
    assert json.loads(succeed("exercise", "list", file, "--json")) == []
    assert "no exercise in this file" in fail("exercise", "review", file)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("fly\n", "line 1: "),
        ("\nseat pakistan\n", "line 2: "),
        ("order withdrawal\n", "order LEVER VALUE"),
        ("order withdrawal 10 maybe\n", "always, or nothing"),
        ("order withdrawl 10\n", "did you mean us.withdrawal?"),
        ("order withdrawal 1e9\n", "out of bounds"),
        ("order withdrawal soon\n", "must be a number, or yes or no"),
        ("propose taliban give withdrawal=1\n", "nobody holds that seat"),
        ("propose mars give withdrawal=1\n", "not a valid choice"),
        ("propose ghani withdrawal=1\n", "give L=V"),
        ("accept all\n", "whole number"),
        ("predict rain 10\n", "is not asked"),
        ("predict rain 0.3\n", "0.3% or 30%"),
        ("order restraint 40\n", "is a share: write it in per cent (expected 0% to 100%, such as 40%)"),
        ("recall 1\n", "cannot be taken back"),
        ("inject meteor\n", "no such card"),
        ("rewind 3\n", "out of bounds"),
        ("review nowhere\n", "nothing to review"),
        ("order 'withdrawal\n", "cannot be read"),
    ],
)
def test_a_wrong_move_ends_a_script_with_its_line(script: str, words: str) -> None:
    done = jirga("exercise", "play", *SHORT, stdin=script)
    assert done.exit_code == ERROR
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_settings_come_from_a_file_and_the_command(tmp_path: Path) -> None:
    file = tmp_path / "lesson.toml"
    file.write_text('title = "Tuesday"\nrounds = 2\nweeks = 2\ngroups = 1\nquestions = 0\n')
    assert "Tuesday: round 1 of 3" in succeed("exercise", "play", file, "--rounds", "3", stdin="help\nquit\nfly\n")
    file.write_text("rounds = 99\n")
    assert "lesson.toml: rounds = 99: out of bounds" in fail("exercise", "play", file)
    assert "no such file" in fail("exercise", "list", tmp_path / "none.sqlite")


def test_the_deck_is_told() -> None:
    assert "market-massacre" in succeed("exercise", "deck")
