"""A study in a script or notebook: run it, open it, and read its results as a DataFrame or Dataset."""

import dataclasses
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from sim.errors import InputError
from sim.results.expressions.reader import read_expression
from sim.results.expressions.values import expression_values
from sim.schema import arguments
from sim.schema.milestones import NEVER
from sim.schema.outcomes import DAY
from sim.study import part, points, sensitivity
from sim.study.cells import cells
from sim.study.design import problem
from sim.study.export import results
from sim.study.folder import PARTS, Folder, check_study
from sim.study.plan import Plan
from sim.study.plan_reader import read_plan
from sim.study.run import Progress, RunSummary, run
from sim.study.summary import Summary, summarise

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

INDICES: Final = {"sobol": sensitivity.sobol, "morris": sensitivity.morris, "one-at-a-time": sensitivity.tornado}


class Study:
    """A study in its folder, complete or not. `run_study` and `open_study` give one."""

    def __init__(self, folder: Folder, summary: RunSummary | None = None) -> None:
        """summary: of the run, if it was run here. Raises InputError for what is not a Folder."""
        check_study(folder)
        self.folder, self.run_summary = folder, summary

    def __repr__(self) -> str:
        """Return a one-line description."""
        plan = self.plan
        size = (
            f"{len(plan.scenarios)} scenarios, {self.folder.design.points:,} points, {self.folder.rounds[-1]:,} worlds"
        )
        return f"<Study {plan.title!r}: {size}, in {self.folder.path}>"

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.folder.plan

    @property
    def problem(self) -> dict[str, Any]:
        """What `SALib` needs: num_vars, names and bounds of the settings."""
        return problem(self.plan)

    @property
    def points(self) -> "pd.DataFrame":
        """One row per point: its settings, NaN where a point leaves a setting as the scenario has it."""
        return points.table(self.folder.design).to_pandas().set_index("point")

    def to_pandas(self) -> "pd.DataFrame":
        """One row per scenario, point and world: scenario, point, its settings, world, outcomes and `error`.

        Days of milestones that are not reached are missing. Raises InputError for a part that cannot be read.
        """
        plan, design = self.plan, self.folder.design
        empty = results(plan, design, self.folder.schema.empty_table())
        return pa.concat_tables([empty, *(results(plan, design, rows) for rows in self.folder.rows())]).to_pandas()

    def to_xarray(self, outcomes: Iterable[str] | None = None, series: Iterable[str] | None = None) -> "xr.Dataset":
        """Return outcomes by scenario, point and world, and the kept series as `daily_*` by day too.

        outcomes, series: names, all that the study keeps if None. Settings are coordinates of the points. Values are
        missing for a milestone that is not reached, a run that failed and a part that is not there. Raises InputError
        for a name that is not kept, for results of more than 8 GiB, and for a part that cannot be read.
        """
        from sim.study.datasets import study_dataset

        return study_dataset(
            self.folder,
            _chosen("outcomes", outcomes, self.plan.outcomes),
            _chosen("series", series, self.plan.series),
        )

    def cells(self) -> "pd.DataFrame":
        """One row per scenario, point and outcome: mean, paired difference, and their 95 % intervals."""
        return cells(self.summarise()).to_pandas()

    def summarise(self) -> Summary:
        """The statistics that reports show. Raises InputError for a part that cannot be read."""
        return summarise(self.folder, daily=False)

    def indices(self, outcome: str, scenario: str | None = None) -> "pd.DataFrame":
        """The sensitivity indices of a Sobol, Morris or one-at-a-time study, one row per setting.

        scenario: its name, the reference if None. Raises InputError for another method or an unknown name, and
        `sim.study.sensitivity.UnknowableError` where some point has no value.
        """
        import pandas as pd

        plan = self.plan
        place = self._place(outcome, scenario)
        if plan.method not in INDICES:
            raise InputError("has no indices", path="method", value=plan.method, expected=", ".join(INDICES))
        found: Any = INDICES[plan.method](summarise(self.folder, [outcome], daily=False), place, outcome)
        return pd.DataFrame([dataclasses.asdict(one) for one in found]).set_index("setting")

    def pairs(self, outcome: str, scenario: str | None = None) -> "pd.DataFrame":
        """The second-order indices of a Sobol study whose plan has `second_order`, one row per pair of settings.

        scenario: its name, the reference if None. Raises InputError for another plan, and as `indices` does.
        """
        import pandas as pd

        if not self.plan.second_order:
            raise InputError(
                "has no second-order indices: the plan needs second_order", path="method", value=self.plan.method
            )
        place = self._place(outcome, scenario)
        found = sensitivity.sobol_pairs(summarise(self.folder, [outcome], daily=False), place, outcome)
        return pd.DataFrame([dataclasses.asdict(one) for one in found]).set_index(["setting", "other"])

    def _place(self, outcome: Any, scenario: Any) -> int:
        """Return the index of a scenario, the reference if None. Raises InputError for an unknown name."""
        arguments.known("outcome", outcome, self.plan.outcomes, "no such outcome in this study")
        names = [one.name for one in self.plan.scenarios]
        name = self.plan.reference if scenario is None else scenario
        return names.index(arguments.known("scenario", name, names, "no such scenario in this study"))

    def measure(self, what: "str | Callable[[xr.Dataset], Any]", name: str = "measured") -> "xr.DataArray":
        """Return an outcome of your own, (scenario, point, world), computed from what the study has kept.

        what: an expression, whose daily series and days of milestones must have been kept; or a function that gets a
        Dataset with dims (point, world, day), with the outcomes, and the series as `daily_*`, and returns one number
        per point and world. It is called for each part. A plan computes an expression in `own_outcomes` without
        keeping any series. Raises InputError for what was not kept, and for any other result.
        """
        import xarray as xr

        from sim.study.datasets import DIMS, unit_datasets

        arguments.text("name", name)
        function = what if callable(what) else self._of_expression(what)
        plan = self.plan
        made = np.full((len(plan.scenarios), self.folder.design.points, self.folder.rounds[-1]), np.nan)
        for unit, given in unit_datasets(self.folder):
            found = _numbers(function(given), (unit.high - unit.low, unit.worlds))
            made[unit.scenario, unit.low : unit.high, unit.first : unit.first + unit.worlds] = found
        coords = {"scenario": [one.name for one in plan.scenarios]}
        attrs = {} if callable(what) else {"unit": read_expression(what).unit}
        return xr.DataArray(made, coords, DIMS, name, attrs)

    def _of_expression(self, text: str) -> "Callable[[xr.Dataset], Any]":
        """Return an expression as a function. Raises InputError for what the study has not kept."""
        first = self.plan.scenarios[0]
        one = read_expression(text, first.start, first.end)
        series = {*([one.series] if one.series else []), *(term.series for term in one.where)}
        for name in sorted(series - {*self.plan.series}):
            raise InputError("the study has not kept this series", path="series", value=name)
        ends = [name for name in (one.after, one.before) if name is not None]
        for name in ends:
            if DAY + name not in self.plan.outcomes:
                raise InputError("the study has not kept this outcome", path="outcomes", value=DAY + name)

        def values(given: "xr.Dataset") -> Any:
            daily = {name: given[part.DAILY + name].to_numpy().reshape(-1, self.plan.days) for name in series}
            days = {name: given[DAY + name].to_numpy().reshape(-1) for name in ends}
            reached = {name: np.where(np.isnan(day), NEVER, day) for name, day in days.items()}
            found = expression_values(one, daily, reached, first.start)
            failed = np.isnan(next(iter(daily.values()))).any(axis=1)
            return np.where(failed, np.nan, found).reshape(given.sizes["point"], given.sizes["world"])

        return values


