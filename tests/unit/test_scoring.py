"""Scores of a run against observations: bands, dates with worlds that never get there, ranges, both forms of file."""

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.analysis.scoring.observation import Observation, observable
from sim.analysis.scoring.observation_reader import EXAMPLE, Observations, read_observations
from sim.analysis.scoring.score import score_run
from sim.analysis.scoring.scores import ObservationScore
from sim.analysis.scoring.sentences import sentences
from sim.results.results import Results
from sim.schema.milestones import MILESTONES, NEVER
from sim.schema.series import SERIES

DAY = dt.timedelta(days=1)
RUN_DAYS = 306
FIRST = 45  # the index of 15 April


@pytest.fixture(scope="module")
def scenario() -> sim.Scenario:
    return sim.load_scenario("baseline")


def results(scenario: sim.Scenario, worlds: int, **given: object) -> Results:
    """A run with invented arrays: zeros and never, except for the given series and days of milestones."""
    days = scenario.days
    daily = {name: np.zeros((worlds, days), np.float32) for name in SERIES}
    when = {name: np.full(worlds, NEVER, np.int32) for name in MILESTONES}
    for name, values in given.items():
        if name in SERIES:
            daily[name] = np.broadcast_to(np.asarray(values, np.float32), (worlds, days)).copy()
        else:
            when[name] = np.asarray(values, np.int32)
    reason = {name: np.full(worlds, -1, np.int8) for name in MILESTONES}
    return Results(scenario, 0, worlds, 0, "point", daily, when, reason)


def observed(outcome: str, start: dt.date, until: dt.date | None = None, **given: object) -> Observations:
    """One observation."""
    known: dict[str, Any] = {"low": 0, "high": 0, "happened": True, "source": "invented", **given}
    return Observations(
        "One", (Observation(outcome, start, until or start + DAY, unit=observable()[outcome], **known),)
    )


def only(observations: Observations, run: Results) -> ObservationScore:
    return score_run(observations, run).rows[0]


def test_a_total_over_days(scenario: sim.Scenario) -> None:
    run = results(scenario, 5, attacks=np.arange(5)[:, np.newaxis])  # k attacks per day in world k
    found = only(observed("attacks", dt.date(2020, 5, 1), dt.date(2020, 5, 11), low=20, high=20), run)
    assert found.median == 20
    assert found.ensemble.says == 20
    worlds = 10 * np.arange(5)
    by_hand = np.abs(worlds - 20).mean() - np.abs(worlds[:, np.newaxis] - worlds).mean() / 2
    assert found.ensemble.score == pytest.approx(by_hand)
    assert {other.name: other.score for other in found.naive} == pytest.approx({"the pace goes on": 980})
    assert [band.covers for band in found.bands] == [1, 1, 1]
    assert (found.bands[0].low, found.bands[0].high) == (10, 30)


def test_a_level_is_that_of_the_end_of_its_day(scenario: sim.Scenario) -> None:
    run = results(scenario, 3, us_troops=np.arange(RUN_DAYS)[np.newaxis, :])
    found = only(observed("us_troops", dt.date(2020, 4, 20), low=50, high=50), run)
    assert found.median == FIRST + 5
    assert found.ensemble.score == 0


def test_a_range_is_covered_in_part(scenario: sim.Scenario) -> None:
    run = results(scenario, 2, us_troops=np.array([[10.0], [20.0]]))
    found = only(observed("us_troops", dt.date(2020, 5, 1), low=11, high=30), run)
    assert found.bands[2].covers == pytest.approx(9 / 20)  # 11 to 19 of 11 to 30; the band ends at 19.75


def test_worlds_that_never_get_there_count_in_a_date(scenario: sim.Scenario) -> None:
    half = results(scenario, 4, talks_open=[FIRST, FIRST, NEVER, NEVER])
    found = only(observed("talks_open", dt.date(2020, 4, 15)), half)
    assert found.ensemble.says == 0.5
    assert found.ensemble.score == pytest.approx(0.25)  # (1/2 - 1)^2 on every day, from the first on
    assert found.ensemble.brier == pytest.approx(0.25)
    assert (found.bands[0].low, found.bands[0].high) == (dt.date(2020, 4, 15), None)
    every = results(scenario, 4, talks_open=[FIRST] * 4)
    assert only(observed("talks_open", dt.date(2020, 4, 15)), every).ensemble.score == 0


