"""A study on disk: a plan, its points, and one part per finished unit.

    study.toml, scenarios/    the complete plan
    manifest.json             hashes of plan, points and model; versions
    points.parquet            one row per point: its settings
    parts/<key>.parquet       the rows of a unit; the key is a hash of what was computed
    rounds.json               worlds per point after each round of adaptive stopping
    set-aside.json            skipped units, if there are any
    .lock, .holder            the lock of the current run, and its process

Every file is complete: it is written to a temporary file, synced to disk and then renamed.
"""

import datetime as dt
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from sim.errors import InputError
from sim.export.manifest import made_with, version
from sim.files.atomic_io import ASIDE, name_folder, put, settle, to_disk
from sim.files.folder_claim import beside, claimed
from sim.files.regular_file import get
from sim.inputs.scenario import MOST_WORLDS
from sim.schema import arguments
from sim.study import lock, part, points
from sim.study.design import Design, design
from sim.study.model_hash import model_hash
from sim.study.plan import Plan, check_plan
from sim.study.plan_reader import read_plan
from sim.study.plan_writer import write_plan
from sim.study.unit import Unit, UnitPlanner

FORMAT: Final = 1  # of the folder; increased when the format of its files changes
PLAN, MANIFEST, POINTS, PARTS = "study.toml", "manifest.json", "points.parquet", "parts"
ROUNDS, LEFT_OUT = "rounds.json", "set-aside.json"


