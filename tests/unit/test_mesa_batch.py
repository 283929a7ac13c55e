"""Batch runs with Mesa itself: seeds, processes, iterations, rows, scenarios and reporters."""

import inspect
from collections.abc import Sequence
from typing import Any

import mesa
import pytest

from sim.engine.model import PeaceProcess
from sim.inputs.scenario import Scenario
from sim.schema.series import SERIES
from tests.unit.short_model import ACTORS, DAYS, differing, twenty_days

pytestmark = pytest.mark.slow


@pytest.fixture
def short() -> Scenario:
    """Twenty days of the baseline."""
    return twenty_days()


def batch(model: type[mesa.Model], seeds: Sequence[int | None], **options: Any) -> list[dict[str, Any]]:
    """The rows of a batch run over seeds, by run; None for a run that takes its own.

    Later versions of Mesa take seeds apart from the parameters, and count no iterations.
    """
    options = {"display_progress": False} | options
    if "rng" in inspect.signature(mesa.batch_run).parameters:
        rows = mesa.batch_run(model, rng=list(seeds), **options)
    elif None in seeds:
        rows = mesa.batch_run(model, iterations=len(seeds), **options)
    else:
        given = options.pop("parameters") | {"seed": list(seeds)}
        rows = mesa.batch_run(model, parameters=given, **options)
    return sorted(rows, key=lambda row: (row["RunId"], row["Step"]))


def series(row: dict[str, Any]) -> tuple[Any, ...]:
    """Every series of a row."""
    return tuple(row[name] for name in SERIES)


def alone(scenario: Scenario, seed: int) -> list[tuple[Any, ...]]:
    """Every series of each day, from a model of that seed run by itself."""
    daily = PeaceProcess(scenario, 1, seed, collect=False).run().daily
    return list(zip(*(daily[name][:, 0].tolist() for name in SERIES), strict=True))


def test_a_batch_over_two_processes_takes_fresh_seeds(short: Scenario) -> None:
    rows = batch(PeaceProcess, [None] * 3, parameters={"scenario": [short]}, number_processes=2)
    assert len(rows) == 3
    assert len({series(row) for row in rows}) == 3, "runs without a seed must differ"


def test_a_batch_gives_the_runs_of_its_seeds_in_any_number_of_processes(short: Scenario) -> None:
    seeds = [3, 4, 5]
    expected = [alone(short, seed)[-1] for seed in seeds]
    for processes in (2, 1):
        rows = batch(PeaceProcess, seeds, parameters={"scenario": [short]}, number_processes=processes)
        assert [series(row) for row in rows] == expected, f"{processes} processes"
    assert len(set(expected)) == 3


def test_two_iterations_differ(short: Scenario) -> None:
    first, second = batch(PeaceProcess, [None] * 2, parameters={"scenario": short})
    assert series(first) != series(second)


def test_a_batch_row_is_a_day_and_its_last_the_last_day(short: Scenario) -> None:
    (last,) = batch(PeaceProcess, [7], parameters={"scenario": short})
    days = alone(short, 7)
    assert len(days) == DAYS
    assert series(last) == days[-1]
    rows = batch(PeaceProcess, [7], parameters={"scenario": short}, data_collection_period=1)
    assert [series(row) for row in rows] == days


def test_a_batch_varies_scenarios(short: Scenario) -> None:
    quiet = short.change({"taliban.intensity": 0})
    rows = batch(PeaceProcess, [7], parameters={"scenario": [short, quiet]})
    assert [series(row) for row in rows] == [alone(short, 7)[-1], alone(quiet, 7)[-1]]


class Reporting(PeaceProcess):
    """A model with a reporter of its own and one for agents."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.datacollector = mesa.DataCollector(self.reporters(), {"kind": lambda agent: type(agent).__name__})

    def reporters(self) -> dict[str, Any]:
        """Every series, and the run's seed."""
        return super().reporters() | {"seed": lambda model: model.seed}


def test_a_subclass_adds_reporters_of_the_model_and_of_agents(short: Scenario) -> None:
    model = Reporting(short, 1, 7)
    assert not differing(model.run(), PeaceProcess(short, 1, 7).run())
    assert model.datacollector is not None
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == [*SERIES, "seed"]
    assert set(frame["seed"]) == {7}
    agents = model.datacollector.get_agent_vars_dataframe()
    assert len(agents) == DAYS * ACTORS
    assert not agents.index.has_duplicates
    assert set(agents["kind"]) == {type(agent).__name__ for agent in model.agents}


def test_a_batch_keeps_a_subclass_s_reporter(short: Scenario) -> None:
    rows = batch(Reporting, [None] * 2, parameters={"scenario": short})
    runs = {row["RunId"]: row for row in rows}
    assert len(rows) == 2 * ACTORS, "one row per agent, on the last day"
    for row in runs.values():
        assert series(row) == alone(short, row["seed"])[-1], "the seed that a run took gives it again"
