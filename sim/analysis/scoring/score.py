"""score(): hold a run against dated observations, and naive forecasts beside it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.analysis.scoring import naive, rules
from sim.analysis.scoring.observation import Observation, origin
from sim.analysis.scoring.observation_reader import Observations, read_observations
from sim.analysis.scoring.scores import ENSEMBLE, LEVELS, Band, Forecast, ObservationScore, Scores
from sim.errors import InputError
from sim.inputs.scenario import Scenario, check_scenario
from sim.results.milestone_summary import share_by_day
from sim.results.results import Results
from sim.schema import arguments
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from sim.schema.milestones import NEVER
from sim.schema.series import SERIES

Array = npt.NDArray[Any]
Progress = Callable[[int, int], None]


def score(
    observations: Observations | str | Path,
    scenario: Scenario,
    worlds: int = 1000,
    seed: int = 0,
    *,
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
    progress: Progress | None = None,
) -> Scores:
    """Run worlds of a scenario and score them against dated observations.

    observations: of `read_observations`, or the path of their file; worlds, seed, assumptions, progress: as for
    `simulate`. Raises InputError as `read_observations` and `simulate` do, and for an observation outside the run.
    """
    from sim.runs.runner import simulate  # imports Mesa only once the observations have been read

    read = _observations(observations)
    check_scenario(scenario)
    check_days(read, scenario)
    return score_run(read, simulate(scenario, worlds, seed, assumptions=assumptions, progress=progress))


def score_run(observations: Observations | str | Path, results: Results) -> Scores:
    """Score a run that there is already, such as one of `sim.load_run`, against dated observations.

    Raises InputError as `score` does.
    """
    arguments.instance("results", results, Results, "the Results of a run")
    read = _observations(observations)
    check_days(read, results.scenario)
    rows = tuple(_date_score(one, results) if one.dated else _number_score(one, results) for one in read.rows)
    size = (results.seed, results.worlds, results.first, results.assumptions)
    return Scores(read, results.scenario, *size, rows)


def check_days(observations: Observations, scenario: Scenario) -> None:
    """Raise InputError unless the run includes 15 April 2020 and every day that was observed."""
    days = scenario.start, scenario.end
    if not scenario.start <= origin() < scenario.end:
        raise InputError(f"the run does not include {origin()}, where scores begin", path="start", value=scenario.start)
    for number, one in enumerate(observations.rows, 1):
        if one.until > scenario.end:
            path = f"observations {number}.{one.outcome}"
            problem = f"is not within the days of {scenario.name or 'the scenario'}"
            expected = f"{days[0]} up to {days[1]}, not included"
            raise InputError(problem, file=observations.file, path=path, value=one.last, expected=expected)


def _observations(given: Any) -> Observations:
    """Return the observations, read from a file if a path is given. Raises InputError."""
    return given if isinstance(given, Observations) else read_observations(given)


def _number_score(one: Observation, results: Results) -> ObservationScore:
    """Return the score of a total or a level."""
    worlds, observed = _worlds(one, results), rules.values_between(one.low, one.high)
    bands = tuple(_number_band(level, worlds, observed) for level in LEVELS)
    ensemble = Forecast(ENSEMBLE, float(worlds.mean()), rules.crps(worlds, observed), None)
    others = [Forecast(name, says, rules.crps(says, observed), None) for name, says in naive.naive_numbers(one).items()]
    return ObservationScore(one, float(np.median(worlds)), bands, ensemble, tuple(others))


def _worlds(one: Observation, results: Results) -> Array:
    """Return what was observed in each world of a run, float64 (worlds,), in the outcome's unit."""
    days = results.calendar.window(one.start, one.until)
    values = results.arrays[one.outcome][:, days]
    if SERIES[one.outcome].kind == "level":
        return values[:, -1].astype(np.float64)
    return np.asarray(values.sum(axis=1, dtype=np.float64))


def _number_band(level: int, worlds: Array, observed: Array) -> Band:
    """Return the band of a number and the share of the observed values in it."""
    low, high = np.quantile(worlds, _ends(level))
    return Band(level, float(low), float(high), float(np.mean((low <= observed) & (observed <= high))))


def _date_score(one: Observation, results: Results) -> ObservationScore:
    """Return the score of a milestone's date: integrated from 15 April to the last day of which all is known."""
    calendar = results.calendar
    first, last = calendar.index(origin()), calendar.days if one.happened else calendar.index(one.until)
    observed = np.arange(*(calendar.index(day) for day in (one.start, one.until))) if one.happened else np.array([last])
    day = results.milestone_day[one.outcome]
    bands = tuple(_date_band(level, day, observed, one, results) for level in LEVELS)
    median = _date(_quantiles(day, (0.5,), calendar.days)[0], results)
    forecasts = {ENSEMBLE: share_by_day(day, calendar)[first:last]}
    forecasts |= {name: f[: last - first] for name, f in naive.naive_dates(one.outcome, calendar.days - first).items()}
    ensemble, *others = (_date_forecast(name, f, observed - first, one) for name, f in forecasts.items())
    return ObservationScore(one, median, bands, ensemble, tuple(others))


def _date_forecast(name: str, probability: Array, observed: Array, one: Observation) -> Forecast:
    """Return the scores of a forecast of a date. probability: by the end of each day scored; observed: from there."""
    by_last = float(probability[-1])
    happened = rules.brier(by_last, happened=one.happened)
    return Forecast(name, by_last, rules.integrated_brier(probability, observed), happened)


def _date_band(level: int, day: Array, observed: Array, one: Observation, results: Results) -> Band:
    """Return the band of a date and the share of the observed days in it; worlds that never get there come last."""
    never = results.calendar.days
    low, high = _quantiles(day, _ends(level), never)
    covers: float | None = float(np.mean((low <= observed) & (observed <= high)))
    if not one.happened and observed[0] < never:  # the day is unknown, but no earlier than the one observed
        covers = 0.0 if high < observed[0] else None
    return Band(level, _date(low, results), _date(high, results), covers)


def _quantiles(day: Array, levels: tuple[float, ...], never: int) -> Array:
    """Return quantiles of days, each a day of some world; `never` for worlds that never get there."""
    found = np.quantile(np.where(day == NEVER, never, day), levels, method="inverted_cdf")
    return np.asarray(found).astype(int)


def _date(index: int, results: Results) -> Any:
    """Return the date of a day's index, None for never."""
    return None if index == results.calendar.days else results.calendar.date(int(index))


def _ends(level: int) -> tuple[float, float]:
    """Return the probabilities of the ends of a band. level: per cent."""
    return (1 - level / 100) / 2, (1 + level / 100) / 2
