"""Public statements on the pages and in the terminal."""

import html
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.class_page import desk, phone, said, serve
from tests.app.command import succeed
from tests.app.screen import sound
from tests.unit.classroom import Lesson, lesson

US, TALIBAN, PRESS = (1, "us"), (1, "taliban"), (0, "press")
EVIL = "Talks <b>soon</b>?"
SHOWN = "“Talks &lt;b&gt;soon&lt;/b&gt;?”"


@pytest.fixture
def one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    """Round 1 is open, on the pages."""
    found = lesson(tmp_path, US, TALIBAN, PRESS, questions=0, press="class")
    found.open()
    serve(monkeypatch, found)
    return found


def say(page: AppTest, words: str) -> None:
    """Type a statement and press the button."""
    field(page).input(words)
    next(found for found in page.button if found.label == "Say it in public").click()
    sound(page.run())


def field(page: AppTest) -> Any:
    return next(found for found in page.text_area if found.label.startswith("Your statement in round"))


@pytest.mark.slow
def test_a_statement_is_written_on_a_phone_and_read_on_all(one: Lesson) -> None:
    us = phone(one.tokens[US])
    assert "Talk is cheap" in said(us)
    say(us, f"  {EVIL} ")
    assert [found.text for found in one.teacher().groups[0].statements] == [EVIL]
    other = phone(one.tokens[TALIBAN])
    assert said(other).count(SHOWN) == 2, "at the top, and under Situation"
    for page in (us, other, phone(one.tokens[PRESS]), desk(one), desk(one, view="projector")):
        assert SHOWN in said(page)
        assert "<b>soon" not in said(page)
    say(us, "")
    assert one.teacher().groups[0].statements == ()


def test_one_too_long_is_one_clear_error_and_stays_in_the_field(one: Lesson) -> None:
    us = phone(one.tokens[US])
    say(us, "x" * 201)
    (error,) = us.error
    words = "The statement has 201 characters; at most 200 characters. It is still in the field."
    assert html.unescape(error.value) == words
    assert field(us).value == "x" * 201


@pytest.mark.slow
def test_it_is_said_in_the_terminal() -> None:
    moves = f'seat us\nsay "{EVIL}"\nseat taliban\n'
    found = succeed("exercise", "play", "--rounds", "2", stdin=moves)
    assert f"Round 1, the United States in public: “{EVIL}”" in found
