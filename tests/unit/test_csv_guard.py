"""Text that a spreadsheet would run as a formula gets an apostrophe, one cell or a whole table at a time."""

import csv
import string
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.export.csv_guard import FORMULA_STARTS, comma_table, guard_cell, guard_table, guard_text
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


@pytest.mark.slow
@given(st.lists(st.text(alphabet=[*string.printable, *FORMULA_STARTS], max_size=5), min_size=1))
def test_a_table_is_guarded_as_its_cells_are(texts: list[str]) -> None:
    assert guard_table(pa.table({"t": texts}))["t"].to_pylist() == [guard_text(one) for one in texts]


def test_numbers_with_a_decimal_comma_read_back(tmp_path: Path) -> None:
    """As a spreadsheet of most of Europe writes them: semicolons between columns, whole numbers as they are."""
    numbers = [-1.5, 1e-7, 1234567.25, None, float("nan")]
    table = pa.table({
        "x": pa.array(numbers, pa.float64()), "n": [1, 2, 3, None, 5], "t": ["a;b", "1.5", "=1", None, ""],
    })  # fmt: skip
    assert comma_table(table)["n"].to_pylist() == table["n"].to_pylist()
    write_table(tmp_path / "t.csv", [table], "comma")
    text = (tmp_path / "t.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0] == '"x";"n";"t"'
    assert '"-1,5";1;"a;b"' in text
    found = pd.read_csv(tmp_path / "t.csv", sep=";", decimal=",")
    np.testing.assert_allclose(found["x"].to_numpy(), [-1.5, 1e-7, 1234567.25, np.nan, np.nan])
    assert found["t"].tolist()[:3] == ["a;b", "1.5", "'=1"]