class Folder:
    """The folder of a study: `create` makes a new one, `open` reads one, `at` does one or the other."""

    def __init__(self, path: Path, plan: Plan, laid_out: Design, model: str) -> None:
        """Used by `open` and `create`. model: the hash of the model that computed the parts."""
        self.path, self.plan, self.design, self.model = path, plan, laid_out, model
        self.parts = path / PARTS
        self.work = UnitPlanner(plan, laid_out, model)
        self.schema = part.schema(plan.outcomes, plan.series, plan.own)

    @classmethod
    def at(cls, path: str | Path, plan: Plan) -> "Folder":
        """Open the study of a plan, or create it if the folder is empty or missing. Raises InputError."""
        path = arguments.path("path", path)
        check_plan(plan)
        return cls.create(path, plan) if is_empty(path) else cls.open(path, plan)

    @classmethod
    def create(cls, path: str | Path, plan: Plan) -> "Folder":
        """Create a new study. Raises InputError for a folder that cannot be written, or is not empty."""
        path = arguments.path("path", path).absolute()
        check_plan(plan)
        if not is_empty(path):
            raise InputError("the folder is not empty", file=path)
        laid_out = design(plan)
        aside = beside(path, ASIDE)
        with as_input_error(path, "written"), claimed(path, lambda _: None):
            try:
                aside.mkdir()
                _fill(aside, plan, laid_out)
                settle(aside)
                name_folder(aside, path)
                to_disk(path.parent)
            finally:
                shutil.rmtree(aside, ignore_errors=True)
        return cls(path, plan, laid_out, model_hash())

    @classmethod
    def open(cls, path: str | Path, plan: Plan | None = None) -> "Folder":
        """Open the study in a folder. plan: if given, the study must have this plan.

        Raises InputError if there is no study, if it has another plan, or if its plan or points were changed.
        """
        path = arguments.path("path", path).absolute()
        if plan is not None:
            check_plan(plan)
        about = _manifest(path)
        if plan is not None and plan.hash() != about["plan"]:
            raise InputError("contains a study with another plan: choose another folder", file=path)
        own = read_plan(path / PLAN)
        if own.hash() != about["plan"]:
            raise InputError("was changed: it is not the plan that this study started with", file=path / PLAN)
        with as_input_error(path / POINTS, "read"):
            laid_out = points.decode(get(path / POINTS), own, file=path / POINTS)
        if points.digest(laid_out) != about["points"]:
            raise InputError("was changed: these are not the points that this study started with", file=path / POINTS)
        if not (path / PARTS).is_dir():
            raise InputError("must be a folder for the parts of the study", file=path / PARTS)
        return cls(path, own, laid_out, about["model"])

    def check_model(self) -> None:
        """Raises InputError unless the parts were computed by the current model; results of two models must not mix."""
        if self.model != model_hash():
            made, now = self.model[:12], model_hash()[:12]
            problem = f"was computed by another version of the model ({made}, this one is {now}): choose another folder"
            raise InputError(problem, file=self.path)

    @contextmanager
    def lock(self) -> Iterator[Path]:
        """Lock the study for writing. Raises InputError if another run has the lock, or the folder cannot be written.

        Removes temporary files of runs that were killed.
        """
        with as_input_error(self.path, "written"), lock.locked(self.path) as held:
            for folder in (self.path, self.parts):
                for aside in folder.glob(f".*{ASIDE}"):
                    if aside.is_file() and not aside.is_symlink():
                        aside.unlink(missing_ok=True)
            yield held

    @property
    def rounds(self) -> list[int]:
        """Worlds per point after each round; the last is the current number. Raises InputError."""
        file = self.path / ROUNDS
        found = _json(file)
        if found is None:
            return [self.plan.worlds]
        if not _increasing(found) or found[0] != self.plan.worlds or found[-1] > MOST_WORLDS:
            raise InputError("is damaged: it must list the worlds per point after each round", file=file)
        return list(found)

    def extend(self, worlds: int) -> None:
        """Add a round: increase the worlds per point to `worlds`. Only under the lock. Raises InputError."""
        worlds = arguments.whole("worlds", worlds, 1, MOST_WORLDS, "worlds")
        with as_input_error(self.path / ROUNDS, "written"):
            put(self.path / ROUNDS, _text([*self.rounds, worlds]))

    def units(self) -> list[Unit]:
        """The units of every round so far, in order."""
        rounds = self.rounds
        return [unit for begin, end in zip([0, *rounds], rounds, strict=False) for unit in self.work.units(begin, end)]

    def keys(self) -> dict[str, Unit]:
        """The units by the key of their part, in order."""
        return {self.work.key(unit): unit for unit in self.units()}

    def done(self) -> set[str]:
        """The keys of all parts in the folder, whether they belong to this study or not. Raises InputError."""
        with as_input_error(self.parts, "read"):
            names = [entry.name for entry in self.parts.iterdir()]
        return {name.removesuffix(part.SUFFIX) for name in names if name.endswith(part.SUFFIX) and name[0] != "."}

    def missing(self) -> list[Unit]:
        """The units without a part, in order."""
        done = self.done()
        return [unit for key, unit in self.keys().items() if key not in done]

    def part(self, unit: Unit) -> Path:
        """The path of the part of a unit, whether it exists or not."""
        arguments.instance("unit", unit, Unit, "a unit of the study")
        return part.path(self.parts, self.work.key(unit))

    def part_files(self) -> list[Path]:
        """The existing parts that belong to this study, in the order of their units."""
        done = self.done()
        return [part.path(self.parts, key) for key in self.keys() if key in done]

    def rows(self, columns: Iterable[str] | None = None) -> Iterator[pa.Table]:
        """Yield the rows of each existing part, in the order of the units. columns: all if None.

        Raises InputError for a part that cannot be read or is damaged.
        """
        done, columns = self.done(), self._columns(columns)
        return (self._rows(key, unit, columns) for key, unit in self.keys().items() if key in done)

    def table(self, columns: Iterable[str] | None = None) -> pa.Table:
        """All existing rows as one table. Raises InputError as `rows` does."""
        empty, columns = self.schema.empty_table(), self._columns(columns)
        shown = empty if columns is None else empty.select(columns)
        return pa.concat_tables([shown, *self.rows(columns)]).unify_dictionaries()

    def read(self, unit: Unit, columns: Iterable[str] | None = None) -> pa.Table:
        """The rows of one unit. Raises InputError if they cannot be read."""
        arguments.instance("unit", unit, Unit, "a unit of the study")
        return self._rows(self.work.key(unit), unit, self._columns(columns))

    def check(self, key: str, unit: Unit) -> int:
        """Read a part completely and return its number of rows with an error.

        Raises InputError if it cannot be read, and DamagedPart unless it is exactly the part of its unit.
        """
        file = part.path(self.parts, key)
        with as_input_error(file, "read"):
            return part.check(get(file), key, unit, self.plan.scenarios[unit.scenario].name, self.schema)

    def skipped_units(self) -> list[dict[str, Any]]:
        """The records of units that were skipped in the last run. Raises InputError."""
        found = _json(self.path / LEFT_OUT)
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise InputError("is damaged: it must list the skipped units", file=self.path / LEFT_OUT)
        return found

    def skip_units(self, shown: list[dict[str, Any]]) -> None:
        """Save the records of skipped units; an empty list deletes the file. Only under the lock."""
        with as_input_error(self.path / LEFT_OUT, "written"):
            if shown:
                put(self.path / LEFT_OUT, _text(shown))
            else:
                (self.path / LEFT_OUT).unlink(missing_ok=True)

    def _columns(self, given: Iterable[str] | None) -> list[str] | None:
        """The names of columns as a list; None for all. Raises InputError."""
        found = () if given is None else arguments.items("columns", given, "names of columns")
        return [arguments.known("columns", name, self.schema.names, "no such column") for name in found] or None

    def _rows(self, key: str, unit: Unit, columns: Sequence[str] | None) -> pa.Table:
        file = part.path(self.parts, key)
        with as_input_error(file, "read"), replaceable(file):
            return part.decode(get(file), key, columns, (unit, self.schema))


