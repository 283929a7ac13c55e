"""Parts: rows of the engine, errors, and a checksum that finds every change."""

import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import sim.runs.runner
from sim.runs.runner import simulate
from sim.schema.outcomes import OUTCOMES
from sim.study import part
from sim.study.compute import compute
from sim.study.design import design
from sim.study.unit import Task, UnitPlanner
from tests.unit import studies


def task(**parts: object) -> Task:
    plan = studies.grid("baseline", worlds=4, **parts)
    work = UnitPlanner(plan, design(plan), "model")
    (unit,) = work.units(0, 4)
    return work.task(unit)


@pytest.mark.slow
def test_rows_are_what_simulate_gives() -> None:
    asked = task(series=("attacks", "us_troops"), seed=3)
    rows = part.decode(compute(asked), asked.key)
    assert rows["point"].to_pylist() == [0] * 4 + [1] * 4 + [2] * 4
    assert rows["world"].to_pylist() == [0, 1, 2, 3] * 3
    assert set(rows["scenario"].to_pylist()) == {"baseline"}
    assert rows["error"].null_count == len(rows)
    for point, leverage in enumerate(studies.LEVERAGE.values):
        alone = simulate(studies.scenario().with_settings([f"taliban.leverage={leverage}"]), 4, 3)
        mine = rows.slice(4 * point, 4)
        for name in asked.outcomes:
            found = np.asarray(mine[name].cast("float64").to_numpy(), np.float64)
            np.testing.assert_array_equal(found, alone.outcomes[name].values, err_msg=name)
        daily = np.array(mine["daily_attacks"].to_pylist(), np.float32)
        np.testing.assert_array_equal(daily, alone.daily["attacks"].values)


def test_columns_have_types_units_and_labels() -> None:
    schema = part.schema(["attacks", "reached_talks_open", "day_talks_open"], ["attacks"])
    kinds = {field.name: str(field.type) for field in schema}
    assert kinds == {
        "scenario": "dictionary<values=string, indices=int32, ordered=0>", "point": "int32", "world": "int64",
        "attacks": "double", "reached_talks_open": "bool", "day_talks_open": "int32",
        "daily_attacks": "list<item: float>", "error": "string",
    }  # fmt: skip
    assert schema.field("attacks").metadata[b"unit"].decode() == OUTCOMES["attacks"].unit
    asked = task(series=("attacks",))
    assert part.decode(compute(asked), asked.key).schema.equals(part.schema(asked.outcomes, asked.series))


def test_a_point_that_fails_becomes_rows_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, real = task(), sim.runs.runner.run_points

    def faulty(scenario: object, settings: dict[str, object], *rest: object, **options: object) -> object:
        if 0.5 in np.asarray(settings["taliban.leverage"]):
            raise ArithmeticError("does not\nadd up")
        return real(scenario, settings, *rest, **options)  # type: ignore[arg-type]

    whole = part.decode(compute(asked), asked.key)
    monkeypatch.setattr(sim.runs.runner, "run_points", faulty)
    data = compute(asked)
    rows = part.decode(data, asked.key)
    assert part.failed_rows(data, asked.key) == 4
    assert rows["error"].to_pylist() == [None] * 4 + ["ArithmeticError: does not\\nadd up"] * 4 + [None] * 4
    assert rows["attacks"].to_pylist()[4:8] == [None] * 4
    assert rows["point"].to_pylist() == whole["point"].to_pylist()
    for kept in (slice(0, 4), slice(8, 12)):
        assert rows.slice(kept.start, 4).equals(whole.slice(kept.start, 4))


@pytest.mark.parametrize("error", [MemoryError, OSError])
def test_what_is_no_fault_of_the_model_is_no_row(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(sim.runs.runner, "run_points", fail)
    with pytest.raises(error):
        compute(task())


def test_a_part_is_the_same_bytes_each_time_and_says_what_it_is() -> None:
    asked = task()
    data = compute(asked)
    assert compute(asked) == data
    about = pa.parquet.ParquetFile(pa.BufferReader(data)).metadata.metadata
    assert about[b"jirga.key"].decode() == asked.key
    assert about[b"jirga.model"] == b"model"
    assert about[b"jirga.plan"].decode() == asked.plan
    assert json.loads(about[b"jirga.unit"]) == {"scenario": 0, "low": 0, "high": 3, "first": 0, "worlds": 4}


def test_every_change_to_a_byte_is_found() -> None:
    asked = task(outcomes=("attacks",))
    data = compute(asked)
    for place in range(len(data)):
        other = bytearray(data)
        other[place] ^= 1 << place % 8
        with pytest.raises(part.DamagedPart):
            part.decode(bytes(other), asked.key)


def test_a_part_cut_short_is_found_wherever_it_is_cut() -> None:
    asked = task(outcomes=("attacks",))
    data = compute(asked)
    for length in range(len(data)):
        with pytest.raises(part.DamagedPart):
            part.decode(data[:length], asked.key)
    with pytest.raises(part.DamagedPart):
        part.decode(data + b"\0", asked.key)


def test_a_part_under_another_name_is_found(tmp_path: Path) -> None:
    asked = task()
    part.write(tmp_path, asked.key, compute(asked))
    assert part.read(tmp_path, asked.key, ["world"]).num_rows == 12
    shutil.copy(part.path(tmp_path, asked.key), part.path(tmp_path, "other"))
    with pytest.raises(part.DamagedPart, match=f"it is {asked.key}"):
        part.read(tmp_path, "other")
