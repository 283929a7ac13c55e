"""Predictions: the Brier score and the calibration of forecasts, with the ensemble's score for comparison.

Brier (1950), "Verification of forecasts expressed in terms of probability": the mean of (forecast - outcome)^2, 0 for a
certain forecast that came true, 1 for a certain one that did not, 0.25 for always saying one half.
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
    """The answer to a question in a group's world, and the share of the other worlds with the answer yes.

    happened: None if it had happened before the round. ensemble: of the worlds in which it was still open; None if
    there are too few.
    """

    question: Question
    number: int  # of the round
    happened: bool | None
    ensemble: float | None


@dataclass(frozen=True, slots=True)
class Scored:
    """A forecast with its outcome."""

    probability: float
    happened: bool
    ensemble: float | None


def brier(probability: float, happened: bool) -> float:  # noqa: FBT001
    """Return the score of one forecast, 0 to 1."""
    return (probability - float(happened)) ** 2


def reveal(settings: ExerciseSettings, question: Question, number: int, own: "Results", ensemble: "Results") -> Reveal:
    """Return the answer to a round's question. own: the group's world; ensemble: its scenario's; own is excluded."""
    start, end = settings.starts(number), settings.ends(number)
    if question.settled(own, start)[0]:
        return Reveal(question, number, None, None)
    still = ~question.settled(ensemble, start) & (ensemble.world_ids != settings.world)
    came = question.happened(ensemble, start, end)[still]
    share = float(came.mean()) if len(came) >= FEWEST_WORLDS else None
    return Reveal(question, number, bool(question.happened(own, start, end)[0]), share)


def score(forecasts: Sequence[Scored]) -> Score:
    """Return the scores of forecasts; the ensemble's over the forecasts for which it has a share."""
    own = [brier(one.probability, one.happened) for one in forecasts]
    other = [brier(one.ensemble, one.happened) for one in forecasts if one.ensemble is not None]
    return Score(len(own), _mean(own), _mean(other), calibration(forecasts))


def calibration(forecasts: Sequence[Scored]) -> tuple[Bin, ...]:
    """Return forecasts in five bins of probability: count, mean, and the share that came true; 1 is in the last bin."""
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