def check_study(given: Any) -> None:
    """Raise InputError for anything that is not the Folder of a study, such as its path."""
    arguments.instance("folder", given, Folder, "the Folder of a study: Folder.open(...)")


def is_empty(path: Path) -> bool:
    """Whether the path does not exist or is an empty folder. Raises InputError if it is a file."""
    with as_input_error(path, "read"):
        if path.exists() and not path.is_dir():
            raise InputError("exists and is not a folder", file=path)
        return not path.exists() or not any(path.iterdir())


@contextmanager
def as_input_error(file: Path, done: str) -> Iterator[None]:
    """Turn an OSError into an InputError. done: "read" or "written"."""
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot be {done}: {error.strerror or error}", file=error.filename or file) from error


@contextmanager
def replaceable(file: Path) -> Iterator[None]:
    """Turn DamagedPart into an InputError that says what to do."""
    try:
        yield
    except part.DamagedPart as error:
        raise InputError(f"{error}: run the study again to replace it", file=file) from None


def _fill(folder: Path, plan: Plan, laid_out: Design) -> None:
    """Write the first files of a study. Raises OSError."""
    (folder / PARTS).mkdir()
    for name, text in write_plan(plan).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    (folder / POINTS).write_bytes(points.encode(laid_out))
    about = {
        "format": FORMAT, **made_with(), "SALib": version("SALib"), "title": plan.title, "plan": plan.hash(),
        "points": points.digest(laid_out), "model": model_hash(),
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }  # fmt: skip
    (folder / MANIFEST).write_bytes(_text(about))


def _manifest(path: Path) -> dict[str, Any]:
    """The manifest of a study. Raises InputError if there is no study."""
    about = _json(path / MANIFEST)
    if not isinstance(about, dict) or not all(isinstance(about.get(key), str) for key in ("plan", "points", "model")):
        raise InputError("contains no study" if path.exists() else "no such folder", file=path)
    if about.get("format") != FORMAT:
        problem = "was written by a version of Jirga with another format of studies"
        raise InputError(problem, file=path, path="format", value=about.get("format"), expected=str(FORMAT))
    return about


def _json(file: Path) -> Any:
    """The content of a JSON file of the study, None if it does not exist. Raises InputError."""
    with as_input_error(file, "read"):
        try:
            found = json.loads(get(file))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (ValueError, RecursionError) as error:
            raise InputError("is damaged", file=file) from error
    if found is None:
        raise InputError("is damaged", file=file)
    return found


def _increasing(found: Any) -> bool:
    """Whether this is a list of whole numbers, each larger than the one before."""
    if not isinstance(found, list) or not found or not all(type(one) is int for one in found):
        return False
    return all(one < other for one, other in pairwise(found))


def _text(value: Any) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()
