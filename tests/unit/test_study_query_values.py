"""Values of a query's result: every column is there with its own digits, or there is an error in one line."""
# ruff: noqa: S608  the queries are constants of this module

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.cli.study import sql as command
from sim.errors import InputError
from sim.study.folder import Folder
from sim.study.query import cells, query
from tests.unit.made_up import LEVERAGE, MadeUp, on_disk, plan
from tests.unit.test_study_query import rows
from tests.verification.anything import STEADY


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return on_disk(MadeUp(plan(worlds=10), rows), tmp_path_factory.mktemp("values") / "study")


def printed(folder: Folder, sql: str, capsys: pytest.CaptureFixture[str]) -> tuple[list[str], list[Any], list[str]]:
    """The columns and the only row of the JSON document, and the row of the CSV."""
    found = query(folder, sql)
    command._put_json(found)
    document = json.loads(capsys.readouterr().out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    command._put_csv(found)
    heads, values = csv.reader(io.StringIO(capsys.readouterr().out))
    command._put_table(found)
    assert capsys.readouterr().out
    assert heads == document["columns"]
    (row,) = document["rows"]
    return heads, row, values


HUGE = 2**127 - 1
VALUES: dict[str, tuple[Any, str]] = {  # the value in JSON, and in CSV
    "'inf'::DOUBLE": ("inf", "inf"),
    "'-inf'::DOUBLE": ("-inf", "-inf"),
    "'NaN'::DOUBLE": ("nan", "nan"),
    "'inf'::FLOAT": ("inf", "inf"),
    "'NaN'::FLOAT": ("nan", "nan"),
    "0.5::DOUBLE": (0.5, "0.5"),
    "0.1": (0.1, "0.1"),
    "12345678901234567890.1234567890::DECIMAL(38, 10)": ("12345678901234567890.1234567890",) * 2,
    "1.50::DECIMAL(4, 2)": (1.5, "1.5"),
    "2.00::DECIMAL(4, 2)": (2, "2"),
    "9007199254740993": (9007199254740993, "9007199254740993"),
    "9223372036854775807": (2**63 - 1, str(2**63 - 1)),
    "18446744073709551615::UBIGINT": (2**64 - 1, str(2**64 - 1)),
    f"{HUGE}::HUGEINT": (HUGE, str(HUGE)),
    f"{2**128 - 1}::UHUGEINT": (str(2**128 - 1), str(2**128 - 1)),
    "true": (True, "true"),
    "NULL": (None, ""),
    "''": ("", ""),
    "'a' || chr(10) || '\"'": ('a\n"', 'a\n"'),
    "'=1+1'": ("=1+1", "'=1+1"),
    "DATE '2020-03-01'": ("2020-03-01", "2020-03-01"),
    "DATE '9999-12-31'": ("9999-12-31", "9999-12-31"),
    "DATE '0001-01-01'": ("0001-01-01", "0001-01-01"),
    "TIMESTAMP '2020-03-01 12:00:00.5'": ("2020-03-01T12:00:00.500000",) * 2,
    "TIMESTAMP_S '2020-03-01 12:00:00'": ("2020-03-01 12:00:00",) * 2,
    "TIME '12:00:01.5'": ("12:00:01.5", "12:00:01.5"),
    "TIME '24:00:00'": ("24:00:00", "24:00:00"),
    "'12:00:00+02'::TIMETZ": ("12:00:00+02", "12:00:00+02"),
    "INTERVAL 400000 YEAR": ("400000 years", "400000 years"),
    "'101'::BIT": ("101", "101"),
    "'\\xFFa'::BLOB": ("\\xFFa", "\\xFFa"),
    "[1, NULL]": ("[1, NULL]", "[1, NULL]"),
    "[DATE '20000-01-01']": ("[20000-01-01]",) * 2,
    "{'a': 1}": ("{'a': 1}", "{'a': 1}"),
    "MAP {'a': 1}": ("{a=1}", "{a=1}"),
    "'b'::ENUM('a', 'b')": ("b", "b"),
    "union_value(a := 1)": ("1", "1"),
    "array_value(1, 2)": ("[1, 2]", "[1, 2]"),
    "DATE '20000-01-01'::VARCHAR": ("20000-01-01", "20000-01-01"),
    "sum(point)": (0, "0"),
}
FAR = (
    "DATE '10000-01-01'", "DATE '20000-01-01'", "DATE '0001-12-31 (BC)'", "DATE '0044-03-15 (BC)'",
    "'infinity'::DATE", "'-infinity'::DATE", "TIMESTAMP '10000-01-01'", "TIMESTAMP '290000-01-01'",
    "TIMESTAMP '0044-03-15 (BC)'", "'infinity'::TIMESTAMP", "'-infinity'::TIMESTAMP",
    "DATE '2020-03-01' + 5000000", "DATE '2020-03-01' + INTERVAL 90000 YEAR",
)  # fmt: skip


@pytest.mark.parametrize("expression", VALUES)
def test_a_value_keeps_its_digits_beside_another_of_its_name(
    folder: Folder, expression: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sql = f"SELECT any_value({expression}) AS a, 5 AS a, any_value({expression}) AS b FROM points"
    if expression.startswith("sum"):
        sql = sql.replace("any_value", "")
    in_json, in_csv = VALUES[expression]
    heads, row, values = printed(folder, sql, capsys)
    assert heads == ["a", "a_1", "b"]
    assert row == [in_json, 5, in_json]
    assert values[1] == "5"
    assert values[0].lstrip("'") == values[2].lstrip("'") == in_csv.lstrip("'")


@pytest.mark.parametrize(
    ("expression", "value"), [("1/0", "inf"), ("-1/0", "-inf"), ("0/0", "nan"), ("1e308 * 10", "inf"), ("1 % 0", "")]
)
def test_a_division_by_zero_is_printed_or_is_an_error(
    folder: Folder, expression: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Versions of DuckDB differ: the value is infinite, or missing, or there is an error."""
    try:
        _, row, values = printed(folder, f"SELECT {expression} AS a, 5 AS a", capsys)
    except InputError as refused:
        assert "\n" not in str(refused)  # noqa: PT017  it need not be raised
    else:
        assert (row, [values[0].lstrip("'"), values[1]]) in (([value, 5], [value, "5"]), ([None, 5], ["", "5"]))


@pytest.mark.parametrize("expression", FAR)
def test_a_date_that_cannot_be_printed_is_one_line(folder: Folder, expression: str) -> None:
    with pytest.raises(InputError, match="the column when has a date that cannot be printed") as refused:
        query(folder, f"SELECT 1 AS a, {expression} AS when")
    assert "\n" not in str(refused.value)
    assert len(list(cells(query(folder, f"SELECT ({expression})::VARCHAR FROM points")))) == 1


@pytest.mark.slow
@settings(STEADY, max_examples=25)
@given(st.lists(st.sampled_from(["a", "A", "a_1", "b", "a_2", 'c"d', "e f", LEVERAGE]), min_size=1, max_size=8))
def test_columns_of_any_names_are_all_there(folder: Folder, names: list[str]) -> None:
    columns = ", ".join(f'{place} AS "{name.replace(chr(34), chr(34) * 2)}"' for place, name in enumerate(names))
    found = query(folder, f"SELECT {columns}")
    assert len(set(found.column_names)) == len(names)
    assert all(
        made == name or made.startswith(f"{name}_") for made, name in zip(found.column_names, names, strict=True)
    )
    assert list(cells(found)) == [list(range(len(names)))]


@pytest.mark.parametrize(
    ("sql", "columns"),
    [
        ("SELECT * FROM results JOIN points USING (point)", 6),
        ("SELECT * FROM results AS a JOIN results AS b ON a.world = b.world", 12),
        ("SELECT * FROM points AS a, points AS b, points AS c", 3),
        ("SELECT world, world, world + 1 AS world FROM results LIMIT 1", 3),
    ],
)
def test_joins_keep_the_columns_of_both(folder: Folder, sql: str, columns: int) -> None:
    found = query(folder, sql)
    assert len(set(found.column_names)) == columns
    assert {len(row) for row in cells(found)} == {columns}


def test_text_that_is_not_unicode_is_refused(folder: Folder) -> None:
    with pytest.raises(InputError) as refused:
        query(folder, "SELECT '\udcff'")
    assert str(refused.value).isprintable()
