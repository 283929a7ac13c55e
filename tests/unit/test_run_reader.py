"""A run comes back from its folder, from a pickle and from a copy with the same bits, or with one clear error."""

import copy
import datetime as dt
import json
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.export.run_folder import write_run
from sim.results.results import Results

BASE = sim.load_scenario("baseline").with_dates(end=dt.date(2020, 5, 1))


def same(a: Results, b: Results) -> None:
    """Assert that two runs have the same bits, labels and types."""
    assert (a.scenario, a.scenario.name, a.scenario.hash()) == (b.scenario, b.scenario.name, b.scenario.hash())
    assert (a.seed, a.worlds, a.first, a.assumptions) == (b.seed, b.worlds, b.first, b.assumptions)
    for part in ("arrays", "milestone_day", "milestone_reason", "drawn"):
        ours, theirs = getattr(a, part), getattr(b, part)
        assert list(ours) == list(theirs), part
        for name, values in ours.items():
            assert values.dtype == theirs[name].dtype, (part, name)
            np.testing.assert_array_equal(values, theirs[name], err_msg=f"{part} {name}")
            assert not theirs[name].flags.writeable
    assert a.outcomes.equals(b.outcomes)
    assert a.reasons.equals(b.reasons)


@pytest.fixture(scope="module")
def run() -> Results:
    return sim.simulate(BASE, 5, seed=np.int64(3), assumptions="ranges", first=2)  # type: ignore[arg-type]


@pytest.fixture
def folder(run: Results, tmp_path: Path) -> Path:
    return write_run(run, tmp_path / "run", charts=False)


@pytest.mark.slow
def test_a_run_reads_back_from_its_folder(run: Results, folder: Path) -> None:
    found = sim.load_run(folder)
    same(run, found)
    assert sim.Comparison(run, found).table(["attacks"])[0].same == 1
    same(found, sim.load_run(str(folder)))


@pytest.mark.slow
def test_a_run_with_typical_assumptions_reads_back_without_parameters(tmp_path: Path) -> None:
    point = sim.simulate(BASE, 3, assumptions="point")
    found = sim.load_run(write_run(point, tmp_path / "point", ("parquet", "csv"), charts=False))
    same(point, found)
    assert list(found.parameters.data_vars) == []
    assert not (tmp_path / "point" / "parameters.parquet").exists()


@pytest.mark.parametrize("twin", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])  # noqa: S301
def test_a_run_and_a_comparison_can_be_copied_and_pickled(run: Results, twin: Callable[..., Results]) -> None:
    _ = run.outcomes, run.daily  # labelled views that are already made are not part of it
    same(run, twin(run))
    both = twin(sim.Comparison(run, run))
    assert both.table(["attacks"])[0].effect == 0  # type: ignore[attr-defined]


@pytest.mark.slow
def test_the_parameters_of_each_world_are_kept(run: Results) -> None:
    """Those of world 4 alone, of the same world among five, and in the table are the same."""
    alone = sim.simulate(BASE, 1, seed=3, assumptions="ranges", first=4)
    assert len(run.drawn) > 100
    assert list(alone.drawn) == list(run.drawn)
    for name, values in run.drawn.items():
        assert values.shape == (5,)
        assert values[2] == alone.drawn[name][0], name
    leverage = run.parameters["taliban.leverage"]
    assert leverage["world"].values.tolist() == [2, 3, 4, 5, 6]
    assert leverage.attrs["unit"]
    table = run.to_parameter_table()
    assert table.column_names == ["world", *run.drawn]
    assert table["taliban.leverage"].to_pylist() == leverage.values.tolist()


def test_a_parameter_that_the_scenario_sets_is_not_drawn() -> None:
    fixed = sim.simulate(BASE.change({"taliban.leverage": 0.5}), 2, assumptions="ranges")
    assert "taliban.leverage" not in fixed.drawn
    assert len(fixed.drawn) > 100


@pytest.mark.parametrize("name", ["worlds.parquet", "days.parquet", "parameters.parquet", "scenario.toml"])
def test_a_changed_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    with pytest.raises(InputError, match=f"{name}.*was changed"):
        sim.load_run(folder)
    (folder / name).unlink()
    with pytest.raises(InputError, match=f"{name}.*cannot be read"):
        sim.load_run(folder)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "no manifest"), (b"[1]", "no manifest"), (b'{"format": 1, "files": {}}', "no manifest"), (None, "no run")],
)
def test_a_folder_without_a_run_is_refused(folder: Path, content: bytes | None, words: str) -> None:
    manifest = folder / "manifest.json"
    manifest.unlink()
    if content is not None:
        manifest.write_bytes(content)
    with pytest.raises(InputError, match=words):
        sim.load_run(folder)


def test_a_run_written_only_as_csv_or_with_another_scenario_is_refused(run: Results, tmp_path: Path) -> None:
    folder = write_run(run, tmp_path / "csv", "csv", charts=False)
    with pytest.raises(InputError, match=r"has no worlds\.parquet"):
        sim.load_run(folder)
    about = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps(about | {"hash": "0" * 64}), encoding="utf-8")
    with pytest.raises(InputError, match="not the scenario of the manifest"):
        sim.load_run(folder)
