"""A part: the rows of one unit as one Parquet file that knows its own checksum.

One row a world of a point, by point and then by world: `scenario`, `point`, `world`, the outcomes kept, `daily_*` as a
list of days, and `error`, which is null where all went well; where it is not, nothing else was found out.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import JirgaError
from sim.files.atomic_io import put
from sim.results.columns import column_field, outcome_column
from sim.schema.series import SERIES

if TYPE_CHECKING:
    from sim.study.unit import Task

DAILY: Final = "daily_"
SUFFIX: Final = ".parquet"
_SEAL: Final = b"jirga.seal:"
_BLANK: Final = b"0" * 64  # what stands in the seal's place while the checksum is taken


class DamagedPart(JirgaError):  # noqa: N818  it says what was found
    """A part that is not what was written: cut short, altered, or under another part's name."""


def schema(outcomes: Sequence[str], series: Sequence[str]) -> pa.Schema:
    """The columns of a part, with units and labels on record."""
    return pa.schema([
        pa.field("scenario", pa.dictionary(pa.int32(), pa.string())),
        column_field("point", pa.int32(), "id", "Point"),
        column_field("world", pa.int64(), "id", "World"),
        *(outcome_column(name, np.empty(0))[0] for name in outcomes),
        *(column_field(DAILY + s, pa.list_(pa.float32()), SERIES[s].unit, SERIES[s].label) for s in series),
        column_field("error", pa.string(), "text", "What went wrong"),
    ])  # fmt: skip


def table(task: "Task", points: range, batch: Any, error: str | None = None) -> pa.Table:
    """The rows of some of a task's points. batch: what the engine gave for them, None if it gave an error."""
    worlds = task.unit.worlds
    rows = len(points) * worlds
    columns: dict[str, Any] = {
        "scenario": pa.DictionaryArray.from_arrays(np.zeros(rows, np.int32), [task.scenario.name]),
        "point": np.repeat(np.arange(points.start, points.stop, dtype=np.int32), worlds),
        "world": np.tile(np.arange(task.unit.first, task.unit.first + worlds, dtype=np.int64), len(points)),
        "error": pa.array([error] * rows, pa.string()),
    }
    if batch is not None:
        found = batch.outcomes()
        columns |= {name: outcome_column(name, found[name])[1] for name in task.outcomes if name in found}
        columns |= {DAILY + name: _lists(batch.daily[name]) for name in task.series}
    wanted = schema(task.outcomes, task.series)
    arrays = [pa.array(columns[f.name], type=f.type) if f.name in columns else pa.nulls(rows, f.type) for f in wanted]
    return pa.table(arrays, schema=wanted)


def encode(rows: pa.Table, task: "Task") -> bytes:
    """The file that holds a task's rows: the same bytes wherever and whenever it is made with the same libraries."""
    failed = len(rows) - rows["error"].null_count
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, rows.schema, compression="zstd") as writer:
        writer.write_table(rows)
        writer.add_key_value_metadata({
            "jirga.key": task.key, "jirga.plan": task.plan, "jirga.model": task.model,
            "jirga.unit": json.dumps(asdict(task.unit)), "jirga.failed": str(failed),
            "jirga.seal": (_SEAL + _BLANK).decode(),
        })  # fmt: skip
    data: bytes = sink.getvalue().to_pybytes()
    return data.replace(_SEAL + _BLANK, _SEAL + hashlib.sha256(data).hexdigest().encode(), 1)


def failed_rows(data: bytes, key: str) -> int:
    """How many rows of a part hold an error. Raises DamagedPart as `decode` does."""
    return int(_checked(data, key).metadata.metadata[b"jirga.failed"])


def decode(data: bytes, key: str, columns: Sequence[str] | None = None) -> pa.Table:
    """The rows in the bytes of a part, or some of their columns.

    Raises DamagedPart unless every byte is as it was written, under the key it was written for.
    """
    return _checked(data, key).read(columns=columns)


def read(parts: Path, key: str, columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of a part. Raises DamagedPart, and OSError for what cannot be read."""
    return decode(path(parts, key).read_bytes(), key, columns)


def path(parts: Path, key: str) -> Path:
    """Where a part stands."""
    return parts / f"{key}{SUFFIX}"


def write(parts: Path, key: str, data: bytes) -> None:
    """Put a part in its place, whole or not at all. Raises OSError."""
    put(path(parts, key), data)


def _checked(data: bytes, key: str) -> pq.ParquetFile:
    """The part behind its seal. Raises DamagedPart."""
    before, mark, after = data.rpartition(_SEAL)
    seal = after[: len(_BLANK)]
    if not mark or len(seal) < len(_BLANK):
        raise DamagedPart("is cut short, or no part of a study")
    whole = hashlib.sha256(before)
    whole.update(mark + _BLANK + after[len(_BLANK) :])
    if whole.hexdigest().encode() != seal:
        raise DamagedPart("was altered or cut short")
    found = pq.ParquetFile(pa.BufferReader(data))
    written = found.metadata.metadata[b"jirga.key"].decode()
    if written != key:
        raise DamagedPart(f"stands under another part's name; it is {written}")
    return found


def _lists(daily: Any) -> pa.ListArray:
    """(rows, days) as a list of days a row."""
    rows, days = daily.shape
    return pa.ListArray.from_arrays(np.arange(rows + 1, dtype=np.int32) * days, daily.reshape(-1))
