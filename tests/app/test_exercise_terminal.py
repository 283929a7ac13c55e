"""The terminal's quiz before and after, and a round that is played by itself at a day and time."""

import datetime as dt
from pathlib import Path

import pytest

from sim.exercise.service import Classroom
from tests.app.command import ERROR, jirga, succeed

NO_QUIZ = 'groups = 1\nrounds = 2\nweeks = 2\nworlds = 16\nquestions = 0\nseats = ["us"]\n'
SETTINGS = f"quiz = true\n{NO_QUIZ}"


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    found = tmp_path / "lesson.toml"
    found.write_text(SETTINGS)
    return found


@pytest.mark.slow
def test_the_quiz_is_answered_before_and_on_another_day_after(lesson: Path) -> None:
    file = lesson.with_name("class.sqlite")
    refused = jirga("exercise", "play", lesson, stdin="briefing\n")
    assert refused.exit_code == ERROR
    assert "line 1: the briefing would give answers to the quiz: answer that first" in " ".join(refused.stderr.split())
    found = succeed(
        "exercise", "play", lesson, "--file", file, stdin="quiz\nquiz pledge=1 attacks=2\nbriefing\nplay\nplay\n"
    )
    assert found.count("There is a quiz") == 2, "before round 1, and after the end"
    assert "Answer with quiz NAME=NUMBER" in found
    assert "Right:" not in found
    after = succeed("exercise", "play", "--file", file, stdin="quiz none\n")
    assert after.count("Right: ") == 6
    assert "(you did not know)" in after
    classroom = Classroom(file)
    (record,) = classroom.students(classroom.secret(classroom.listed()[0].exercise))
    assert (record.quiz_before is not None, record.quiz_after) == (True, 0), "the same student"
    classroom.leave()


@pytest.mark.parametrize(
    ("move", "words"),
    [
        ("quiz pledge=9", "pledge"),
        ("quiz prize=1", "no such question"),
        ("quiz pledge", "pledge"),
        ("until tomorrow", "expected until DATE TIME [play], or until never"),
        ("until 2020-01-01 18:00", "is in the past"),
        ("until 2020-01-01 18:00 now", "not understood"),
    ],
)
def test_what_is_mistyped_is_one_clear_error(lesson: Path, move: str, words: str) -> None:
    done = jirga("exercise", "play", lesson, stdin=f"{move}\n")
    assert done.exit_code == ERROR
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_there_may_be_no_quiz(lesson: Path) -> None:
    lesson.write_text(NO_QUIZ)
    done = jirga("exercise", "play", lesson, stdin="quiz\n")
    assert "this exercise has no quiz" in done.stderr


def test_the_time_zone_is_an_option(lesson: Path) -> None:
    lesson.write_text(NO_QUIZ)
    zone = ("--time-zone", "Europe/Paris")
    soon = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=3)
    found = succeed("exercise", "play", lesson, *zone, stdin=f"until {soon} 18:00\n")
    assert f"{soon.day} {soon:%b %Y}, 18:00 (Europe/Paris)" in " ".join(found.split())
    done = jirga("exercise", "play", "--time-zone", "Europe/Pariss", stdin="")
    assert done.exit_code == ERROR
    assert done.stderr.endswith("no such time zone (expected such as Europe/Berlin); did you mean Europe/Paris?\n")


@pytest.mark.slow
def test_a_round_is_played_by_itself_when_its_time_has_come(lesson: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lesson.write_text(f'time_zone = "Europe/Berlin"\n{NO_QUIZ}')
    now = [dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC).timestamp()]
    monkeypatch.setattr(Classroom.__init__, "__kwdefaults__", {"clock": lambda: now[0], "guard": None})
    begin = Classroom.until

    def until(self: Classroom, *given: str, **named: bool) -> None:
        begin(self, *given, **named)  # type: ignore[arg-type]
        now[0] += 3 * 24 * 3600

    file = lesson.with_name("class.sqlite")
    set_ = succeed("exercise", "play", lesson, "--file", file, stdin="until 2026-12-03 18:00 play\n")
    assert "Round 1 closes on Thursday 3 Dec 2026, 18:00 (Europe/Berlin), and is then played by itself." in " ".join(
        set_.split()
    )
    never = succeed("exercise", "play", "--file", file, stdin="until never\n")
    assert "closes on Thursday" in never, "the game that is resumed says so"
    assert "No deadline." in never
    monkeypatch.setattr(Classroom, "until", until)
    done = jirga("exercise", "play", "--file", file, stdin="until 2026-12-03 18:00 play\norder withdrawal 10\n")
    assert "round 2 of 2" in done.stdout, "the round is shown, and the next one open"
    assert "line 2: the deadline has passed and the round was played: check your move and type it again" in " ".join(
        done.stderr.split()
    )
