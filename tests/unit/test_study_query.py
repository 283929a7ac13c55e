"""SQL queries of a study: the content of the views, and that a query can only read them."""
# ruff: noqa: S608  the queries are constants of this module

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from sim.errors import InputError
from sim.study.design import Design
from sim.study.factor import Factor
from sim.study.folder import Folder
from sim.study.query import cells, query
from tests.unit.made_up import BASE, LEVERAGE, OTHER, Array, MadeUp, on_disk, plan

OFFER = Factor("kabul.ghani.offer", start=dt.date(2020, 3, 10), values=(1500, 5000))
PLACE = "a [study], it's *mine*"  # characters with a meaning in patterns and quotes


def rows(scenario: int, _: Design, points: Array, worlds: Array) -> dict[str, Array]:
    days = np.arange(30)[None, None, :] + 100.0 * worlds[..., None]
    bad = (scenario == 1) & (points == 3) & (worlds == 7)
    values = {"attacks": 1000.0 * scenario + 10 * points + worlds, "reached_talks_open": (worlds % 2) + 0 * points}
    return values | {"daily_attacks": days + 0 * points[..., None], "error": np.where(bad, "ValueError: no", "")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Two scenarios, four points, 300 worlds, one of them failed."""
    made = plan(Factor(LEVERAGE, values=(0.2, 0.5)), OFFER, worlds=300, scenarios=(BASE, OTHER), series=("attacks",))
    return on_disk(MadeUp(made, rows), tmp_path_factory.mktemp("query") / PLACE)


def asked(folder: Folder, sql: str) -> list[list[object]]:
    return list(cells(query(folder, sql)))


def test_results_have_their_points_beside_them(folder: Folder) -> None:
    found = query(folder, "SELECT * FROM results WHERE scenario = 'no-review' AND point = 2 ORDER BY world LIMIT 2")
    assert found.column_names == [
        "scenario", "point", LEVERAGE, OFFER.key, "world", "attacks", "reached_talks_open", "error",
    ]  # fmt: skip
    assert list(cells(found)) == [["no-review", 2, 0.5, 1500.0, 0, 1020.0, False, None],
                                  ["no-review", 2, 0.5, 1500.0, 1, 1021.0, True, None]]  # fmt: skip


def test_sums_are_those_of_all_rows(folder: Folder) -> None:
    found = asked(
        folder, "SELECT scenario, count(*), avg(attacks), count(error) FROM results GROUP BY ALL ORDER BY ALL"
    )
    assert found[0] == ["baseline", 1200, 15 + 149.5, 0]
    assert found[1][1::2] == [1200, 1]


def test_days_are_dates_and_failed_worlds_have_none(folder: Folder) -> None:
    assert asked(folder, "SELECT count(*) FROM daily") == [[(2400 - 1) * 30]]
    found = asked(
        folder, "SELECT day, attacks FROM daily WHERE world = 5 AND point = 0 AND scenario = 'baseline' ORDER BY 1"
    )
    assert found[0] == ["2020-03-01", 500.0]
    assert found[-1] == ["2020-03-30", 529.0]


def test_points_and_scenarios_are_there(folder: Folder) -> None:
    assert asked(folder, f'SELECT point, "{OFFER.key}" FROM points ORDER BY 1') == [
        [0, 1500.0], [1, 5000.0], [2, 1500.0], [3, 5000.0],
    ]  # fmt: skip
    assert asked(folder, "SELECT scenario, reference FROM scenarios") == [["baseline", True], ["no-review", False]]


def test_values_that_json_does_not_know_become_plain(folder: Folder) -> None:
    sql = "SELECT 1.5::DECIMAL(4, 2), sum(point), DATE '2020-03-01', [1, 2], NULL FROM points"
    assert asked(folder, sql) == [[1.5, 6, "2020-03-01", "[1, 2]", None]]


@pytest.mark.parametrize(
    "sql",
    [
        "", "   ", "SELECT 1; SELECT 2", "CREATE TABLE t AS SELECT 1", "DROP VIEW results", "SET memory_limit = '1GB'",
        "COPY (SELECT 1) TO 'stolen.csv'", "COPY results TO 'parts/stolen.parquet'", "EXPORT DATABASE 'stolen'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO 'stolen.csv'", "ATTACH 'stolen.db'", "INSTALL httpfs", "LOAD httpfs",
        "PRAGMA version", "CALL pragma_version()", "BEGIN", "CHECKPOINT",
    ],
)  # fmt: skip
def test_only_one_select_is_taken(folder: Folder, sql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(folder.path.rglob("*"))
    with pytest.raises(InputError) as refused:
        query(folder, sql)
    assert "\n" not in str(refused.value)
    assert not list(tmp_path.iterdir())
    assert sorted(folder.path.rglob("*")) == before


@pytest.mark.slow
def test_no_other_file_can_be_read(folder: Folder, tmp_path: Path) -> None:
    """Neither with a function, nor as a table, nor through the study's own folder."""
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,hidden\n")
    inside = str(folder.path / "study.toml").replace("'", "''")
    part = str(folder.part_files()[0]).replace("'", "''")
    for sql in (
        f"SELECT * FROM read_csv('{secret}')", f"SELECT * FROM read_text('{secret}')", f"SELECT * FROM '{secret}'",
        f"SELECT * FROM glob('{tmp_path}/*')", f"SELECT * FROM read_text('{inside}')",
        f"SELECT * FROM read_parquet('{part}')", "SELECT * FROM secret", "SELECT * FROM folder",
        "SELECT * FROM read_csv('https://example.org/x.csv')",
    ):  # fmt: skip
        with pytest.raises(InputError) as refused:
            query(folder, sql)
        assert "hidden" not in str(refused.value)


@pytest.mark.parametrize(
    ("sql", "hint"),
    [
        ("SELECT atacks FROM results", '"attacks"'),
        ("SELECT * FROM result", '"results"'),
        ("SELEC 1", "SELEC"),
        ("SELECT * FROM results WHERE", "WHERE"),
        ("SELECT error(1) FROM results", "error"),
        ("SELECT attacks + DATE '2020-01-01' FROM results", "+"),
    ],
)
def test_wrong_sql_is_told_in_a_line(folder: Folder, sql: str, hint: str) -> None:
    with pytest.raises(InputError) as refused:
        query(folder, sql)
    text = str(refused.value)
    assert hint in text
    assert "\n" not in text
    assert len(text) < 400


def test_a_study_without_results_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="contains no results yet"):
        query(on_disk(MadeUp(plan(worlds=10), rows, absent=[0]), tmp_path / "new"), "SELECT 1")
