"""Revealing the aims on the teacher's page, and where the phones and the projector show them."""

from pathlib import Path

import pytest

from dashboard.classroom import html
from sim.exercise.seats import SEATS
from tests.app.class_page import desk, phone, said, serve
from tests.app.command import succeed
from tests.app.screen import sound
from tests.unit.classroom import lesson

pytestmark = pytest.mark.slow

US = (1, "us")
WANTED = SEATS["taliban"].aims[0].text


def test_one_button_reveals_them_to_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = lesson(tmp_path, US, rounds=2, questions=0)
    serve(monkeypatch, one)
    for _ in range(2):
        one.open()
        one.play()
    page, projector, student = desk(one), desk(one, view="projector"), phone(one.tokens[US])
    assert not [shown for shown in (page, projector, student) if WANTED in said(shown)]
    next(found for found in page.button if found.label == "Reveal the aims").click()
    sound(page.run())
    assert "The aims are revealed" in said(page)
    assert not [found for found in page.button if found.label == "Reveal the aims"]
    sound(projector.run())
    assert projector.segmented_control("projector-shows").value == "Aims"
    for shown in (projector, sound(student.run())):
        assert WANTED in said(shown)
        assert all(html.text(seat.aims[0].text) in said(shown) for seat in SEATS.values())
        assert "Cohesion of Kabul; at the start 49 %" in said(shown), "a per cent needs no other unit"
    projector.segmented_control("projector-shows").set_value("News")
    assert WANTED not in said(sound(projector.run())), "and the teacher can go on from there"


def test_the_terminal_reveals_them() -> None:
    found = succeed("exercise", "play", "--rounds", "2", "--weeks", "2", stdin="play\nplay\nreveal\n")
    assert "what each side wanted" in found
    assert "as wanted" in found
