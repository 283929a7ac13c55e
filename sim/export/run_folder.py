"""A run as a folder of tables, scenario, charts and a manifest, written atomically.

Everything is written into a hidden folder next to the target, flushed to disk, and renamed at the end, so that a
run that was killed, or had no disk space, never appears as a complete one. Only files that the manifest of an earlier
run lists are ever removed; the next run restores or clears what a killed one left.

    worlds.parquet   one row per world: outcomes, milestone dates and reasons    (or .csv)
    days.parquet     one row per world and day: every series                     (or .csv)
    columns.csv      unit and label of every column; only with CSV, which cannot contain them
    parameters.parquet   one row per world: the parameters that were drawn; none with typical ones (or .csv)
    scenario.toml    the scenario, complete, without a base
    charts/          each chart as SVG and PNG
    manifest.json    versions, revision, seed, hash, checksums
"""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final, Literal, get_args

import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from sim.errors import InputError, nearest
from sim.export.csv_guard import comma_table, guard_table
from sim.export.manifest import NAME as MANIFEST
from sim.export.manifest import manifest
from sim.files.atomic_io import ASIDE, name_folder, settle, to_disk
from sim.files.folder_claim import OLD, beside, claimed
from sim.files.regular_file import get
from sim.results.results import Results
from sim.schema import arguments

Decimal = Literal["point", "comma"]
FORMATS: Final = ("parquet", "csv")
PARTS: Final = ("worlds", "days", "parameters")
SCENARIO, COLUMNS, CHARTS = "scenario.toml", "columns.csv", "charts"
_OWN: Final = re.compile(
    rf"(?:{'|'.join(PARTS)})\.(?:{'|'.join(FORMATS)})|{re.escape(SCENARIO)}|{re.escape(COLUMNS)}"
    rf"|{CHARTS}/[\w-]+\.(?:svg|png)"
)


def write_run(
    results: Results,
    folder: str | Path,
    formats: Iterable[str] = ("parquet",),
    *,
    charts: bool = True,
    force: bool = False,
    decimal: Decimal = "point",
) -> Path:
    """Write a run into a new or empty folder and return the folder.

    formats: of the tables, some of FORMATS; charts: whether to draw them; force: whether an earlier run in the
    folder may be replaced; decimal: of CSV, "comma" with semicolons between the columns. Raises InputError for an
    unknown format or word, for a folder that `claim` rejects, and for any disk error; then nothing is left behind and
    an earlier run remains unchanged.
    """
    arguments.word("decimal", decimal, get_args(Decimal))
    arguments.instance("results", results, Results, "the Results of a run")
    formats, charts = _known(formats), arguments.flag("charts", charts)
    folder, force = arguments.path("folder", folder), arguments.flag("force", force)
    with claim(folder, force=force) as target:
        write_claimed(results, target, formats, charts=charts, force=force, decimal=decimal)
    return target


def write_claimed(
    results: Results,
    target: Path,
    formats: Sequence[str],
    *,
    charts: bool = True,
    force: bool = False,
    decimal: Decimal = "point",
) -> None:
    """Write a run as `write_run` does, into a folder that `claim` yielded."""
    formats = _known(formats)
    with whole_folder(target, force=force) as aside:
        _fill(aside, results, formats, charts=charts, decimal=decimal)


@contextmanager
def claim(folder: str | Path, *, force: bool = False) -> Iterator[Path]:
    """Yield the absolute path of a folder into which nobody else can write a run until then; best before long work.

    Raises InputError for a folder that `check_folder` rejects, that another run is writing to, or that cannot be
    written.
    """
    target = _place(folder)
    with ExitStack() as stack:
        try:
            stack.enter_context(claimed(target, _remove))
        except OSError as error:
            raise InputError(f"cannot be written: {error.strerror or error}", file=target) from error
        check_folder(folder, force=force)
        yield target


