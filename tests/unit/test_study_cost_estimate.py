"""The cost estimate of a plan: computed from the plan, except for the speed, which is measured."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from sim.study import cost_estimate
from sim.study.compute import compute
from sim.study.design import design
from sim.study.plan import Factor, Plan, StoppingRule
from sim.study.unit import Task
from tests.unit import studies


class Clock:
    """A clock that a test sets."""

    seconds = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.seconds


def taken(plan: Plan, rate: float = 100) -> cost_estimate.CostEstimate:
    """The estimate for a plan at a given speed."""
    return cost_estimate.estimate_cost(plan, design(plan), rate)


def test_worlds_units_and_time_by_hand() -> None:
    """Two scenarios at three points in 64 worlds: a unit holds all three points, so two units, two processes."""
    found = taken(studies.grid("baseline", "free-run", processes=8))
    assert (found.points, found.worlds, found.most_worlds, found.units, found.processes) == (3, 384, 384, 2, 8)
    assert found.seconds == pytest.approx(384 / (100 * 2)), "two units keep two processes busy, not eight"


def test_until_it_is_clear_has_a_most() -> None:
    found = taken(studies.grid("baseline", "free-run", processes=1, until=StoppingRule("attacks", 5, 6400)))
    assert (found.worlds, found.most_worlds) == (384, 38_400)
    assert found.most_seconds == pytest.approx(100 * found.seconds)
    assert found.most_disk == 100 * found.disk


@pytest.mark.slow
def test_disk_grows_with_what_is_kept_and_holds_what_is_written(tmp_path: Path) -> None:
    few = replace(studies.grid(worlds=256), outcomes=("attacks",))
    more = replace(few, series=("attacks", "us_troops"))
    assert taken(more).disk - taken(few).disk == 3 * 256 * 2 * 3 * 4, "points x worlds x series x days x 4 bytes"
    folder, _ = studies.filled(tmp_path / "study", studies.grid(worlds=1024, series=("attacks",)))
    written = sum(file.stat().st_size for file in folder.part_files())
    assert written < 1.5 * taken(folder.plan).disk, (
        f"{written} bytes written, {taken(folder.plan).disk} expected at most"
    )


def test_memory_follows_processes_not_worlds() -> None:
    plan = studies.grid(worlds=10_000, processes=2)
    assert taken(replace(plan, worlds=200_000)).memory == taken(plan).memory
    assert taken(replace(plan, processes=8)).memory > 3 * taken(plan).memory


@pytest.mark.parametrize("method", ["grid", "one-at-a-time", "none"])
def test_speed_is_that_of_the_references_first_unit(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The speed is measured with a unit of the plan's own points, as a run computes it."""
    vary = {
        "grid": (studies.LEVERAGE,),
        "one-at-a-time": (Factor("kabul.ghani.offer", dt.date(2020, 3, 2), low=5, high=9),),
        "none": (),
    }
    plan = studies.plan("baseline", "free-run", reference="free-run", method=method, vary=vary[method])
    computed: list[Task] = []

    def timed(task: Task) -> bytes:
        clock.seconds += 0.5
        computed.append(task)
        return compute(task)

    clock = Clock()
    monkeypatch.setattr("sim.study.cost_estimate.time.perf_counter", clock)
    monkeypatch.setattr("sim.study.compute.compute", timed)
    points = {"grid": 3, "one-at-a-time": 3, "none": 1}[method]
    assert cost_estimate.measured(plan, design(plan)) == points * 64 / 0.5
    assert [(task.scenario.name, task.unit.rows) for task in computed] == [("free-run", points * 64)]
