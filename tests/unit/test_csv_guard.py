"""Text that a spreadsheet would run as a formula gets an apostrophe, one cell or a whole table at a time."""

import csv
import string
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.export.csv_guard import FORMULA_STARTS, guard_cell, guard_table, guard_text
from sim.export.run_folder import write_table

HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str, kind: pa.DataType, tmp_path: Path) -> None:
    table = pa.table({"t": pa.array([text, "safe = text", None], kind), "n": [-1.5, 2.0, None]})
    assert guard_text(text) == f"'{text}"
    assert guard_table(table)["t"].to_pylist() == [f"'{text}", "safe = text", None]
    assert guard_table(table)["n"].to_pylist() == [-1.5, 2.0, None]
    write_table(tmp_path / "t.csv", [table])
    with (tmp_path / "t.csv").open(newline="", encoding="utf-8") as stream:
        assert next(csv.DictReader(stream))["t"] == f"'{text}"
    write_table(tmp_path / "t.parquet", [table])
    assert pq.read_table(tmp_path / "t.parquet")["t"].to_pylist()[0] == text


@pytest.mark.parametrize("value", [-1, -1.5, None, True])
def test_only_text_is_guarded(value: object) -> None:
    assert guard_cell(value) is value
    assert guard_cell("=1") == "'=1"


@given(st.lists(st.text(alphabet=[*string.printable, *FORMULA_STARTS], max_size=5), min_size=1))
def test_a_table_is_guarded_as_its_cells_are(texts: list[str]) -> None:
    assert guard_table(pa.table({"t": texts}))["t"].to_pylist() == [guard_text(one) for one in texts]