def run_study(
    plan: str | Path | Plan,
    out: str | Path | None = None,
    *,
    processes: int | None = None,
    progress: Progress | None = None,
) -> Study:
    """Run a study, or what is missing of it, and return it.

    plan: a plan, its name or its path; out: its folder, which is resumed if it has this plan; None for a temporary
    one, which goes with the study. processes: the plan's if None, else one per core; on Windows and macOS, call this
    below `if __name__ == "__main__":`. progress: called with the rows done and the total. Raises InputError for an
    invalid plan or a folder of another study, and `sim.study.executors.WorkerPoolError` if no worker can be used.
    """
    if not isinstance(plan, Plan):
        arguments.path("plan", plan)
    given = plan if isinstance(plan, Plan) else read_plan(plan)
    if out is not None:
        return _run(given, arguments.path("out", out), processes, progress)
    place = tempfile.mkdtemp(prefix="jirga-study-")
    try:
        found = _run(given, Path(place) / "study", processes, progress)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    weakref.finalize(found, shutil.rmtree, place, ignore_errors=True)
    return found


def open_study(path: str | Path) -> Study:
    """Return the study in a folder. Raises InputError if there is none."""
    return Study(Folder.open(path))


def _run(plan: Plan, place: Path, processes: int | None, progress: Progress | None) -> Study:
    """Run a study in a folder. Raises InputError and WorkerPoolError."""
    from sim.study.executors import open_executor

    folder = Folder.at(place, plan)
    engine = open_executor(plan.engine, place.absolute() / PARTS, plan.processes if processes is None else processes)
    try:
        return Study(folder, run(folder, engine, progress=progress))
    finally:
        engine.close()


def _chosen(path: str, given: Iterable[str] | None, kept: tuple[str, ...]) -> tuple[str, ...]:
    """Return names that are kept, all if None. Raises InputError."""
    if given is None:
        return kept
    found = arguments.items(path, given, "names")
    return tuple(arguments.known(path, name, kept, "is not kept in this study") for name in found)


def _numbers(found: Any, shape: tuple[int, int]) -> Any:
    """Return what a function gave, float64 (points, worlds). Raises InputError for anything else."""
    expected = "one number per point and world"
    if hasattr(found, "dims") and set(found.dims) == {"point", "world"}:
        found = found.transpose("point", "world")
    try:
        values = np.asarray(found, np.float64)
    except (TypeError, ValueError):
        raise InputError("gives no numbers", path="what", expected=expected) from None
    if values.shape != shape:
        raise InputError(f"gives an array of {values.shape}, not {shape}", path="what", expected=expected)
    return values
