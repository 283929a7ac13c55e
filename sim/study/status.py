"""How far a study is, asked from anywhere, also while it runs."""

import time
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.study import lock
from sim.study.folder import Folder, as_input_error


@dataclass(frozen=True)
class Status:
    """What is there and what is not. A damaged part counts as there until `verify` or the next run finds it."""

    units: int
    units_done: int
    rows: int  # worlds of points asked for
    rows_done: int
    failed: int  # rows that hold an error
    rounds: list[int]  # worlds a point, round by round
    set_aside: list[dict[str, Any]]
    running: lock.Holder | None  # the run that is at work
    rate: float | None  # rows a second of that run
    bytes: int  # on disk, parts alone

    @property
    def left(self) -> float | None:
        """Seconds until all that is asked for now is done, at the present rate; None while there is none."""
        return (self.rows - self.rows_done) / self.rate if self.rate else None

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return self.rows_done == self.rows


def status(folder: Folder) -> Status:
    """How far a study is. Raises InputError for what cannot be read."""
    keys, done = folder.keys(), folder.done()
    rows_done = sum(unit.rows for key, unit in keys.items() if key in done)
    failed = size = 0
    for file in folder.part_files():
        with as_input_error(file, "read"):
            size += file.stat().st_size
            failed += _failed(file)
    with as_input_error(folder.path, "read"):
        holder = lock.holder(folder.path)
    rate = None
    if holder is not None and rows_done > holder.rows:
        rate = (rows_done - holder.rows) / max(time.time() - holder.since, 1e-3)
    return Status(
        len(keys), len(keys.keys() & done), sum(unit.rows for unit in keys.values()), rows_done, failed,
        folder.rounds, folder.skipped_units(), holder, rate, size,
    )  # fmt: skip


def _failed(file: Any) -> int:
    """Rows of a part that hold an error, by its own account; none if it cannot tell."""
    try:
        return int((pq.read_metadata(file).metadata or {}).get(b"jirga.failed", b"0"))
    except (pa.ArrowException, ValueError):
        return 0
