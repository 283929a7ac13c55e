"""The page of the press and of observers, and where a headline is shown."""

import html
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.class_page import desk, phone, said, serve
from tests.app.command import ERROR, jirga, succeed
from tests.app.screen import sound
from tests.unit.classroom import Lesson, lesson

US, PRESS, WATCHES = (1, "us"), (0, "press"), (0, "observer")
EVIL = "Talks <b>soon</b>?"


@pytest.fixture
def one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    """An exercise before round 1, on the pages."""
    found = lesson(tmp_path, US, PRESS, WATCHES, questions=0, press="class", observers=True)
    serve(monkeypatch, found)
    return found


def publish(press: AppTest, words: str) -> None:
    """Type a headline and press the button."""
    press.text_area[0].input(words)
    next(found for found in press.button if found.label == "Publish").click()
    sound(press.run())


@pytest.mark.slow
def test_a_headline_is_written_on_a_phone_and_seen_on_all(one: Lesson) -> None:
    press = phone(one.tokens[PRESS])
    assert "all groups" in said(press)
    publish(press, f"  {EVIL} ")
    assert [found.text for found in one.teacher().headlines] == [EVIL]
    shown = "Talks &lt;b&gt;soon&lt;/b&gt;?"
    for page in (press, phone(one.tokens[US]), phone(one.tokens[WATCHES]), desk(one), desk(one, view="projector")):
        found = said(page)
        assert "<b>soon" not in found
        assert shown in found or page.segmented_control("projector-shows").value == "Join"
    one.open()
    assert shown in said(desk(one, view="projector"))


@pytest.mark.slow
def test_a_headline_too_long_is_one_clear_error_and_stays_in_the_field(one: Lesson) -> None:
    press = phone(one.tokens[PRESS])
    publish(press, "x" * 121)
    (error,) = press.error
    words = "The headline has 121 characters; at most 120 characters. It is still in the field."
    assert html.unescape(error.value) == words
    assert press.text_area[0].value == "x" * 121
    assert one.teacher().headlines == ()


def test_an_observer_reads_and_writes_nothing(one: Lesson) -> None:
    page = phone(one.tokens[WATCHES])
    assert not page.text_area
    assert "You watch." in said(page)


@pytest.mark.slow
def test_the_desk_shows_who_watches_and_their_codes(one: Lesson) -> None:
    found = said(desk(one))
    assert "Those who watch" in found
    assert "The press" in found
    for place in (PRESS, WATCHES):
        assert one.codes[place] in found


@pytest.mark.slow
def test_the_terminal_lists_the_seats_and_writes_a_headline(tmp_path: Path) -> None:
    settings = tmp_path / "lesson.toml"
    settings.write_text('press = "class"\ngroups = 1\nrounds = 2\nweeks = 2\nworlds = 16\nquestions = 0\n')
    moves = f'seats\nseat press\nheadline "{EVIL}"\nlook\nseat us\nlook\n'
    found = succeed("exercise", "play", settings, stdin=moves)
    assert re.search(r"press\W+all\W+The press\W+1\W+0\b", found)
    assert found.count(f"Before round 1: The press: {EVIL}") == 3, "as the press, and twice as the United States"
    done = jirga("exercise", "play", settings, stdin="headline Peace\n")
    assert done.exit_code == ERROR
    assert "line 1: only the press writes headlines" in done.stderr
