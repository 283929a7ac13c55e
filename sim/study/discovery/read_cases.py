"""Reading the cases of a study's folder, and running fresh ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sim.errors import InputError
from sim.inputs.scenario import Scenario
from sim.schema import arguments
from sim.schema.outcomes import DAY
from sim.study.design import Design, design
from sim.study.discovery.cases import LARGEST, Cases, Feature, feature_values, features_of
from sim.study.discovery.condition import Condition
from sim.study.factor import UNCHANGED
from sim.study.folder import Folder
from sim.study.own_outcome import own_values
from sim.study.plan import LEVELS, SAMPLED, Plan

Array = npt.NDArray[Any]
Progress = Callable[[int, int], None]

FEWEST: Final = 50  # worlds for margins that differ between worlds
BATCHES: Final = 8  # of fresh worlds
ONE_BY_ONE: Final = "one-at-a-time"


def read_cases(folder: Folder, scenario: Scenario, condition: Condition, also: Sequence[str]) -> Cases:
    """Return the rows of one scenario of a study, without those in which the model failed.

    also: outcomes that may explain, too. Raises InputError for a study without results, for one that varies one setting
    at a time, whose points do not fill a space, and for one that leaves a setting as it is at some points.
    """
    plan = folder.plan
    if plan.method == ONE_BY_ONE:
        raise InputError("varies one setting at a time: use latin-hypercube, sobol or grid", file=folder.path)
    for name, values in folder.design.values.items():
        if np.isnan(values).any():
            problem = f'is "{UNCHANGED}" at some points, which is neither above nor below a limit: give it numbers only'
            raise InputError(problem, file=folder.path, path=name)
    wanted = tuple(dict.fromkeys((*condition.outcomes, *also)))
    table = folder.table(["scenario", "point", "world", *wanted, "error"])
    table = table.filter(pc.and_(pc.equal(table["scenario"], scenario.name), pc.is_null(table["error"])))
    table = table.filter(pc.less(table["world"], max(LARGEST // folder.design.points, 1)))
    if not len(table):
        raise InputError("contains no results of this scenario yet", file=folder.path, value=scenario.name)
    columns = {name: table[name].cast(pa.float64()).to_numpy() for name in ("point", "world", *wanted)}
    found = cases_of(plan, scenario, folder.design, condition, columns, also)
    few = not found.point_parameters and len(np.unique(found.world)) < FEWEST
    return found.without_margins() if few else found


def cases_of(
    plan: Plan,
    scenario: Scenario,
    points: Design,
    condition: Condition,
    columns: Mapping[str, Array],
    also: Sequence[str],
) -> Cases:
    """Return rows as cases. columns: `point`, `world` and the outcomes, (rows,), by name."""
    point, world = columns["point"].astype(np.int64), columns["world"].astype(np.int64)
    first, last = int(world.min()), int(world.max())
    every = feature_values(plan, scenario, points, last - first + 1, first)
    place = point * (last - first + 1) + world - first
    values = {name: column[place] for name, column in every.items()}
    hits = np.asarray(condition.holds({name: np.asarray(columns[name], np.float64) for name in condition.outcomes}))
    found = Cases(features_of(plan), values, point, world, hits, plan.assumptions == "point")
    more = {name: Feature(name, plan.outcome(name).label, plan.outcome(name).unit, "outcome") for name in also}
    return found.with_outcomes(more, {name: np.asarray(columns[name], np.float64) for name in also})


def fresh_cases(
    folder: Folder, scenario: Scenario, condition: Condition, also: Sequence[str], rows: int, progress: Progress | None
) -> Cases:
    """Run about so many rows in worlds that the study has not run, at fresh points if its points are sampled.

    In batches, each with points and worlds of its own, so that there are many of both: rows of one world, or of one
    point, are alike.
    """
    plan, points = folder.plan, fresh_points(folder.plan, folder.design, rows)
    worlds, first = max(rows // points.points, 1), folder.rounds[-1]
    parts = []
    batches = np.array_split(np.arange(points.points), min(BATCHES, points.points))
    outcomes = (*condition.outcomes, *also)
    for number, some in enumerate(batches):
        parts.append(_batch(plan, scenario, points, some, worlds, first + number * worlds, outcomes))
        if progress is not None:
            progress(number + 1, len(batches))
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return cases_of(plan, scenario, points, condition, columns, also)


def _batch(
    plan: Plan, scenario: Scenario, points: Design, some: Array, worlds: int, first: int, outcomes: Sequence[str]
) -> dict[str, Array]:
    """Run some points in worlds from `first` on, and return the outcomes with `point` and `world`, (rows,), by name."""
    from sim.runs.runner import run_points  # imports Mesa

    settings = {name: values[some] for name, values in points.values.items()}
    batch = run_points(scenario, settings, worlds, plan.seed, first=first, assumptions=plan.assumptions)
    found = batch.outcomes() | own_values(plan.own, batch)
    columns = {name: found[name] for name in dict.fromkeys(outcomes)}
    world = np.arange(first, first + worlds)
    return columns | {"point": np.repeat(some, worlds), "world": np.tile(world, len(some))}


def fresh_points(plan: Plan, points: Design, rows: int) -> Design:
    """Return points for so many rows: new ones in the same bounds if they were sampled, else some of the old ones."""
    number = min(points.points, BATCHES * max(round((rows / BATCHES) ** 0.5), 1))
    if plan.method in SAMPLED:
        sampled = replace(
            plan,
            method="latin-hypercube",
            samples=max(number, 2),
            sampler_seed=plan.sampler_seed + 1,
            levels=LEVELS,
            second_order=False,
        )
        return design(sampled)
    chosen = np.unique(np.linspace(0, points.points - 1, number).astype(np.int64))
    return Design(len(chosen), points.names, {name: values[chosen] for name, values in points.values.items()})


def checked_also(also: Sequence[str], condition: Condition, plan: Plan) -> tuple[str, ...]:
    """Return the names of outcomes that may explain another one. Raises InputError."""
    from sim.runs.sequential import outcome_name

    found = []
    for given in also:
        try:
            name = arguments.text("also", given, "the name of an outcome")
            name = name if name in plan.records else outcome_name(name)
        except InputError as error:
            raise InputError(error.problem, path="also", value=error.value, nearest=error.nearest) from None
        if name not in plan.outcomes:
            some = ", ".join(plan.outcomes[:5])
            raise InputError("is not kept in this study", path="also", value=given, expected=some)
        if name.startswith(DAY):
            raise InputError("is empty in worlds that never get there", path="also", value=given)
        if name in condition.outcomes:
            raise InputError("is what is to be explained", path="also", value=given)
        found.append(name)
    return tuple(dict.fromkeys(found))
