"""The quiz on a phone: round 1 opens while a student is in it."""

from pathlib import Path

import pytest

from sim.exercise.quiz import read_quiz
from tests.app.class_page import phone, said, serve
from tests.app.screen import sound
from tests.unit.classroom import lesson

pytestmark = pytest.mark.slow

US = (1, "us")
BRIEFING = "Where you stood on the morning"


@pytest.mark.parametrize("redrawn", [False, True])
def test_what_is_sent_after_round_1_has_opened_is_kept(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    redrawn: bool,  # noqa: FBT001  a parameter of the test
) -> None:
    """Whether the phone has drawn the open round or not: its form has the same key, so a browser keeps what it has."""
    one = lesson(tmp_path, US, groups=1, questions=0, quiz=read_quiz())
    serve(monkeypatch, one)
    page = phone(one.tokens[US])
    key, form = page.radio[0].key, page.radio[0].form_id
    one.open()
    if redrawn:
        sound(page.run())
        assert "Send the quiz as far as you have got" in said(page)
        assert "What to do in round 1" in said(page)
    assert (page.radio[0].key, page.radio[0].form_id) == (key, form)
    assert BRIEFING not in said(page), "the briefing gives answers away"
    page.radio[0].set_value(2)
    next(found for found in page.button if found.label == "Send my answers").click()
    sound(page.run())
    assert BRIEFING in said(page)
    found = one.seat(*US).quiz
    assert found is not None
    assert [item.before for item in found.items] == [2, None, None, None, None, None]
