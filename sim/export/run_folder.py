"""A run as a folder: tables, scenario, charts and a manifest, there in full or not at all.

Everything is written into a hidden folder beside the one asked for, brought to disk, and given its name last, so
that a run that was killed, or met a full disk, never stands under the name of a whole one.

    worlds.parquet   one row a world: outcomes, milestone dates and reasons      (or .csv)
    days.parquet     one row a world and day: every series                       (or .csv)
    columns.csv      unit and label of every column, beside CSV, which has no room for them
    scenario.toml    the scenario, which loads back equal
    charts/          each chart as SVG and PNG
    manifest.json    versions, revision, seed, hash, checksums
"""

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from sim.errors import InputError, nearest
from sim.export.csv_guard import guard_table
from sim.export.manifest import NAME as MANIFEST
from sim.export.manifest import manifest
from sim.files.atomic_io import name_folder, settle, to_disk
from sim.results.results import Results

FORMATS: Final = ("parquet", "csv")
PARTS: Final = ("worlds", "days")
SCENARIO, COLUMNS, CHARTS = "scenario.toml", "columns.csv", "charts"
_OWN: Final = {MANIFEST, SCENARIO, COLUMNS, CHARTS, *(f"{part}.{kind}" for part in PARTS for kind in FORMATS)}


def write_run(
    results: Results,
    folder: str | Path,
    formats: Sequence[str] = ("parquet",),
    *,
    charts: bool = True,
    force: bool = False,
) -> Path:
    """Write a run into a new or empty folder and return it.

    formats: of the tables, some of FORMATS; charts: whether to draw them; force: whether an earlier run in the
    folder may be replaced. Raises InputError for an unknown format, for a folder that `check_folder` refuses, and
    for whatever the disk refuses; then nothing is left behind and an earlier run stays as it was.
    """
    formats = _known(formats)
    target = check_folder(folder, force=force)
    with whole_folder(target) as aside:
        _fill(aside, results, formats, charts=charts)
    return target


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A hidden folder to fill, which is brought to disk and given its name once that is done.

    target: a path that `check_folder` gave. Raises InputError for whatever the disk refuses; then, as when the filling
    raises, nothing is left behind and what stood under the name stays.
    """
    aside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        aside.mkdir()
        yield aside
        settle(aside)
        _swap(aside, target)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", file=target) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def check_folder(folder: str | Path, *, force: bool = False) -> Path:
    """The absolute path of a folder that a run may be written into, best asked before the run.

    Raises InputError for a file, for the working folder, and for a folder that is not empty; with force only for
    one that holds anything besides an earlier run.
    """
    target = Path(os.path.abspath(folder))  # noqa: PTH100  not resolve: a link keeps its name in messages
    try:
        if target.is_symlink() or (target.exists() and not target.is_dir()):
            raise InputError("there is something here that is not a folder", file=folder)
        if target in (Path.cwd(), *Path.cwd().parents):
            raise InputError("is the working folder or holds it: name a new one", file=folder)
        found = {entry.name for entry in target.iterdir()} if target.exists() else set()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", file=folder) from error
    if found and not force:
        raise InputError(
            "the folder is not empty: name another, or replace a run with --force (in Python: force=True)", file=folder
        )
    if found and (MANIFEST not in found or found - _OWN):
        stranger = min(found - _OWN, default=f"no {MANIFEST}")
        raise InputError(f"holds more than a run ({stranger}) and is not replaced", file=folder)
    return target


def check_writable(target: Path) -> None:
    """Raises InputError unless a folder can be written into, or made; best asked before long work."""
    try:
        there = next(one for one in (target, *target.parents) if one.exists())
        Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=there)).rmdir()
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", file=target) from error


def _known(formats: Sequence[str]) -> tuple[str, ...]:
    """The formats, each once. Raises InputError for an unknown one, or none."""
    if isinstance(formats, str):
        formats = (formats,)
    for name in formats:
        if name not in FORMATS:
            raise InputError("no such format", path="format", value=name, nearest=nearest(name, FORMATS))
    if not formats:
        raise InputError("at least one format is needed", path="format", expected=" or ".join(FORMATS))
    return tuple(dict.fromkeys(formats))


def _fill(folder: Path, results: Results, formats: Sequence[str], *, charts: bool) -> None:
    """Write every file. Raises OSError."""
    for kind in formats:
        write_table(folder / f"worlds.{kind}", [results.to_world_table()])
        write_table(folder / f"days.{kind}", results.day_tables())
    if "csv" in formats:
        write_table(folder / COLUMNS, [_columns(results)])
    (folder / SCENARIO).write_text(results.scenario.to_toml(), encoding="utf-8", newline="\n")
    if charts:
        _draw(folder / CHARTS, results)
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    text = json.dumps(manifest(results, files), indent=2, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def write_table(path: Path, tables: Iterable[pa.Table]) -> None:
    """Write tables of one schema, one after the other, into one Parquet or CSV file, by the ending of its name.

    In CSV, text that a spreadsheet would run as a formula gets an apostrophe before it. Raises OSError.
    """
    writer: Any = None
    with path.open("wb") as stream:
        try:
            for table in tables:
                if writer is None:
                    writer = _writer(path, stream, table.schema)
                writer.write_table(guard_table(table) if path.suffix == ".csv" else table)
        finally:
            if writer is not None:
                writer.close()


def _writer(path: Path, stream: IO[bytes], schema: pa.Schema) -> Any:
    """A writer that takes one table after the other."""
    return pcsv.CSVWriter(stream, schema) if path.suffix == ".csv" else pq.ParquetWriter(stream, schema)


def _columns(results: Results) -> pa.Table:
    """Unit and label of every column of both tables."""
    schemas = (results.to_world_table().schema, results.to_day_table(slice(0, 1)).schema)
    rows = [
        {"table": part, "column": f.name, "unit": f.metadata[b"unit"].decode(), "label": f.metadata[b"label"].decode()}
        for part, schema in zip(PARTS, schemas, strict=True)
        for f in schema
    ]
    return pa.Table.from_pylist(rows)


def _draw(folder: Path, results: Results) -> None:
    """Every chart of the run, as SVG and PNG."""
    from sim.charts import png, run_charts, svg  # the drawing library is large and only needed here

    folder.mkdir()
    for name, spec in run_charts(results).items():
        (folder / f"{name}.svg").write_text(svg(spec), encoding="utf-8", newline="\n")
        (folder / f"{name}.png").write_bytes(png(spec))


def _swap(aside: Path, target: Path) -> None:
    """Give the written folder its name; what stood there goes only once the new one stands. Raises OSError."""
    if not target.exists() or not any(target.iterdir()):
        name_folder(aside, target)
    else:
        old = aside.with_suffix(".old")
        target.replace(old)
        try:
            aside.replace(target)
        except OSError:
            old.replace(target)
            raise
        shutil.rmtree(old)
    to_disk(target.parent)