@contextmanager
def whole_folder(target: Path, *, force: bool = False) -> Iterator[Path]:
    """Yield a hidden folder to fill; afterwards it is flushed to disk and renamed to the target.

    target: a path that `claim` yielded. Raises InputError for any disk error, and for a target that `check_folder` now
    rejects; then, and also when filling it raises an error, nothing is left behind and the previous content remains.
    """
    aside = beside(target, ASIDE)
    try:
        aside.mkdir()
        yield aside
        settle(aside)
        _swap(aside, target, force=force)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", file=target) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def check_folder(folder: str | Path, *, force: bool = False) -> Path:
    """Return the absolute path of a folder if a run may be written into it; best called before the run.

    Raises InputError for a file, for the working folder, and for a folder that is not empty; with force only for
    one that contains anything except an earlier run.
    """
    target = _place(folder)
    try:
        found = target.exists() and any(target.iterdir())
        stranger = _stranger(target) if found else None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", file=folder) from error
    if found and not force:
        raise InputError(
            "the folder is not empty: give another, or replace a run with --force (in Python: force=True)", file=folder
        )
    if stranger is not None:
        raise InputError(f"contains more than a run ({stranger}) and is not replaced", file=folder)
    return target


def _place(folder: str | Path) -> Path:
    """Return the absolute path of a folder. Raises InputError for a file, a link and the working folder."""
    try:
        target = Path(os.path.abspath(folder))  # noqa: PTH100  not resolve: messages show the name of a link
        if target.is_symlink() or (target.exists() and not target.is_dir()):
            raise InputError("exists and is not a folder", file=folder)
        if target in (Path.cwd(), *Path.cwd().parents):
            raise InputError("is the working folder or contains it: give a new folder", file=folder)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", file=folder) from error
    return target


def _stranger(folder: Path) -> str | None:
    """Return what in a folder belongs to no run, None if there is nothing. Raises OSError."""
    own = _listed(folder)
    if own is None:
        return f"no {MANIFEST} of a run"
    for place, folders, files in os.walk(folder, onerror=_raise):
        for name in (*folders, *files):
            path = Path(place, name)
            short = path.relative_to(folder).as_posix()
            ours = path.is_dir() if short == CHARTS else short in own and path.is_file()
            if path.is_symlink() or not ours:
                return short
    return None


def _raise(error: OSError) -> None:
    raise error


def _listed(folder: Path) -> set[str] | None:
    """Return the names of the files of a run, by its manifest; None if it has none. Raises OSError."""
    try:
        about = json.loads(get(folder / MANIFEST))
    except (FileNotFoundError, ValueError, RecursionError):
        return None
    files = about.get("files") if isinstance(about, dict) else None
    if not isinstance(files, dict):
        return None
    return {name for name in files if _OWN.fullmatch(name)} | {MANIFEST}


def _remove(folder: Path) -> None:
    """Remove the files of a run, the manifest last, and the folder if it is then empty. Raises OSError."""
    for name in sorted(_listed(folder) or (), key=MANIFEST.__eq__):
        (folder / name).unlink(missing_ok=True)
    for left in (folder / CHARTS, folder):
        with suppress(OSError):  # somebody has written into it
            left.rmdir()


def check_writable(target: Path) -> None:
    """Raise InputError unless a folder can be created or written into; best called before long work."""
    try:
        there = next(one for one in (target, *target.parents) if one.exists())
        Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=there)).rmdir()
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", file=target) from error


def _known(formats: Iterable[str]) -> tuple[str, ...]:
    """Return the formats, each once. Raises InputError for an unknown format, or for none."""
    names = (formats,) if isinstance(formats, str) else arguments.items("format", formats, " or ".join(FORMATS))
    for name in names:
        if not isinstance(name, str) or name not in FORMATS:
            hint = nearest(name, FORMATS) if isinstance(name, str) else None
            raise InputError("no such format", path="format", value=name, nearest=hint)
    if not names:
        raise InputError("at least one format is needed", path="format", expected=" or ".join(FORMATS))
    return tuple(dict.fromkeys(names))


