"""Forecasts: known answers of the Brier score and of calibration, and what is revealed when."""

import math
from pathlib import Path

import numpy as np
import pytest

from sim.exercise.predictions import Scored, brier, calibration, score
from sim.exercise.questions import Question, bank
from sim.exercise.rounds import group_scenario
from sim.exercise.settings import ExerciseSettings
from sim.runs.runner import simulate
from sim.schema.milestones import MILESTONES
from tests.unit.classroom import lesson, refused

US, TALIBAN = (1, "us"), (1, "taliban")


yes, no = True, False


def answered(probability: float, happened: bool, ensemble: float | None = None) -> Scored:  # noqa: FBT001
    """A forecast with its answer."""
    return Scored(probability, happened, ensemble)


@pytest.mark.parametrize(
    ("probability", "happened", "known"),
    [
        (1, True, 0),
        (0, False, 0),
        (1, False, 1),
        (0, True, 1),
        (0.5, True, 0.25),
        (0.5, False, 0.25),
        (0.8, True, 0.04),
    ],
)
def test_brier_known_answers(probability: float, happened: bool, known: float) -> None:  # noqa: FBT001
    assert brier(probability, happened) == pytest.approx(known)


def test_a_calibrated_forecaster_is_calibrated() -> None:
    found = calibration([Scored(0.3, index < 3, None) for index in range(10)])
    assert [one.count for one in found] == [0, 10, 0, 0, 0]
    assert found[1].mean == pytest.approx(0.3)
    assert found[1].happened == pytest.approx(0.3)
    assert math.isnan(found[0].mean)


def test_the_ends_of_the_scale_have_a_bin() -> None:
    found = calibration([answered(0.0, no), answered(1.0, yes), answered(0.2, yes)])
    assert [one.count for one in found] == [1, 1, 0, 0, 1]


def test_a_score_is_a_mean_beside_the_ensembles() -> None:
    found = score([answered(0.9, yes, 0.5), answered(0.2, yes), answered(0.5, no, 0.0)])
    assert found.count == 3
    assert found.brier == pytest.approx((0.01 + 0.64 + 0.25) / 3)
    assert found.ensemble_brier == pytest.approx((0.25 + 0.0) / 2)
    assert math.isnan(score([]).brier)


@pytest.mark.slow
def test_answers_come_after_the_round_and_are_the_worlds_own(tmp_path: Path) -> None:
    one = lesson(tmp_path, US, TALIBAN, questions=2, world=5, worlds=24, seed=3)
    one.room.open_round(one.secret, ["attacks", "first_release"])
    one.room.predict(one.tokens[US], "attacks", 0.9)
    one.room.order(one.tokens[TALIBAN], "taliban.intensity", 3.0)
    before = one.seat(*US).forecasts
    assert [(f.question, f.probability, f.happened, f.ensemble) for f in before] == [
        ("attacks", 0.9, None, None), ("first_release", None, None, None),
    ]  # fmt: skip
    one.play()
    state = one.room._log.state(one.exercise)
    many = simulate(group_scenario(state, 1, 1), 24, 3)
    window = many.calendar.window(state.settings.starts(1), state.settings.ends(1))
    above = state.questions(1)[0].above
    assert above is not None
    came = many.series("attacks")[:, window].astype(np.float64).mean(axis=1) > above
    answer = next(f for f in one.seat(*US).forecasts if f.question == "attacks")
    assert answer.happened == bool(came[5])
    assert answer.ensemble == pytest.approx(np.delete(came, 5).mean()), "the own world is not asked about itself"
    assert answer.brier == pytest.approx((0.9 - came[5]) ** 2)
    assert one.seat(*TALIBAN).score.count == 0
    assert one.seat(*US).score.count == one.teacher().score.count == 1


@pytest.mark.slow
def test_what_has_happened_is_not_asked_again(tmp_path: Path) -> None:
    one = lesson(tmp_path, (1, "ghani"), groups=2)
    one.room.open_round(one.secret, ["first_release"])
    for lever, value in (("offer", 5000), ("pace", 500), ("pledge_required", False), ("review", False)):
        one.room.order(one.tokens[1, "ghani"], f"kabul.ghani.{lever}", value)
    one.play()
    one.room.open_round(one.secret, ["first_release"])
    (question,) = one.seat(1, "ghani").questions
    assert not question.open
    refused("has already happened", one.room.predict, one.tokens[1, "ghani"], "first_release", 1)
    one.play()
    by_group = {f.group: f.happened for f in one.teacher().forecasts if f.round == 2}
    assert by_group[1] is None
    assert by_group[2] is not None


def test_every_question_of_the_bank_has_words() -> None:
    settings = ExerciseSettings(weeks=2)
    for name in bank():
        question = Question(name, "milestone") if name in MILESTONES else Question(name, "series", 1200.0)
        text = question.text(settings.starts(1), settings.ends(1))
        assert text.endswith("?")
        assert "{" not in text
        assert "23 Mar" in text
    assert len(bank()) == len(set(bank())) >= 12


@pytest.mark.slow
def test_questions_are_open_ones(tmp_path: Path) -> None:
    one = lesson(tmp_path, US, questions=2, worlds=32)
    for _ in range(3):
        one.open()
        asked = one.room._log.state(one.exercise).questions(one.teacher().round)
        assert len({q.name for q in asked}) == 2
        one.play()
