"""Read a run back from its folder: the same `Results` as before it was written.

Parquet only: CSV has lost the types. Everything is checked against the manifest, so that results never come from files
that were changed afterwards.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import InputError
from sim.export.manifest import FORMAT, sha256
from sim.export.manifest import NAME as MANIFEST
from sim.export.run_folder import SCENARIO
from sim.files.regular_file import get
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario
from sim.results.columns import arrow_to_numbers
from sim.results.results import MISSING, REASON, Results
from sim.schema import arguments
from sim.schema.milestones import MILESTONES, NEVER, Milestone
from sim.schema.outcomes import DAY
from sim.schema.series import SERIES

Array = npt.NDArray[Any]

WORLDS, DAYS, PARAMETERS = "worlds.parquet", "days.parquet", "parameters.parquet"
_SIZE: Final = ("seed", "worlds", "first", "assumptions")


def load_run(folder: str | Path) -> Results:
    """Return the run that `write_run` or `jirga run --out` wrote into a folder.

    Raises InputError for a folder without a run or without its Parquet tables, for a file that is missing, changed or
    cannot be read, and for a run of another format.
    """
    place = arguments.path("folder", folder)
    about = _manifest(place)
    size = {key: about[key] for key in _SIZE}
    scenario = _scenario(place, about)
    worlds = _table(place, WORLDS, about)
    days = _table(place, DAYS, about)
    drawn = _table(place, PARAMETERS, about) if PARAMETERS in about["files"] else None
    try:
        daily = {name: _numbers(days, name).reshape(size["worlds"], scenario.days) for name in SERIES}
        milestone_day = {name: _days(worlds[DAY + name]) for name in MILESTONES}
        reasons = {name: _reasons(one, worlds[name + REASON]) for name, one in MILESTONES.items()}
        parameters = {} if drawn is None else {n: _numbers(drawn, n) for n in drawn.column_names if n != "world"}
        return Results(
            scenario, size["seed"], size["worlds"], size["first"], size["assumptions"], daily, milestone_day, reasons,
            parameters,
        )  # fmt: skip
    except (KeyError, ValueError, pa.ArrowInvalid) as error:
        raise InputError(f"contains tables of another version of Jirga: {error}", file=folder) from error


def _manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a run. Raises InputError."""
    try:
        about = json.loads(get(folder / MANIFEST))
    except OSError as error:
        raise InputError(f"no run: its {MANIFEST} cannot be read: {error.strerror or error}", file=folder) from error
    except (ValueError, RecursionError) as error:
        raise InputError("is no manifest of a run", file=folder / MANIFEST) from error
    known = (
        isinstance(about, dict) and isinstance(about.get("files"), dict) and {*_SIZE, "hash", "scenario"} <= {*about}
    )
    if not known or about.get("format") != FORMAT:
        raise InputError(f"is no manifest of a run in format {FORMAT}", file=folder / MANIFEST)
    return about


def _scenario(folder: Path, about: Mapping[str, Any]) -> Scenario:
    """Return the scenario of a run, under its own name. Raises InputError."""
    _check(folder, SCENARIO, about)
    found = load_scenario(folder / SCENARIO)
    if found.hash() != about["hash"]:
        raise InputError("is not the scenario of the manifest", file=folder / SCENARIO)
    return replace(found, name=str(about["scenario"]))


def _table(folder: Path, name: str, about: Mapping[str, Any]) -> pa.Table:
    """Return a table of a run. Raises InputError."""
    if name not in about["files"]:
        raise InputError(f"has no {name}: only runs written as Parquet can be read back", file=folder)
    _check(folder, name, about)
    try:
        return pq.read_table(folder / name)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"cannot be read: {error}", file=folder / name) from error


def _check(folder: Path, name: str, about: Mapping[str, Any]) -> None:
    """Raise InputError unless a file is the one that the manifest lists."""
    listed = about["files"].get(name)
    try:
        same = isinstance(listed, dict) and sha256(folder / name) == listed.get("sha256")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", file=folder / name) from error
    if not same:
        raise InputError("is not the file that the manifest lists: it was changed", file=folder / name)


def _numbers(table: pa.Table, name: str) -> Array:
    return arrow_to_numbers(table[name])


def _days(column: pa.ChunkedArray) -> Array:
    """Return the days of a milestone, int32 (worlds,), NEVER for null."""
    return np.asarray(column.fill_null(NEVER).to_numpy(), np.int32)


def _reasons(milestone: Milestone, column: pa.ChunkedArray) -> Array:
    """Return the index of each world's reason, int8 (worlds,), -1 for none. Raises KeyError for an unknown one."""
    known = {reason: place for place, reason in enumerate(milestone.reasons)} | {None: -1}
    texts = [text if text is None else text.removeprefix(MISSING) for text in column.to_pylist()]
    return np.array([known[text] for text in texts], np.int8)