def _fill(folder: Path, results: Results, formats: Sequence[str], *, charts: bool, decimal: Decimal) -> None:
    """Write every file. Raises OSError."""
    for kind in formats:
        write_table(folder / f"worlds.{kind}", [results.to_world_table()], decimal)
        write_table(folder / f"days.{kind}", results.day_tables(), decimal)
        if results.drawn:
            write_table(folder / f"parameters.{kind}", [results.to_parameter_table()], decimal)
    if "csv" in formats:
        write_table(folder / COLUMNS, [_columns(results)], decimal)
    (folder / SCENARIO).write_text(results.scenario.to_toml(), encoding="utf-8", newline="\n")
    if charts:
        _draw(folder / CHARTS, results)
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    text = json.dumps(manifest(results, files), indent=2, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def write_table(path: Path, tables: Iterable[pa.Table], decimal: Decimal = "point") -> None:
    """Write tables of one schema, one after the other, into one Parquet or CSV file, by the ending of its name.

    In CSV, text that a spreadsheet would run as a formula is prefixed with an apostrophe. decimal: of CSV; "comma" also
    puts semicolons between the columns, as spreadsheets expect in most of Europe and Latin America. Raises OSError.
    """
    writer: Any = None
    made = _for_spreadsheet(decimal) if path.suffix == ".csv" else _unchanged
    with path.open("wb") as stream:
        try:
            for given in tables:
                table = made(given)
                if writer is None:
                    writer = _writer(path, stream, table.schema, decimal)
                writer.write_table(table)
        finally:
            if writer is not None:
                writer.close()


def _writer(path: Path, stream: IO[bytes], schema: pa.Schema, decimal: Decimal) -> Any:
    """Return a writer that takes one table after the other."""
    if path.suffix != ".csv":
        return pq.ParquetWriter(stream, schema)
    between = pcsv.WriteOptions(delimiter=";" if decimal == "comma" else ",")
    return pcsv.CSVWriter(stream, schema, write_options=between)


def _unchanged(table: pa.Table) -> pa.Table:
    return table


def _for_spreadsheet(decimal: Decimal) -> Callable[[pa.Table], pa.Table]:
    """Return what makes the table of a CSV file: guarded text, and numbers as text if they have a decimal comma."""
    return lambda table: comma_table(guard_table(table)) if decimal == "comma" else guard_table(table)


def _columns(results: Results) -> pa.Table:
    """Return unit and label of every column of all tables."""
    tables = [results.to_world_table(), results.to_day_table(slice(0, 1))]
    tables += [results.to_parameter_table()] if results.drawn else []
    schemas = [one.schema for one in tables]
    rows = [
        {"table": part, "column": f.name, "unit": f.metadata[b"unit"].decode(), "label": f.metadata[b"label"].decode()}
        for part, schema in zip(PARTS, schemas, strict=False)
        for f in schema
    ]
    return pa.Table.from_pylist(rows)


def _draw(folder: Path, results: Results) -> None:
    """Write every chart of the run, as SVG and PNG."""
    from sim.charts import png, run_charts, svg  # imported here because the drawing library is large

    folder.mkdir()
    for name, spec in run_charts(results).items():
        (folder / f"{name}.svg").write_text(svg(spec), encoding="utf-8", newline="\n")
        (folder / f"{name}.png").write_bytes(png(spec))


def _swap(aside: Path, target: Path, *, force: bool) -> None:
    """Rename the written folder to its target; the old run is removed afterwards.

    Raises OSError, and InputError if somebody has written into the target meanwhile.
    """
    check_folder(target, force=force)
    if not target.exists() or not any(target.iterdir()):
        name_folder(aside, target)
        to_disk(target.parent)
        return
    old = beside(target, OLD)
    target.replace(old)
    try:
        check_folder(old, force=True)
        aside.replace(target)
    except BaseException:
        old.replace(target)
        raise
    to_disk(target.parent)
    _remove(old)
    to_disk(target.parent)
