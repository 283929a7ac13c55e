"""What the class pages make of a view: inputs bound to what stands, errors in words, news in order, steps."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from dashboard.classroom import (
    actions,
    credentials,
    desk,
    html,
    injects,
    invite,
    lever_input,
    orders,
    projector,
    server_config,
    style,
)
from sim.errors import InputError
from sim.exercise.deal_rules import LONGEST_NOTE
from sim.exercise.deck import Card
from sim.exercise.scales import SCALES, scale
from sim.exercise.settings import ExerciseSettings
from sim.exercise.views import AimView, LeverView, News, SeatView
from sim.runs.runner import simulate
from sim.schema.formatting import number
from sim.schema.series import SERIES
from tests.unit.classroom import Lesson, lesson

STATIC = Path(st.__file__).with_name("static")
US, GHANI, TALIBAN = (1, "us"), (1, "ghani"), (1, "taliban")


@pytest.fixture
def one(tmp_path: Path) -> Lesson:
    """A round that is open, with three seats taken."""
    found = lesson(tmp_path, US, GHANI, TALIBAN, groups=1, questions=0)
    found.open()
    return found


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A page's memory, empty."""
    found: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", found)
    return found


def lever(view: SeatView, name: str) -> LeverView:
    return next(one for one in view.levers if one.lever == name)


@pytest.mark.slow
def test_an_input_belongs_to_its_round_and_to_what_stands(one: Lesson) -> None:
    """Another value that stands gives another input, so that nothing untouched is ordered that no longer stands."""
    name = "us.withdrawal"

    def key() -> str:
        view = one.seat(*US)
        return orders._key(view, lever(view, name), "value")

    keys = [key()]
    one.room.order(one.room.join(one.codes[US]).token, name, 80.0)  # another student on the seat
    keys.append(key())
    deal = one.room.propose(one.tokens[US], "taliban", {name: 100.0}, {}, 2)
    one.room.answer(one.tokens[TALIBAN], deal, "accept")
    keys.append(key())
    one.play()
    keys.append(key())
    assert len(set(keys)) == len(keys), keys
    assert key() == keys[-1], "and the same stays the same"


def test_an_input_that_nobody_touched_stands_for_exactly_what_stands(one: Lesson, memory: dict[str, Any]) -> None:
    troops = replace(lever(one.seat(*US), "us.withdrawal"), present=40.9)
    lever_input.write(troops, "x", 40.9)
    assert memory["x"] != 40.9, "a slider has steps"
    assert lever_input.read(troops, "x", orders.start(troops)) == 40.9
    memory["x"] = 60.0
    assert lever_input.read(troops, "x", orders.start(troops)) == 60.0


def test_a_share_is_entered_and_shown_in_per_cent(one: Lesson, memory: dict[str, Any]) -> None:
    share = lever(one.seat(*US), "us.restraint")
    lever_input.write(share, "x", 0.4)
    assert memory["x"] == 40.0
    assert lever_input.read(share, "x") == 0.4
    assert html.value(0.4, share.unit) == "40 %"
    assert "0 %" in orders._scale(share)
    assert "100 %" in orders._scale(share)
    cohesion = next(figure for figure in one.seat(*US).situation.figures if figure.name == "kabul_cohesion")
    assert html.measured(cohesion.value, cohesion.unit).endswith("%")


def test_errors_are_sentences(one: Lesson) -> None:
    def words(act: Any) -> str:
        with pytest.raises(InputError) as caught:
            act()
        return actions.in_words(caught.value)

    assert words(lambda: ExerciseSettings(title="")) == "The title: please write something."
    assert words(lambda: Card("", "A headline", " ", 5, {})) == "The news: please write something."
    long = "x" * (LONGEST_NOTE + 12)
    send = one.room.propose
    shown = words(lambda: send(one.tokens[US], "ghani", {"us.aid_cut": 0}, {}, 1, long))
    assert shown == "The note has 512 characters; at most 500 characters. It is still in the field."
    shown = words(lambda: one.room.order(one.tokens[US], "us.withdrawal", 5000))
    assert shown == "Troops withdrawn per day: out of bounds (expected 0 to 1000 troops/day)."
    for text in (words(lambda: ExerciseSettings(rounds=99)), words(lambda: one.room.join("AAAA"))):
        assert text[0].isupper()
        assert text.endswith(".")
        assert "=" not in text


def test_a_link_may_be_pasted_where_a_code_or_a_secret_is_asked_for() -> None:
    code = "ABCD-EFGH-JKMN"
    assert credentials.of_link(f" http://192.0.2.7:8502/join?code={code} ", credentials.CODE) == code
    assert credentials.of_link("http://192.0.2.7:8502/teach?key=s_cret", credentials.KEY) == "s_cret"
    assert credentials.of_link(code, credentials.CODE) == code


