"""A deadline as a day and a time, on the teacher's page and on phones."""

import datetime as dt
import html
from pathlib import Path

import pytest

from tests.app.class_page import desk, phone, said, serve
from tests.app.screen import sound
from tests.unit.classroom import lesson

pytestmark = pytest.mark.slow

US = (1, "us")


def test_the_teacher_sets_a_day_and_phones_say_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = lesson(tmp_path, US, groups=1, questions=0, time_zone="Asia/Kabul")
    serve(monkeypatch, one)
    page = desk(one)
    assert "time zone **Asia/Kabul**" in html.unescape(said(page))
    assert page.date_input("until-day").value == dt.date(2023, 11, 16), "tomorrow, in Kabul"
    page.date_input("until-day").set_value(dt.date(2023, 11, 17))
    page.checkbox("until-plays").check()
    sound(page.button("until-set").click().run())
    words = "Friday 17 Nov 2023, 18:00 (Asia/Kabul)"
    assert f"Once it is open, until <b>{words}</b>, then it is played" in said(page)
    one.open()
    found = said(phone(one.tokens[US]))
    assert f"Open until <b>{words}</b>, then it is played" in found
    assert "You may close this page and come back" in found
    assert 'role="timer"' not in found, "no minutes to count"
    sound(page.run())
    sound(page.button("until-remove").click().run())
    assert one.teacher().until == ""


def test_a_time_in_the_past_is_one_error_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = lesson(tmp_path, US, groups=1, questions=0)
    serve(monkeypatch, one)
    page = desk(one)
    page.date_input("until-day").set_value(dt.date(2023, 11, 14))
    page.time_input("until-time").set_value(dt.time(6))
    sound(page.button("until-set").click().run())
    (error,) = page.error
    assert html.unescape(error.value) == "The deadline: is in the past: it is 2023-11-14 22:13 in UTC."
