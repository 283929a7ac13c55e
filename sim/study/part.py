"""A part: the rows of one unit as one Parquet file that contains its own checksum.

One row per point and world, sorted by point and then by world: `scenario`, `point`, `world`, the kept outcomes,
`daily_*` as a list of days, and `error`, which is null if the run succeeded; otherwise all results are null.
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
from sim.files.regular_file import get
from sim.results.columns import arrow_to_numbers, column_field, outcome_column, outcome_field
from sim.schema.series import SERIES
from sim.study.own_outcome import OwnOutcome, own_values

if TYPE_CHECKING:
    from sim.study.unit import Task, Unit

DAILY: Final = "daily_"
SUFFIX: Final = ".parquet"
_SEAL: Final = b"jirga.seal:"
_BLANK: Final = b"0" * 64  # placeholder for the seal while the checksum is computed


class DamagedPart(JirgaError):  # noqa: N818  the name says what is wrong
    """A damaged part: truncated, changed, or under the name of another part."""


def schema(outcomes: Sequence[str], series: Sequence[str], own: Sequence[OwnOutcome] = ()) -> pa.Schema:
    """The columns of a part, with units and labels as metadata. own: those of the outcomes that are no one else's."""
    known = {one.name: one.outcome for one in own}
    return pa.schema([
        pa.field("scenario", pa.dictionary(pa.int32(), pa.string())),
        column_field("point", pa.int32(), "id", "Point"),
        column_field("world", pa.int64(), "id", "World"),
        *(outcome_field(known.get(name, name)) for name in outcomes),
        *(column_field(DAILY + s, pa.list_(pa.float32()), SERIES[s].unit, SERIES[s].label) for s in series),
        column_field("error", pa.string(), "text", "What went wrong"),
    ])  # fmt: skip


def table(task: "Task", points: range, batch: Any, error: str | None = None) -> pa.Table:
    """The rows of some points of a task. batch: the engine's results, None if there was an error."""
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
        columns |= {name: pa.array(v, mask=np.isnan(v)) for name, v in own_values(task.own, batch).items()}
        columns |= {DAILY + name: _lists(batch.daily[name]) for name in task.series}
    wanted = schema(task.outcomes, task.series, task.own)
    arrays = [pa.array(columns[f.name], type=f.type) if f.name in columns else pa.nulls(rows, f.type) for f in wanted]
    return pa.table(arrays, schema=wanted)


def encode(rows: pa.Table, task: "Task") -> bytes:
    """The file with a task's rows, as bytes; always the same bytes with the same libraries."""
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
    """The number of rows of a part that contain an error. Raises DamagedPart as `decode` does."""
    found = _checked(data, key).metadata.metadata[b"jirga.failed"]
    if not found.isdigit():
        raise DamagedPart("does not say how many of its rows failed")
    return int(found)


def decode(
    data: bytes, key: str, columns: Sequence[str] | None = None, of: "tuple[Unit, pa.Schema] | None" = None
) -> pa.Table:
    """The rows in the bytes of a part. columns: all if None; of: the unit and the schema that it must have, if known.

    Raises DamagedPart unless every byte is unchanged and the part has this key, these columns and as many rows.
    """
    found = _checked(data, key)
    if of is not None:
        unit, wanted = of
        if not found.schema_arrow.equals(wanted):
            raise DamagedPart("has other columns than its study")
        if found.metadata.num_rows != unit.rows:
            raise DamagedPart(f"has {found.metadata.num_rows:,} rows instead of {unit.rows:,}")
    return _rows(found, columns)


def check(data: bytes, key: str, unit: "Unit", scenario: str, wanted: pa.Schema) -> int:
    """Read all rows of a part and return the number of those with an error.

    Raises DamagedPart as `decode` does, and for rows of other points, worlds or scenarios than those of the unit:
    a part may have a correct checksum and still be wrong.
    """
    rows = decode(data, key, None, (unit, wanted))
    points, worlds = np.arange(unit.low, unit.high), np.arange(unit.first, unit.first + unit.worlds)
    expected = {"point": np.repeat(points, unit.worlds), "world": np.tile(worlds, len(points))}
    try:
        same = all(np.array_equal(arrow_to_numbers(rows[name]), values) for name, values in expected.items())
    except pa.ArrowInvalid as error:
        raise DamagedPart("has rows without a point or world") from error
    if not same or rows["scenario"].unique().to_pylist() != [scenario]:
        raise DamagedPart("has rows of another unit")
    failed = len(rows) - rows["error"].null_count
    if failed != failed_rows(data, key):
        raise DamagedPart("does not say how many of its rows failed")
    return failed


def read(parts: Path, key: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Read the rows of a part. Raises DamagedPart, and OSError if it cannot be read."""
    return decode(get(path(parts, key)), key, columns)


def path(parts: Path, key: str) -> Path:
    """The path of a part."""
    return parts / f"{key}{SUFFIX}"


def write(parts: Path, key: str, data: bytes) -> None:
    """Write a part atomically. Raises OSError."""
    put(path(parts, key), data)


def _checked(data: bytes, key: str) -> pq.ParquetFile:
    """The part, after checking its seal and key. Raises DamagedPart."""
    before, mark, after = data.rpartition(_SEAL)
    seal = after[: len(_BLANK)]
    if not mark or len(seal) < len(_BLANK):
        raise DamagedPart("is truncated, or is not a part of a study")
    whole = hashlib.sha256(before)
    whole.update(mark + _BLANK + after[len(_BLANK) :])
    if whole.hexdigest().encode() != seal:
        raise DamagedPart("was changed or truncated")
    try:
        found = pq.ParquetFile(pa.BufferReader(data))
    except (pa.ArrowException, OSError) as error:
        raise DamagedPart("is not a part of a study") from error
    about = found.metadata.metadata or {}
    if not {b"jirga.key", b"jirga.failed"} <= about.keys():
        raise DamagedPart("is not a part of a study")
    written = about[b"jirga.key"].decode(errors="replace")
    if written != key:
        raise DamagedPart(f"has the name of another part; it is {written}")
    return found


def _rows(found: pq.ParquetFile, columns: Sequence[str] | None) -> pa.Table:
    """The rows of a part. Raises DamagedPart."""
    try:
        rows = found.read(columns=columns)
        rows.validate(full=True)
    except (pa.ArrowException, OSError) as error:
        raise DamagedPart("cannot be decoded") from error
    return rows


def _lists(daily: Any) -> pa.ListArray:
    """An array (rows, days) as one list of days per row."""
    rows, days = daily.shape
    return pa.ListArray.from_arrays(np.arange(rows + 1, dtype=np.int32) * days, daily.reshape(-1))
