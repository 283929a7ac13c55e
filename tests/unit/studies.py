"""Small studies for tests: a few days, a few worlds, real numbers; and an executor in this process."""

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario
from sim.study import part
from sim.study.compute import compute
from sim.study.executors import SkippedUnit, UnitResult
from sim.study.factor import Factor
from sim.study.folder import Folder
from sim.study.plan import Plan
from sim.study.run import RunSummary, run
from sim.study.unit import Task

DAYS = dt.date(2020, 3, 4)  # the end of a run of three days
LEVERAGE = Factor("taliban.leverage", values=(0.2, 0.5, 0.9))


def scenario(name: str = "baseline", **changes: Any) -> Scenario:
    """A scenario that comes with Jirga, over three days."""
    return load_scenario(name).with_dates(end=changes.pop("end", DAYS))


def plan(*names: str, **parts: Any) -> Plan:
    """A plan over three days of some of these scenarios, with 64 worlds per point."""
    chosen = tuple(scenario(name) for name in names or ("baseline",))
    given = {"title": "A small study", "scenarios": chosen, "reference": chosen[0].name, "worlds": 64}
    return Plan(**{**given, **parts})


def grid(*names: str, **parts: Any) -> Plan:
    """The same plan with three points."""
    return plan(*names, **{"method": "grid", "vary": (LEVERAGE,), **parts})


class Here:
    """An executor that computes in this process and returns the parts, as a cluster does."""

    def __init__(self, most: int | None = None, poison: str = "") -> None:
        """most: units before it stops as if killed; poison: a scenario whose units are skipped."""
        self.most, self.poison, self.computed = most, poison, 0

    def run(self, tasks: Iterable[Task]) -> Iterator[UnitResult | SkippedUnit]:
        """Compute the tasks one after another."""
        for task in tasks:
            if self.computed == self.most:
                raise KeyboardInterrupt
            if task.scenario.name == self.poison:
                yield SkippedUnit(task, "it is poison")
                continue
            self.computed += 1
            data = compute(task)
            yield UnitResult(task, part.failed_rows(data, task.key), data)

    def close(self) -> None:
        """Do nothing."""


def filled(path: Path, study: Plan, **options: Any) -> tuple[Folder, RunSummary]:
    """A study computed in this process."""
    folder = Folder.at(path, study)
    return folder, run(folder, Here(), **options)


def contents(folder: Path) -> dict[str, bytes]:
    """Every part by its name, hidden files too."""
    return {file.name: file.read_bytes() for file in sorted((folder / "parts").iterdir())}
