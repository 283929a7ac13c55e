"""Worlds of the model's own, taken as observations, lie in its bands as often as the bands say."""

import datetime as dt

import numpy as np
import pytest

import sim
from sim.analysis.scoring.observation import Observation, observable
from sim.analysis.scoring.observation_reader import Observations
from sim.analysis.scoring.score import score_run
from sim.analysis.scoring.scores import LEVELS, Scores
from sim.schema.milestones import NEVER

TRUTHS, WORLDS = 150, 450
END = dt.date(2020, 8, 1)
MAY, JUNE = dt.date(2020, 5, 1), dt.date(2020, 6, 1)
ERRORS = 3.5  # standard errors; a count outside them has a chance below 1 in 2,000


def _observed(outcome: str, start: dt.date, until: dt.date, value: float = 0, *, happened: bool = True) -> Observation:
    """What a world says, as an observation."""
    unit = observable()[outcome]
    return Observation(outcome, start, until, value, value, happened=happened, unit=unit, source="a world")


@pytest.fixture(scope="module")
def scored() -> list[Scores]:
    """Each of the first worlds scored against the others."""
    scenario = sim.load_scenario("baseline").with_dates(end=END)
    truths = sim.simulate(scenario, TRUTHS, assumptions="ranges")
    others = sim.simulate(scenario, WORLDS, first=TRUTHS, assumptions="ranges")
    days = truths.calendar.window(MAY, JUNE)
    found = []
    for world in range(TRUTHS):
        attacks = float(truths.arrays["attacks"][world, days].sum())
        rows = [_observed("attacks", MAY, JUNE, attacks)]
        day = int(truths.milestone_day["power_shared"][world])
        date = END if day == NEVER else truths.calendar.date(day)
        if day == NEVER or date >= dt.date(2020, 4, 15):
            start = dt.date(2020, 4, 15) if day == NEVER else date
            until = END if day == NEVER else date + dt.timedelta(days=1)
            rows.append(_observed("power_shared", start, until, happened=day != NEVER))
        found.append(score_run(Observations("A world", tuple(rows)), others))
    return found


@pytest.mark.slow
def test_bands_cover_as_often_as_they_say(scored: list[Scores]) -> None:
    for place, level in enumerate(LEVELS):
        covered = np.array([one.rows[0].bands[place].covers for one in scored], np.float64)
        expected = level / 100
        error = np.sqrt(expected * (1 - expected) * (1 / TRUTHS + 1 / WORLDS))
        assert abs(covered.mean() - expected) < ERRORS * error, f"{level} %: {covered.mean():.3f}"


def test_the_true_ensemble_beats_a_naive_forecast(scored: list[Scores]) -> None:
    """The expected score is best for the forecast that the truth is drawn from (a proper scoring rule)."""
    own = [one.rows[0].ensemble.score for one in scored]
    pace = [one.rows[0].naive[0].score for one in scored]
    assert np.mean(own) < np.mean(pace), (np.mean(own), np.mean(pace))
    dates = [row for one in scored for row in one.rows[1:]]
    assert len(dates) > TRUTHS / 2
    means = {name: np.mean([other.score for row in dates for other in row.naive if other.name == name])
             for name in ("no change", "Lindy", "uniform")}  # fmt: skip
    ours = np.mean([row.ensemble.score for row in dates])
    assert all(ours < other for other in means.values()), (ours, means)
