"""Settings, seats and the deck: what is read, and what is refused."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.errors import InputError
from sim.exercise.deck import Card, card_named, deck
from sim.exercise.seats import SEATS, seat_of
from sim.exercise.settings import ExerciseSettings, load_settings, read_settings
from sim.inputs.facts import SENTENCES
from sim.schema.decisions import levers
from tests.unit.classroom import refused

LAST_DAY_OF_THE_TEXT = dt.date(2020, 4, 15)


def test_settings_come_back_from_the_database_as_they_were() -> None:
    settings = ExerciseSettings(title="Ein Kurs", rounds=4, weeks=3, groups=7, seats=("us", "ghani"), minutes=7.5)
    assert ExerciseSettings.from_json(settings.to_json()) == settings


def test_rounds_follow_on_one_another() -> None:
    settings = ExerciseSettings(rounds=3, weeks=2)
    assert [settings.starts(number) for number in (1, 2, 3)] == [
        dt.date(2020, 3, 10), dt.date(2020, 3, 24), dt.date(2020, 4, 7),
    ]  # fmt: skip
    assert settings.end == settings.ends(3) == dt.date(2020, 4, 21) == settings.scenario().end


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"rounds": 1}, "2 to 12"),
        ({"rounds": 13}, "2 to 12"),
        ({"weeks": 7}, "2 to 6"),
        ({"weeks": 2.5}, "whole number"),
        ({"groups": 11}, "1 to 10"),
        ({"groups": True}, "must be a number"),
        ({"seats": ()}, "list of seats"),
        ({"seats": ("us", "pakistan")}, "not a valid choice"),
        ({"world": -1}, "out of bounds"),
        ({"seed": -1}, "out of bounds"),
        ({"worlds": 8}, "16 to 512"),
        ({"minutes": float("nan")}, "finite"),
        ({"minutes": 0}, "out of bounds"),
        ({"questions": 3}, "0 to 2"),
        ({"title": "a\nb"}, "line breaks"),
        ({"title": "x" * 100_000}, "too long"),
        ({"base": "same-window-2019"}, "agreement"),
        ({"base": "baselin"}, "did you mean baseline?"),
        ({"start": dt.date(2020, 3, 1)}, "must be after 2020-03-01"),
        ({"start": "2020-03-10"}, "must be a date"),
    ],
)
def test_wrong_settings_are_refused_by_name(given: dict[str, Any], words: str) -> None:
    refused(words, ExerciseSettings, **given)
    with pytest.raises(InputError) as caught:
        ExerciseSettings(**given)
    assert caught.value.path == next(iter(given))


FAR: list[Any] = [
    *(dt.date(*day) for day in ((1, 1, 1), (1677, 9, 20), (2009, 12, 31), (2030, 1, 2), (2262, 4, 12), (9999, 1, 1),
                                (9999, 6, 1), (9999, 12, 30), (9999, 12, 31))),
    dt.datetime.min, dt.datetime.max, dt.datetime(9999, 12, 31),  # noqa: DTZ001, DTZ901  no time zone on purpose
    *(np.datetime64(day) for day in ("0001-01-01", "9999-12-31", "10000-01-01", "300000-01-01", "-0001-01-01")),
    *(np.datetime64(sign * 2**62, unit) for sign in (1, -1) for unit in ("Y", "D", "s", "ns")),
    np.array("9999-12-31", "datetime64[D]"), np.datetime64("NaT", "D"),
    pd.Timestamp.min, pd.Timestamp.max, pd.Timestamp("9999-12-31").as_unit("s"),
]  # fmt: skip


@pytest.mark.parametrize("day", FAR, ids=str)
@pytest.mark.parametrize("length", [{}, {"rounds": 2, "weeks": 2}, {"rounds": 12, "weeks": 6}])
def test_a_far_first_day_is_refused_by_its_name(day: Any, length: dict[str, Any]) -> None:
    given = {"start": day, **length}
    with pytest.raises(InputError) as caught:
        ExerciseSettings(**given)
    assert caught.value.path == "start"
    assert "\n" not in str(caught.value)
    refused("start = ", read_settings, given)


@pytest.mark.parametrize("day", ["0001-01-01", "2009-12-31", "2029-12-31", "2030-01-01", "2030-01-02", "9999-12-31"])
def test_a_far_first_day_in_a_file_is_refused_by_its_name(tmp_path: Path, day: str) -> None:
    file = tmp_path / "lesson.toml"
    file.write_text(f"start = {day}\n")
    refused(f"{file}: start = {day}: ", load_settings, file)
    stored = json.loads(ExerciseSettings().to_json()) | {"start": day}
    refused(f"start = {day}: ", ExerciseSettings.from_json, json.dumps(stored))


def test_a_first_day_from_which_the_rounds_do_not_fit_says_when_they_would_end() -> None:
    refused("the exercise would end on 2030-05-18: out of bounds", ExerciseSettings, start=dt.date(2029, 12, 1))


def test_settings_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "lesson.toml"
    file.write_text('title = "Tuesday"\nrounds = 4\nseats = ["taliban", "us"]\nstart = 2020-03-17\n')
    found = load_settings(file)
    assert (found.title, found.rounds, found.seats) == ("Tuesday", 4, ("us", "taliban"))
    file.write_text("round = 4\n")
    refused("did you mean rounds?", load_settings, file)
    refused("no such key", read_settings, {"wörlds": 3})


def test_every_lever_of_the_four_parties_is_on_a_seat() -> None:
    held = {name for seat in SEATS.values() for name in seat.levers}
    assert held == {name for name in levers() if not name.startswith("council.")}
    assert seat_of("council.backing") is None
    assert all(seat_of(name) in SEATS for name in held)


def test_briefings_and_aims_name_sentences_or_say_assumption() -> None:
    for seat in SEATS.values():
        cited = set(re.findall(r"S\d+", seat.briefing))
        assert cited, f"{seat.name} cites nothing"
        assert cited <= set(SENTENCES)
        assert 3 <= len(seat.aims) <= 5
        for aim in seat.aims:
            assert all(part in (*SENTENCES, "assumption") for part in aim.rests_on.split(", ")), aim.rests_on


def test_the_deck_is_large_enough_and_every_card_can_be_played() -> None:
    assert len(deck()) >= 15
    for name, card in deck().items():
        assert card.name == name
        assert card.mechanism
        assert all(part in (*SENTENCES, "assumption") for part in card.rests_on.split(", ")), card.rests_on
        years = [int(year) for year in re.findall(r"20\d\d", card.text)]
        assert all(year <= LAST_DAY_OF_THE_TEXT.year for year in years)
    assert sum(bool(card.levers) for card in deck().values()) >= 15


def test_wrong_cards_are_refused() -> None:
    refused("did you mean rumour?", card_named, "rumor")
    good: dict[str, Any] = dict(name="", title="T", text="Something happens.", days=7, levers={"us.aid_cut": 1})
    assert Card(**good).levers["us.aid_cut"] == 1.0
    refused("out of bounds", Card, **good | {"days": 0})
    refused("out of bounds", Card, **good | {"levers": {"us.aid_cut": 3}})
    refused("no such lever", Card, **good | {"levers": {"us.aid": 1}})
    refused("too long", Card, **good | {"text": "x" * 100_000})
    refused("line breaks", Card, **good | {"text": "a\x1b[31mb"})
    refused("too many levers", Card, **good | {"levers": dict.fromkeys(list(levers())[:7], 0)})