def story(number: int, day: int, kind: Any, text: str) -> News:
    return News(number, dt.date(2020, 3, day), "who", text, "", kind)


@pytest.mark.slow
def test_the_projector_shows_what_happened_first_the_latest_on_top_and_says_what_it_leaves_out(one: Lesson) -> None:
    found = [
        story(1, 10, "deal", "deal"),
        story(1, 10, "order", "order"),
        story(1, 11, "world", "early"),
        story(1, 20, "world", "late"),
        story(1, 10, "inject", "inject"),
    ]
    assert [news.text for news in projector.ranked(found)] == ["inject", "late", "early", "deal", "order"]
    one.play()
    view = one.teacher()
    many = tuple(story(1, 10 + day, "world", f"happened {day:02}") for day in range(12))
    group = replace(view.groups[0], news=(*many, story(0, 9, "world", "the round before")))
    shown = projector._group(view, group)
    assert shown.index("happened 11") < shown.index("happened 06")
    assert "happened 05" not in shown
    assert "and 6 more, on the phones" in shown
    assert "the round before" not in shown


def test_the_projector_opens_on_no_code(one: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_config, "address", lambda: "http://192.0.2.7:8502")
    view = one.teacher()
    codes = [seat.code for group in view.groups for seat in group.seats]
    assert not [code for code in codes if code in projector._join(view) + projector._news(view)]
    assert all(code in projector._codes(view) for code in codes)


def test_a_slip_that_was_cut_out_names_its_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_config, "address", lambda: "http://192.0.2.7:8502")
    view = lesson(tmp_path, groups=2).teacher()
    for group in view.groups:
        slips = invite.cards(group).split('<div class="invite">')[1:]
        assert len(slips) == len(group.seats)
        for slip, seat in zip(slips, group.seats, strict=True):
            assert f"Group {group.group}<br>" in slip
            assert seat.code in slip
            assert "http://192.0.2.7:8502/join<br>" in slip


def test_an_event_that_stands_already_is_said_to_change_nothing(one: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(st, "info", said.append)
    card = Card("", "No flights", "None.", 14, {"us.withdrawal": 0.0})
    injects._hint(one.teacher(), card)
    assert said == []
    one.room.order(one.tokens[US], "us.withdrawal", 0)
    injects._hint(one.teacher(), card)
    assert said == ["What this imposes stands already: it would change nothing in any group now."]


@pytest.mark.slow
def test_aims_say_which_way_and_where_they_stand(one: Lesson) -> None:
    one.play()
    for place in (US, GHANI, TALIBAN):
        view = one.seat(*place)
        shown = html.aims(view.aims)
        assert all(one_.text in shown for one_ in view.aims)
    troops = next(aim for aim in one.seat(*US).aims if aim.text == "Few troops left")
    assert troops.wants == "less"
    assert isinstance(troops.before, float)
    assert troops.value < troops.before
    assert troops.scale == f"{number(troops.first)} at the signing, 8,600 promised by mid-July"
    assert troops.scale in html.aims(one.seat(*US).aims)
    assert troops.scale in html.situation(one.seat(*US).situation)
    world = simulate(ExerciseSettings().scenario(), 1)
    assert all("{" not in scale(world, name) for name in SCALES), "every number has a parameter"
    assert set(SCALES) <= set(SERIES)
    assert troops.first is not None
    assert 12_000 <= troops.first <= 13_000
    assert f"at the start: {number(troops.first)}" in html.aims([troops], over=True)
    talks = AimView("Talks", "reached", "Talks open", "yes/no", value=False, before=None)
    assert "✓" in html.aims([talks])
    assert "<b>no</b>" in html.aims([talks])


@pytest.mark.slow
def test_what_streamlit_says_without_a_connection_is_replaced() -> None:
    """Streamlit asks for the internet, in a dialog that has this mark; its own words are in its script."""
    script = "".join(path.read_text(encoding="utf-8") for path in (STATIC / "static/js").glob("index.*.js"))
    assert "Are you connected to the internet?" in script
    assert "stDialog" in "".join(path.read_text(encoding="utf-8") for path in (STATIC / "static/js").glob("*.js"))
    rule = style.CSS.partition('[data-testid="stDialog"]')[2]
    assert "does not answer" in rule.partition("@media")[0]


@pytest.mark.slow
def test_the_desk_says_when_everybody_present_has_answered(tmp_path: Path) -> None:
    one = lesson(tmp_path, US, TALIBAN, groups=1, questions=1)
    assert not desk.everybody_is_in(one.teacher())
    one.open()
    (question,) = one.teacher().questions
    one.room.predict(one.tokens[US], question.question, 0.4)
    assert not desk.everybody_is_in(one.teacher())
    one.room.predict(one.tokens[TALIBAN], question.question, 0.6)
    assert desk.everybody_is_in(one.teacher())
    one.play()
    assert not desk.everybody_is_in(one.teacher())
