"""Predictions: the Brier score of forecasts and their calibration, beside the ensemble's.

Brier (1950), "Verification of forecasts expressed in terms of probability": the mean of (forecast - what came)^2, 0
for a sure forecast that came true, 1 for a sure one that did not, 0.25 for always saying one half.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.exercise.questions import FEWEST_WORLDS, Question
from sim.exercise.settings import ExerciseSettings
from sim.exercise.views import Bin, Score

if TYPE_CHECKING:
    from sim.results.results import Results

BINS: Final = 5  # of the calibration table: 0 to 20 %, ... 80 to 100 %


@dataclass(frozen=True, slots=True)
class Reveal:
    """What came of a question in a group's world, and the share of the other worlds where it did.

    happened: None where the world had settled it before the round. ensemble: of the worlds where it was still open;
    None where there are too few.
    """

    question: Question
    number: int  # of the round
    happened: bool | None
    ensemble: float | None


@dataclass(frozen=True, slots=True)
class Scored:
    """A forecast with its answer."""

    probability: float
    happened: bool
    ensemble: float | None


def brier(probability: float, happened: bool) -> float:  # noqa: FBT001
    """The score of one forecast, 0 to 1."""
    return (probability - float(happened)) ** 2


def reveal(settings: ExerciseSettings, question: Question, number: int, own: "Results", ensemble: "Results") -> Reveal:
    """The answer to a round's question. own: the group's world; ensemble: worlds of its scenario, own left out here."""
    start, end = settings.starts(number), settings.ends(number)
    if question.settled(own, start)[0]:
        return Reveal(question, number, None, None)
    still = ~question.settled(ensemble, start) & (ensemble.world_ids != settings.world)
    came = question.happened(ensemble, start, end)[still]
    share = float(came.mean()) if len(came) >= FEWEST_WORLDS else None
    return Reveal(question, number, bool(question.happened(own, start, end)[0]), share)


def score(forecasts: Sequence[Scored]) -> Score:
    """The scores of some forecasts; the ensemble's over those for which it has a share."""
    own = [brier(one.probability, one.happened) for one in forecasts]
    other = [brier(one.ensemble, one.happened) for one in forecasts if one.ensemble is not None]
    return Score(len(own), _mean(own), _mean(other), calibration(forecasts))


def calibration(forecasts: Sequence[Scored]) -> tuple[Bin, ...]:
    """Forecasts by fifths of probability: how many, their mean, and the share that came true; 1 is in the last."""
    found = []
    for index in range(BINS):
        some = [one for one in forecasts if min(int(one.probability * BINS), BINS - 1) == index]
        mean = _mean([one.probability for one in some])
        found.append(
            Bin(index / BINS, (index + 1) / BINS, len(some), mean, _mean([float(one.happened) for one in some]))
        )
    return tuple(found)


def _mean(numbers: Sequence[float]) -> float:
    return float(np.mean(numbers)) if numbers else math.nan
