"""Studies in Python: plans made by name, results as a DataFrame and a Dataset, functions, and what SALib needs."""

import datetime as dt
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from SALib.analyze import sobol

from sim import study as api
from sim.errors import InputError
from sim.runs.runner import simulate
from sim.study.export import export
from sim.study.factor import UNCHANGED, Factor
from sim.study.folder import Folder
from sim.study.plan import Plan
from sim.study.plan_maker import make_plan
from sim.study.study import Study, open_study, run_study
from tests.unit import studies

OFFER, TRUCE, LEVERAGE, RESTRAINT = "kabul.ghani.offer", "taliban.truce", "taliban.leverage", "taliban.restraint"
BASE, OTHER = studies.scenario(), studies.scenario("no-review")
VIOLENT = "days attacks > 100 before released_1000"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Two scenarios of three days, a Sobol design of two settings, six worlds per point."""
    plan = make_plan(
        [BASE, OTHER], {LEVERAGE: (0.2, 0.9), RESTRAINT: "range"}, "sobol", samples=4, worlds=6, series=["attacks"],
        outcomes=["attacks", "day_released_1000"], own_outcomes={"violent_days": VIOLENT}, title="For Python",
    )  # fmt: skip
    return Study(studies.filled(tmp_path_factory.mktemp("api") / "study", plan)[0])


def test_a_plan_is_made_by_name() -> None:
    dated = f"{OFFER}@2020-03-02..2020-03-04"
    plan = make_plan(
        BASE, {dated: [1500, "unchanged"], TRUCE: np.array([True, False])}, worlds=int(np.int64(8)), seed=3
    )
    days = dt.date(2020, 3, 2), dt.date(2020, 3, 4)
    assert plan.vary == (Factor(OFFER, *days, (1500, UNCHANGED)), Factor(TRUCE, values=(True, False)))
    assert (plan.method, plan.points, plan.worlds, plan.seed, plan.reference) == ("grid", 4, 8, 3, "baseline")
    assert make_plan("baseline") == Plan("A study", (api.make_plan("baseline").scenarios[0],), "baseline", 1000)
    assert make_plan([BASE, OTHER], reference="no-review").reference == "no-review"
    sampled = make_plan(BASE, {LEVERAGE: (0.2, 0.9), TRUCE: "range"}, "latin-hypercube", samples=8)
    assert [(one.low, one.high) for one in sampled.vary] == [(0.2, 0.9), (0, 1)]


@pytest.mark.parametrize("kind", [dict, pd.DataFrame, "file"])
def test_points_come_from_a_table(kind: Any, tmp_path: Path) -> None:
    columns = {OFFER: [1500.0, math.nan, 3000.0], TRUCE: [1.0, 0.0, 1.0], "kabul.brokers.number": [60.0, 61.0, 62.0]}
    if kind == "file":
        points: Any = tmp_path / "points.csv"
        points.write_text(pd.DataFrame(columns).to_csv(index=False, na_rep="unchanged").replace(".0", ""))
    else:
        points = kind(columns)
    assert make_plan(BASE, points=points).vary == (
        Factor(OFFER, values=(1500, UNCHANGED, 3000)),
        Factor(TRUCE, values=(True, False, True)),
        Factor("kabul.brokers.number", values=(60, 61, 62)),
    )


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no scenario": ({"scenarios": []}, "at least one scenario"),
    "a misspelt scenario": ({"scenarios": "basline"}, "did you mean baseline"),
    "a number": ({"scenarios": 5}, "scenarios = 5: must be a list"),
    "vary is a list": ({"vary": [LEVERAGE]}, "vary.*must be a table"),
    "a misspelt name": ({"vary": {"taliban.leverge": [1]}}, "did you mean taliban.leverage"),
    "one number": ({"vary": {LEVERAGE: 5}}, "must be a list"),
    "three ends": ({"vary": {LEVERAGE: (0, 1, 2)}, "method": "sobol", "samples": 4}, "sobol takes low and high"),
    "a misspelt method": ({"vary": {LEVERAGE: [1]}, "method": "gird"}, "did you mean grid"),
    "points and vary": ({"points": {LEVERAGE: [1]}, "vary": {}}, "together with vary"),
    "points and a grid": ({"points": {LEVERAGE: [1]}, "method": "grid"}, "another method"),
    "points without columns": ({"points": pd.DataFrame()}, "has no columns"),
    "points without rows": ({"points": {LEVERAGE: []}}, "is empty"),
    "points out of bounds": ({"points": {OFFER: [7000]}}, "out of bounds"),
    "points that are infinite": ({"points": {OFFER: [math.inf]}}, "finite"),
    "points of text": ({"points": {OFFER: ["many"]}}, "must be a number, not text"),
    "points of an outcome": ({"points": {"attacks": [5.0]}}, "no such lever or parameter"),
    "points of unequal length": ({"points": {OFFER: [1], LEVERAGE: [0.5, 0.6]}}, "they must be equal"),
    "points that are a number": ({"points": 5}, "must be a table"),
    "a misspelt outcome": ({"outcomes": ["atacks"]}, "did you mean attacks"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_plan_is_refused(name: str) -> None:
    given, words = BAD[name]
    with pytest.raises(InputError, match=words):
        make_plan(**{"scenarios": BASE, **given})


@pytest.mark.slow
def test_a_frame_has_one_row_per_world(study: Study) -> None:
    frame = study.to_pandas()
    assert frame.columns.tolist() == [
        "scenario", "point", LEVERAGE, RESTRAINT, "world", "attacks", "day_released_1000", "violent_days", "error",
    ]  # fmt: skip
    assert len(frame) == 2 * 16 * 6
    assert frame["error"].isna().all()
    row = frame.query("scenario == 'no-review' and point == 5 and world == 3").iloc[0]
    settings = [f"{name}={study.points[name].to_list()[5]!r}" for name in (LEVERAGE, RESTRAINT)]
    alone = simulate(OTHER.with_settings(settings), 6)
    assert row["attacks"] == alone.outcomes["attacks"].to_numpy()[3]
    assert study.points.shape == (16, 2)


def test_a_dataset_has_the_same_numbers(study: Study) -> None:
    data, frame = study.to_xarray(), study.to_pandas()
    assert data.attacks.dims == ("scenario", "point", "world")
    assert data.daily_attacks.dims == ("scenario", "point", "world", "day")
    back = data[["attacks", "violent_days"]].to_dataframe().reset_index()
    both = back.merge(frame, on=["scenario", "point", "world"], suffixes=("", "_frame"))
    assert len(both) == len(frame)
    assert (both["attacks"] == both["attacks_frame"]).all()
    assert (both["violent_days"] == both["violent_days_frame"]).all()
    assert np.isnan(data.day_released_1000).all(), "never in three days"
    assert data[LEVERAGE].dims == ("point",)
    assert data.attacks.attrs["unit"] == "attacks"
    assert data.daily_attacks.sum("day").equals(data.attacks.astype("float32")), "totals of the days"
    assert list(study.to_xarray(["attacks"], []).data_vars) == ["attacks"]
    assert data.attrs["plan"] == study.plan.hash()
    with pytest.raises(InputError, match="did you mean attacks"):
        study.to_xarray(["atacks"])


def test_functions_and_expressions_measure_what_was_kept(study: Study) -> None:
    own = study.to_xarray().violent_days
    text = study.measure(VIOLENT)
    assert text.attrs == {"unit": "days"}
    assert np.array_equal(text, own)
    assert np.array_equal(study.measure(lambda run: (run.daily_attacks > 100).sum("day")), own)
    turned = study.measure(lambda run: (run.daily_attacks > 100).sum("day").transpose("world", "point"), "violent")
    assert np.array_equal(turned, own)
    assert turned.name == "violent"


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("total airstrikes", "not kept this series"),
        ("total attacks before talks_open", "not kept this outcome"),
        ("total atacks", "did you mean attacks"),
        (5, "must be such as"),
        (lambda run: run.daily_attacks, "gives an array"),
        (lambda run: run.attacks.mean(), "gives an array"),
        (lambda _: "text", "gives no numbers"),
    ],
)
def test_other_measures_are_refused(study: Study, what: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        study.measure(what)


def test_indices_and_cells_are_those_of_the_report(study: Study) -> None:
    found = study.indices("attacks")
    means = study.to_xarray().attacks.sel(scenario="baseline").mean("world").to_numpy()
    alone = sobol.analyze(study.problem, means, calc_second_order=False, num_resamples=10, seed=1)
    assert found.index.tolist() == [LEVERAGE, RESTRAINT]
    np.testing.assert_allclose(found["total"], alone["ST"], rtol=1e-9)
    cells = study.cells()
    assert len(cells) == 2 * 16 * 3
    assert set(cells["outcome"]) == {"attacks", "day_released_1000", "violent_days"}
    with pytest.raises(InputError, match="no such scenario"):
        study.indices("attacks", "basline")
    with pytest.raises(InputError, match="did you mean attacks"):
        study.indices("atacks")


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_an_export_is_all_that_an_analysis_needs(study: Study, tmp_path: Path, kind: Any) -> None:
    out = export(study.folder, tmp_path / "tables", kind)
    read = pd.read_csv if kind == "csv" else pd.read_parquet
    problem = json.loads((out / "problem.json").read_text())
    results, points = read(out / f"results.{kind}"), read(out / f"points.{kind}")
    means = results[results["scenario"] == "baseline"].groupby("point")["attacks"].mean().to_numpy()
    found = sobol.analyze(problem, means, calc_second_order=False, num_resamples=10, seed=1)
    np.testing.assert_allclose(found["ST"], study.indices("attacks")["total"], rtol=1e-9)
    assert points[problem["names"]].to_numpy().shape == (16, 2)
    about = json.loads((out / "manifest.json").read_text())
    design = about["design"]
    assert {key: design[key] for key in ("method", "samples", "sampler_seed", "second_order", "points")} == {
        "method": "sobol", "samples": 4, "sampler_seed": 0, "second_order": False, "points": 16,
    }  # fmt: skip
    assert [(one["key"], one["low"], one["high"]) for one in design["settings"]] == [
        (name, *ends) for name, ends in zip(problem["names"], map(tuple, problem["bounds"]), strict=True)
    ]
    assert about["own_outcomes"] == {"violent_days": VIOLENT}


def test_a_study_runs_and_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.study.executors.open_executor", lambda *_: studies.Here())
    done_of: list[tuple[int, int]] = []
    plan = make_plan(BASE, {LEVERAGE: [0.2, 0.9]}, worlds=4, outcomes=["attacks"])
    made = run_study(plan, tmp_path / "study", progress=lambda done, total: done_of.append((done, total)))
    assert done_of[-1] == (8, 8)
    assert made.run_summary is not None
    assert made.run_summary.clean
    assert open_study(tmp_path / "study").to_xarray().equals(made.to_xarray())
    assert "2 points, 4 worlds" in repr(made)
    inside = run_study(plan)
    place = inside.folder.path
    assert inside.to_xarray().equals(made.to_xarray())
    assert place.is_dir()
    del inside
    assert not place.exists(), "a temporary folder goes with its study"
    with pytest.raises(InputError, match="contains no study"):
        open_study(tmp_path)
    with pytest.raises(InputError, match="has no indices"):
        made.indices("attacks")
    with pytest.raises(InputError, match="must be the Folder of a study"):
        Study("results")  # type: ignore[arg-type]  # the point


def test_what_is_missing_is_missing(tmp_path: Path) -> None:
    plan = studies.grid("baseline", "no-review", worlds=640, outcomes=("attacks",), series=("attacks",))
    folder = api.Study(Folder.create(tmp_path / "study", plan))
    assert folder.to_pandas().empty
    data = folder.to_xarray()
    assert np.isnan(data.attacks).all()
    assert data.attrs["missing_units"] == len(folder.folder.units()) > 0
    assert isinstance(data, xr.Dataset)


def test_the_package_has_its_names() -> None:
    assert api.make_plan is make_plan
    assert api.Plan is Plan
    with pytest.raises(AttributeError, match="no attribute 'runs'"):
        api.runs  # noqa: B018  the point