def test_not_yet_is_scored_on_the_days_before(scenario: sim.Scenario) -> None:
    until = dt.date(2020, 4, 25)
    early = results(scenario, 4, talks_open=[FIRST + 5, NEVER, NEVER, FIRST + 100])
    found = only(observed("talks_open", dt.date(2020, 4, 15), until, happened=False), early)
    assert found.ensemble.score == pytest.approx(5 * 0.25**2 / 10)  # the last 5 of 10 days
    assert found.ensemble.brier == pytest.approx(0.25**2)
    assert [band.covers for band in found.bands] == [None] * 3  # it may lie in the band, and may not
    all_early = results(scenario, 4, talks_open=[FIRST + 1] * 4)
    wrong = only(observed("talks_open", dt.date(2020, 4, 15), until, happened=False), all_early)
    assert [band.covers for band in wrong.bands] == [0.0] * 3


def test_not_yet_at_the_end_of_the_run_is_never(scenario: sim.Scenario) -> None:
    never = observed("talks_open", dt.date(2020, 4, 15), scenario.end, happened=False)
    found = only(never, results(scenario, 4, talks_open=[NEVER] * 4))
    assert found.ensemble.score == 0
    assert [band.covers for band in found.bands] == [1.0] * 3
    assert next(other for other in found.naive if other.name == "uniform").score > 0.3


def test_a_date_known_to_some_days(scenario: sim.Scenario) -> None:
    run = results(scenario, 3, talks_open=[FIRST + 2] * 3)
    found = only(observed("talks_open", dt.date(2020, 4, 15), dt.date(2020, 4, 20)), run)
    days = RUN_DAYS - FIRST
    assert found.ensemble.score == pytest.approx(np.mean([2, 1, 0, 1, 2]) / days)
    assert found.bands[0].covers == pytest.approx(1 / 5)


def test_the_sign_test_says_which_is_better(scenario: sim.Scenario) -> None:
    run = results(scenario, 2, us_troops=9000)
    rows = tuple(observed("us_troops", dt.date(2020, 6, day), low=9000, high=9000).rows[0] for day in range(1, 11))
    found = score_run(Observations("Ten", rows), run)
    no_change = next(one for one in found.versus if one.name == "no change")
    assert (no_change.observations, no_change.better, no_change.worse) == (10, 10, 0)
    assert no_change.p == pytest.approx(2 / 2**10)
    assert no_change.significant
    assert 'beside "no change": the ensemble is better in 10 of 10' in " ".join(sentences(found))
    assert "significantly better (sign test, p = 0.002)" in " ".join(sentences(found))
    few = score_run(Observations("Two", rows[:2]), run)
    assert not any(one.significant for one in few.versus)
    assert few.coverage[0].share == 1
    assert few.coverage[0].low is not None
    assert few.coverage[0].low < 0.5


def test_csv_and_toml_say_the_same(tmp_path: Path) -> None:
    """The example as CSV, with commas and points, or with semicolons and decimal commas."""
    head = "outcome,from,until,date,value,low,high,unit,source,note"
    lines = [
        "talks_open,,,2020-07-07,,,,,invented,",
        "power_shared,2020-05-03,2020-05-10,,,,,date,invented,",
        "ceasefire,,2020-12-01,,false,,,,invented,",
        "us_at_8600,,,2020-08-20,true,,,,invented,",
        "us_troops,,,2020-08-01,9400,,,troops,invented,",
        "prisoners_released,,,2020-06-01,1750.0,,,people,invented,",
        "attacks,2020-05-15,2020-06-15,,2900,,,attacks,invented,",
        "security_forces_killed,2020-05-01,2020-06-01,,,500,700,people,invented,Two invented reports that disagree",
    ]
    comma = "\n".join([head, *lines, ""])
    (tmp_path / "comma.csv").write_text(comma, encoding="utf-8")
    semicolon = comma.replace(",", ";").replace("1750.0", "1750,0")
    (tmp_path / "semicolon.csv").write_text(semicolon, encoding="utf-8-sig", newline="\r\n")
    example = read_observations(EXAMPLE)
    for name in ("comma", "semicolon"):
        assert read_observations(tmp_path / f"{name}.csv").rows == example.rows


def test_the_example_says_that_its_numbers_are_invented() -> None:
    example = read_observations(str(EXAMPLE))
    assert "invented" in example.title
    assert {one.source for one in example.rows} == {"invented"}
    assert len(example) == 8
