"""Export of a study: every row with its point, dates of days, escaped text, complete or nothing."""

import csv
import datetime as dt
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.errors import InputError
from sim.study.design import Design
from sim.study.export import export
from sim.study.factor import Factor
from sim.study.folder import Folder
from tests.unit.made_up import BASE, LEVERAGE, OTHER, Array, MadeUp, on_disk, plan

DANGER = "=HYPERLINK(1)"


def rows(scenario: int, _: Design, points: Array, worlds: Array) -> dict[str, Array]:
    bad = (points == 1) & (worlds == 3)
    return {
        "attacks": 1000.0 * scenario + 10 * points + worlds,
        "day_talks_open": np.where(worlds % 2 == 0, 5.0 + 0 * points, np.nan),
        "daily_attacks": np.arange(30)[None, None, :] + 100.0 * worlds[..., None] + 0.0 * points[..., None],
        "error": np.where(bad, DANGER, ""),
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """One at a time on one setting: base, low, high; two scenarios of 70 worlds."""
    made = plan(
        Factor(LEVERAGE, low=0.75, high=1.1), method="one-at-a-time", worlds=70, scenarios=(BASE, OTHER),
        outcomes=("attacks", "day_talks_open"), series=("attacks",),
    )  # fmt: skip
    return on_disk(MadeUp(made, rows), tmp_path_factory.mktemp("export") / "study")


def test_parquet_holds_every_row_with_its_point(folder: Folder, tmp_path: Path) -> None:
    text: list[tuple[int, int]] = []
    out = export(folder, tmp_path / "out", "parquet", lambda done, total: text.append((done, total)))
    found = pq.read_table(out / "results.parquet")
    assert found.column_names == ["scenario", "point", LEVERAGE, "world", "attacks", "day_talks_open", "error"]
    assert found.num_rows == 2 * 3 * 70
    assert found.slice(70 + 2, 2).to_pylist() == [
        {"scenario": "baseline", "point": 1, LEVERAGE: 0.75, "world": 2, "attacks": 12, "day_talks_open": 5,
         "error": None},
        {"scenario": "baseline", "point": 1, LEVERAGE: 0.75, "world": 3, "attacks": None, "day_talks_open": None,
         "error": DANGER},
    ]  # fmt: skip
    assert found[LEVERAGE].null_count == 2 * 70, "the base leaves the setting as the scenario has it"
    assert found.schema.field("attacks").metadata[b"unit"] == b"attacks"
    daily = pq.read_table(out / "daily.parquet")
    assert daily.num_rows == (2 * 3 * 70 - 2) * 30
    first = daily.slice(30 * 4 + 1, 1).to_pylist()[0]
    assert first == {"scenario": "baseline", "point": 0, "world": 4, "day": dt.date(2020, 3, 2), "attacks": 401.0}
    assert text[-1] == (len(text), len(text))


def test_csv_is_guarded_and_has_its_units_beside_it(folder: Folder, tmp_path: Path) -> None:
    out = export(folder, tmp_path / "out", "csv")
    with (out / "results.csv").open() as stream:
        found = list(csv.DictReader(stream))
    assert len(found) == 2 * 3 * 70
    assert [row["error"] for row in found if row["error"]] == [f"'{DANGER}"] * 2
    assert found[0][LEVERAGE] == ""
    with (out / "columns.csv").open() as stream:
        units = {row["column"]: row["unit"] for row in csv.DictReader(stream)}
    assert units["attacks"] == "attacks/day", "the daily series comes last"
    assert {"day", "world", "error"} <= set(units)


def test_the_manifest_says_what_it_is(folder: Folder, tmp_path: Path) -> None:
    about = json.loads((export(folder, tmp_path / "out") / "manifest.json").read_text())
    assert about["plan"] == folder.plan.hash()
    assert about["note"] == "A tool for thinking about mechanisms, not a forecast."
    assert (about["points"], about["worlds"], about["missing_units"]) == (3, 70, 0)


def test_a_folder_in_use_is_refused_and_left_alone(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        export(folder, tmp_path)
    with pytest.raises(InputError, match="not a folder"):
        export(folder, tmp_path / "mine.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_damaged_part_leaves_nothing_behind(tmp_path: Path) -> None:
    study = on_disk(MadeUp(plan(worlds=10), rows), tmp_path / "study")
    file = study.part_files()[0]
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(InputError, match=file.name):
        export(study, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["study"]


def test_a_study_under_way_gives_what_it_has(tmp_path: Path) -> None:
    made = MadeUp(plan(worlds=2000), rows, absent=[1])
    out = export(on_disk(made, tmp_path / "study"), tmp_path / "out")
    assert 0 < pq.read_table(out / "results.parquet").num_rows < 2000
    assert json.loads((out / "manifest.json").read_text())["missing_units"] == 1
