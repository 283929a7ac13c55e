"""Columns of an Arrow table: numbers from NumPy to Arrow and back, without pandas."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from sim.results.columns import arrow_to_numbers, numbers_to_arrow
from tests.unit import studies

WITHOUT = """
import sys
from sim.study.folder import Folder
from sim.study.verify import verify
folder = Folder.open(sys.argv[1])
assert verify(folder).sound
print(sorted({"pandas", "mesa", "scipy", "xarray"} & set(sys.modules)))
"""


@pytest.mark.parametrize("kind", [np.int16, np.int32, np.int64, np.uint8, np.float32, np.float64])
def test_numbers_there_and_back(kind: Any) -> None:
    values = np.arange(12, dtype=kind)
    for some in (values, values[::3], values[4:], values[:0]):
        array = numbers_to_arrow(some)
        assert array.equals(pa.array(some)), "the same as PyArrow's own"
        back = arrow_to_numbers(pa.chunked_array([array]))
        assert back.dtype == kind
        np.testing.assert_array_equal(back, some)


def test_slices_and_several_chunks() -> None:
    one = numbers_to_arrow(np.arange(10.0))
    found = arrow_to_numbers(pa.chunked_array([one.slice(2, 3), one.slice(0, 0), one.slice(7)]))
    np.testing.assert_array_equal(found, [2, 3, 4, 7, 8, 9])
    assert arrow_to_numbers(pa.chunked_array([], pa.float64())).size == 0


@pytest.mark.parametrize("values", [pa.array([1.0, None]), pa.array(["1"]), pa.array([True]), pa.nulls(2)])
def test_what_is_no_number_is_refused(values: pa.Array) -> None:
    with pytest.raises(pa.ArrowInvalid, match="nulls in a column of"):
        arrow_to_numbers(pa.chunked_array([values]))


@pytest.mark.slow
def test_reading_a_study_loads_no_pandas(tmp_path: Path) -> None:
    """Nor the model: `jirga study status` and `verify` answer at once."""
    folder, _ = studies.filled(tmp_path / "study", studies.grid(worlds=2))
    root = Path(__file__).resolve().parents[2]
    line = [sys.executable, "-c", WITHOUT, str(folder.path)]
    done = subprocess.run(line, cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stdout + done.stderr
