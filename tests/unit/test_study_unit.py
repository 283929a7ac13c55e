"""Units: each world of each point once, whatever computes them; and keys that say what is computed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.engine.random_streams import BLOCK
from sim.study import model_hash as hashing
from sim.study.design import Design, design
from sim.study.model_hash import NOT_THE_MODEL, model_files, model_hash
from sim.study.unit import ROWS, Unit, UnitPlanner
from tests.unit import studies


def work(points: int = 1, worlds: int = 64, **parts: object) -> UnitPlanner:
    plan = studies.plan("baseline", "free-run", worlds=worlds, **parts)
    names = ("taliban.leverage",) if points > 1 else ()
    return UnitPlanner(plan, Design(points, names, {name: np.linspace(0.1, 0.9, points) for name in names}), "model")


@pytest.mark.parametrize(
    ("points", "begin", "end"),
    [(1, 0, 1), (1, 0, 64), (1, 0, 3000), (5, 0, 640), (3000, 0, 1), (40, 64, 164), (2, 640, 9999)],
)
def test_units_hold_every_world_of_every_point_once(points: int, begin: int, end: int) -> None:
    found = list(work(points).units(begin, end))
    seen = np.zeros((2, points, end), int)
    for unit in found:
        seen[unit.scenario, unit.low : unit.high, unit.first : unit.first + unit.worlds] += 1
        assert unit.rows <= max(ROWS, 1), unit
        assert (unit.first - begin) % BLOCK == 0, f"{unit} does not begin with a block"
    assert (seen[:, :, begin:] == 1).all()
    assert not seen[:, :, :begin].any()
    assert sum(unit.rows for unit in found) == 2 * points * (end - begin)


def test_large_points_are_cut_evenly() -> None:
    sizes = {unit.worlds for unit in work().units(0, 1500)}
    assert sizes == {732, 768}, sizes


def test_points_of_one_world_share_units() -> None:
    assert [unit.rows for unit in work(3000).units(0, 1)] == [1024, 1024, 952] * 2


def test_the_key_says_what_is_computed() -> None:
    unit = Unit(0, 0, 1, 0, 64)
    plan = studies.plan("baseline", "free-run")
    keys = {work().key(unit)}
    others = [
        replace(plan, seed=1), replace(plan, assumptions="ranges"), replace(plan, outcomes=("attacks",)),
        replace(plan, series=("attacks",)), replace(plan, scenarios=plan.scenarios[::-1]),
        replace(plan, scenarios=(studies.scenario(end=studies.DAYS.replace(day=5)), ), reference="baseline"),
    ]  # fmt: skip
    keys |= {UnitPlanner(other, design(other), "model").key(unit) for other in others}
    keys |= {UnitPlanner(plan, design(plan), "another").key(unit)}
    keys |= {
        work().key(other) for other in (replace(unit, worlds=128), replace(unit, first=64), replace(unit, scenario=1))
    }
    keys |= {work(2).key(unit), work(3).key(replace(unit, low=1, high=2))}
    assert len(keys) == 1 + len(others) + 1 + 3 + 2


def test_the_key_leaves_out_what_changes_no_row() -> None:
    unit, plan = Unit(0, 0, 1, 0, 64), studies.plan("baseline", "free-run")
    others = [replace(plan, title="Other words"), replace(plan, processes=7), replace(plan, worlds=6400)]
    assert {UnitPlanner(other, design(other), "model").key(unit) for other in others} == {work().key(unit)}


def test_the_model_is_what_can_move_a_number() -> None:
    files = model_files()
    assert {
        "runs/runner.py",
        "engine/model.py",
        "engine/actors/fronts.py",
        "inputs/parameters.toml",
        "inputs/facts.toml",
    } <= set(files)
    assert not {"export/run_folder.py", "cli/app.py", "study/run.py", "results/results.py"} & set(files)
    assert len(model_hash()) == 64
    root = Path(sim.__file__).parent
    gone = {name for name in NOT_THE_MODEL if not (root / name).exists()} - {"scenarios", "studies"}  # in a wheel
    assert not gone, f"named as no part of the model, but not there: {gone}"


def test_the_model_is_the_same_with_other_line_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout that turned every line end into CRLF computes the same numbers, so its parts must mix with others."""
    crlf = {}
    for number, (name, path) in enumerate(model_files().items()):
        crlf[name] = tmp_path / str(number)
        crlf[name].write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    found = model_hash()
    monkeypatch.setattr(hashing, "model_files", lambda: crlf)
    assert model_hash.__wrapped__() == found
    next(iter(crlf.values())).write_bytes(b"another = 1\r\n")
    assert model_hash.__wrapped__() != found
