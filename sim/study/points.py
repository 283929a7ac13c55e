"""The points of a design as a file, so that a resumed study uses the same points with any version of the libraries."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import InputError
from sim.results.columns import arrow_to_numbers, numbers_to_arrow
from sim.study.design import Design
from sim.study.plan import Plan


def encode(laid_out: Design) -> bytes:
    """A Parquet file with one row per point: `point`, then each setting, NaN for the scenario's own value."""
    sink = pa.BufferOutputStream()
    pq.write_table(table(laid_out), sink)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def table(laid_out: Design) -> pa.Table:
    """A table with one row per point: `point`, then each setting, float64."""
    columns: dict[str, Any] = {"point": np.arange(laid_out.points, dtype=np.int32), **laid_out.values}
    return pa.table({name: numbers_to_arrow(values) for name, values in columns.items()})


def decode(data: bytes, plan: Plan, *, file: Path) -> Design:
    """Read the points of a plan from such a file. Raises InputError if it is invalid."""
    names = tuple(one.key for one in plan.vary)
    try:
        found: Any = pq.ParquetFile(pa.BufferReader(data)).read(columns=["point", *names])
        values = {name: arrow_to_numbers(found[name]).astype(np.float64) for name in names}
    except (pa.ArrowException, OSError, KeyError, ValueError) as error:
        raise InputError("does not contain the points of this plan", file=file) from error
    return Design(len(found), names, values)


def digest(laid_out: Design) -> str:
    """SHA-256 of the points, 64 hexadecimal digits."""
    found = hashlib.sha256(str(laid_out.points).encode())
    for name in laid_out.names:
        found.update(f"\0{name}\0".encode() + laid_out.values[name].astype("<f8").tobytes())
    return found.hexdigest()
