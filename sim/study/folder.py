"""A study on disk: a plan, its points, and one part for each unit that is done.

    study.toml, scenarios/    the plan, which stands by itself
    manifest.json             hashes of plan, points and model; versions
    points.parquet            one row a point: what it sets
    parts/<key>.parquet       the rows of a unit; the key says what was computed
    rounds.json               worlds a point, round by round, once a plan has added worlds until it is clear
    set-aside.json            units that killed their workers, if any did
    .lock, .holder            held by the run that is at work here, and what run that is

What is there is whole: each file is written aside, brought to disk and given its name last.
"""

import datetime as dt
import json
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from sim.errors import InputError
from sim.export.manifest import made_with, version
from sim.files.atomic_io import ASIDE, name_folder, put, settle, to_disk
from sim.study import lock, part, points
from sim.study.design import Design, design
from sim.study.model_hash import model_hash
from sim.study.plan import Plan
from sim.study.plan_reader import read_plan
from sim.study.plan_writer import write_plan
from sim.study.unit import Unit, UnitPlanner

FORMAT: Final = 1  # of the folder; raised when its files change shape
PLAN, MANIFEST, POINTS, PARTS = "study.toml", "manifest.json", "points.parquet", "parts"
ROUNDS, LEFT_OUT = "rounds.json", "set-aside.json"


