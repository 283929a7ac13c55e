"""The question whether somebody is still there, on a phone and on the desk."""

from pathlib import Path

import pytest

from sim.exercise.presence import QUIET, Presence
from tests.app.class_page import desk, phone, said, serve
from tests.app.screen import sound
from tests.unit.classroom import Clock, lesson

pytestmark = pytest.mark.slow

US = (1, "us")
QUESTION = "Are you still here?"


def test_one_question_with_one_button(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, time = lesson(tmp_path, US, groups=1, questions=0), Clock()
    serve(monkeypatch, one)
    one.room._presence = Presence(time)
    one.open()
    assert QUESTION not in said(phone(one.tokens[US]))
    time.now += QUIET
    page = phone(one.tokens[US])
    assert said(page).count(QUESTION) == 1
    assert "1 asked if still here" in said(desk(one))
    (button,) = [found for found in page.button if found.label == "I am here"]
    assert not button.disabled
    sound(button.click().run())
    assert QUESTION not in said(page)
    assert "asked" not in said(desk(one))
