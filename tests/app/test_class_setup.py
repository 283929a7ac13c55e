"""The form that creates an exercise: what a teacher may add to it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sim.exercise.settings import ExerciseSettings
from tests.app.class_page import desk, serve
from tests.app.screen import sound
from tests.unit.classroom import Lesson, lesson

pytestmark = pytest.mark.slow


def made(one: Lesson, page: AppTest) -> ExerciseSettings:
    """Press the button; the settings of the exercise that it makes."""
    before = {found.exercise for found in one.room.listed()}
    next(found for found in page.button if found.label == "Create the exercise").click()
    sound(page.run())
    (new,) = [found.exercise for found in one.room.listed() if found.exercise not in before]
    return one.room.teacher(one.room.secret(new)).settings


@pytest.fixture
def one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    found = lesson(tmp_path, groups=1)
    serve(monkeypatch, found)
    return found


def test_the_plain_form_adds_nothing(one: Lesson) -> None:
    settings = made(one, desk(one))
    assert (settings.press, settings.observers, settings.levers, settings.quiz) == ("none", False, "all", ())


def test_a_teacher_chooses_press_observers_zone_and_orders(one: Lesson) -> None:
    page = desk(one)
    page.selectbox("setup-press").set_value("groups")
    page.selectbox("setup-levers").set_value("main")
    page.selectbox("setup-time_zone").set_value("Europe/Paris")
    page.checkbox("setup-observers").check()
    settings = made(one, page)
    assert (settings.press, settings.observers, settings.levers) == ("groups", True, "main")
    assert settings.time_zone == "Europe/Paris"
