"""The progress of a study, also while another process runs it."""

import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.files.regular_file import get
from sim.study import lock, part
from sim.study.folder import Folder, as_input_error, check_study


@dataclass(frozen=True)
class Status:
    """The state of a study. A damaged part counts as done until `verify` or the next run finds it."""

    units: int
    units_done: int
    rows: int  # worlds, over all points
    rows_done: int
    failed: int  # rows that contain an error
    rounds: list[int]  # worlds per point after each round
    set_aside: list[dict[str, Any]]
    running: lock.Holder | None  # the current run
    rate: float | None  # rows per second of this run
    bytes: int  # on disk, only parts

    @property
    def left(self) -> float | None:
        """Seconds until all current rows are done, at the present rate; None without a rate."""
        return (self.rows - self.rows_done) / self.rate if self.rate else None

    @property
    def complete(self) -> bool:
        """Whether no row is missing."""
        return self.rows_done == self.rows


def status(folder: Folder) -> Status:
    """Return the state of a study. Raises InputError if a file cannot be read."""
    check_study(folder)
    keys, done = folder.keys(), folder.done()
    rows_done = sum(unit.rows for key, unit in keys.items() if key in done)
    failed = size = 0
    for file in folder.part_files():
        with as_input_error(file, "read"):
            about = file.stat()
            size += about.st_size
            failed += _failed(file, about.st_mtime_ns, about.st_size)
    with as_input_error(folder.path, "read"):
        holder = lock.holder(folder.path)
    rate = None
    if holder is not None and rows_done > holder.rows:
        rate = (rows_done - holder.rows) / max(time.time() - holder.since, 1e-3)
    return Status(
        len(keys), len(keys.keys() & done), sum(unit.rows for unit in keys.values()), rows_done, failed,
        folder.rounds, folder.skipped_units(), holder, rate, size,
    )  # fmt: skip


@lru_cache(maxsize=100_000)
def _failed(file: Path, _changed: int, _size: int) -> int:
    """The number of rows with an error in a part; 0 if it is damaged. Each version of a file is read once."""
    try:
        return part.failed_rows(get(file), file.stem)
    except part.DamagedPart:
        return 0
