"""simulate(): its arguments, errors before anything runs, and progress."""

import datetime as dt
import gc
import weakref
from typing import Any

import numpy as np
import pytest

from sim.engine.model import PeaceProcess
from sim.engine.random_streams import BLOCK, RandomStreams
from sim.errors import InputError
from sim.inputs.parameters import catalogue
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario
from sim.runs import runner
from sim.runs.parameter_sampling import draw_parameters
from sim.runs.runner import CHUNK, simulate
from sim.schema.assumptions import check_assumptions
from sim.schema.milestones import MILESTONES
from sim.schema.series import SERIES


@pytest.fixture
def short() -> Scenario:
    """Return ten days of the baseline."""
    return load_scenario("baseline").with_dates(end=dt.date(2020, 3, 11))


def test_a_run_has_every_series_and_milestone_of_the_requested_worlds(short: Scenario) -> None:
    run = simulate(short, 5, 3, first=100)
    assert (run.worlds, run.seed, run.first, run.assumptions) == (5, 3, 100, "facts")
    assert run.world_ids.tolist() == [100, 101, 102, 103, 104]
    assert list(run.arrays) == list(SERIES)
    assert all(rows.shape == (5, 10) and not np.isnan(rows).any() for rows in run.arrays.values())
    assert list(run.milestone_day) == list(MILESTONES)
    assert (run.milestone_day["decree"] == 9).all()


@pytest.mark.parametrize(("worlds", "seed", "path"), [
    (0, 0, "run.worlds"),
    (-1, 0, "run.worlds"),
    (10**9, 0, "run.worlds"),
    (1.5, 0, "run.worlds"),
    (True, 0, "run.worlds"),
    (1, -1, "run.seed"),
    (1, 2**63, "run.seed"),
    (1, 0.5, "run.seed"),
])  # fmt: skip
def test_worlds_and_seeds_out_of_bounds_are_rejected(short: Scenario, worlds: int, seed: int, path: str) -> None:
    with pytest.raises(InputError, match=path):
        simulate(short, worlds, seed)


def test_unknown_assumptions_are_rejected_with_the_nearest(short: Scenario) -> None:
    with pytest.raises(InputError, match="did you mean ranges"):
        simulate(short, 1, assumptions="range")  # type: ignore[arg-type]
    for known in ("point", "ranges"):
        check_assumptions(known)


def test_progress_is_reported_daily_and_ends_with_the_total(short: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "CHUNK", BLOCK)
    text: list[tuple[int, int]] = []
    simulate(short, BLOCK + 6, progress=lambda done, total: text.append((done, total)))
    every = (BLOCK + 6) * 10
    assert len(text) == 2 * 10
    assert text[0] == (BLOCK, every)
    assert text[10] == (BLOCK * 10 + 6, every)
    assert text[-1] == (every, every)


def test_worlds_are_stepped_in_whole_blocks() -> None:
    assert CHUNK % BLOCK == 0


def test_with_ranges_worlds_differ_in_their_parameters_and_a_fixed_one_stays(short: Scenario) -> None:
    drawn = draw_parameters(RandomStreams(3, 20), {"taliban.leverage": 1.0})
    assert "taliban.leverage" not in drawn
    assert "taliban.restraint" in drawn
    assert all(len(np.unique(values)) > 10 for values in drawn.values())
    point, ranges = (simulate(short, 20, 3, assumptions=kind).arrays["attacks"] for kind in ("point", "ranges"))
    assert not np.array_equal(point, ranges)


def test_certain_parameters_are_not_sampled() -> None:
    drawn = draw_parameters(RandomStreams(3, 2), {})
    certain = {
        name
        for name, record in catalogue().items()
        if record.type not in ("float", "int") or record.range is None or record.kind == "stated"
    }
    assert certain, "nothing is certain"
    assert drawn, "nothing is drawn"
    assert not certain & set(drawn), certain & set(drawn)


def test_a_run_of_one_day(short: Scenario) -> None:
    one = simulate(short.with_dates(end=dt.date(2020, 3, 2)), 2, 3)
    np.testing.assert_array_equal(one.arrays["attacks"][:, 0], simulate(short, 2, 3).arrays["attacks"][:, 0])


@pytest.mark.slow
def test_models_are_freed_after_their_run(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[weakref.ref[PeaceProcess]] = []

    class Watched(PeaceProcess):
        def __init__(self, *rest: Any, **options: Any) -> None:
            super().__init__(*rest, **options)
            made.append(weakref.ref(self))

    def fail(_done: int, _total: int) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(runner, "PeaceProcess", Watched)
    short = load_scenario("baseline").with_dates(end=dt.date(2020, 3, 3))
    gc.disable()  # the memory must be freed without a garbage collection
    try:
        simulate(short, CHUNK + 1)
        with pytest.raises(ZeroDivisionError):
            simulate(short, 4, progress=fail)
    finally:
        gc.enable()
    assert [one() is None for one in made] == [True] * 3