class Folder:
    """The folder of a study: `create` makes one, `open` reads one, `at` does whichever is needed."""

    def __init__(self, path: Path, plan: Plan, laid_out: Design, model: str) -> None:
        """As `open` finds it. model: the hash of the model that its parts are of."""
        self.path, self.plan, self.design, self.model = path, plan, laid_out, model
        self.parts = path / PARTS
        self.work = UnitPlanner(plan, laid_out, model)

    @classmethod
    def at(cls, path: str | Path, plan: Plan) -> "Folder":
        """The study of a plan in a folder, a new one if the folder is empty or absent. Raises InputError."""
        return cls.create(path, plan) if is_empty(Path(path)) else cls.open(path, plan)

    @classmethod
    def create(cls, path: str | Path, plan: Plan) -> "Folder":
        """A new study. Raises InputError for a folder that cannot be written, or that holds anything."""
        path = Path(path).absolute()
        if not is_empty(path):
            raise InputError("the folder is not empty", file=path)
        laid_out = design(plan)
        aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}{ASIDE}")
        try:
            with as_input_error(path, "written"):
                path.parent.mkdir(parents=True, exist_ok=True)
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
        """The study that a folder holds. plan: what it must be a study of.

        Raises InputError if there is none, if it is another plan's, or if plan or points are not what they were.
        """
        path = Path(path).absolute()
        about = _manifest(path)
        if plan is not None and plan.hash() != about["plan"]:
            raise InputError("holds a study of another plan: name another folder", file=path)
        own = read_plan(path / PLAN)
        if own.hash() != about["plan"]:
            raise InputError("is not the plan that this study began with", file=path / PLAN)
        with as_input_error(path / POINTS, "read"):
            laid_out = points.decode((path / POINTS).read_bytes(), own, file=path / POINTS)
        if points.digest(laid_out) != about["points"]:
            raise InputError("are not the points that this study began with", file=path / POINTS)
        if not (path / PARTS).is_dir():
            raise InputError("is no folder, but parts belong there", file=path / PARTS)
        return cls(path, own, laid_out, about["model"])

    def check_model(self) -> None:
        """Raises InputError unless the parts are of the model that runs here: two models' numbers do not mix."""
        if self.model != model_hash():
            made, now = self.model[:12], model_hash()[:12]
            problem = f"was computed by another version of the model ({made}, this one is {now}): name another folder"
            raise InputError(problem, file=self.path)

    @contextmanager
    def lock(self) -> Iterator[Path]:
        """Hold the study: nobody else writes here. Raises InputError if another run does, or if it cannot be written.

        What a run that was killed left half-written is removed.
        """
        with as_input_error(self.path, "written"), lock.locked(self.path) as held:
            for folder in (self.path, self.parts):
                for aside in folder.glob(f".*{ASIDE}"):
                    aside.unlink(missing_ok=True)
            yield held

    @property
    def rounds(self) -> list[int]:
        """Worlds a point that the study has come to ask for, round by round; the last is what it asks for now."""
        return _json(self.path / ROUNDS) or [self.plan.worlds]

    def extend(self, worlds: int) -> None:
        """Ask for so many worlds a point in all, more than before. Only under the lock. Raises InputError."""
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
        """The keys of the parts that are there, of this study or not. Raises InputError."""
        with as_input_error(self.parts, "read"):
            names = [entry.name for entry in self.parts.iterdir()]
        return {name.removesuffix(part.SUFFIX) for name in names if name.endswith(part.SUFFIX) and name[0] != "."}

    def missing(self) -> list[Unit]:
        """The units without a part, in order."""
        done = self.done()
        return [unit for key, unit in self.keys().items() if key not in done]

    def part(self, unit: Unit) -> Path:
        """Where the part of a unit stands, or will."""
        return part.path(self.parts, self.work.key(unit))

    def part_files(self) -> list[Path]:
        """The parts that are there and belong to this study, in the order of their units."""
        done = self.done()
        return [part.path(self.parts, key) for key in self.keys() if key in done]

    def rows(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """The rows of each part that is there, in the order of the units; or some of their columns.

        Raises InputError for a part that cannot be read or is damaged.
        """
        done = self.done()
        return (self._rows(key, columns) for key in self.keys() if key in done)

    def table(self, columns: Sequence[str] | None = None) -> pa.Table:
        """All rows that are there as one table. Raises InputError as `rows` does."""
        empty = part.schema(self.plan.outcomes, self.plan.series).empty_table()
        return pa.concat_tables([empty.select(columns) if columns else empty, *self.rows(columns)]).unify_dictionaries()

    def read(self, unit: Unit, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of one unit. Raises InputError if they cannot be read."""
        return self._rows(self.work.key(unit), columns)

    def skipped_units(self) -> list[dict[str, Any]]:
        """The units that were set aside in the last run, as they are told. Raises InputError."""
        return _json(self.path / LEFT_OUT) or []

    def skip_units(self, shown: list[dict[str, Any]]) -> None:
        """Put on record which units are set aside; none takes the record away. Only under the lock."""
        with as_input_error(self.path / LEFT_OUT, "written"):
            if shown:
                put(self.path / LEFT_OUT, _text(shown))
            else:
                (self.path / LEFT_OUT).unlink(missing_ok=True)

    def _rows(self, key: str, columns: Sequence[str] | None) -> pa.Table:
        file = part.path(self.parts, key)
        with as_input_error(file, "read"):
            try:
                return part.read(self.parts, key, columns)
            except part.DamagedPart as error:
                raise InputError(f"{error}: run the study again to replace it", file=file) from None


def is_empty(path: Path) -> bool:
    """Whether nothing is there, or an empty folder. Raises InputError for a file in the way."""
    with as_input_error(path, "read"):
        if path.exists() and not path.is_dir():
            raise InputError("there is something here that is not a folder", file=path)
        return not path.exists() or not any(path.iterdir())


@contextmanager
def as_input_error(file: Path, done: str) -> Iterator[None]:
    """Turns what the disk refuses into an InputError. done: "read" or "written"."""
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot be {done}: {error.strerror or error}", file=error.filename or file) from error


def _fill(folder: Path, plan: Plan, laid_out: Design) -> None:
    """Write all that a study begins with. Raises OSError."""
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
    """The manifest of a study. Raises InputError if there is none of a study."""
    about = _json(path / MANIFEST)
    if not isinstance(about, dict) or not {"plan", "points", "model"} <= set(about):
        raise InputError("holds no study" if path.exists() else "no such folder", file=path)
    if about.get("format") != FORMAT:
        problem = "was made by a version of Jirga that lays studies out differently"
        raise InputError(problem, file=path, path="format", value=about.get("format"), expected=str(FORMAT))
    return about


def _json(file: Path) -> Any:
    """What a file of ours holds, None if it is not there. Raises InputError."""
    with as_input_error(file, "read"):
        try:
            return json.loads(file.read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except ValueError as error:
            raise InputError("is damaged", file=file) from error


def _text(value: Any) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()
